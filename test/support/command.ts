import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll } from 'vitest'
import { runCommand } from '../../cli/run.ts'
import { writeFiles } from './install.ts'

/** The command without a process of its own, in a folder of files. */

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Folder {
  readonly path: string
  run(args: readonly string[], options?: { readonly env?: NodeJS.ProcessEnv; readonly isTTY?: boolean }): Promise<Ran>
}

/** Folders that are removed when the tests of the file are done. Outside of the repository, so that its configuration is not found. */
export function folders(): (files: Readonly<Record<string, string>>) => Folder {
  const made: string[] = []
  afterAll(() => {
    for (const path of made) rmSync(path, { recursive: true, force: true })
  })
  return (files) => {
    const path = realpathSync(mkdtempSync(join(tmpdir(), 'cotangent-command-')))
    made.push(path)
    writeFiles(path, files)
    return { path, run: (args, options = {}) => run(path, args, options) }
  }
}

async function run(
  folder: string,
  args: readonly string[],
  { env = {}, isTTY = false }: Parameters<Folder['run']>[1] & object,
): Promise<Ran> {
  const before = process.cwd()
  process.chdir(folder)
  try {
    const stdout = collector(isTTY)
    const stderr = collector(isTTY)
    const code = await runCommand(args, { stdout, stderr, env, cwd: () => folder })
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    process.chdir(before)
  }
}

function collector(isTTY: boolean): NodeJS.WritableStream & { readonly isTTY: boolean; text(): string } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString())
      done()
    },
  })
  return Object.assign(stream, { isTTY, text: () => chunks.join('') })
}

export const strictConfig = JSON.stringify({
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    rewriteRelativeImportExtensions: true,
    noEmit: true,
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    noImplicitReturns: true,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
  },
  include: ['src'],
})
