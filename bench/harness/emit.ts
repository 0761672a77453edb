import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createCompiler } from 'cotangent/compiler'
import ts from 'typescript'
import type { Case } from '../cases.ts'

/** A gradient as the compiler emits it, or why there is none. */
export type Emitted =
  | { readonly kind: 'function'; readonly call: (...args: never[]) => number; readonly file: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }

/** What a file exports once it is compiled. */
export type Loaded =
  | { readonly kind: 'module'; readonly exports: Readonly<Record<string, (...args: never[]) => number>>; readonly file: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }

/** Compiles `bench/<folder>/*.ts` and loads what comes out, which is left in `bench/gen/<folder>`. */
export function createLoader(
  bench: string,
  folder: string,
  compiler = createCompiler({ tsconfig: join(bench, 'tsconfig.programs.json') }),
): (name: string) => Promise<Loaded> {
  return async (name) => {
    const { code, diagnostics } = compiler.compileFile(join(bench, folder, `${name}.ts`))
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) return { kind: 'refused', reasons: errors.map((error) => `${error.code}: ${error.message}`) }
    const file = join(bench, 'gen', folder, `${name}.ts`)
    const script = join(bench, 'gen', 'js', folder, `${name}.js`)
    for (const path of [file, script]) mkdirSync(dirname(path), { recursive: true })
    writeFileSync(file, code)
    const { options } = ts.convertCompilerOptionsFromJson(
      { target: 'es2022', module: 'es2022', verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
      bench,
    )
    writeFileSync(script, ts.transpileModule(code, { compilerOptions: options, fileName: file }).outputText)
    // What is measured beside it may have loaded the file already as it was before.
    const exports = (await import(`${pathToFileURL(script).href}?emitted`)) as Readonly<Record<string, (...args: never[]) => number>>
    return { kind: 'module', exports, file }
  }
}

/** Compiles `bench/requests/*.ts`, or the files that are named instead, and loads the gradients that come out. */
export function createEmitter(bench: string): (request: Case['request']) => Promise<Emitted> {
  const compiler = createCompiler({ tsconfig: join(bench, 'tsconfig.programs.json') })
  return async (request) => {
    const { file, take } = requestOf(request)
    const loaded = await createLoader(bench, dirname(file), compiler)(basename(file))
    return loaded.kind === 'refused' ? loaded : { kind: 'function', call: take(loaded.exports), file: loaded.file }
  }
}

export function requestOf(request: Case['request']): Exclude<Case['request'], string> {
  return typeof request === 'string' ? { file: `requests/${request}`, take: (exports) => exports.gradient! } : request
}
