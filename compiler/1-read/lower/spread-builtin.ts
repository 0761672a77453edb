/** `Math.max(...x)`, `Math.min(...x)` and `Math.hypot(...x)`: loops over what is spread. */

import { length, number, operation, variable } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { NUMBER } from '../types.ts'
import type { Given } from './arguments.ts'
import { choose } from './choose.ts'
import { assignTo, captured, emit, freshName, temporary, type Context } from './context.ts'
import type { RawStatement } from '../exits/raw.ts'

export function spreadBuiltin(c: Context, name: string, { list, rest }: Given): Expression {
  const before = list.flatMap((value) => (value.kind === 'expression' ? [value.expression] : []))
  const base = name.slice('Math.'.length)
  const start: Expression =
    before.length > 0
      ? operation(name, ...before)
      : name === 'Math.max'
        ? { kind: 'number', value: -Infinity, text: '-Infinity' }
        : name === 'Math.min'
          ? { kind: 'number', value: Infinity, text: 'Infinity' }
          : number(0)
  const folded = temporary(c, base, NUMBER, start)
  const i = freshName(c.f, 'i', NUMBER)
  const part: Expression = { kind: 'element', array: rest!, index: variable(i) }
  const body: RawStatement[] = captured(c, () => assignTo(c, folded, operation(name, folded, part)))
  emit(c, {
    kind: 'loop',
    target: c.f.nextTarget++,
    counter: { name: i, from: number(0), to: length(rest!), comparison: '<', step: 1 },
    body,
  })
  if (name !== 'Math.hypot') return folded
  // The engine scales and sums all of them at once, which rounds differently: its own value, with the derivative of the pairwise one.
  const parts = ['Math.hypot(', ...before.flatMap((value) => [value, ', ']), '...', rest!, ')']
  const exact = operation('stopGradient', { kind: 'opaque', parts, type: NUMBER, effects: false })
  const moving = operation('-', folded, operation('stopGradient', folded))
  return choose(
    c,
    NUMBER,
    operation('Number.isFinite', folded),
    () => operation('+', exact, moving),
    () => folded,
  )
}
