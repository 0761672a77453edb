/** Expressions: pure trees, with whatever has an effect written as statements before. */

import ts from '#typescript'
import { element, field, length, number, operation } from '../../ir/build.ts'
import type { Assign, Expression } from '../../ir/nodes.ts'
import { operators } from '../../ir/operators.ts'
import { bare, isAssignmentOperator, symbolAt } from '../facts.ts'
import { describe, irType, typeOfNode } from '../types.ts'
import { lowerCall } from './call.ts'
import { assignTo, captured, emit, innerScope, lookup, notYet, refuse, temporary, type Context } from './context.ts'
import { lowerCreation } from './creation.ts'
import { lowerGrowingAssignment } from './growth.ts'
import { mayChange } from './interference.ts'
import { lowerOpaque } from './opaque.ts'
import { lowerInOrder } from './operands.ts'
import { typeOfExpression } from './type-of.ts'
import { textOf } from '../session.ts'

export const readerOf = (c: Context): { checker: ts.TypeChecker; program: ts.Program } => ({
  checker: c.f.session.checker,
  program: c.f.session.program,
})

/** A pure expression that may stand anywhere. New storage gets a name. */
export function lowerExpression(c: Context, node: ts.Expression): Expression {
  const value = lowerValue(c, node)
  const isCreation =
    ['zeros', 'list', 'record', 'slice', 'view', 'convert', 'zerosLike'].includes(value.kind) || (value.kind === 'opaque' && value.effects)
  return isCreation ? temporary(c, 'value', typeOfExpression(c.f.variables, value), value) : value
}

/** As the whole value of a declaration or an assignment, where new storage may stand. */
export function lowerValue(c: Context, original: ts.Expression): Expression {
  const node = bare(original)
  const value = lowerBare(c, node)
  // Where the checker knows nothing, the author's `as number` says what it is.
  if (node === original || value.kind !== 'opaque' || value.type.kind !== 'opaque') return value
  return { ...value, type: typeOfNode(readerOf(c), original) }
}

function lowerBare(c: Context, node: ts.Expression): Expression {
  if (ts.isNumericLiteral(node)) return literal(node)
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'boolean', value: true }
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'boolean', value: false }
  if (ts.isIdentifier(node)) return lowerIdentifier(c, node)
  if (ts.isPropertyAccessExpression(node)) return lowerProperty(c, node)
  if (ts.isElementAccessExpression(node)) return lowerElement(c, node)
  if (ts.isPrefixUnaryExpression(node)) return lowerPrefix(c, node)
  if (ts.isPostfixUnaryExpression(node)) return lowerStep(c, node.operand, node.operator, true)
  if (ts.isBinaryExpression(node)) return lowerBinary(c, node)
  if (ts.isConditionalExpression(node)) return lowerConditional(c, node)
  if (ts.isCallExpression(node)) return lowerCall(c, node)
  if (ts.isNewExpression(node) || ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node)) return lowerCreation(c, node)
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return notYet(c, node, textOf(node))
  return lowerOpaque(c, node)
}

function literal(node: ts.NumericLiteral): Expression {
  const value = Number(node.text)
  const text = node.getText()
  return text === String(value) ? number(value) : { kind: 'number', value, text }
}

function lowerIdentifier(c: Context, node: ts.Identifier): Expression {
  const symbol = symbolAt(c.f.session.checker, node)
  const binding = symbol && lookup(c.environment, symbol)
  if (binding?.kind === 'expression') return binding.expression
  if (binding) return notYet(c, node, `the function \`${node.text}\` as a value`)
  if (node.text === 'NaN' || node.text === 'Infinity') return { kind: 'number', value: Number(node.text), text: node.text }
  const declaration = symbol?.valueDeclaration
  // A literal constant of a module is as good as the literal.
  if (
    declaration &&
    ts.isVariableDeclaration(declaration) &&
    declaration.initializer &&
    ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const
  ) {
    const value = bare(declaration.initializer)
    if (ts.isNumericLiteral(value)) return literal(value)
  }
  return lowerOpaque(c, node)
}

/** What a field or an element is read of. The type checker may know more of it here than of the variable that holds it. */
function lowerBase(c: Context, node: ts.Expression, kind: 'record' | 'array'): Expression {
  const base = lowerExpression(c, node)
  const type = typeOfExpression(c.f.variables, base)
  return type.kind === kind ? base : refuse(c, node, 'CT2004', { name: textOf(node), type: describe(type) })
}

function lowerProperty(c: Context, node: ts.PropertyAccessExpression): Expression {
  const builtin = builtinName(c, node)
  if (builtin !== undefined && operators.get(builtin)?.maximum === 0) return operation(builtin)
  const type = typeOfNode(readerOf(c), node.expression)
  if (type.kind === 'array' && node.name.text === 'length') return length(lowerExpression(c, node.expression))
  if (type.kind === 'record' && type.fields.some(({ name }) => name === node.name.text) && !node.questionDotToken)
    return field(lowerBase(c, node.expression, 'record'), node.name.text)
  return lowerOpaque(c, node)
}

