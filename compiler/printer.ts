/** Prints the functions that requests need, once each, under names that the file does not have, with what they import. */

import type { ReadResult } from './1-read/result.ts'
import { importLines } from './5-emit/import-lines.ts'
import { joinTexts, paragraphs, type MappedText } from './5-emit/lines.ts'
import { avoidNames, identifiers, namesOutside } from './5-emit/avoid-names.ts'
import { printFunction } from './5-emit/print-function.ts'
import { printKey, printType, quote } from './5-emit/print-type.ts'
import { markUnused } from './5-emit/mark-unused.ts'
import { shortNames } from './5-emit/short-names.ts'
import type { FreshNames } from './fresh-names.ts'
import { linkGuards } from './ir/guard.ts'
import { linkMentions } from './ir/mention.ts'
import { namedTypes, type NamedRecord } from './ir/named-type.ts'
import type { FunctionNode } from './ir/nodes.ts'
import { someStatement, visitStatements } from './ir/walk.ts'
import { pass, watch, type Tracer } from './pass.ts'
import type { Derivations } from './requests.ts'
import { graphText, pullbackOf, withGraph, type PullbackMade } from './saved-graphs.ts'

export class Printer {
  readonly #read: ReadResult
  readonly #unused: FreshNames
  readonly #tracer: Tracer | undefined
  readonly #names = new Map<string, string>()
  readonly #printed: MappedText[] = []
  readonly #pools: Readonly<Record<PoolKind, Map<string, string>>> = { tape: new Map(), array: new Map() }
  readonly #guards = new Map<string, string>()
  readonly #runtime = new Map<string, string>()
  readonly #declared = new Set<string>()
  readonly #exported = new Map<string, string>()
  /** The identifiers of everything that was printed. */
  readonly #mentioned = new Set<string>()
  readonly #isCompanion: boolean
  readonly #savesGraphs: boolean
  readonly #graphs: string[] = []

  /** A companion is a file of its own, which strict options of the user's apply to. */
  constructor(
    read: ReadResult,
    names: FreshNames,
    options: { readonly savesGraphs: boolean; readonly isCompanion?: boolean; readonly tracer: Tracer | undefined },
  ) {
    const { savesGraphs, isCompanion = false, tracer } = options
    this.#read = read
    this.#unused = names
    this.#tracer = tracer
    this.#isCompanion = isCompanion
    this.#savesGraphs = savesGraphs
  }

