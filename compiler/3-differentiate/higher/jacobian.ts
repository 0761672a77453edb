/** The Jacobian: by columns, one tangent for each element of the argument, or by rows, one cotangent for each element of the result. */

import { assign, countUp, declare, element, field, FLOAT64, length, number, operation, variable, when } from '../../ir/build.ts'
import type { Expression, FunctionNode, Statement, Type } from '../../ir/nodes.ts'
import { shadowType } from '../../ir/shadow-type.ts'
import type { Callees } from '../context.ts'
import { numbersOf, tangentField } from '../tangent-header.ts'
import { alongEach, alongUnits, asRow, Made, ROWS } from './made.ts'

export interface JacobianOptions {
  readonly key: string
  readonly wrt: number
  /** How many columns are computed at once. */
  readonly directions: number
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
    const result = tangentOf(fn, options, made, callees, [number(1)], made.body)
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
  { key, wrt, directions }: JacobianOptions,
  made: Made,
  callees: Callees,
  along: readonly Expression[],
  into: Statement[],
): Expression {
  const moves = fn.parameters.map((_, i) => i === wrt)
  const tangent = callees.tangent(key, moves, directions)
  return made.call('moved', callees.function(tangent), tangent, [...made.given, ...along], into)
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
  const numbers = numbersOf(options.directions)
  const along = numbers.map((number) => variable(made.scope.fresh(`${name}_dot${String(number)}`, shadowType(type))))
  const [j, i, k] = [made.counter('j'), made.counter('i'), made.counter('k')]
  const rowOf = (index: string): Expression => element(rows, variable(index))
  const columns = (places: readonly Expression[]): readonly Statement[] => {
    const inside: Statement[] = []
    const result = tangentOf(fn, options, made, callees, along, inside)
    const found = numbers.map((number) => variable(made.scope.fresh(`column${String(number)}`, shadowType(fn.result))))
    const zeros: Expression = { kind: 'zeros', type: FLOAT64, length: length(along[0]!) }
    return [
      ...inside,
      ...found.map((column, at) => declare(column.name, field(result, tangentField(numbers[at]!)))),
      when(operation('===', variable(j), number(0)), [
        countUp(k, length(found[0]!), [assign({ kind: 'element', array: rows, index: variable(k) }, zeros)]),
      ]),
      countUp(
        i,
        length(found[0]!),
        found.map((column, at) => assign(element(rowOf(i), places[at]!), element(column, variable(i)))),
      ),
    ]
  }
  return [
    ...along.map(({ name: direction }) => declare(direction, { kind: 'zerosLike', value: variable(name) })),
    ...alongUnits(along, made, j, columns),
  ]
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
