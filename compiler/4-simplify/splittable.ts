/** Which arrays hold nothing but objects that were made for them; see `split-arrays.ts`. */

import type { Expression, Field, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { blocksOf, childrenOf, expressionsOf, someStatement, visitExpression, visitStatements } from '../ir/walk.ts'
import { isUpwards, type CountedLoop } from './loop-product.ts'

export interface Splittable {
  readonly array: string
  readonly fields: readonly Field[]
  /** The constants that stand for an element, with its index. */
  readonly items: ReadonlyMap<string, Expression>
  /** The loop that makes an object in each iteration, of which it is known how many there are. */
  readonly counted?: CountedLoop
}

/** Of objects with numbers in all their fields. */
export function isArrayOfObjects(type: Type): boolean {
  if (type.kind !== 'array' || type.missing !== undefined || type.storage !== 'Array' || type.element.kind !== 'record') return false
  const { element } = type
  if (element.missing !== undefined || element.name !== undefined || element.fields.length === 0) return false
  return element.fields.every((one) => one.type.kind === 'number' && one.type.missing === undefined)
}

/** The first one. */
export function findSplittable(fn: FunctionNode): Splittable | undefined {
  const inBlock = (block: readonly Statement[]): Splittable | undefined => {
    for (const [i, statement] of block.entries()) {
      const found = statement.kind === 'declare' ? new Uses(fn, statement.name).splittable(block.slice(i)) : undefined
      if (found) return found
      for (const inner of blocksOf(statement)) {
        const within = inBlock(inner)
        if (within) return within
      }
    }
    return undefined
  }
  return inBlock(fn.body)
}

class Uses {
  readonly #fn: FunctionNode
  readonly #array: string
  readonly #items = new Map<string, Expression>()
  #pushes = 0
  #isWhole = false

  constructor(fn: FunctionNode, array: string) {
    this.#fn = fn
    this.#array = array
  }

  /** `block` begins with the declaration; nothing before it can mention the array. */
  splittable(block: readonly Statement[]): Splittable | undefined {
    const { type, mutable } = this.#fn.variables[this.#array]!
    const [declaration, ...rest] = block
    if (mutable || type.kind !== 'array' || type.element.kind !== 'record' || !isArrayOfObjects(type)) return undefined
    if (declaration?.kind !== 'declare' || declaration.value?.kind !== 'list' || declaration.value.elements.length > 0) return undefined
    this.#visit(rest, [])
    if (this.#isWhole || this.#pushes !== 1 || !this.#areOnlyFields(rest)) return undefined
    const counted = this.#counted(rest)
    // An array that may grow is not written like one that holds objects: each place would be asked whether it is there.
    if (!counted && this.#isWritten(rest)) return undefined
    return { array: this.#array, fields: type.element.fields, items: this.#items, ...(counted && { counted }) }
  }

  #visit(block: readonly Statement[], loops: readonly Statement[]): void {
    for (const [i, statement] of block.entries()) {
      const around = statement.kind === 'loop' ? [...loops, statement] : loops
      if (statement.kind === 'push' && this.#isArray(statement.array)) this.#pushed(statement.value, block.slice(0, i), block.slice(i + 1))
      else if (statement.kind === 'declare' && statement.value?.kind === 'element' && this.#isArray(statement.value.array)) {
        const { index } = statement.value
        if (this.#fn.variables[statement.name]!.mutable || !this.#isThere(index, loops)) this.#isWhole = true
        this.#items.set(statement.name, index)
      } else for (const expression of expressionsOf(statement)) this.#read(expression, loops)
      for (const inner of blocksOf(statement)) this.#visit(inner, around)
    }
  }

  #read(expression: Expression, loops: readonly Statement[]): void {
    if (this.#isArray(expression)) this.#isWhole = true
    if (expression.kind === 'length' && this.#isArray(expression.array)) return
    if (expression.kind === 'field' && expression.record.kind === 'element' && this.#isArray(expression.record.array)) {
      if (!this.#isThere(expression.record.index, loops)) this.#isWhole = true
      return
    }
    for (const child of childrenOf(expression)) this.#read(child, loops)
  }

  /** A new object, which nothing knows by another name. */
  #pushed(value: Expression, before: readonly Statement[], after: readonly Statement[]): void {
    this.#pushes++
    const made = before.find((one) => value.kind === 'variable' && one.kind === 'declare' && one.name === value.name)
    const isNew = made?.kind === 'declare' && made.value?.kind === 'record' && !this.#fn.variables[made.name]!.mutable
    if (!isNew || value.kind !== 'variable' || mentionsOf(after, value.name) > 0) this.#isWhole = true
    else if (wholeMentions(before, value.name) > 0) this.#isWhole = true
  }

  /** Whether an index is one of the array's: it only grows, and a loop that counts up to its length stays below. */
  #isThere(index: Expression, loops: readonly Statement[]): boolean {
    const [name, offset] = offsetOf(index)
    const loop = loops.find((one) => one.kind === 'loop' && one.counter?.name === name)
    if (loop?.kind !== 'loop' || !loop.counter) return false
    const { from, to, step, comparison } = loop.counter
    const isBelow = to.kind === 'length' ? this.#isArray(to.array) : to.kind === 'variable' && this.#isLength(to.name)
    return (
      isBelow &&
      comparison === '<' &&
      step > 0 &&
      offset <= 0 &&
      from.kind === 'number' &&
      Number.isInteger(from.value) &&
      from.value + offset >= 0 &&
      Number.isInteger(step)
    )
  }

  /** Whether a constant is the array's length at some time. */
  #isLength(name: string): boolean {
    let found = false
    visitStatements(this.#fn.body, (statement) => {
      if (statement.kind === 'declare' && statement.name === name && statement.value?.kind === 'length')
        found = this.#isArray(statement.value.array) && !this.#fn.variables[name]!.mutable
    })
    return found
  }

  /** The constants for elements are only taken apart. */
  #areOnlyFields(block: readonly Statement[]): boolean {
    return [...this.#items.keys()].every((name) => wholeMentions(block, name) === 0)
  }

  #isWritten(block: readonly Statement[]): boolean {
    return someStatement(block, (statement) => {
      if (statement.kind !== 'assign' || statement.target.kind !== 'field') return false
      const { record } = statement.target
      return record.kind === 'variable' ? this.#items.has(record.name) : record.kind === 'element' && this.#isArray(record.array)
    })
  }

  #counted(rest: readonly Statement[]): CountedLoop | undefined {
    const loop = rest.find((statement) => mentionsOf([statement], this.#array) > 0)
    if (!loop || !isUpwards(loop) || mentionsOf([loop], this.#array) !== 1) return undefined
    if (!loop.body.some((statement) => statement.kind === 'push' && this.#isArray(statement.array))) return undefined
    const { to } = loop.counter
    const isCount = to.kind === 'length' || (to.kind === 'variable' && isDeclaredLength(this.#fn, to.name))
    return isCount ? loop : undefined
  }

  #isArray(expression: Expression): boolean {
    return expression.kind === 'variable' && expression.name === this.#array
  }
}

/** `i`, `i + 1` or `i - 1`. */
function offsetOf(index: Expression): readonly [name: string | undefined, offset: number] {
  if (index.kind === 'variable') return [index.name, 0]
  const [a, b] = index.kind === 'operation' ? index.operands : []
  if (index.kind !== 'operation' || a?.kind !== 'variable' || b?.kind !== 'number' || !Number.isInteger(b.value)) return [undefined, 0]
  if (index.operator !== '+' && index.operator !== '-') return [undefined, 0]
  return [a.name, index.operator === '+' ? b.value : -b.value]
}

function isDeclaredLength(fn: FunctionNode, name: string): boolean {
  let found = false
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'declare' && statement.name === name) found = statement.value?.kind === 'length' && !fn.variables[name]!.mutable
  })
  return found
}

function mentionsOf(block: readonly Statement[], name: string): number {
  let count = 0
  visitStatements(block, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind === 'variable' && node.name === name) count++
      })
  })
  return count
}

/** In another way than by a field. */
function wholeMentions(block: readonly Statement[], name: string): number {
  let count = 0
  const note = (expression: Expression): void => {
    if (expression.kind === 'field' && expression.record.kind === 'variable') return
    if (expression.kind === 'variable' && expression.name === name) count++
    for (const child of childrenOf(expression)) note(child)
  }
  visitStatements(block, (statement) => {
    for (const expression of expressionsOf(statement)) note(expression)
  })
  return count
}
