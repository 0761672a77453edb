/**
 * A tape that grows by `reserve` moves to other storage when it is full. Where such code is differentiated in turn, the shadow would move too, and what
 * refers to it from before would miss what is added afterwards. So here a growing tape is a plain array, which becomes longer where it is.
 *
 * Needs: names that are unique. Promises: no storage that is differentiated moves. Costs: a visit, and one rewriting where there is such a tape.
 */

import { FLOAT64, NUMBER } from '../ir/build.ts'
import type { ArrayType, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { mapBlocksOf, mapChildren, mapExpressionsOf, variablesAssigned, visitStatements } from '../ir/walk.ts'

const PLAIN: ArrayType = { kind: 'array', storage: 'Array', element: NUMBER }

export function growInPlace(fn: FunctionNode): FunctionNode {
  const growing = growingTapes(fn)
  if (growing.size === 0) return fn
  const variables = Object.fromEntries(
    Object.entries(fn.variables).map(([name, info]) => [name, growing.has(name) ? { type: PLAIN, mutable: false } : info]),
  )
  return { ...fn, body: rewriteBlock(fn.body, growing), variables }
}

/** Those that begin as zeros and are assigned nothing else. */
function growingTapes({ body, variables }: FunctionNode): ReadonlySet<string> {
  const growing = new Set<string>()
  const others = variablesAssigned(body.map(withoutReserves))
  const declared = new Map<string, number>()
  visitStatements(body, (statement) => {
    if (statement.kind === 'reserve') growing.add(statement.tape)
    if (statement.kind === 'declare')
      declared.set(statement.name, (declared.get(statement.name) ?? 0) + (statement.value?.kind === 'zeros' ? 1 : 2))
  })
  const isTape = (name: string): boolean => {
    const type = variables[name]?.type
    return declared.get(name) === 1 && !others.has(name) && type?.kind === 'array' && type.storage === 'Float64Array'
  }
  return new Set([...growing].filter(isTape))
}

const withoutReserves = (statement: Statement): Statement =>
  mapBlocksOf(statement, (block) => block.filter(({ kind }) => kind !== 'reserve').map(withoutReserves))

function rewriteBlock(block: readonly Statement[], growing: ReadonlySet<string>): readonly Statement[] {
  return block.flatMap((statement): readonly Statement[] => {
    if ((statement.kind === 'reserve' || statement.kind === 'release') && growing.has(statement.tape)) return []
    if (statement.kind === 'declare' && growing.has(statement.name))
      return [{ ...statement, value: { kind: 'list', type: PLAIN, elements: [] } }]
    const isStore = statement.kind === 'assign' && isTape(statement.target.kind === 'element' ? statement.target.array : undefined, growing)
    const made = mapExpressionsOf(statement, (expression) =>
      isStore && isTape(expression, growing) ? expression : read(expression, growing),
    )
    return [mapBlocksOf(made, (inner) => rewriteBlock(inner, growing))]
  })
}

/** Elements and the length are read as before; whoever is given all of it, as the record of what a forward half keeps, gets the numbers as they were. */
function read(expression: Expression, growing: ReadonlySet<string>): Expression {
  if (isTape(expression, growing)) return { kind: 'convert', array: expression, type: FLOAT64 }
  if (expression.kind === 'element' && isTape(expression.array, growing)) return { ...expression, index: read(expression.index, growing) }
  if (expression.kind === 'length' && isTape(expression.array, growing)) return expression
  return mapChildren(expression, (child) => read(child, growing))
}

const isTape = (part: Expression | undefined, growing: ReadonlySet<string>): boolean => part?.kind === 'variable' && growing.has(part.name)
