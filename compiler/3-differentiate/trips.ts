/** How often a counted loop runs, and where it ends. */

import { divide, multiply, number, operation, subtract, add } from '../ir/build.ts'
import type { Counter, Expression } from '../ir/nodes.ts'
import type { Context } from './context.ts'

/** The counter's value in the last iteration; beyond `from` when there is none. */
export function lastOf({ from, to, comparison, step }: Counter, context: Pick<Context, 'isInteger'>): Expression {
  const inclusive = comparison === '<=' || comparison === '>='
  const whole = context.isInteger(to)
  if (step === 1) return inclusive ? (whole ? to : operation('Math.floor', to)) : add(whole ? to : operation('Math.ceil', to), number(-1))
  if (step === -1) return inclusive ? (whole ? to : operation('Math.ceil', to)) : add(whole ? to : operation('Math.floor', to), number(1))
  const distance = divide(subtract(to, from), number(step))
  const steps = inclusive ? operation('Math.floor', distance) : add(operation('Math.ceil', distance), number(-1))
  return add(from, multiply(steps, number(step)))
}

/** The number of iterations, or less than 1 when there is none. */
export function tripsOf(counter: Counter, context: Pick<Context, 'isInteger'>): Expression {
  const { from, to, comparison, step } = counter
  if (Math.abs(step) !== 1) {
    const last = lastOf(counter, context)
    const span = step > 0 ? subtract(last, from) : subtract(from, last)
    return add(divide(span, number(Math.abs(step))), number(1))
  }
  const inclusive = comparison === '<=' || comparison === '>='
  const end = context.isInteger(to) ? to : operation(step > 0 === inclusive ? 'Math.floor' : 'Math.ceil', to)
  const span = step > 0 ? subtract(end, from) : subtract(from, end)
  return inclusive ? add(span, number(1)) : span
}

/** The same iterations from the last to the first. */
export function reversed(counter: Counter, last: Expression): Counter {
  return { name: counter.name, from: last, to: counter.from, comparison: counter.step > 0 ? '>=' : '<=', step: -counter.step }
}
