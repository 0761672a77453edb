/** The library: text in, text out. Everything else that compiles (command, plugins) is a shim over this. */

import { read } from './1-read/index.ts'
import type { Request } from './1-read/result.ts'
import { Refusal } from './3-differentiate/refusal.ts'
import { printFunction } from './5-emit/print-function.ts'
import { splice } from './5-emit/splice.ts'
import { createDiagnostic, hasErrors, type Diagnostic } from './diagnostics/report.ts'
import { createHost, type HostOptions, type SourceProgram } from './host/program.ts'
import { someStatement } from './ir/walk.ts'
import { derive, type Derivative } from './pipeline.ts'

export type { Diagnostic, Reason } from './diagnostics/report.ts'
export type CompilerOptions = HostOptions

export interface CompiledFile {
  readonly code: string
  readonly map: string | undefined
  readonly dependencies: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface Compiler {
  /** The file with its requests replaced by emitted derivatives. With errors, `code` is the text as it was. */
  compileFile(path: string): CompiledFile
  /** The diagnostics of every file of the program. */
  check(): readonly Diagnostic[]
  /** The files of the program that are the user's own. */
  files(): readonly string[]
  updateFile(path: string, text: string): void
}

export function createCompiler(options: CompilerOptions): Compiler {
  const host = createHost(options)
  const compiler: Compiler = {
    compileFile: (path) => compileFile(host.program(), path),
    check: () => compiler.files().flatMap((file) => compiler.compileFile(file).diagnostics),
    files: () => host.files(),
    updateFile: (path, text) => host.update(path, text),
  }
  return compiler
}

function compileFile(program: SourceProgram, path: string): CompiledFile {
  const text = program.getSourceFile(path)?.text
  if (text === undefined)
    return {
      code: '',
      map: undefined,
      dependencies: [],
      diagnostics: [createDiagnostic('CT5005', { file: '', start: 0, end: 0 }, { path } as never)],
    }
  const result = read({ program, file: path })
  const diagnostics = [...result.diagnostics]
  const taken = new Set(text.match(/[A-Za-z_$][\w$]*/g))
  const emitted = new Map<string, Emitted | undefined>()
  const replacements: { start: number; end: number; text: string }[] = []
  for (const request of result.requests) {
    const id = `${request.id}${request.uses.direct ? ' direct' : ''}${request.uses.into ? ' into' : ''}`
    if (!emitted.has(id) || request.captures.length > 0) emitted.set(id, emit(program, result.program, request, taken, diagnostics))
    const made = emitted.get(id)
    if (made) replacements.push({ start: request.site.start, end: siteEnd(text, request), text: made.reference })
  }
  const complete = hasErrors(diagnostics)
  if (complete) return { code: text, map: undefined, dependencies: result.dependencies, diagnostics }
  const strips = result.stripped.filter(({ start, end }) => !replacements.some((edit) => edit.start <= start && end <= edit.end))
  for (const { start, end, argumentStart, argumentEnd } of strips)
    replacements.push({ start, end, text: `(${text.slice(argumentStart, argumentEnd)})` })
  if (replacements.length === 0) return { code: text, map: undefined, dependencies: result.dependencies, diagnostics }
  const parts = [...emitted.values()].filter((part) => part !== undefined)
  const pools = parts.flatMap(({ pool }) => (pool === undefined ? [] : [pool]))
  const head = [
    ...result.imports.map(({ local, exported, specifier, typeOnly }) => importLine(local, exported, specifier, typeOnly)),
    ...(pools.length > 0 ? ["import { tapePool } from 'cotangent/runtime'"] : []),
    ...result.clones.map(({ name, text }) => `const ${name} = ${text}`),
    ...pools.map((pool) => `const ${pool} = tapePool()`),
  ]
  const { code, map } = splice(path, text, { replacements, head, tail: parts.flatMap(({ functions }) => functions) })
  return { code, map, dependencies: result.dependencies, diagnostics }
}

function importLine(local: string, exported: string, specifier: string, typeOnly: boolean): string {
  const keyword = typeOnly ? 'import type' : 'import'
  if (exported === 'default') return `${keyword} ${local} from '${specifier}'`
  return `${keyword} { ${exported === local ? local : `${exported} as ${local}`} } from '${specifier}'`
}

/** `grad(f).into` is replaced whole. */
function siteEnd(text: string, { site, uses }: Request): number {
  if (uses.direct) return site.end
  return text.indexOf('into', site.end) + 'into'.length
}

interface Emitted {
  /** What stands in the place of the request. */
  readonly reference: string
  readonly functions: readonly string[]
  readonly pool: string | undefined
}

function emit(
  program: SourceProgram,
  ir: Parameters<typeof derive>[0],
  request: Request,
  taken: Set<string>,
  diagnostics: Diagnostic[],
): Emitted | undefined {
  const lineOf = lineReader(program)
  let derivatives: readonly Derivative[]
  try {
    if (request.operator !== 'grad' && request.operator !== 'valueAndGrad')
      throw new Refusal('CT9002', undefined, { what: `\`${request.operator}\`` })
    derivatives = derive(ir, { ...request, operator: request.operator }, lineOf)
  } catch (error) {
    const place = error instanceof Refusal && error.origin ? error.origin : request.site
    const [code, details] =
      error instanceof Refusal
        ? [error.code, error.details]
        : ['CT9001', { reason: error instanceof Error ? error.message : String(error) }]
    diagnostics.push(createDiagnostic(code as 'CT9001', place, details as never, request.chain))
    return undefined
  }
  const pooled = derivatives.some(({ fn }) => someStatement(fn.body, ({ kind }) => kind === 'release' || kind === 'reserve'))
  const base = ir.functions.get(request.function)!.name
  const pool = pooled ? unique(`${base}_tapes`, taken) : undefined
  const printed = derivatives.map(({ role, fn }) => {
    const name = unique(fn.name, taken)
    return { role, name, text: printFunction(fn, { name, ...(pool !== undefined && { pool }) }).text }
  })
  const nameOf = (role: string): string | undefined => printed.find((one) => one.role === role)?.name
  const inPlace = request.captures.length > 0
  const mention = (role: string): string => (inPlace ? `(${printed.find((one) => one.role === role)!.text})` : nameOf(role)!)
  const reference =
    nameOf('direct') === undefined
      ? mention('into')
      : nameOf('into') === undefined
        ? mention('direct')
        : `Object.assign(${mention('direct')}, { into: ${mention('into')} })`
  return { reference, functions: inPlace ? [] : printed.map(({ text }) => text), pool }
}

function unique(base: string, taken: Set<string>): string {
  let name = base
  for (let i = 2; taken.has(name); i++) name = `${base}_${String(i)}`
  taken.add(name)
  return name
}

/** The primal line above the statements that reverse it. */
function lineReader(
  program: SourceProgram,
): (statement: { origin?: { file: string; line: number; start: number; end: number } }) => string | undefined {
  return ({ origin }) => {
    const text = origin && program.getSourceFile(origin.file)?.text.slice(origin.start, origin.end)
    if (!origin || text === undefined) return undefined
    const line = text.replace(/\s+/g, ' ')
    return `${String(origin.line)}: ${line.length > 100 ? `${line.slice(0, 97)}...` : line}`
  }
}
