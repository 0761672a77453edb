/** What the commands that work on a whole program have in common. */

import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Compiler, CompilerOptions } from '../compiler/index.ts'
import { shown } from './paths.ts'
import type { Terminal } from './terminal.ts'

export interface ProjectOptions {
  readonly project: string
}

export function projectOption(): Option {
  return new Option('-p, --project <tsconfig>', 'the configuration of the program, or the folder it stands in').default('tsconfig.json')
}

/** The compiler is loaded when a command needs it: help and explanations don't wait for TypeScript. */
export async function openProject({ project }: ProjectOptions, terminal: Terminal, more: CompilerOptions = {}): Promise<Compiler> {
  const { createCompiler } = await import('../compiler/index.ts')
  const path = resolve(terminal.folder, project)
  return createCompiler({ ...more, tsconfig: shown(path.endsWith('.json') ? path : resolve(path, 'tsconfig.json')) })
}

/** The examples at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return ['', lines.length === 1 ? 'Example:' : 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')
}
