/** Truth values, and what `&&`, `||`, `??` and `?:` give: only what JavaScript evaluates is evaluated. */

import ts from '#typescript'
import { number, operation } from '../../ir/build.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { BOOLEAN } from '../types.ts'
import { isMissing } from './arguments.ts'
import { choose } from './choose.ts'
import { captured, emit, innerScope, temporary, type Context } from './context.ts'
import { lowerExpression } from './expression.ts'
import { lowerOpaque } from './opaque.ts'
import { staticOf } from './static.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

type Logical = '&&' | '||' | '??'

export const isLogical = (operator: string): operator is Logical => operator === '&&' || operator === '||' || operator === '??'

/** Something used as a truth value. */
export function lowerCondition(c: Context, node: ts.Expression): Expression {
  const target = bare(node)
  if (ts.isBinaryExpression(target)) {
    const operator = target.operatorToken.getText()
    if (operator === '&&' || operator === '||')
      return both(
        c,
        operator,
        () => lowerCondition(c, target.left),
        () => lowerCondition(c, target.right),
      )
  }
  if (ts.isPrefixUnaryExpression(target) && target.operator === ts.SyntaxKind.ExclamationToken)
    return operation('!', lowerCondition(c, target.operand))
  return truthOf(c, lowerExpression(c, target))
}

/** Whether a value counts as true. */
export function truthOf(c: Context, value: Expression): Expression {
  const type = typeOfExpression(c.f.variables, value)
  if (type.kind === 'boolean') return value
  if (type.kind === 'number') {
    const held = value.kind === 'variable' ? value : temporary(c, 'test', type, value)
    return operation('&&', operation('!==', held, number(0)), operation('===', held, held))
  }
  if (type.kind === 'array' || type.kind === 'record') return { kind: 'boolean', value: true }
  return { kind: 'opaque', parts: ['Boolean(', value, ')'], type: BOOLEAN, effects: false }
}

function both(c: Context, operator: '&&' | '||', lowerLeft: () => Expression, lowerRight: () => Expression): Expression {
  const left = lowerLeft()
  let right: Expression | undefined
  const written = captured(c, () => {
    right = lowerRight()
  })
  if (written.length === 0) return operation(operator, left, right!)
  const result = temporary(c, 'test', BOOLEAN, left)
  c.f.assigned.add(result.name)
  emit(c, {
    kind: 'if',
    test: operator === '&&' ? result : operation('!', result),
    then: [...written, { kind: 'assign', target: result, value: right! }],
    else: [],
  })
  return result
}

export function lowerLogic(c: Context, node: ts.BinaryExpression, operator: Logical): Expression {
  const type = typeIn(c, node)
  const left = typeIn(c, node.left)
  if (operator !== '??' && type.kind === 'boolean' && left.kind === 'boolean') return lowerCondition(c, node)
  if (left.kind === 'array' || left.kind === 'record') {
    // What has storage counts as true, and is there.
    const value = lowerExpression(c, node.left)
    return operator === '&&' ? lowerExpression(c, node.right) : value
  }
  if (operator === '??' && ts.isIdentifier(bare(node.left)) && staticOf(c, node.left)?.kind === 'undefined')
    return lowerExpression(c, node.right)
  if (operator === '??') return left.kind === 'number' || left.kind === 'boolean' ? orElse(c, node, left) : lowerOpaque(c, node)
  if (operator === '||' && type.kind === 'number') {
    const { truth, value } = lowerMaybe(c, node.left)
    if (!value) return lowerOpaque(c, node)
    return choose(
      c,
      type,
      truth,
      () => value,
      () => lowerExpression(innerScope(c), node.right),
    )
  }
  if (type.kind !== 'number') return lowerOpaque(c, node)
  const value = temporary(c, 'value', left, lowerExpression(c, node.left))
  return choose(
    c,
    type,
    truthOf(c, value),
    () => lowerExpression(innerScope(c), node.right),
    () => value,
  )
}

function orElse(c: Context, node: ts.BinaryExpression, type: Type): Expression {
  const value = lowerExpression(c, node.left)
  const test = isMissing(c, value)
  if (!test) return value
  return choose(
    c,
    type,
    test,
    () => lowerExpression(innerScope(c), node.right),
    () => value,
  )
}

/** A value of which only this matters: whether it counts as true, and the number that it then is. */
function lowerMaybe(c: Context, node: ts.Expression): { readonly truth: Expression; readonly value?: Expression } {
  const target = bare(node)
  const type = typeIn(c, target)
  if (type.kind === 'number') {
    const value = temporary(c, 'value', type, lowerExpression(c, target))
    return { truth: truthOf(c, value), value }
  }
  if (!ts.isBinaryExpression(target) || target.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken)
    return { truth: { kind: 'boolean', value: false } }
  if (typeIn(c, target.right).kind !== 'number' || typeIn(c, target.left).kind !== 'boolean')
    return { truth: { kind: 'boolean', value: false } }
  const value = choose(
    c,
    { kind: 'number' },
    lowerCondition(c, target.left),
    () => lowerExpression(innerScope(c), target.right),
    () => number(0),
  )
  return { truth: truthOf(c, value), value }
}

export function lowerConditional(c: Context, node: ts.ConditionalExpression): Expression {
  const type = typeIn(c, node)
  const [then, otherwise] = [typeIn(c, node.whenTrue), typeIn(c, node.whenFalse)]
  if (type.kind === 'opaque' && then.kind === 'opaque' && otherwise.kind === 'opaque') return lowerOpaque(c, node)
  if (type.kind === 'opaque' && JSON.stringify(then) !== JSON.stringify(otherwise)) return lowerOpaque(c, node)
  return choose(
    c,
    type.kind === 'opaque' ? then : type,
    lowerCondition(c, node.condition),
    () => lowerExpression(innerScope(c), node.whenTrue),
    () => lowerExpression(innerScope(c), node.whenFalse),
  )
}
