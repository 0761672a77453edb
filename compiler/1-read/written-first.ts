/**
 * Whether a function gives storage a value before it reads it, on every path, and keeps it to itself. Storage of a module of which this holds may be storage of
 * the call. The places of an object are told apart as long as nothing but their names leads to them; it may have several names that never change.
 */

import type { Expression, RecordType, Statement } from '../ir/nodes.ts'
import { childrenOf, expressionsOf, visitStatements } from '../ir/walk.ts'

/** A place that holds a value, or an object or list of such places. */
export type Shape =
  | { readonly kind: 'place'; readonly name: string; readonly isFixed: boolean }
  | { readonly kind: 'record'; readonly type: RecordType; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: 'list'; readonly elements: readonly Shape[] }

/** The places that have a value; nothing where the path has ended. */
type Written = ReadonlySet<string> | undefined

export interface Unwritten {
  readonly statement: Statement
  readonly reason: string
}

/** Nothing where all is well. `shapes` are the objects, by the variables that hold them from the first. */
export function readBeforeWritten(body: readonly Statement[], shapes: ReadonlyMap<string, Shape>): Unwritten | undefined {
  const check = new Check(body, shapes)
  check.run(body, new Set())
  return check.found
}

/** The same for storage that has its values already, and keeps them. */
export function changedOrGiven(body: readonly Statement[], shapes: ReadonlyMap<string, Shape>): Unwritten | undefined {
  const check = new Check(body, shapes, true)
  check.run(body, new Set([...shapes.values()].flatMap(placesOf)))
  return check.found
}

class Check {
  readonly #roots: ReadonlyMap<string, Shape>
  readonly #names: Map<string, Shape>
  readonly #isConstant: boolean
  readonly #written = new Set<string>()
  #statement: Statement | undefined
  found: Unwritten | undefined

  constructor(body: readonly Statement[], roots: ReadonlyMap<string, Shape>, isConstant = false) {
    this.#roots = roots
    this.#isConstant = isConstant
    this.#names = new Map(roots)
    this.#findNames(body)
    visitStatements(body, (statement) => {
      if (statement.kind !== 'assign') return
      const target = this.#at(statement.target)
      if (target?.kind === 'place') this.#written.add(target.name)
    })
  }

  /** Variables that are given nothing but one and the same object. */
  #findNames(body: readonly Statement[]): void {
    const given = new Map<string, Expression[]>()
    visitStatements(body, (statement) => {
      const name =
        statement.kind === 'declare'
          ? statement.name
          : statement.kind === 'assign' && statement.target.kind === 'variable'
            ? statement.target.name
            : undefined
      const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
      if (name !== undefined && value) given.set(name, [...(given.get(name) ?? []), value])
    })
    for (let isDone = false; !isDone;) {
      isDone = true
      for (const [name, values] of given) {
        if (this.#names.has(name)) continue
        const [first, ...others] = values.map((value) => this.#at(value))
        if (!first || first.kind === 'place' || others.some((other) => other !== first)) continue
        this.#names.set(name, first)
        isDone = false
      }
    }
  }

  /** The place or the object that an expression leads to. */
  #at(expression: Expression): Shape | undefined {
    if (expression.kind === 'variable') return this.#names.get(expression.name)
    if (expression.kind === 'field') {
      const record = this.#at(expression.record)
      return record?.kind === 'record' ? record.fields.get(expression.name) : undefined
    }
    if (expression.kind !== 'element' || expression.index.kind !== 'number') return undefined
    const list = this.#at(expression.array)
    return list?.kind === 'list' ? list.elements[expression.index.value] : undefined
  }

  run(list: readonly Statement[], before: Written): Written {
    let written = before
    for (const statement of list) {
      if (!written || this.found) return written
      written = this.#one(statement, written)
    }
    return written
  }

