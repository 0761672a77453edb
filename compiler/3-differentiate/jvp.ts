/** The function that a request of `jvp` becomes: it takes its arguments and their tangents as two lists. */

import { carriesDerivative } from '../2-analyze/activity.ts'
import type { Root } from '../2-analyze/apart.ts'
import { field, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { guardsOf } from './guard.ts'
import { tupleOf } from './outputs.ts'
import type { Surroundings } from './prepare.ts'
import { shadowType } from './shadows.ts'

/** Which arguments of a function can move. */
export const movable = (fn: FunctionNode): readonly boolean[] =>
  fn.parameters.map(({ name }) => carriesDerivative(fn.variables[name]!.type))

/** Needs: the tangent function is made. `textOf` gives a type as TypeScript. */
export function jvpOf(fn: FunctionNode, key: string, { callees, summaryOf }: Surroundings, textOf: (type: Type) => string): FunctionNode {
  const active = movable(fn)
  const tangent = callees.tangent(key, active)
  const scope = new Scope()
  const types = fn.parameters.map(({ name }) => fn.variables[name]!.type)
  const primals = scope.fresh('primals', tupleOf(types))
  const tangents = scope.fresh('tangents', tupleOf(types))
  const body: Statement[] = []
  const given: Expression[] = []
  fn.parameters.forEach(({ name, defaultText }, i) => {
    const local = scope.fresh(name, types[i]!)
    body.push({ kind: 'declare', name: local, value: at(primals, i, types[i]!, defaultText === undefined ? [] : [` ?? ${defaultText}`]) })
    given.push(variable(local))
  })
  fn.parameters.forEach(({ name }, i) => {
    if (!active[i]) return
    const type = shadowType(types[i]!)
    const local = scope.fresh(`${name}_dot`, type)
    const zero: Expression = types[i]!.kind === 'number' ? { kind: 'number', value: 0 } : { kind: 'zerosLike', value: given[i]! }
    body.push({ kind: 'declare', name: local, value: at(tangents, i, type, [' ?? ', zero]) })
    given.push(variable(local))
  })
  const moving = callees.function(tangent)
  const { result } = moving
  const names = [
    ...fn.parameters.map(({ name }) => name),
    ...fn.parameters.flatMap(({ name }, i) => (active[i] ? [`tangent of ${name}`] : [])),
  ]
  const rootOf = (parameter: string): Root => {
    const at = moving.parameters.findIndex(({ name }) => name === parameter)
    return { name: names[at]!, value: given[at]! }
  }
  body.push(...guardsOf(moving, summaryOf, { rootOf, derived: fn.name }))
  const made = result.kind === 'void' ? undefined : scope.fresh('made', result)
  body.push({ kind: 'call', ...(made !== undefined && { result: made }), callee: tangent, arguments: given })
  const nothing: Expression = { kind: 'opaque', parts: ['undefined'], type: { kind: 'opaque', text: 'undefined' }, effects: false }
  const moves = carriesDerivative(fn.result)
  const value = made === undefined ? nothing : moves ? field(variable(made), 'value') : variable(made)
  const moved = made === undefined || !moves ? nothing : field(variable(made), 'tangent')
  const type: RecordType = {
    kind: 'record',
    tuple: false,
    fields: [
      { name: 'value', type: made === undefined ? { kind: 'opaque', text: 'undefined' } : fn.result },
      { name: 'tangent', type: moves ? shadowType(fn.result) : { kind: 'opaque', text: 'undefined' } },
    ],
  }
  body.push({ kind: 'return', value: moves ? variable(made!) : { kind: 'record', type, values: [value, moved] } })
  const isOptional = (i: number): string => (fn.parameters[i]!.defaultText === undefined ? '' : '?')
  return {
    name: `${fn.name}_jvp`,
    parameters: [
      {
        name: primals,
        typeText: `readonly [${types.map((type, i) => `${fn.parameters[i]!.name}${isOptional(i)}: ${textOf(type)}`).join(', ')}]`,
      },
      {
        name: tangents,
        typeText: `readonly [${types.map((type, i) => `${fn.parameters[i]!.name}${isOptional(i)}: ${active[i] ? `${textOf(shadowType(type))} | ` : ''}undefined`).join(', ')}]`,
      },
    ],
    variables: scope.variables,
    result: type,
    body,
    ...(fn.origin && { origin: fn.origin }),
  }
}

const at = (list: string, i: number, type: Type, rest: readonly (string | Expression)[]): Expression => ({
  kind: 'opaque',
  parts: [variable(list), `[${String(i)}]`, ...rest],
  type,
  effects: false,
})
