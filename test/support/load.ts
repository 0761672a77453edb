import { posix } from 'node:path'
import ts from 'typescript'
import * as intrinsics from '../../runtime/index.ts'
import * as support from '../../runtime/runtime.ts'
import * as graph from '../../runtime/graph/index.ts'
import * as hooks from '../../runtime/hooks.ts'
import * as testing from '../../runtime/testing.ts'

/** What a module of the package under test stands for while the sources are run directly. */
const packageModules: Readonly<Record<string, unknown>> = {
  cotangent: intrinsics,
  'cotangent/runtime': support,
  'cotangent/graph': graph,
  'cotangent/hooks': hooks,
  'cotangent/testing': testing,
}

export type Module = Readonly<Record<string, unknown>>

/**
 * Runs virtual TypeScript files as modules, in this realm, without touching the disk: each is transpiled to CommonJS and called with a `require`
 * that knows the other virtual files, the package, and the packages that it is given. Types are not looked at (see `typecheck.ts`).
 */
export function load(files: Readonly<Record<string, string>>, entry: string, packages: Readonly<Record<string, unknown>> = {}): Module {
  const modules = new Map<string, Record<string, unknown>>()
  const run = (path: string): Record<string, unknown> => {
    const known = modules.get(path)
    if (known !== undefined) return known
    const text = files[path]
    if (text === undefined) throw new Error(`There is no virtual file ${path}.`)
    const exports: Record<string, unknown> = {}
    modules.set(path, exports)
    const require = (name: string): unknown => {
      if (name in packageModules) return packageModules[name]
      if (name in packages) return packages[name]
      if (name.startsWith('.')) return run(posix.join(posix.dirname(path), name))
      throw new Error(`${path} imports ${name}, which the tests do not provide.`)
    }
    const body = new Function('require', 'exports', `${transpile(text, path)}\n//# sourceURL=${path}`) as (
      r: typeof require,
      e: typeof exports,
    ) => void
    body(require, exports)
    return exports
  }
  return run(entry)
}

export function transpile(text: string, path: string): string {
  return ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: false,
      esModuleInterop: true,
      removeComments: false,
    },
  }).outputText
}

/** The function that a module exports under a name, to be called with anything. */
export function functionOf(module: Module, name: string): (...args: unknown[]) => unknown {
  const value = module[name]
  if (typeof value !== 'function') throw new Error(`The module exports no function ${name}, only ${Object.keys(module).join(', ')}.`)
  return value as (...args: unknown[]) => unknown
}
