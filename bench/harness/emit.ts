import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createCompiler } from 'cotangent/compiler'
import ts from 'typescript'

/** A gradient as the compiler emits it, or why there is none. */
export type Emitted =
  | { readonly kind: 'function'; readonly call: (...args: never[]) => number; readonly file: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }

/** Compiles `bench/requests/*.ts` and loads what comes out. */
export function createEmitter(bench: string): (request: string) => Promise<Emitted> {
  const compiler = createCompiler({ tsconfig: join(bench, 'tsconfig.build.json') })
  return async (request) => {
    const source = join(bench, 'requests', `${request}.ts`)
    const { code, diagnostics } = compiler.compileFile(source)
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) return { kind: 'refused', reasons: errors.map((error) => `${error.code}: ${error.message}`) }
    const text = join(bench, 'gen', 'requests', `${request}.ts`)
    const script = join(bench, 'gen', 'js', 'requests', `${request}.js`)
    for (const path of [text, script]) mkdirSync(dirname(path), { recursive: true })
    writeFileSync(text, code)
    const { options } = ts.convertCompilerOptionsFromJson(
      { target: 'es2022', module: 'es2022', verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
      bench,
    )
    writeFileSync(script, ts.transpileModule(code, { compilerOptions: options, fileName: text }).outputText)
    const { gradient } = (await import(pathToFileURL(script).href)) as { gradient: (...args: never[]) => number }
    return { kind: 'function', call: gradient, file: text }
  }
}
