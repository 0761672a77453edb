/**
 * An array that one loop fills and the next one only walks vanishes: the second loop's body stands where the first one gave an element
 * (deforestation, Wadler 1990). `xs.map(f).reduce(g, 0)` becomes one loop without an array, as does a chain with `filter`.
 *
 * Two loops are put together only where nothing tells in which order their iterations ran: neither has effects beyond variables and storage, neither reads or
 * writes what the other one writes, but for the array between them.
 *
 * Needs: unique names. Promises: the same values, each computed as before. Costs: regions and a visit for each array that vanishes.
 */

import { declare, element, push, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { Scope } from '../ir/scope.ts'
import {
  blocksOf,
  expressionsOf,
  mapAllExpressions,
  mapBlocksOf,
  mapExpression,
  someStatement,
  variablesIn,
  visitExpression,
  visitStatements,
} from '../ir/walk.ts'
import { forwardReferences } from './forward-references.ts'
import { canInterleave, canMoveBefore } from './interleave.ts'
import { findProducts, isUpwards, type CountedLoop, type Product } from './loop-product.ts'
import { Storage } from './storage.ts'

export function fuseLoops(read: FunctionNode): FunctionNode {
  const arrays = Object.entries(read.variables).filter(([, { type }]) => type.kind === 'array' && type.missing === undefined)
  const fn = forwardReferences(read, new Set(arrays.map(([name]) => name)))
  // What calls do to storage is not known before their functions are read.
  if (!mayFuse(fn.body) || someStatement(fn.body, ({ kind }) => kind === 'call')) return read
  const scope = Scope.of(fn)
  const fused = new Fusion(fn, new Storage(fn, noSummary), scope).inBlock(fn.body)
  if (!fused) return read
  const mentioned = new Set<string>()
  visitStatements(fused, (statement) => {
    if (statement.kind === 'declare') mentioned.add(statement.name)
    if (statement.kind === 'loop' && statement.counter) mentioned.add(statement.counter.name)
    if (statement.kind === 'call' && statement.result !== undefined) mentioned.add(statement.result)
  })
  const isThere = (name: string): boolean => mentioned.has(name) || fn.parameters.some((parameter) => parameter.name === name)
  const variables = Object.fromEntries(Object.entries(scope.variables).filter(([name]) => isThere(name)))
  return fuseLoops({ ...fn, body: fused, variables })
}

const noSummary = (key: string): never => {
  throw new Error(`a call of ${key}`)
}

/** A cheap look before the regions are found. */
const mayFuse = (block: readonly Statement[]): boolean =>
  block.filter(isUpwards).length > 1 || block.some((statement) => blocksOf(statement).some(mayFuse))

/** Two loops of one list, and what stands between them. */
interface Pair {
  readonly first: CountedLoop
  readonly second: CountedLoop
  readonly product: Product
  readonly between: readonly Statement[]
}

class Fusion {
  readonly #fn: FunctionNode
  readonly #storage: Storage
  readonly #scope: Scope

  constructor(fn: FunctionNode, storage: Storage, scope: Scope) {
    this.#fn = fn
    this.#storage = storage
    this.#scope = scope
  }

  /** The list with one array less, if there is one. */
  inBlock(block: readonly Statement[]): readonly Statement[] | undefined {
    for (const [i, statement] of block.entries()) {
      const made = isUpwards(statement) ? this.#from(block, i, statement) : undefined
      if (made) return made
    }
    for (const [i, statement] of block.entries())
      for (const nested of blocksOf(statement)) {
        const made = this.inBlock(nested)
        if (made)
          return block.with(
            i,
            mapBlocksOf(statement, (one) => (one === nested ? made : one)),
          )
      }
    return undefined
  }

  #from(block: readonly Statement[], at: number, first: CountedLoop): readonly Statement[] | undefined {
    const end = block.findIndex((statement, i) => i > at && statement.kind === 'loop')
    const second = block[end]
    if (!second || !isUpwards(second)) return undefined
    for (const product of findProducts(first, block.slice(0, at), this.#fn)) {
      const between = this.#without({ first, second, product, between: block.slice(at + 1, end) })
      const before = block.slice(0, at).filter((statement) => statement !== product.declaration)
      if (between) return [...before, ...between, ...block.slice(end + 1)]
    }
    return undefined
  }

  /** Both loops as one, and before it what stood between them. */
  #without(pair: Pair): readonly Statement[] | undefined {
    const { first, second, product } = pair
    const count = this.#count(pair)
    if (count === undefined || !this.#isOnlyWalked(pair, count)) return undefined
    if (!canInterleave(first, second, product, this.#storage)) return undefined
    const moved = this.#moved(pair, count)
    if (!moved) return undefined
    const { between, body } = moved
    return [...between, this.#joined({ ...pair, second: { ...second, body } })]
  }

  /** What the second loop counts up to: the array's length, or a constant for it, whose name it is. */
  #count({ first, second, product, between }: Pair): string | true | undefined {
    const { to } = second.counter
    if (to.kind === 'length' && isVariable(to.array, product.array)) return true
    if (product.kind === 'store' && sameExpression(to, first.counter.to)) return true
    if (to.kind !== 'variable') return undefined
    const declared = between.find((statement) => statement.kind === 'declare' && statement.name === to.name)
    const value = declared?.kind === 'declare' ? declared.value : undefined
    return value?.kind === 'length' && isVariable(value.array, product.array) && mentions(this.#fn.body, to.name) === 1
      ? to.name
      : undefined
  }

  /** Whether nobody mentions the array but both loops, as they do, and declarations between them its length. */
  #isOnlyWalked({ second, product, between }: Pair, count: string | true): boolean {
    const { name } = second.counter
    let reads = 0
    let others = 0
    visitStatements(second.body, (statement) => {
      for (const expression of expressionsOf(statement))
        visitExpression(expression, (node) => {
          if (node.kind === 'element' && isVariable(node.array, product.array) && isVariable(node.index, name)) reads++
          if (isVariable(node, name)) others++
        })
    })
    // Without a number for each element, the second loop's counter must have no other use.
    if (!product.isEach && others !== reads) return false
    const toItself = variablesIn(second.counter.to).has(product.array) ? 1 : 0
    const lengths = between.filter(
      (statement) => statement.kind === 'declare' && statement.value && isLengthOf(statement.value, product.array),
    ).length
    const isCounted = typeof count === 'string' ? 1 : 0
    const assigned = someStatement(
      second.body,
      (statement) =>
        statement.kind === 'assign' && statement.target.kind === 'element' && isVariable(statement.target.array, product.array),
    )
    return !assigned && mentions(this.#fn.body, product.array) === 1 + reads + toItself + lengths + isCounted
  }

  /** What stood between the loops, before the first one; with arrays of as many elements that grow instead where it is not known how many. */
  #moved(
    { first, second, product, between }: Pair,
    count: string | true,
  ): { between: Statement[]; body: readonly Statement[] } | undefined {
    const kept: Statement[] = []
    let body = second.body
    for (const statement of between) {
      if (statement.kind !== 'declare') return undefined
      if (statement.name === count) continue
      const { value } = statement
      if (value && isLengthOf(value, product.array) && value.kind === 'zeros') {
        if (product.kind === 'store' && value.length.kind === 'length')
          kept.push({ ...statement, value: { ...value, length: product.length } })
        else {
          const grown =
            product.kind === 'push' && value.type.storage === 'Array' ? pushing(body, statement.name, second.counter.name) : undefined
          if (!grown || mentions(body, statement.name) !== 1) return undefined
          body = grown
          kept.push({ ...statement, value: { kind: 'list', type: value.type, elements: [] } })
        }
      } else if (value && variablesIn(value).has(product.array)) return undefined
      else if (canMoveBefore(value, first, this.#storage)) kept.push(statement)
      else return undefined
    }
    return { between: kept, body }
  }

  #joined({ first, second, product }: Pair): Statement {
    const item = this.#itemOf(product)
    const body = mapAllExpressions(second.body, (expression) =>
      mapExpression(expression, (node) => {
        if (node.kind === 'element' && isVariable(node.array, product.array)) return item.value
        return isVariable(node, second.counter.name) ? variable(first.counter.name) : node
      }),
    )
    const put = (block: readonly Statement[]): readonly Statement[] =>
      block.flatMap((statement) => (statement === product.statement ? [...item.before, ...body] : [mapBlocksOf(statement, put)]))
    return { ...first, body: put(first.body) }
  }

  #itemOf({ value, array, statement }: Product): { before: readonly Statement[]; value: Expression } {
    if (value.kind === 'variable' && !this.#scope.isMutable(value.name)) return { before: [], value }
    const type = this.#fn.variables[array]!.type
    const name = this.#scope.fresh(`${array}_i`, type.kind === 'array' ? type.element : type)
    return { before: [declare(name, value, statement.origin)], value: variable(name) }
  }
}

const isVariable = (expression: Expression, name: string): boolean => expression.kind === 'variable' && expression.name === name

const isLengthOf = (value: Expression, array: string): boolean =>
  value.kind === 'zeros' && value.length.kind === 'length' && isVariable(value.length.array, array)

/** A body that sets each element of an array, as one that pushes it. */
function pushing(body: readonly Statement[], array: string, counter: string): readonly Statement[] | undefined {
  const at = body.findIndex(
    (statement) => statement.kind === 'assign' && sameExpression(statement.target, element(variable(array), variable(counter))),
  )
  const statement = body[at]
  return statement?.kind === 'assign' ? body.with(at, push(variable(array), statement.value, statement.origin)) : undefined
}

function mentions(block: readonly Statement[], name: string): number {
  let count = 0
  visitStatements(block, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (isVariable(node, name)) count++
      })
  })
  return count
}
