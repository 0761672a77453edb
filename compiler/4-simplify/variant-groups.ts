/** Groups of variables that hold objects of several classes, of which nothing is asked but what one type with a number for the class can answer. */

import { isClassTest } from '../ir/class-test.ts'
import type { Expression, FunctionNode, Opaque, RecordType, Statement } from '../ir/nodes.ts'
import { childrenOf, expressionsOf, visitStatements } from '../ir/walk.ts'

export interface VariantGroup {
  readonly names: ReadonlySet<string>
  /** Of the objects that are made. */
  readonly types: readonly RecordType[]
}

/** The class that objects of a type are made of, as a test for it is written. */
export const classOf = (type: RecordType): string => type.class?.name.replace(/<.*$/s, '') ?? ''

/** What a test for the class of an object asks. */
export function testedClass(test: Opaque): { readonly object: Expression; readonly name: string } | undefined {
  if (!isClassTest(test)) return undefined
  const [before, object, after] = test.parts
  if (before !== 'Object.is(' || typeof after !== 'string' || object === undefined || typeof object === 'string') return undefined
  if (object.kind !== 'operation' || object.operator !== 'stopGradient') return undefined
  return { object: object.operands[0]!, name: after.slice('.constructor, '.length, -1) }
}

export function variantGroups(fn: FunctionNode): readonly VariantGroup[] {
  const uses = new Uses(fn)
  if (!uses.areThere) return []
  visitStatements(fn.body, (statement) => uses.note(statement))
  return uses.groups()
}

class Uses {
  readonly #fn: FunctionNode
  readonly #candidates: ReadonlyMap<string, RecordType>
  readonly #groupOf: Map<string, Set<string>>
  readonly #whole = new Set<string>()
  readonly #made = new Map<string, RecordType[]>()
  readonly #declared = new Set<string>()
  /** The classes that are asked for, by the variable. */
  readonly #tested = new Map<string, Set<string>>()
  /** The fields that are read in another way than as an operand of arithmetic, by the variable. */
  readonly #seen = new Map<string, Set<string>>()

  constructor(fn: FunctionNode) {
    this.#fn = fn
    const parameters = new Set(fn.parameters.map(({ name }) => name))
    this.#candidates = new Map(
      Object.entries(fn.variables).flatMap(([name, { type }]) =>
        type.kind === 'record' && type.name === undefined && type.missing === undefined && !type.tuple && !parameters.has(name)
          ? [[name, type] as const]
          : [],
      ),
    )
    this.#groupOf = new Map([...this.#candidates.keys()].map((name) => [name, new Set([name])]))
  }

  get areThere(): boolean {
    return [...this.#candidates.values()].some(({ classes }) => classes !== undefined)
  }

  note(statement: Statement): void {
    if (statement.kind === 'call' && statement.result !== undefined) this.#whole.add(statement.result)
    if (statement.kind === 'declare') {
      this.#declared.add(statement.name)
      if (statement.value) this.#give(statement.name, statement.value)
    } else if (statement.kind === 'assign' && statement.target.kind === 'variable') this.#give(statement.target.name, statement.value)
    else if (statement.kind === 'assign' && statement.target.kind === 'field' && statement.target.record.kind === 'variable') {
      // Whoever has the field may be given it; what that does to the others is not followed.
      this.#see(statement.target.record.name, statement.target.name)
      this.#read(statement.value)
    } else for (const expression of expressionsOf(statement)) this.#read(expression)
  }

  #give(name: string, value: Expression): void {
    if (!this.#candidates.has(name)) return this.#read(value, this.#fn.variables[name]?.type)
    if (value.kind === 'record') {
      this.#made.set(name, [...(this.#made.get(name) ?? []), value.type])
      return this.#read(value)
    }
    if (value.kind !== 'variable' || !this.#candidates.has(value.name)) {
      this.#whole.add(name)
      return this.#read(value)
    }
    const both = new Set([...this.#groupOf.get(name)!, ...this.#groupOf.get(value.name)!])
    for (const one of both) this.#groupOf.set(one, both)
  }

  /** `into` is the type of a variable that the value is given to. */
  #read(expression: Expression, into?: { readonly kind: string; readonly missing?: unknown }): void {
    if (expression.kind === 'variable') this.#whole.add(expression.name)
    if (expression.kind === 'field' && expression.record.kind === 'variable') {
      if (into?.kind !== 'number' || into.missing !== undefined) this.#see(expression.record.name, expression.name)
      return
    }
    const tested = expression.kind === 'opaque' ? testedClass(expression) : undefined
    if (tested?.object.kind === 'variable') return add(this.#tested, tested.object.name, tested.name)
    const isArithmetic = expression.kind === 'operation' && (ARITHMETIC.has(expression.operator) || /^Math\.\w+$/.test(expression.operator))
    for (const child of childrenOf(expression)) this.#read(child, isArithmetic ? { kind: 'number' } : undefined)
  }

  #see(name: string, key: string): void {
    add(this.#seen, name, key)
  }

  groups(): readonly VariantGroup[] {
    return [...new Set(this.#groupOf.values())].flatMap((names) => {
      const all = [...names]
      const types = all.flatMap((name) => this.#made.get(name) ?? [])
      if (all.some((name) => this.#whole.has(name) || !this.#declared.has(name))) return []
      if (!all.some((name) => this.#tested.has(name) || this.#candidates.get(name)!.classes) || !areAlike(types)) return []
      // A class that nobody asks for, though others are, may be asked for by another name.
      const tested = new Set(all.flatMap((name) => [...(this.#tested.get(name) ?? [])]))
      if (tested.size > 0 && !types.every((type) => tested.has(classOf(type)))) return []
      const seen = new Set(all.flatMap((name) => [...(this.#seen.get(name) ?? [])]))
      const hasAll = types.every(({ fields }) => [...seen].every((key) => fields.some(({ name }) => name === key)))
      return hasAll && !seen.has('class') ? [{ names, types }] : []
    })
  }
}

function add(sets: Map<string, Set<string>>, name: string, value: string): void {
  sets.set(name, (sets.get(name) ?? new Set()).add(value))
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '**', 'negate', 'plus'])

/** Objects of classes, with numbers in their fields, at least in those that some lack. */
function areAlike(types: readonly RecordType[]): boolean {
  const first = types[0]
  if (!first || types.some((type) => type.tuple || !type.class || type.fields.length === 0)) return false
  const names = new Set(types.flatMap(({ fields }) => fields.map(({ name }) => name)))
  return [...names].every(
    (key) =>
      key !== 'class' &&
      types.every(({ fields }) => {
        const own = fields.find(({ name }) => name === key)
        return !own || (own.type.kind === 'number' && own.type.missing === undefined)
      }),
  )
}
