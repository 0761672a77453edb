/** The library: text in, text out. Everything else that compiles (command, plugins) is a shim over this. */

import { check, isAnnotated, type Checker } from './check.ts'
import { compileCompanion, type CompiledCompanion } from './compile-companion.ts'
import { compileFile, type CompiledFile } from './compile-file.ts'
import type { Diagnostic } from './diagnostics/report.ts'
import { graphFunction, type Graphed } from './graph-function.ts'
import { createHost, type HostOptions } from './host/program.ts'
import { functionsIn, inspectFunction, type Inspected, type InspectOptions } from './inspect-function.ts'
import type { Tracer } from './pass.ts'

export type { Diagnostic, Reason } from './diagnostics/report.ts'
export type { Step, Tracer } from './pass.ts'
export type { Inspected, InspectOptions } from './inspect-function.ts'
export type * from './inspect/inspection.ts'
export { passNames, type PassName } from './pass.ts'
export type { CompiledFile } from './compile-file.ts'
export { companionOf } from './companion-of.ts'
export { COMPANION_MARK, type CompiledCompanion } from './compile-companion.ts'
export { compileGraph, type CompiledGraph, type CompileGraphOptions } from './compile-graph.ts'
export type { Graphed } from './graph-function.ts'
export type * from './graph/program-graph.ts'
export type { ProgramText } from './graph/program-text.ts'
export type { Project } from './host/project.ts'
export type CompilerOptions = HostOptions

export interface Compiler extends Checker {
  /** The file with its requests replaced by emitted derivatives. With errors, `code` is the text as it was. A tracer sees every pass. */
  compileFile(path: string, tracer?: Tracer): CompiledFile
  /**
   * The derivatives that a file's functions ask for by `@differentiable`, and those of the functions of some names, as a file of their own.
   * `outFile` is where that will stand, so that its imports lead back.
   */
  compileCompanion(path: string, outFile: string, names?: readonly string[]): CompiledCompanion
  /** What is decided about the derivative of a function of the top level of a file, whether the program asks for it or not. */
  inspectFunction(path: string, name: string, options?: InspectOptions): Inspected
  /** The graph of a function and of its derivative, as plain data that `compileGraph` emits the derivative from. */
  graphFunction(path: string, name: string, options?: InspectOptions): Graphed
  /** The functions of a file that can be inspected. */
  functionsIn(path: string): readonly string[] | Diagnostic
  /** Whether there may be annotations in a file. */
  isAnnotated(path: string): boolean
  /** The files of the program that are the user's own, declarations and data among them. */
  files(): readonly string[]
  updateFile(path: string, text: string): void
}

export function createCompiler(options: CompilerOptions): Compiler {
  const host = createHost(options)
  return {
    project: host.project,
    compileFile: (path, tracer) => compileFile(host, path, tracer),
    compileCompanion: (path, outFile, names = []) => compileCompanion(host, path, { path: outFile, names }),
    inspectFunction: (path, name, options) => inspectFunction(host, path, name, options),
    graphFunction: (path, name, options) => graphFunction(host, path, name, options),
    functionsIn: (path) => functionsIn(host, path),
    isAnnotated: (path) => isAnnotated(host, path),
    check: () => check(host),
    files: () => host.files(),
    updateFile: (path, text) => host.update(path, text),
  }
}
