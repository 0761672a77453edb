/** Whether it makes no difference that the iterations of two loops take turns. */

import { LENGTH, type Region } from '../2-analyze/regions.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { expressionsOf, someExpression, someStatement, variablesIn, visitExpression, visitStatements } from '../ir/walk.ts'
import type { CountedLoop, Product } from './loop-product.ts'
import type { Effects, Storage } from './storage.ts'

/** The second loop's iterations each after the first one's, but for the array that is handed from one to the other. */
export function canInterleave(first: CountedLoop, second: CountedLoop, product: Product, storage: Storage): boolean {
  if (!isPlain(first) || !isPlain(second)) return false
  const [before, after] = [readsOf(first, storage), readsOf(second, storage, product.array)]
  const [made, done] = [storage.effectsOf([first]), storage.effectsOf([second])]
  const own = withoutProduct(made, product, storage)
  if (touches(before, done) || touches(after, own)) return false
  return disjoint(own.written, done.written) && disjoint(made.assigned, done.assigned)
}

/** Whether a value that a declaration after a loop has is the same before it. */
export function canMoveBefore(value: Expression | undefined, loop: CountedLoop, storage: Storage): boolean {
  if (!value) return true
  if (someExpression(value, isUnclear)) return false
  const reads: Reads = { variables: variablesIn(value), regions: loads([value], storage) }
  return !touches(reads, storage.effectsOf([loop]))
}

/** Nothing but variables and storage: no calls, no text, no way out. */
const isPlain = (loop: Statement): boolean =>
  !someStatement(
    [loop],
    (statement) =>
      !['declare', 'assign', 'push', 'if', 'loop', 'break', 'comment'].includes(statement.kind) ||
      expressionsOf(statement).some((expression) => someExpression(expression, isUnclear)),
  )

/** Text, and copies and views of storage, which read more than the places that they mention. */
const isUnclear = ({ kind }: Expression): boolean => ['opaque', 'slice', 'convert', 'view', 'zerosLike'].includes(kind)

interface Reads {
  readonly variables: ReadonlySet<string>
  readonly regions: ReadonlySet<Region>
}

function readsOf(loop: Statement, storage: Storage, except?: string): Reads {
  const variables = new Set<string>()
  const expressions: Expression[] = []
  visitStatements([loop], (statement) => {
    for (const expression of expressionsOf(statement)) {
      expressions.push(expression)
      // A variable that is only assigned is among those that the loop assigns.
      if (statement.kind !== 'assign' || expression !== statement.target || expression.kind !== 'variable')
        variablesIn(expression, variables)
    }
  })
  return { variables, regions: loads(expressions, storage, except) }
}

/** What is loaded, lengths too, but not from the array named. */
function loads(expressions: readonly Expression[], storage: Storage, except?: string): ReadonlySet<Region> {
  const found = new Set<Region>()
  for (const expression of expressions)
    visitExpression(expression, (node) => {
      if ((node.kind === 'element' || node.kind === 'length') && node.array.kind === 'variable' && node.array.name === except) return
      const region = node.kind === 'length' ? storage.regions.of(node.array) : undefined
      if (region) found.add(storage.regions.child(region, LENGTH))
      if (node.kind === 'length') return
      const own = node.kind === 'element' || node.kind === 'field' ? storage.regions.of(node) : undefined
      if (own) found.add(own)
    })
  return found
}

/** What giving the next element writes is the array's own. */
function withoutProduct(effects: Effects, product: Product, storage: Storage): Effects {
  const own = new Set(storage.effectsOf([product.statement]).written)
  return { ...effects, written: new Set([...effects.written].filter((region) => !own.has(region))) }
}

const touches = ({ variables, regions }: Reads, { written, assigned }: Effects): boolean =>
  !disjoint(variables, assigned) || !disjoint(regions, written)

const disjoint = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean => ![...a].some((one) => b.has(one))
