/** What the commands that work on a whole program have in common. */

import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Checker } from '../compiler/check.ts'
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
  return createCompiler({ ...more, tsconfig: configurationOf(project, terminal) })
}

/** The same for those who only want to know what is wrong, who need less of it. */
export async function openChecker({ project }: ProjectOptions, terminal: Terminal): Promise<Checker> {
  const { createChecker } = await import('../compiler/check.ts')
  return createChecker({ tsconfig: configurationOf(project, terminal) })
}

function configurationOf(project: string, terminal: Terminal): string {
  const path = resolve(terminal.folder, project)
  return shown(path.endsWith('.json') ? path : resolve(path, 'tsconfig.json'))
}

/** The examples at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return ['', lines.length === 1 ? 'Example:' : 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')
}
