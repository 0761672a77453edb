/** Prints the functions that requests need, once each, under names that the file does not have, with what they import. */

import type { ReadResult } from './1-read/result.ts'
import { avoidNames, namesOutside } from './5-emit/avoid-names.ts'
import { printFunction } from './5-emit/print-function.ts'
import { printKey, printType, quote } from './5-emit/print-type.ts'
import { shortNames } from './5-emit/short-names.ts'
import { linkGuards } from './ir/guard.ts'
import { namedTypes, type NamedRecord } from './ir/named-type.ts'
import type { FunctionNode } from './ir/nodes.ts'
import { someStatement, visitStatements } from './ir/walk.ts'
import { pass, watch, type Tracer } from './pass.ts'
import type { Derivations } from './requests.ts'

export class Printer {
  readonly #taken: Set<string>
  readonly #read: ReadResult
  readonly #tracer: Tracer | undefined
  readonly #names = new Map<string, string>()
  readonly #printed: string[] = []
  readonly #pools = new Map<string, string>()
  readonly #guards = new Map<string, string>()
  readonly #runtime = new Map<string, string>()
  readonly #declared = new Set<string>()

  constructor(text: string, read: ReadResult, tracer?: Tracer) {
    const added = [...read.imports.map(({ local }) => local), ...read.clones.map(({ name }) => name)]
    this.#taken = new Set([...(text.match(/[A-Za-z_$][\w$]*/g) ?? []), ...added])
    this.#read = read
    this.#tracer = tracer
  }

  fresh(base: string): string {
    let name = base
    for (let i = 2; this.#taken.has(name); i++) name = `${base}_${String(i)}`
    this.#taken.add(name)
    return name
  }

  /** The text that stands for a request. `inPlace`: the function must stand there too, because it mentions what is only visible there. */
  reference(keys: { readonly direct?: string; readonly into?: string }, derivations: Derivations, inPlace: boolean): string {
    const mention = (key: string): string => (inPlace ? `(${this.#text(key, derivations)})` : this.#name(key, derivations))
    const { direct, into } = keys
    if (direct === undefined) return mention(into!)
    return into === undefined ? mention(direct) : `Object.assign(${mention(direct)}, { into: ${mention(into)} })`
  }

  /** Lines for the top of the file: imports, then constants. */
  head(): readonly string[] {
    const names = [...this.#runtime].map(([exported, local]) => (exported === local ? local : `${exported} as ${local}`))
    return [
      ...this.#read.imports.map(({ local, exported, specifier, typeOnly }) => importLine(local, exported, specifier, typeOnly)),
      ...(names.length > 0 ? [`import { ${names.join(', ')} } from 'cotangent/runtime'`] : []),
      ...this.#read.clones.map(({ name, text }) => `const ${name} = ${text}`),
      ...[...this.#pools.values()].map((pool) => `const ${pool} = ${this.#imported('tapePool')}()`),
      ...[...this.#guards].map(([makes, guard]) => `const ${guard} = ${makes}`),
    ]
  }

  functions(): readonly string[] {
    return this.#printed
  }

  /** The name of a function, which is printed when it is first mentioned. */
  #name(key: string, derivations: Derivations): string {
    const known = this.#names.get(key) ?? (derivations.isMade(key) ? undefined : this.#read.names.get(key))
    if (known !== undefined) return known
    const name = this.fresh(derivations.function(key).name)
    this.#names.set(key, name)
    const at = this.#printed.length
    const text = this.#text(key, derivations, name)
    // Before what it calls, so that the file reads from the request down.
    this.#printed.splice(at, 0, text)
    return name
  }

  #text(key: string, derivations: Derivations, name?: string): string {
    const fn = derivations.finished(key)
    const pool = isPooled(fn) ? this.#poolOf(fn) : undefined
    // Callees are named in the order in which they are called, whatever printing does.
    visitStatements(fn.body, (statement) => {
      if (statement.kind === 'call') this.#name(statement.callee, derivations)
    })
    const nameOf = (callee: string): string => this.#name(callee, derivations)
    const outside = namesOutside(fn, nameOf)
    const inside = avoidNames(fn, outside)
    const printed = printFunction(inside, {
      shown: shortNames(inside, outside),
      name: name ?? fn.name,
      nameOf,
      ...(pool !== undefined && { pool }),
    })
    const linked = linkGuards(printed.text, (...guard) => this.#guardOf(...guard))
      .replace(/cotangent@\{([^}]*)\}/g, (_, callee: string) => nameOf(callee))
      .replace(/cotangent#(\w+)/g, (_, exported: string) => this.#imported(exported))
    pass('print', { fn: inside, printed: { ...printed, text: linked } }, { trace: watch(key, this.#tracer) })
    return [...this.#declarations(fn, linked), linked].join('\n\n')
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

  #poolOf({ name }: FunctionNode): string {
    const base = `${name.replace(/_(?:grad|valueAndGrad)(?:Into)?$/, '')}_tapes`
    const known = this.#pools.get(base)
    if (known !== undefined) return known
    this.#imported('tapePool')
    const pool = this.fresh(base)
    this.#pools.set(base, pool)
    return pool
  }

  #guardOf(derived: string, written: readonly string[], others: readonly string[]): string {
    const list = (names: readonly string[]): string => `[${names.map(quote).join(', ')}]`
    const makes = `${this.#imported('storageGuard')}(${quote(derived)}, ${list(written)}, ${list(others)})`
    const known = this.#guards.get(makes)
    if (known !== undefined) return known
    const guard = this.fresh(`${derived}_storage`)
    this.#guards.set(makes, guard)
    return guard
  }

  #imported(exported: string): string {
    const known = this.#runtime.get(exported)
    if (known !== undefined) return known
    const local = this.fresh(exported)
    this.#runtime.set(exported, local)
    return local
  }
}

const isPooled = (fn: FunctionNode): boolean =>
  someStatement(fn.body, (statement) => statement.kind === 'release' || (statement.kind === 'reserve' && statement.pooled))

/** What a forward half keeps is for reading only; shadows are written. */
function interfaceOf({ name, fields: all }: NamedRecord): string {
  const prefix = /_Residuals(_\d+)?$/.test(name) ? 'readonly ' : ''
  const fields = all.map((field) => `  ${prefix}${printKey(field.name)}: ${printType(field.type)}`)
  return fields.length === 0 ? `type ${name} = Record<never, never>` : [`interface ${name} {`, ...fields, '}'].join('\n')
}

function importLine(local: string, exported: string, specifier: string, typeOnly: boolean): string {
  const keyword = typeOnly ? 'import type' : 'import'
  if (exported === 'default') return `${keyword} ${local} from '${specifier}'`
  return `${keyword} { ${exported === local ? local : `${exported} as ${local}`} } from '${specifier}'`
}
