/** Truth values, and what `&&`, `||`, `??` and `?:` give: only what JavaScript evaluates is evaluated. */

import ts from '#typescript'
import { number, operation } from '../../ir/build.ts'
import { missing, missingOf, present } from '../../ir/missing.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isStorage } from '../../ir/shadow-type.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare, symbolAt } from '../facts.ts'
import { BOOLEAN, describe } from '../types.ts'
import { isMissing } from './arguments.ts'
import { choose } from './choose.ts'
import { captured, emit, innerScope, lookup, refuse, temporary, type Context } from './context.ts'
import { decidedTest } from './decide.ts'
import { lowerExpression } from './expression.ts'
import { coalesce, nullishTest } from './missing.ts'
import { isMadeOfFunctions } from './function-types.ts'
import { keyOf } from './member-key.ts'
import { lowerOpaque } from './opaque.ts'
import { textOf } from '../session.ts'
import { commonType } from './result-type.ts'
import { staticOf } from './static.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'
import { untypedMember } from './untyped-members.ts'

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
    return opposite(lowerCondition(c, target.operand))
  return knownTruth(c, target) ?? truthOf(c, lowerExpression(c, target))
}

/** Whether there is a function in a table of functions, or an argument that was left out. */
function knownTruth(c: Context, node: ts.Expression): Expression | undefined {
  const symbol = ts.isIdentifier(node) ? symbolAt(c.f.session.checker, node) : undefined
  const bound = symbol && lookup(c.environment, symbol)
  const known = bound ?? untypedMember(c, node)
  if (known?.kind === 'static' && known.value.kind === 'undefined') return { kind: 'boolean', value: false }
  if (!ts.isElementAccessExpression(node) || !isMadeOfFunctions(c, node.expression) || keyOf(c, node.argumentExpression) === undefined)
    return undefined
  const held = staticOf(c, node)
  return held && held.kind !== 'choice' ? { kind: 'boolean', value: held.kind !== 'undefined' } : undefined
}

/** Whether a value counts as true. */
export function truthOf(c: Context, value: Expression): Expression {
  const type = typeOfExpression(c.f.variables, value)
  if (type.kind === 'boolean') return value
  const isMissing = nullishTest(c, value)
  if (type.kind === 'number') {
    const held = value.kind === 'variable' ? value : temporary(c, 'test', type, value)
    const isTrue = operation('&&', operation('!==', held, number(0)), operation('===', held, held))
    return isMissing ? operation('&&', operation('!', nullishTest(c, held)!), isTrue) : isTrue
  }
  if (isStorage(type)) {
    if (isMissing) return operation('!', isMissing)
    // What is found in an array may be past its end.
    return value.kind === 'element' ? operation('!', operation('isUndefined', value)) : { kind: 'boolean', value: true }
  }
  return { kind: 'opaque', parts: ['Boolean(', value, ')'], type: BOOLEAN, effects: false }
}

const opposite = (test: Expression): Expression =>
  test.kind === 'boolean' ? { kind: 'boolean', value: !test.value } : operation('!', test)

function both(c: Context, operator: '&&' | '||', lowerLeft: () => Expression, lowerRight: () => Expression): Expression {
  const left = lowerLeft()
  const isAnd = operator === '&&'
  if (left.kind === 'boolean') return left.value === isAnd ? lowerRight() : left
  let right: Expression | undefined
  const written = captured(c, () => {
    right = lowerRight()
  })
  if (written.length === 0 && right?.kind === 'boolean') return right.value === isAnd ? left : right
  if (written.length === 0) return operation(operator, left, right!)
  const result = temporary(c, 'test', BOOLEAN, left)
  c.f.assigned.add(result.name)
  emit(c, {
    kind: 'if',
    test: isAnd ? result : operation('!', result),
    then: [...written, { kind: 'assign', target: result, value: right! }],
    else: [],
  })
  return result
}

export function lowerLogic(c: Context, node: ts.BinaryExpression, operator: Logical): Expression {
  const type = typeIn(c, node)
  const left = typeIn(c, node.left)
  if (operator !== '??' && type.kind === 'boolean' && left.kind === 'boolean') return lowerCondition(c, node)
  if (isStorage(left) && operator !== '??') return lowerStored(c, node, operator, type)
  if (operator === '??' && ts.isIdentifier(bare(node.left)) && staticOf(c, node.left)?.kind === 'undefined')
    return lowerExpression(c, node.right)
  if (operator === '??') return left.kind === 'opaque' || left.kind === 'void' ? lowerOpaque(c, node) : orElse(c, node, type)
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

/** What has storage counts as true where it is there. */
function lowerStored(c: Context, node: ts.BinaryExpression, operator: '&&' | '||', type: Type): Expression {
  const lowered = lowerExpression(c, node.left)
  const of = typeOfExpression(c.f.variables, lowered)
  const way = missingOf(of)
  if (way === undefined && lowered.kind !== 'element') return operator === '&&' ? lowerExpression(c, node.right) : lowered
  const value = lowered.kind === 'variable' ? lowered : temporary(c, 'value', of, lowered)
  const right = (): Expression => lowerExpression(innerScope(c), node.right)
  if (operator === '||') return choose(c, type.kind === 'opaque' ? present(of) : type, truthOf(c, value), () => value, right)
  if (way === 'nullish' || (type.kind !== 'number' && !isStorage(type)))
    return refuse(c, node, 'CT2004', { name: textOf(node), type: describe(type) })
  return choose(c, type, truthOf(c, value), right, () => missing(type, way === 'null' ? 'null' : 'undefined'))
}

function orElse(c: Context, node: ts.BinaryExpression, type: Type): Expression {
  const lowered = lowerExpression(c, node.left)
  const of = typeOfExpression(c.f.variables, lowered)
  const isPlace = lowered.kind === 'variable' || lowered.kind === 'field'
  const value = isPlace || missingOf(of) === undefined ? lowered : temporary(c, 'value', of, lowered)
  const test = nullishTest(c, value) ?? isMissing(c, value)
  if (!test) return value
  return coalesce(c, type.kind === 'opaque' ? present(of) : type, test, value, () => lowerExpression(innerScope(c), node.right))
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
  const taken = decidedTest(c, node.condition)
  if (taken !== undefined) return lowerExpression(innerScope(c), taken ? node.whenTrue : node.whenFalse)
  const type = typeIn(c, node)
  const [then, otherwise] = [typeIn(c, node.whenTrue), typeIn(c, node.whenFalse)]
  if (type.kind === 'opaque' && then.kind === 'opaque' && otherwise.kind === 'opaque' && !isJavaScript(node)) return lowerOpaque(c, node)
  const common = type.kind === 'opaque' ? commonType([then, otherwise]) : type
  if (!common || (type.kind === 'opaque' && !isJavaScript(node) && JSON.stringify(then) !== JSON.stringify(otherwise)))
    return lowerOpaque(c, node)
  return choose(
    c,
    common,
    lowerCondition(c, node.condition),
    () => lowerExpression(innerScope(c), node.whenTrue),
    () => lowerExpression(innerScope(c), node.whenFalse),
  )
}
