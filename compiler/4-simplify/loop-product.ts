/** What a loop makes one after the other: the elements of a new array. */

import type { Assign, Counter, Declare, Expression, FunctionNode, Loop, Push, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { expressionsOf, someExpression, someStatement, visitExpression, visitStatements } from '../ir/walk.ts'

/** `for (let i = 0; i < to; i++)`, which nothing leaves early, and of which the author says nothing. */
export type CountedLoop = Loop & { readonly counter: Counter }

export function isUpwards(statement: Statement): statement is CountedLoop {
  if (statement.kind !== 'loop' || statement.exit !== undefined || statement.checkpoint || !statement.counter) return false
  const { from, step, comparison } = statement.counter
  return from.kind === 'number' && from.value === 0 && step === 1 && comparison === '<'
}

export type Product = {
  readonly array: string
  readonly declaration: Declare
  readonly value: Expression
  /** Whether each iteration gives an element, whose index is the loop's counter. */
  readonly isEach: boolean
} & (
  { readonly kind: 'store'; readonly statement: Assign; readonly length: Expression } | { readonly kind: 'push'; readonly statement: Push }
)

/** The arrays that nothing in a loop mentions but a statement that gives the next element; `before` is where they are declared. */
export function findProducts(loop: CountedLoop, before: readonly Statement[], fn: FunctionNode): readonly Product[] {
  return before.flatMap((declaration, i) => {
    if (declaration.kind !== 'declare' || !declaration.value || fn.variables[declaration.name]!.mutable) return []
    const product = productOf(loop, declaration, declaration.value)
    // A length is that of the declaration only if nothing became longer or shorter since.
    if (product?.kind === 'store' && !isSteady(product.length, before.slice(i + 1), fn)) return []
    return product && mentionsOf(loop, declaration.name) === 1 ? [product] : []
  })
}

function isSteady(length: Expression, since: readonly Statement[], fn: FunctionNode): boolean {
  if (length.kind !== 'length' || length.array.kind !== 'variable' || fn.variables[length.array.name]!.mutable) return false
  const keeps = ['declare', 'assign', 'fill', 'if', 'loop', 'break', 'comment', 'copyInto']
  return !someStatement(since, (statement) => {
    const hasEffects = expressionsOf(statement).some((expression) =>
      someExpression(expression, (node) => node.kind === 'opaque' && node.effects),
    )
    // A place beyond the end may be written, too.
    const mayGrow = statement.kind === 'assign' && statement.target.kind === 'element' && !isTyped(statement.target.array, fn)
    return !keeps.includes(statement.kind) || hasEffects || mayGrow
  })
}

function isTyped(array: Expression, fn: FunctionNode): boolean {
  const type = array.kind === 'variable' ? fn.variables[array.name]!.type : undefined
  return type?.kind === 'array' && type.storage !== 'Array'
}

function productOf(loop: CountedLoop, declaration: Declare, value: Expression): Product | undefined {
  const array = declaration.name
  if (value.kind === 'zeros') {
    const { type, length } = value
    // What is kept in another precision is another value.
    if (!['Array', 'Float64Array'].includes(type.storage) || value.pooled === true) return undefined
    if (!sameExpression(length, loop.counter.to) || length.kind !== 'length') return undefined
    const statement = loop.body.find((one): one is Assign => one.kind === 'assign' && isElement(one.target, array, loop.counter.name))
    return statement && { kind: 'store', array, declaration, statement, value: statement.value, length, isEach: true }
  }
  if (value.kind !== 'list' || value.elements.length > 0) return undefined
  const statement = findPush(loop.body, array)
  if (!statement || isNew(statement.value)) return undefined
  return { kind: 'push', array, declaration, statement, value: statement.value, isEach: loop.body.includes(statement) }
}

const isElement = (target: Expression, array: string, index: string): boolean =>
  target.kind === 'element' &&
  target.array.kind === 'variable' &&
  target.array.name === array &&
  target.index.kind === 'variable' &&
  target.index.name === index

/** New storage stands as a whole value only. */
const isNew = ({ kind }: Expression): boolean => ['zeros', 'list', 'record', 'slice', 'view', 'convert', 'zerosLike'].includes(kind)

/** Under tests, but not within loops. */
function findPush(block: readonly Statement[], array: string): Push | undefined {
  for (const statement of block) {
    if (statement.kind === 'push' && statement.array.kind === 'variable' && statement.array.name === array) return statement
    const inner = statement.kind === 'if' ? (findPush(statement.then, array) ?? findPush(statement.else, array)) : undefined
    if (inner) return inner
  }
  return undefined
}

function mentionsOf(statement: Statement, name: string): number {
  let count = 0
  visitStatements([statement], (inner) => {
    for (const expression of expressionsOf(inner))
      visitExpression(expression, (node) => {
        if (node.kind === 'variable' && node.name === name) count++
      })
  })
  return count
}
