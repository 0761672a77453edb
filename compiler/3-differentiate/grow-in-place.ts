/**
 * A tape that grows by `reserve` moves to other storage when it is full. Where such code is differentiated in turn, the shadow would move too, and what
 * refers to it from before would miss what is added afterwards. So here a growing tape is a plain array, which becomes longer where it is.
 *
 * Needs: names that are unique. Promises: no storage that is differentiated moves. Costs: a visit, and one rewriting where there is such a tape.
 */

import { FLOAT64, NUMBER, variable } from '../ir/build.ts'
import type { ArrayType, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import {
  childrenOf,
  mapAllExpressions,
  mapBlocksOf,
  mapChildren,
  mapExpression,
  mapExpressionsOf,
  readsOf,
  someStatement,
  visitStatements,
} from '../ir/walk.ts'

const PLAIN: ArrayType = { kind: 'array', storage: 'Array', element: NUMBER }

export function growInPlace(original: FunctionNode): FunctionNode {
  if (!someStatement(original.body, ({ kind }) => kind === 'reserve')) return original
  const fn = withoutAliases(original)
  const growing = growingTapes(fn)
  if (growing.size === 0) return original
  const variables = Object.fromEntries(
    Object.entries(fn.variables).map(([name, info]) => [name, growing.has(name) ? { type: PLAIN, mutable: false } : info]),
  )
  return { ...fn, body: rewriteBlock(fn.body, growing), variables }
}

/** `const target = tape`: a tape that grows in place is the same under both names. */
function withoutAliases(fn: FunctionNode): FunctionNode {
  const tapes = new Set<string>()
  const aliases = new Map<string, string>()
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'reserve') tapes.add(statement.tape)
  })
  visitStatements(fn.body, (statement) => {
    if (statement.kind !== 'declare' || statement.value?.kind !== 'variable' || fn.variables[statement.name]?.mutable !== false) return
    const { name } = statement.value
    const tape = tapes.has(name) ? name : aliases.get(name)
    if (tape !== undefined) aliases.set(statement.name, tape)
  })
  if (aliases.size === 0) return fn
  const without = (block: readonly Statement[]): readonly Statement[] =>
    block
      .filter((statement) => statement.kind !== 'declare' || !aliases.has(statement.name))
      .map((statement) => mapBlocksOf(statement, without))
  const named = (expression: Expression): Expression =>
    mapExpression(expression, (node) => (node.kind === 'variable' && aliases.has(node.name) ? variable(aliases.get(node.name)!) : node))
  return { ...fn, body: mapAllExpressions(without(fn.body), named) }
}

/** Those that begin as zeros, are assigned nothing else, and of which all is given to nobody but the record of what a forward half keeps. */
function growingTapes({ body, variables }: FunctionNode): ReadonlySet<string> {
  const growing = new Set<string>()
  const others = new Set<string>()
  const declared = new Map<string, number>()
  visitStatements(body, (statement) => {
    if (statement.kind === 'reserve') growing.add(statement.tape)
    if (statement.kind === 'declare')
      declared.set(statement.name, (declared.get(statement.name) ?? 0) + (statement.value?.kind === 'zeros' ? 1 : 2))
    if (statement.kind === 'assign' && statement.target.kind === 'variable') others.add(statement.target.name)
    if (statement.kind === 'release') return
    for (const expression of statement.kind === 'reserve' ? [statement.length] : readsOf(statement)) collectWhole(expression, others)
  })
  const isTape = (name: string): boolean => {
    const type = variables[name]?.type
    return declared.get(name) === 1 && !others.has(name) && type?.kind === 'array' && type.storage === 'Float64Array'
  }
  return new Set([...growing].filter(isTape))
}

/** The variables that are read other than by their elements and length, or as part of a record or of text that copies it. */
function collectWhole(expression: Expression, into: Set<string>): void {
  if (expression.kind === 'variable') into.add(expression.name)
  const isHolder = ['element', 'length', 'record', 'opaque', 'slice', 'convert'].includes(expression.kind)
  for (const child of childrenOf(expression)) if (!isHolder || child.kind !== 'variable') collectWhole(child, into)
}

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
  if ((expression.kind === 'length' || expression.kind === 'convert') && isTape(expression.array, growing)) return expression
  // A copy has the type that it had.
  if (expression.kind === 'slice' && isTape(expression.array, growing))
    return { kind: 'convert', array: expression.start || expression.end ? expression : expression.array, type: FLOAT64 }
  return mapChildren(expression, (child) => read(child, growing))
}

const isTape = (part: Expression | undefined, growing: ReadonlySet<string>): boolean => part?.kind === 'variable' && growing.has(part.name)
