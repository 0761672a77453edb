/** The library: text in, text out. Everything else that compiles (command, plugins) is a shim over this. */

import { compileFile, type CompiledFile } from './compile-file.ts'
import type { Diagnostic } from './diagnostics/report.ts'
import { createHost, type HostOptions } from './host/program.ts'
import type { Project } from './host/project.ts'
import type { Tracer } from './pass.ts'

export type { Diagnostic, Reason } from './diagnostics/report.ts'
export type { Step, Tracer } from './pass.ts'
export type { CompiledFile } from './compile-file.ts'
export type { Project } from './host/project.ts'
export type CompilerOptions = HostOptions

export interface Compiler {
  /** What the tsconfig.json says. One with errors leaves nothing to compile. */
  readonly project: Project | undefined
  /** The file with its requests replaced by emitted derivatives. With errors, `code` is the text as it was. A tracer sees every pass. */
  compileFile(path: string, tracer?: Tracer): CompiledFile
  /** The diagnostics of the project and of every file of the program. */
  check(): readonly Diagnostic[]
  /** The files of the program that are the user's own, declarations and data among them. */
  files(): readonly string[]
  updateFile(path: string, text: string): void
}

export function createCompiler(options: CompilerOptions): Compiler {
  const host = createHost(options)
  const compiler: Compiler = {
    project: host.project,
    compileFile: (path, tracer) => compileFile(host.program(), path, tracer),
    check: () => [...(host.project?.diagnostics ?? []), ...compiler.files().flatMap((file) => compiler.compileFile(file).diagnostics)],
    files: () => host.files(),
    updateFile: (path, text) => host.update(path, text),
  }
  return compiler
}
