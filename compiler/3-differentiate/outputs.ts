/** Where a gradient is gathered: adjoint variables for numbers, shadows for storage. */

import { isStorage } from '../2-analyze/regions.ts'
import { assign, countUp, declare, element, field, length, NUMBER, number, operation, variable } from '../ir/build.ts'
import { hooksOf } from '../ir/hook.ts'
import type { Expression, Parameter, Statement, Type } from '../ir/nodes.ts'
import type { Context } from './context.ts'
import type { GradientOptions } from './gradient.ts'
import type { Prepared } from './prepare.ts'
import { tupleOf } from '../ir/shadow-type.ts'
import { shadowType } from './shadows.ts'

export interface Outputs {
  readonly parameters: readonly Parameter[]
  readonly before: readonly Statement[]
  readonly after: readonly Statement[]
  readonly gradients: readonly { value: Expression; type: Type }[]
}

export function outputs({ fn, ends }: Prepared, options: GradientOptions, context: Context): Outputs {
  const wrtNames = ends.independent
  const { scope, bars } = context
  const before: Statement[] = []
  const parameters: Parameter[] = []
  const after: Statement[] = []
  const checks: Statement[] = []
  const out =
    options.into && options.asList ? scope.fresh('out', tupleOf(wrtNames.map((name) => shadowType(scope.typeOf(name)))), false) : undefined
  if (out !== undefined) parameters.push({ name: out })
  // A hook may throw, and then nothing that the caller owns has been written.
  const isApart = options.into && hooksOf(fn).length > 0
  const gradients = wrtNames.map((name, i) => {
    const type = shadowType(fn.variables[name]!.type)
    const bar = bars.of(name)
    if (!isStorage(type)) {
      before.push(declare(bar, number(0)))
      if (out !== undefined) after.push(assign(field(variable(out), String(i)), variable(bar)))
      return { value: variable(bar), type }
    }
    // A parameter that is reassigned moves its shadow on; the gradient stays with the argument's own.
    const home = scope.isMutable(name) ? scope.fresh(`${name}_grad`, type) : bar
    if (isApart) {
      const own = out === undefined ? scope.fresh(`${name}_out`, type) : undefined
      if (own !== undefined) parameters.push({ name: own })
      const k = scope.fresh('k', NUMBER)
      const place = own === undefined ? field(variable(out!), String(i)) : variable(own)
      checks.push(fits(place, variable(name)))
      before.push(declare(home, { kind: 'zerosLike', value: variable(name) }))
      after.push(countUp(k, length(variable(home)), [assign(element(place, variable(k)), element(variable(home), variable(k)))]))
    } else if (out !== undefined) before.push(declare(home, field(variable(out), String(i))))
    else if (options.into) parameters.push({ name: home })
    else before.push(declare(home, { kind: 'zerosLike', value: variable(name) }))
    if (options.into && !isApart) {
      checks.push(fits(out === undefined ? variable(home) : field(variable(out), String(i)), variable(name)))
      before.push(clear(variable(home), type))
    }
    if (home !== bar) before.push(declare(bar, variable(home)))
    return { value: variable(home), type }
  })
  for (const { name } of fn.parameters) {
    // What another argument comes to hold passes its adjoint on, though nobody asks for it at the end.
    if (wrtNames.includes(name) || !context.activity.isActiveVariable(name)) continue
    const type = fn.variables[name]!.type
    before.push(declare(bars.of(name), isStorage(type) ? { kind: 'zerosLike', value: variable(name) } : number(0)))
  }
  return { parameters, before: [...checks, ...before], after, gradients }
}

/** A buffer of another length is refused before anything is written. */
function fits(buffer: Expression, argument: Expression): Statement {
  const parts = ["cotangent#wrongLength('.into', ", length(buffer), ', ', length(argument), ')']
  const error: Expression = { kind: 'opaque', parts, type: { kind: 'opaque', text: 'Error' }, effects: false }
  return { kind: 'if', test: operation('!==', length(buffer), length(argument)), then: [{ kind: 'throw', value: error }], else: [] }
}

function clear(place: Expression, type: Type): Statement {
  if (type.kind !== 'array' || isStorage(type.element)) throw new Error('only flat arrays are written into')
  return { kind: 'fill', array: place, value: number(0) }
}

export { tupleOf } from '../ir/shadow-type.ts'
