import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

/**
 * The Chromium of this machine, started: the one that `CHROMIUM_PATH` names, or `chromium` on the PATH. A machine with nothing but Node has none, and what
 * needs one is skipped there with a note. Where one was installed for the tests, `COTANGENT_NEEDS_CHROMIUM=1` makes it an error not to get it started.
 */
export async function startChromium(): Promise<Browser | undefined> {
  try {
    const executablePath = process.env.CHROMIUM_PATH ?? onPath('chromium')
    if (executablePath === undefined) throw new Error('there is no `chromium` on the PATH, and CHROMIUM_PATH is not set')
    // Root can't have Chromium's sandbox, and many containers can't either. Its pages run nothing but what the tests serve.
    return await chromium.launch({ executablePath, chromiumSandbox: false })
  } catch (error) {
    if (process.env.COTANGENT_NEEDS_CHROMIUM === '1') throw error
    console.log(`note: what needs Chromium is skipped: ${String(error).split('\n')[0]!}`)
    return undefined
  }
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}
