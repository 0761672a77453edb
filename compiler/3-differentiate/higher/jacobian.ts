/** The Jacobian: by columns, one tangent for each element of the argument, or by rows, one cotangent for each element of the result. */

import { assign, countUp, element, field, FLOAT64, length, number, operation, variable, when } from '../../ir/build.ts'
import type { Expression, FunctionNode, Statement, Type } from '../../ir/nodes.ts'
import { shadowType } from '../../ir/shadow-type.ts'
import type { Callees } from '../context.ts'
import { alongEach, asRow, Made, ROWS } from './made.ts'

export interface JacobianOptions {
  readonly key: string
  readonly wrt: number
  /** By the shapes at hand where it is absent: by rows if there are fewer rows than columns. */
  readonly mode?: 'forward' | 'reverse'
  /** The keys of the halves of the function's pullback, which are only asked for where they are needed. */
  readonly halves: () => { readonly forward: string; readonly backward: string }
}

const isArray = (type: Type): boolean => type.kind === 'array'

export function jacobianOf(fn: FunctionNode, options: JacobianOptions, callees: Callees): FunctionNode {
  const { wrt } = options
  const made = new Made(fn)
  const { type } = fn.variables[fn.parameters[wrt]!.name]!
  const name = `${fn.name}_jacobian`
  if (!isArray(type)) {
    const result = tangentOf(fn, options, made, callees, number(1), made.body)
    return isArray(fn.result)
      ? made.function(name, FLOAT64, asRow(field(result, 'tangent'), shadowType(fn.result)))
      : made.function(name, type, field(result, 'tangent'))
  }
  if (!isArray(fn.result)) return made.function(name, FLOAT64, rowOfNumber(options, made, callees))
  const rows = made.declare('rows', ROWS, { kind: 'list', type: ROWS, elements: [] })
  const { mode } = options
  if (mode === 'forward') made.body.push(...byColumns(fn, options, made, callees, rows))
  else if (mode === 'reverse') made.body.push(...byRows(options, made, callees, rows).all)
  else {
    const { before, loop, value } = byRows(options, made, callees, rows)
    made.body.push(...before)
    const size = length(variable(fn.parameters[wrt]!.name))
    made.body.push(when(operation('<=', length(value), size), loop, byColumns(fn, options, made, callees, rows)))
  }
  return made.function(name, ROWS, rows)
}

function tangentOf(
  fn: FunctionNode,
  { key, wrt }: JacobianOptions,
  made: Made,
  callees: Callees,
  direction: Expression,
  into: Statement[],
): Expression {
  const tangent = callees.tangent(
    key,
    fn.parameters.map((_, i) => i === wrt),
  )
  return made.call('moved', callees.function(tangent), tangent, [...made.given, direction], into)
}

/** The gradient, as a row. */
function rowOfNumber({ halves }: JacobianOptions, made: Made, callees: Callees): Expression {
  const { forward, backward } = halves()
  const kept = made.call('made', callees.function(forward), forward, made.given)
  const callee = callees.function(backward)
  return asRow(made.call('row', callee, backward, [field(kept, 'kept'), number(1)]), callee.result)
}

function byColumns(fn: FunctionNode, options: JacobianOptions, made: Made, callees: Callees, rows: Expression): readonly Statement[] {
  const { name } = fn.parameters[options.wrt]!
  const { type } = fn.variables[name]!
  const direction = variable(made.scope.fresh(`${name}_dot`, shadowType(type)))
  const [j, i, k] = [made.counter('j'), made.counter('i'), made.counter('k')]
  const inside: Statement[] = []
  const result = tangentOf(fn, options, made, callees, direction, inside)
  const column = variable(made.scope.fresh('column', shadowType(fn.result)))
  const rowOf = (index: string): Expression => element(rows, variable(index))
  inside.push(
    { kind: 'declare', name: column.name, value: field(result, 'tangent') },
    when(operation('===', variable(j), number(0)), [
      countUp(k, length(column), [
        assign({ kind: 'element', array: rows, index: variable(k) }, { kind: 'zeros', type: FLOAT64, length: length(direction) }),
      ]),
    ]),
    countUp(i, length(column), [assign(element(rowOf(i), variable(j)), element(column, variable(i)))]),
  )
  return [{ kind: 'declare', name: direction.name, value: { kind: 'zerosLike', value: variable(name) } }, alongEach(direction, j, inside)]
}

function byRows(
  { halves }: JacobianOptions,
  made: Made,
  callees: Callees,
  rows: Expression,
): {
  readonly before: readonly Statement[]
  readonly loop: readonly Statement[]
  readonly value: Expression
  readonly all: readonly Statement[]
} {
  const { forward, backward } = halves()
  const before: Statement[] = []
  const result = made.call('made', callees.function(forward), forward, made.given, before)
  const value = field(result, 'value')
  const callee = callees.function(backward)
  const cotangent = variable(made.scope.fresh('cotangent', callee.variables[callee.parameters[1]!.name]!.type))
  const i = made.counter('i')
  const inside: Statement[] = []
  const row = made.call('row', callee, backward, [field(result, 'kept'), cotangent], inside)
  inside.push(assign({ kind: 'element', array: rows, index: variable(i) }, asRow(row, callee.result)))
  const loop: readonly Statement[] = [
    { kind: 'declare', name: cotangent.name, value: { kind: 'zerosLike', value } },
    alongEach(cotangent, i, inside),
  ]
  return { before, loop, value, all: [...before, ...loop] }
}
