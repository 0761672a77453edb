/** What a tsconfig.json says about a project. Anything wrong with it is a diagnostic; a project that can't be read has no files. */

import { dirname, resolve } from 'node:path'
import ts from '#typescript'
import { createDiagnostic, nowhere, type Diagnostic, type Place } from '../diagnostics/report.ts'

export interface Project {
  /** The configuration itself. */
  readonly path: string
  /** The folder that the configuration stands in. */
  readonly folder: string
  readonly options: ts.CompilerOptions
  readonly fileNames: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

export function readProject(tsconfig: string): Project {
  const path = resolve(tsconfig).replaceAll('\\', '/')
  const folder = dirname(path)
  const broken = (diagnostics: readonly Diagnostic[]): Project => ({ path, folder, options: {}, fileNames: [], diagnostics })
  if (!ts.sys.fileExists(path)) return broken([createDiagnostic('CT5001', nowhere, { path: tsconfig })])
  const source = ts.readJsonConfigFile(path, (name) => ts.sys.readFile(name))
  const { options, fileNames, errors } = ts.parseJsonSourceFileConfigFileContent(source, ts.sys, folder, undefined, path)
  const wrong = [...syntaxErrors(source), ...errors].filter(({ category }) => category === ts.DiagnosticCategory.Error)
  if (wrong.length > 0) return broken(distinct(wrong).map((error) => toDiagnostic(tsconfig, error)))
  return { path, folder, options, fileNames, diagnostics: [] }
}

/** `parseDiagnostics` is what TypeScript itself reports of a configuration, but not part of its declared types. */
function syntaxErrors(source: ts.TsConfigSourceFile & { readonly parseDiagnostics?: readonly ts.Diagnostic[] }): readonly ts.Diagnostic[] {
  return source.parseDiagnostics ?? []
}

/** What is wrong with a configuration is found both when it is parsed and when it is used. */
function distinct(errors: readonly ts.Diagnostic[]): readonly ts.Diagnostic[] {
  return errors.filter((error, i) => !errors.slice(0, i).some(({ code, start }) => code === error.code && start === error.start))
}

function toDiagnostic(path: string, { file, start, length, messageText }: ts.Diagnostic): Diagnostic {
  const place: Place = file && start !== undefined ? { file: file.fileName, start, end: start + (length ?? 0) } : nowhere
  return createDiagnostic('CT5002', place, { path, reason: ts.flattenDiagnosticMessageText(messageText, ' ') })
}
