import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly files: readonly string[]
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

/** Where something is that the repository has installed. */
export function tool(path: string): string {
  return join(root, 'node_modules', path)
}

/** A new folder for a test, outside of the repository and its configuration, with the package as its users get it: built, in a `node_modules`. */
export async function installPackage(name: string): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `cotangent-${name}-`)))
  const installed = join(folder, 'node_modules/cotangent')
  mkdirSync(installed, { recursive: true })
  const config = join(root, 'tsconfig.build.json')
  // The types of the sources are checked elsewhere.
  await run(process.execPath, [tool('typescript/bin/tsc'), '-p', config, '--noCheck', '--outDir', join(installed, 'dist')])
  for (const file of ['package.json', ...manifest.files.filter((file) => file.endsWith('.cjs'))])
    cpSync(join(root, file), join(installed, file))
  for (const dependency of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(folder, 'node_modules', dependency)), { recursive: true })
    symlinkSync(tool(dependency), join(folder, 'node_modules', dependency), 'junction')
  }
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export async function runNode(folder: string, args: readonly string[], node = process.execPath): Promise<Finished> {
  const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: undefined } }
  return run(node, args, options).then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => error as Finished,
  )
}