  #one(statement: Statement, written: ReadonlySet<string>): Written {
    this.#statement = statement
    switch (statement.kind) {
      case 'declare':
        if (statement.value && !this.#roots.has(statement.name)) this.#give(statement.name, statement.value, written)
        return written
      case 'assign':
        return this.#assign(statement.target, statement.value, written)
      case 'if': {
        this.#read(statement.test, written)
        return both(this.run(statement.then, written), this.run(statement.else, written))
      }
      case 'loop': {
        for (const expression of expressionsOf(statement)) this.#read(expression, written)
        this.run(statement.body, written)
        return new Set([...written, ...this.#filledBy(statement)])
      }
      case 'break':
      case 'throw':
        for (const expression of expressionsOf(statement)) this.#read(expression, written)
        return undefined
      case 'fill': {
        const whole = this.#at(statement.array)
        if (!whole) break
        if (this.#isConstant) this.#fail('it is changed')
        this.#read(statement.value, written)
        return statement.start || statement.end ? written : new Set([...written, ...placesOf(whole)])
      }
      default:
    }
    for (const expression of expressionsOf(statement)) this.#read(expression, written)
    return written
  }

  #give(name: string, value: Expression, written: ReadonlySet<string>): void {
    if (!this.#names.has(name)) this.#read(value, written)
  }

  #assign(target: Expression, value: Expression, written: ReadonlySet<string>): ReadonlySet<string> {
    if (target.kind === 'variable') {
      this.#give(target.name, value, written)
      return written
    }
    const place = this.#at(target)
    this.#read(value, written)
    if (this.#isConstant && (place ?? (target.kind === 'element' && this.#at(target.array)))) this.#fail('it is changed')
    if (place?.kind === 'place') return new Set([...written, place.name])
    if (place) this.#fail('another object takes the place of a part of it')
    // Which of its elements this is shows at run time.
    if (target.kind === 'element' && this.#at(target.array)) this.#read(target.index, written)
    else for (const child of childrenOf(target)) this.#read(child, written)
    return written
  }

  /** `for (let i = 0; i < 16; i++) list[i] = ...`. */
  #filledBy({ counter, body, exit }: Statement & { kind: 'loop' }): readonly string[] {
    if (!counter || exit !== undefined || counter.from.kind !== 'number' || counter.to.kind !== 'number' || counter.step !== 1) return []
    if (counter.comparison !== '<') return []
    const [from, to] = [counter.from.value, counter.to.value]
    return body.flatMap((statement) => {
      const target = statement.kind === 'assign' ? statement.target : undefined
      if (target?.kind !== 'element' || target.index.kind !== 'variable' || target.index.name !== counter.name) return []
      const list = this.#at(target.array)
      return list?.kind === 'list' ? list.elements.slice(from, to).flatMap(placesOf) : []
    })
  }

  #read(expression: Expression, written: ReadonlySet<string>): void {
    const place = this.#at(expression)
    if (place?.kind === 'place') return this.#expect([place], written)
    if (place) return this.#fail('it is given away')
    if (expression.kind === 'opaque' && expression.anywhere) return this.#fail('code runs meanwhile that is not read')
    if (expression.kind === 'length' && this.#at(expression.array)) return
    const list = expression.kind === 'element' ? this.#at(expression.array) : undefined
    if (expression.kind === 'element' && list?.kind === 'list') {
      this.#expect(list.elements, written)
      return this.#read(expression.index, written)
    }
    for (const child of childrenOf(expression)) this.#read(child, written)
  }

  #expect(places: readonly Shape[], written: ReadonlySet<string>): void {
    for (const place of places) {
      if (place.kind !== 'place') return this.#fail('it is given away')
      const isConstant = place.isFixed && !this.#written.has(place.name)
      if (!isConstant && !written.has(place.name)) return this.#fail(`\`${place.name}\` is read before it is given a value`)
    }
  }

  #fail(reason: string): void {
    this.found ??= { statement: this.#statement!, reason }
  }
}

function both(one: Written, other: Written): Written {
  if (!one || !other) return one ?? other
  return new Set([...one].filter((name) => other.has(name)))
}

function placesOf(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case 'place':
      return [shape.name]
    case 'record':
      return [...shape.fields.values()].flatMap(placesOf)
    case 'list':
      return shape.elements.flatMap(placesOf)
  }
}

/** The shape of what an expression makes. `valueOf` finds what the variables were given that it mentions. */
export function shapeOf(
  name: string,
  value: Expression,
  valueOf: (name: string) => Expression | undefined,
  isFixed: (type: RecordType, field: string) => boolean,
): Shape {
  const held = value.kind === 'variable' ? valueOf(value.name) : undefined
  if (held) return shapeOf(name, held, valueOf, isFixed)
  if (value.kind === 'list')
    return { kind: 'list', elements: value.elements.map((one, i) => shapeOf(`${name}[${String(i)}]`, one, valueOf, isFixed)) }
  if (value.kind !== 'record') return { kind: 'place', name, isFixed: false }
  const fields = value.type.fields.map((field, i): [string, Shape] => {
    const shape = shapeOf(`${name}.${field.name}`, value.values[i]!, valueOf, isFixed)
    return [field.name, shape.kind === 'place' ? { ...shape, isFixed: isFixed(value.type, field.name) } : shape]
  })
  return { kind: 'record', type: value.type, fields: new Map(fields) }
}