/** `Math.sin` or `Number.EPSILON`, when the global is meant. */
export function builtinName(c: Context, node: ts.Expression): string | undefined {
  const target = bare(node)
  if (!ts.isPropertyAccessExpression(target) || !ts.isIdentifier(target.expression)) return undefined
  const owner = target.expression.text
  if (owner !== 'Math' && owner !== 'Number') return undefined
  const declaration = symbolAt(c.f.session.checker, target.expression)?.declarations?.[0]
  return declaration && c.f.session.program.isSourceFileDefaultLibrary(declaration.getSourceFile())
    ? `${owner}.${target.name.text}`
    : undefined
}

function lowerElement(c: Context, node: ts.ElementAccessExpression): Expression {
  const type = typeOfNode(readerOf(c), node.expression)
  if (node.questionDotToken) return lowerOpaque(c, node)
  if (type.kind === 'record' && type.tuple && ts.isNumericLiteral(bare(node.argumentExpression))) {
    return field(lowerExpression(c, node.expression), String(Number((bare(node.argumentExpression) as ts.NumericLiteral).text)))
  }
  if (type.kind !== 'array') return lowerOpaque(c, node)
  const [array, index] = lowerInOrder(c, [() => lowerBase(c, node.expression, 'array'), () => lowerExpression(c, node.argumentExpression)])
  return element(array!, index!)
}

function lowerPrefix(c: Context, node: ts.PrefixUnaryExpression): Expression {
  if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
    return lowerStep(c, node.operand, node.operator, false)
  const operand = bare(node.operand)
  const type = typeOfNode(readerOf(c), operand)
  switch (node.operator) {
    case ts.SyntaxKind.MinusToken:
      // A negative literal is one number, unless zero.
      if (ts.isNumericLiteral(operand) && Number(operand.text) !== 0) return number(-Number(operand.text))
      return type.kind === 'number' ? operation('negate', lowerExpression(c, operand)) : lowerOpaque(c, node)
    case ts.SyntaxKind.PlusToken:
      if (type.kind === 'number') return operation('plus', lowerExpression(c, operand))
      return type.kind === 'boolean' ? operation('toNumber', lowerExpression(c, operand)) : lowerOpaque(c, node)
    case ts.SyntaxKind.TildeToken:
      return operation('~', lowerExpression(c, operand))
    case ts.SyntaxKind.ExclamationToken:
      return operation('!', lowerCondition(c, operand))
  }
}

/** Something used as a truth value. */
export function lowerCondition(c: Context, node: ts.Expression): Expression {
  const target = bare(node)
  const type = typeOfNode(readerOf(c), target)
  if (type.kind === 'boolean') return lowerExpression(c, target)
  if (type.kind === 'number') {
    const value = temporary(c, 'test', type, lowerExpression(c, target))
    return operation('&&', operation('!==', value, number(0)), operation('===', value, value))
  }
  const text = lowerOpaque(c, target)
  return { kind: 'opaque', parts: ['Boolean(', text, ')'], type: { kind: 'boolean' }, effects: false }
}