  /** The text that stands for a request. `inPlace`: the function must stand there too, because it mentions what is only visible there. */
  reference(keys: { readonly direct?: string; readonly into?: string }, derivations: Derivations, inPlace: boolean): MappedText {
    const mention = (key: string): string | MappedText => (inPlace ? this.#inPlace(key, derivations) : this.#name(key, derivations))
    const { direct, into } = keys
    if (direct === undefined) return joinTexts([mention(into!)])
    return joinTexts(into === undefined ? [mention(direct)] : ['Object.assign(', mention(direct), ', { into: ', mention(into), ' })'])
  }

  /** Prints functions that other files import, with a comment on what they are. */
  export(keys: readonly string[], derivations: Derivations, comment: string): readonly string[] {
    for (const key of keys) this.#exported.set(key, comment)
    return keys.map((key) => this.#name(key, derivations))
  }

  /** A function as an expression, with all that it calls: each of these may mention what is only visible there. */
  #inPlace(key: string, derivations: Derivations): MappedText {
    const known = new Set(this.#names.keys())
    const declared = new Set(this.#declared)
    const at = this.#printed.length
    const graphs = this.#graphs.length
    const text = this.#text(key, derivations)
    const called = this.#printed.splice(at)
    // Elsewhere they are printed anew.
    for (const name of this.#names.keys()) if (!known.has(name)) this.#names.delete(name)
    for (const name of this.#declared) if (!declared.has(name)) this.#declared.delete(name)
    if (called.length === 0 && text.text.startsWith('function ')) return joinTexts(['(', text, ')'])
    const body = paragraphs([...called, text, ...this.#graphs.splice(graphs), `return ${derivations.finished(key).name}`])
    return joinTexts(['(() => {\n', body, '\n})()'])
  }

  /** Lines for the top of the file: imports, then constants. */
  head(): readonly string[] {
    const clones = this.#clones()
    const names = [...this.#runtime].map(([exported, local]) => (exported === local ? local : `${exported} as ${local}`))
    return [
      ...importLines(this.imports()),
      ...(names.length > 0 ? [`import { ${names.join(', ')} } from 'cotangent/runtime'`] : []),
      ...clones,
      ...poolKinds.flatMap((kind) => [...this.#pools[kind].values()].map((pool) => `const ${pool} = ${this.imported(`${kind}Pool`)}()`)),
      ...[...this.#guards].map(([makes, guard]) => `const ${guard} = ${makes}`),
      ...this.#graphs,
    ]
  }

  /** What is imported, once all is printed. */
  imports(): ReadResult['imports'] {
    return this.#read.imports.filter(({ local }) => this.#mentioned.has(local))
  }

  /** The constants that are repeated, where something mentions them. Each may mention those before it. */
  #clones(): readonly string[] {
    return this.#read.clones
      .toReversed()
      .flatMap(({ name, text }) => {
        if (!this.#mentioned.has(name)) return []
        this.#note(text, new Set())
        return [`const ${name} = ${text}`]
      })
      .toReversed()
  }

  functions(): readonly MappedText[] {
    return this.#printed
  }

  /** The name of a function, which is printed when it is first mentioned. */
  #name(key: string, derivations: Derivations): string {
    const known = this.#names.get(key) ?? (derivations.isMade(key) ? undefined : this.#read.names.get(key))
    if (known !== undefined) return known
    const name = this.#unused.fresh(derivations.function(key).name)
    this.#names.set(key, name)
    const at = this.#printed.length
    const text = this.#text(key, derivations, name)
    // Before what it calls, so that the file reads from the request down.
    this.#printed.splice(at, 0, text)
    return name
  }

  #text(key: string, derivations: Derivations, name?: string): MappedText {
    const finished = derivations.finished(key)
    const made = this.#savesGraphs ? pullbackOf(finished) : undefined
    const graph = made && this.#unused.fresh(finished.name.replace(/_vjp$/, '_graph'))
    const fn = graph === undefined ? finished : withGraph(finished, graph)
    const pool = isPooled(fn) ? this.#poolOf(fn, 'tape') : undefined
    const arrays = borrowsArrays(fn) ? this.#poolOf(fn, 'array') : undefined
    // Callees are named in the order in which they are called, whatever printing does.
    visitStatements(fn.body, (statement) => {
      if (statement.kind === 'call') this.#name(statement.callee, derivations)
    })
    const nameOf = (callee: string): string => this.#name(callee, derivations)
    const outside = namesOutside(fn, nameOf)
    const avoiding = avoidNames(fn, outside)
    const inside = this.#isCompanion ? markUnused(avoiding.fn, outside) : avoiding.fn
    const shown = shortNames(inside, outside)
    const names = new Map(Object.keys(fn.variables).map((variable) => [variable, shown(avoiding.nameOf(variable))]))
    const printed = printFunction(inside, {
      shown,
      name: name ?? fn.name,
      nameOf,
      exported: this.#exported.has(key),
      ...(pool !== undefined && { pool }),
      ...(arrays !== undefined && { arrays }),
    })
    const linked = linkMentions(
      linkGuards(printed.text, (...guard) => this.#guardOf(...guard)),
      nameOf,
    ).replace(/cotangent#(\w+)/g, (_, exported: string) => this.imported(exported))
    // Names take the place of names: what stood at the beginning of a line still does.
    const named = { ...printed, text: linked }
    pass('print', { fn: inside, printed: named, names }, { trace: watch(key, this.#tracer) })
    this.#note(linked, new Set(Object.keys(inside.variables).map(shown)))
    if (made && graph !== undefined) this.#addGraph(graph, made, name ?? fn.name, derivations)
    const comment = this.#exported.get(key)
    return paragraphs([...this.#declarations(fn, linked), comment === undefined ? named : joinTexts([`/** ${comment} */\n`, named])])
  }

  /** Says of a function that gives pullbacks how these are saved. */
  #addGraph(graph: string, made: PullbackMade, operator: string, derivations: Derivations): void {
    const backward = this.#name(made.backward, derivations)
    const names = {
      graphOf: this.imported('graphOf'),
      operator,
      backward,
      function: derivations.function(made.forward).name.replace(/_forward$/, ''),
    }
    this.#graphs.push(`const ${graph} = ${graphText(made, derivations, names)}`)
  }

  #note(text: string, locals: ReadonlySet<string>): void {
    for (const [name] of text.replaceAll(/^ *\/\/.*$/gm, '').matchAll(identifiers)) if (!locals.has(name)) this.#mentioned.add(name)
  }

  /** The types that a text mentions by their names, each declared where it is first mentioned, and what these mention. */
  #declarations(fn: FunctionNode, text: string): readonly string[] {
    const types = [fn.result, ...Object.values(fn.variables).map(({ type }) => type)]
    const known = new Map(types.flatMap(namedTypes).map((type) => [type.name, type]))
    const declare = (mentioning: string): readonly string[] =>
      [...known.values()].flatMap((type) => {
        if (this.#declared.has(type.name) || !new RegExp(`\\b${type.name}\\b`).test(mentioning)) return []
        this.#declared.add(type.name)
        const own = interfaceOf(type)
        return [own, ...declare(own)]
      })
    return declare(text)
  }

  #poolOf({ name }: FunctionNode, kind: PoolKind): string {
    const base = `${name.replace(/_(?:grad|valueAndGrad)(?:Into)?$/, '')}_${kind}s`
    const known = this.#pools[kind].get(base)
    if (known !== undefined) return known
    this.imported(`${kind}Pool`)
    const pool = this.#unused.fresh(base)
    this.#pools[kind].set(base, pool)
    return pool
  }

  #guardOf(derived: string, written: readonly string[], others: readonly string[]): string {
    const list = (names: readonly string[]): string => `[${names.map(quote).join(', ')}]`
    const makes = `${this.imported('storageGuard')}(${quote(derived)}, ${list(written)}, ${list(others)})`
    const known = this.#guards.get(makes)
    if (known !== undefined) return known
    const guard = this.#unused.fresh(`${derived}_storage`)
    this.#guards.set(makes, guard)
    return guard
  }

  /** The local name of something of the runtime, which is imported under it. */
  imported(exported: string): string {
    const known = this.#runtime.get(exported)
    if (known !== undefined) return known
    const local = this.#unused.fresh(exported)
    this.#runtime.set(exported, local)
    return local
  }
}

type PoolKind = 'tape' | 'array'
const poolKinds: readonly PoolKind[] = ['tape', 'array']

const isPooled = (fn: FunctionNode): boolean =>
  someStatement(
    fn.body,
    (statement) => (statement.kind === 'release' && !statement.exact) || (statement.kind === 'reserve' && statement.pooled),
  )

const borrowsArrays = (fn: FunctionNode): boolean =>
  someStatement(fn.body, (statement) => statement.kind === 'release' && statement.exact === true)

/** What a forward half keeps is for reading only; shadows are written. */
function interfaceOf({ name, fields: all }: NamedRecord): string {
  const prefix = /_Residuals(_\d+)?$/.test(name) ? 'readonly ' : ''
  const fields = all.map((field) => `  ${prefix}${printKey(field.name)}${field.optional ? '?' : ''}: ${printType(field.type)}`)
  return fields.length === 0 ? `type ${name} = Record<never, never>` : [`interface ${name} {`, ...fields, '}'].join('\n')
}
