/**
 * Arrays of doubles that live no longer than the list of statements that makes them come from a pool of the module: `const u = x.slice()` becomes a
 * borrowed array and a copy into it, `new Float64Array(n)` a borrowed array that is cleared, and both are given back after their last use. So do tapes that
 * grow: where a sweep was differentiated in turn they are arrays like others, and would begin short and grow again in every call.
 *
 * Needs: names are unique. Promises: the same values; a borrowed array is never mentioned after it was given back, and nothing else ever refers to it.
 * Costs: one visit for all mentions.
 */

import { referredTo } from '../2-analyze/references.ts'
import { declare, FLOAT64, isNumber, length, number, variable } from '../ir/build.ts'
import type { Declare, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { mapBlocksOf, variablesMentioned, visitStatements } from '../ir/walk.ts'

export function borrowArrays(fn: FunctionNode): FunctionNode {
  const referred = referredTo(fn)
  const growing = growingTapes(fn)
  const inBlock = (block: readonly Statement[]): readonly Statement[] =>
    block.reduceRight<readonly Statement[]>((rest, statement) => {
      const inner = mapBlocksOf(statement, inBlock)
      if (inner.kind !== 'declare' || referred.has(inner.name)) return [inner, ...rest]
      const { name } = inner
      const isTape = growing.has(name)
      const made = isTape ? taken(inner) : borrowed(inner, fn)
      const end = made === undefined ? undefined : lastMention(name, rest)
      if (made === undefined || end === undefined) return [inner, ...rest]
      const used = isTape ? rest.slice(0, end + 1).map((one) => grownFromPool(one, name)) : rest.slice(0, end + 1)
      const given: Statement = { kind: 'release', tape: name, ...(!isTape && { exact: true }) }
      return [...made, ...used, given, ...rest.slice(end + 1)]
    }, [])
  return { ...fn, body: inBlock(fn.body) }
}

/** What is made longer where it is full, and assigned nothing else: only the sweeps' own tapes are, and those of their tangents. */
function growingTapes({ body, variables }: FunctionNode): ReadonlySet<string> {
  const growing = new Set<string>()
  visitStatements(body, (statement) => {
    if (statement.kind === 'reserve' && !statement.pooled && variables[statement.tape]?.type.kind === 'array') growing.add(statement.tape)
  })
  return growing
}

/** A slot of a tape is written before it is read, and that of its tangent right before: what the last user left needs no clearing. */
function taken(statement: Declare): readonly Statement[] | undefined {
  const { value } = statement
  return value?.kind === 'zeros' && !value.pooled && value.type.storage === FLOAT64.storage
    ? [{ ...statement, value: { ...value, pooled: true } }]
    : undefined
}

function grownFromPool(statement: Statement, name: string): Statement {
  if (statement.kind === 'reserve') return statement.tape === name ? { ...statement, pooled: true } : statement
  return mapBlocksOf(statement, (block) => block.map((one) => grownFromPool(one, name)))
}

/** What takes the place of a declaration of new storage. */
function borrowed(statement: Declare, { variables }: FunctionNode): readonly Statement[] | undefined {
  const { name, value, origin } = statement
  const { type, mutable } = variables[name]!
  if (!value || mutable || type.kind !== 'array' || type.storage !== FLOAT64.storage || type.element.kind !== 'number') return undefined
  const borrow = (size: Expression): Statement =>
    declare(name, { kind: 'zeros', type: FLOAT64, length: size, pooled: true, exact: true }, origin)
  const clear: Statement = { kind: 'fill', array: variable(name), value: number(0) }
  if (value.kind === 'zeros' && !value.pooled) return [borrow(value.length), clear]
  if (value.kind === 'zerosLike') return [borrow(length(value.value)), clear]
  if (value.kind !== 'convert' && (value.kind !== 'slice' || value.end || (value.start && !isNumber(value.start, 0)))) return undefined
  const source = typeOf(value.array, variables)
  if (source.kind !== 'array' || source.element.kind !== 'number') return undefined
  return [borrow(length(value.array)), { kind: 'copyInto', target: variable(name), source: value.array, ...(origin && { origin }) }]
}

/** Where the array can be given back: after the last statement that mentions it, unless that leaves the function. */
function lastMention(name: string, rest: readonly Statement[]): number | undefined {
  const last = rest.findLastIndex((statement) => variablesMentioned([statement]).has(name))
  return last < 0 || rest[last]!.kind === 'return' ? undefined : last
}