function lowerStep(c: Context, operand: ts.Expression, operator: ts.SyntaxKind, givesOld: boolean): Expression {
  const place = lowerPlace(c, operand)
  const old = givesOld ? temporary(c, 'before', { kind: 'number' }, place) : place
  emit(c, { kind: 'assign', target: place, value: operation(operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-', place, number(1)) })
  return givesOld ? old : place
}

export function lowerPlace(c: Context, original: ts.Expression): Assign['target'] {
  const node = bare(original)
  const place =
    ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? lowerValue(c, node) : undefined
  if (place?.kind === 'variable' || place?.kind === 'element' || place?.kind === 'field') return place
  return refuse(c, node, 'CT9002', { what: `an assignment to \`${textOf(node)}\`` })
}

const binary = new Set(['+', '-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>', '<', '<=', '>', '>=', '===', '!==', '==', '!='])

function lowerBinary(c: Context, node: ts.BinaryExpression): Expression {
  const operator = node.operatorToken.getText()
  if (isAssignmentOperator(node.operatorToken.kind)) return lowerAssignment(c, node, operator)
  if (operator === ',') {
    lowerExpression(c, node.left)
    return lowerValue(c, node.right)
  }
  if (operator === '&&' || operator === '||' || operator === '??') return lowerLogic(c, node, operator)
  const reader = readerOf(c)
  const kinds = [node.left, node.right].map((side) => typeOfNode(reader, bare(side)).kind)
  if (!binary.has(operator) || kinds.some((kind) => kind !== 'number' && kind !== 'boolean')) return lowerOpaque(c, node)
  const [left, right] = lowerInOrder(c, [() => lowerExpression(c, node.left), () => lowerExpression(c, node.right)])
  return operation(operator, left!, right!)
}

function lowerAssignment(c: Context, node: ts.BinaryExpression, operator: string): Expression {
  const [pattern, list] = [bare(node.left), bare(node.right)]
  if (ts.isArrayLiteralExpression(pattern) && ts.isArrayLiteralExpression(list) && pattern.elements.length === list.elements.length) {
    // A swap: all new values are there before the first is assigned.
    const values = list.elements.map((part) => {
      const value = lowerExpression(c, part)
      return temporary(c, 'swapped', typeOfExpression(c.f.variables, value), value)
    })
    pattern.elements.forEach((part, i) => emit(c, { kind: 'assign', target: lowerPlace(c, part), value: values[i]! }))
    return values[0] ?? number(0)
  }
  if (ts.isArrayLiteralExpression(pattern) || ts.isObjectLiteralExpression(pattern))
    return notYet(c, node, 'an assignment by destructuring')
  if (operator === '&&=' || operator === '||=' || operator === '??=') return notYet(c, node, `\`${operator}\``)
  const grown = operator === '=' ? lowerGrowingAssignment(c, node) : undefined
  if (grown) return grown
  const arithmetic = operator.slice(0, -1)
  let place = lowerPlace(c, node.left)
  let right: Expression | undefined
  const written = captured(c, () => {
    right = arithmetic === '' && place.kind === 'variable' ? lowerValue(c, node.right) : lowerExpression(c, node.right)
  })
  let old: Expression = place
  if (written.length > 0) {
    // The place, and what it held, are read before the right side has its effects.
    if (place.kind === 'element' && place.index.kind !== 'number')
      place = { ...place, index: temporary(c, 'index', { kind: 'number' }, place.index) }
    old = arithmetic === '' || !mayChange(written, place) ? place : temporary(c, 'before', typeOfExpression(c.f.variables, place), place)
    c.f.out.push(...written)
  }
  emit(c, { kind: 'assign', target: place, value: arithmetic === '' ? right! : operation(arithmetic, old, right!) })
  return place
}

function lowerLogic(c: Context, node: ts.BinaryExpression, operator: '&&' | '||' | '??'): Expression {
  const reader = readerOf(c)
  const type = typeOfNode(reader, node)
  if (operator !== '??' && type.kind === 'boolean' && typeOfNode(reader, bare(node.left)).kind === 'boolean') {
    const left = lowerCondition(c, node.left)
    let right: Expression | undefined
    const written = captured(c, () => {
      right = lowerCondition(c, node.right)
    })
    if (written.length === 0) return operation(operator, left, right!)
    const result = temporary(c, 'test', type, left)
    emit(c, {
      kind: 'if',
      test: operator === '&&' ? result : operation('!', result),
      then: [...written, { kind: 'assign', target: result, value: right! }],
      else: [],
    })
    return result
  }
  if (operator === '??' && typeOfNode(reader, bare(node.left)).kind === 'number') {
    const place = lowerExpression(c, node.left)
    if (place.kind !== 'element') return place
    const test: Expression = { kind: 'opaque', parts: [place, ' === undefined'], type: { kind: 'boolean' }, effects: false }
    return choose(
      c,
      type,
      test,
      () => lowerExpression(c, node.right),
      () => place,
    )
  }
  if (type.kind !== 'number') return lowerOpaque(c, node)
  const left = temporary(c, 'value', type, lowerExpression(c, node.left))
  const isTrue = operation('&&', operation('!==', left, number(0)), operation('===', left, left))
  return operator === '&&'
    ? choose(
        c,
        type,
        isTrue,
        () => lowerExpression(c, node.right),
        () => left,
      )
    : choose(
        c,
        type,
        isTrue,
        () => left,
        () => lowerExpression(c, node.right),
      )
}

function lowerConditional(c: Context, node: ts.ConditionalExpression): Expression {
  const type = typeOfNode(readerOf(c), node)
  if (type.kind === 'opaque') return lowerOpaque(c, node)
  const test = lowerCondition(c, node.condition)
  return choose(
    c,
    type,
    test,
    () => lowerExpression(innerScope(c), node.whenTrue),
    () => lowerExpression(innerScope(c), node.whenFalse),
  )
}

/** Only the branch that is taken is evaluated, and so differentiated. */
function choose(
  c: Context,
  type: ReturnType<typeof irType>,
  test: Expression,
  then: () => Expression,
  otherwise: () => Expression,
): Expression {
  const result = temporary(c, 'choice', type)
  const branch = (lower: () => Expression) => captured(c, () => assignTo(c, result, lower()))
  const [thenList, elseList] = [branch(then), branch(otherwise)]
  emit(c, { kind: 'if', test, then: thenList, else: elseList })
  return result
}
