/** Expressions: pure trees, with whatever has an effect written as statements before. */

import ts from '#typescript'
import { element, field, length, NUMBER, number, operation } from '../../ir/build.ts'
import { missing } from '../../ir/missing.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { operators } from '../../ir/operators.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare, isAssignmentOperator, symbolAt } from '../facts.ts'
import { isFixed } from '../fixed.ts'
import { describe, opaqueType, typeOfNode, type TypeReader } from '../types.ts'
import { isUndefined } from './arguments.ts'
import { lowerAssignment, lowerStep } from './assign.ts'
import { byValue, isUnknown, memberByValue } from './by-value.ts'
import { argumentRead } from './arguments-object.ts'
import { builtinName, destructuredBuiltin } from '../builtin.ts'
import { lowerCall, staticAsExpression } from './call.ts'
import { captured, emit, innerScope, lookup, nameOfFrame, refuse, temporary, type Context } from './context.ts'
import { lowerMember } from './classes/members.ts'
import { lowerThis } from './classes/self.ts'
import { lowerCreation } from './creation.ts'
import { decided } from './decide.ts'
import { isLogical, lowerCondition, lowerConditional, lowerLogic } from './logic.ts'
import { lowerChain, lowerMissingTest } from './missing.ts'
import { lowerOpaque } from './opaque.ts'
import { nameFor } from './names.ts'
import { lowerKeyDeletion, lowerKeyedAccess, lowerKeyTest } from './keyed.ts'
import { comparedTexts, keyOf } from './member-key.ts'
import { lowerInOrder } from './operands.ts'
import { lowerPatternAssignment } from './pattern.ts'
import { memberOfModule } from './module-values.ts'
import { lowerPlaceOfTuple } from './tuple-place.ts'
import { scratchObject } from './scratch-storage.ts'
import { memberOf, staticOf, valueOf } from './static.ts'
import { typeIn } from './type-in.ts'
import { untypedMember } from './untyped-members.ts'
import { typeOfExpression } from './type-of.ts'
import { textOf } from '../session.ts'

export const readerOf = (c: Context): TypeReader => c.f.session

/** A pure expression that may stand anywhere. New storage gets a name. */
export const lowerExpression = (c: Context, node: ts.Expression): Expression => named(c, lowerValue(c, node))

export function named(c: Context, value: Expression): Expression {
  const isCreation =
    ['zeros', 'list', 'record', 'slice', 'view', 'convert', 'zerosLike'].includes(value.kind) || (value.kind === 'opaque' && value.effects)
  return isCreation
    ? temporary(c, value.kind === 'opaque' ? nameFor(value) : 'value', typeOfExpression(c.f.variables, value), value)
    : value
}

/** As the whole value of a declaration or an assignment, where new storage may stand. */
export function lowerValue(c: Context, original: ts.Expression): Expression {
  const node = bare(original)
  // Emitted code fills places that hold nothing with `undefined!`.
  if (ts.isNonNullExpression(original) && isUndefined(node)) return missing(NUMBER, 'left-out')
  const value = lowerBare(c, node)
  // Where the checker knows nothing, the author's `as number` says what it is.
  if (node === original || value.kind !== 'opaque' || value.type.kind !== 'opaque') return value
  return { ...value, type: typeOfNode(readerOf(c), original) }
}

function lowerBare(c: Context, node: ts.Expression): Expression {
  if (ts.isNumericLiteral(node)) return literal(node)
  const isTrue = node.kind === ts.SyntaxKind.TrueKeyword
  if (isTrue || node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'boolean', value: isTrue }
  if (ts.isIdentifier(node)) return lowerIdentifier(c, node)
  if (node.kind === ts.SyntaxKind.ThisKeyword) return lowerThis(c, node)
  if (ts.isPropertyAccessExpression(node)) return lowerProperty(c, node)
  if (ts.isElementAccessExpression(node)) return lowerElement(c, node)
  if (ts.isPrefixUnaryExpression(node)) return lowerPrefix(c, node)
  if (ts.isPostfixUnaryExpression(node)) return lowerStep(c, node.operand, node.operator, true)
  if (ts.isBinaryExpression(node)) return lowerBinary(c, node)
  if (ts.isConditionalExpression(node)) return lowerConditional(c, node)
  if (ts.isCallExpression(node)) return lowerCall(c, node)
  if (ts.isNewExpression(node) || ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node)) return lowerCreation(c, node)
  if (ts.isAwaitExpression(node)) return refuse(c, node, 'CT1001', { function: nameOfFrame(c.frame) })
  if (ts.isYieldExpression(node)) return refuse(c, node, 'CT1002', { function: nameOfFrame(c.frame) })
  if (ts.isVoidExpression(node)) {
    lowerEffect(c, node.expression)
    return { kind: 'opaque', parts: ['undefined'], type: opaqueType('undefined'), effects: false }
  }
  return (ts.isDeleteExpression(node) && lowerKeyDeletion(c, node)) || lowerOpaque(c, node)
}

function literal(node: ts.NumericLiteral): Expression {
  const value = Number(node.text)
  const text = node.getText()
  return text === String(value) ? number(value) : { kind: 'number', value, text }
}

function lowerIdentifier(c: Context, node: ts.Identifier): Expression {
  const symbol = symbolAt(c.f.session.checker, node)
  const binding = symbol && lookup(c.environment, symbol)
  if (binding) return binding.kind === 'expression' ? binding.expression : staticAsExpression(c, node, binding.value)
  if (node.text === 'NaN' || node.text === 'Infinity') return { kind: 'number', value: Number(node.text), text: node.text }
  const builtin = destructuredBuiltin(c.f.session, node)
  if (builtin !== undefined && operators.get(builtin)?.maximum === 0) return operation(builtin)
  return lowerNameOfModule(c, node, symbol)
}

/** A variable of a module. */
function lowerNameOfModule(c: Context, node: ts.Expression, symbol: ts.Symbol | undefined): Expression {
  const declaration = symbol?.valueDeclaration
  if (!symbol || !declaration || !ts.isVariableDeclaration(declaration)) return lowerOpaque(c, node)
  const own = scratchObject(c, symbol, node)
  if (own) return own
  // A literal constant of a module is as good as the literal.
  const isConstant =
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0 ||
    (isJavaScript(declaration) && !c.f.session.facts.isAssigned(symbol))
  const value = isConstant && declaration.initializer ? bare(declaration.initializer) : undefined
  if (value && ts.isNumericLiteral(value)) return literal(value)
  const text = lowerOpaque(c, node)
  if (isConstant) return isFixed(c.f.session, declaration) ? { ...text, fixed: true } : text
  // A variable of a module has its value now; later it may have another.
  return isNumberLike(text.type) || c.f.session.facts.isAssigned(symbol) ? { ...text, effects: true } : text
}

const isNumberLike = ({ kind }: Type): boolean => kind === 'number' || kind === 'boolean' || kind === 'opaque'

/** What a field or an element is read of. The type checker may know more of it here than of the variable that holds it. */
function lowerBase(c: Context, node: ts.Expression, kind: 'record' | 'array'): Expression {
  const base = lowerExpression(c, node)
  const type = typeOfExpression(c.f.variables, base)
  return type.kind === kind ? base : refuse(c, node, 'CT2004', { name: textOf(node), type: describe(type) })
}

/** An instance that was narrowed to a subclass, say, has fields that are not followed. */
function lowerField(c: Context, node: ts.Expression, name: string): Expression {
  const record = lowerBase(c, node, 'record')
  const type = typeOfExpression(c.f.variables, record)
  const isKnown = type.kind === 'record' && type.fields.some((one) => one.name === name)
  return isKnown ? field(record, name) : refuse(c, node, 'CT2004', { name: textOf(node), type: describe(type) })
}

function lowerProperty(c: Context, node: ts.PropertyAccessExpression): Expression {
  const builtin = builtinName(c.f.session, node)
  if (builtin !== undefined && operators.get(builtin)?.maximum === 0) return operation(builtin)
  const ofModule = memberOfModule(c, node)
  if (ofModule) return lowerNameOfModule(c, node, ofModule)
  const own = lowerMember(c, node)
  if (own) return own
  const known = untypedMember(c, node)
  if (known) return known.kind === 'expression' ? known.expression : staticAsExpression(c, node, known.value)
  const member = memberOf(c, node)
  if (member) return member.kind === 'expression' ? member.expression : staticAsExpression(c, node, member.value)
  const chain = lowerChain(c, node)
  if (chain) return chain
  const keyed = lowerKeyedAccess(c, node)
  if (keyed) return keyed
  const type = typeIn(c, node.expression)
  if (type.kind === 'array' && node.name.text === 'length' && !node.questionDotToken) return length(lowerExpression(c, node.expression))
  if (type.kind === 'record' && type.fields.some(({ name }) => name === node.name.text) && !node.questionDotToken)
    return lowerField(c, node.expression, node.name.text)
  return memberByValue(c, node) ?? lowerOpaque(c, node)
}

function lowerElement(c: Context, node: ts.ElementAccessExpression): Expression {
  const argument = argumentRead(c, node)
  if (argument) return argument.kind === 'expression' ? argument.expression : staticAsExpression(c, node, argument.value)
  const type = typeIn(c, node.expression)
  const chain = lowerChain(c, node) ?? (node.questionDotToken && lowerOpaque(c, node))
  if (chain) return chain
  const keyed = lowerKeyedAccess(c, node)
  if (keyed) return keyed
  if (type.kind === 'record') {
    const key = keyOf(c, node.argumentExpression)
    if (key !== undefined && type.fields.some(({ name }) => name === key)) return lowerField(c, node.expression, key)
    return (key === undefined && lowerPlaceOfTuple(c, node, type)) || lowerOpaque(c, node)
  }
  if (type.kind !== 'array' || typeIn(c, node.argumentExpression).kind !== 'number') return memberByValue(c, node) ?? lowerOpaque(c, node)
  const [array, index] = lowerInOrder(c, [() => lowerBase(c, node.expression, 'array'), () => lowerExpression(c, node.argumentExpression)])
  return element(array!, index!)
}

function lowerPrefix(c: Context, node: ts.PrefixUnaryExpression): Expression {
  if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
    return lowerStep(c, node.operand, node.operator, false)
  const operand = bare(node.operand)
  const type = typeIn(c, operand)
  switch (node.operator) {
    case ts.SyntaxKind.MinusToken:
      if (isUnknown(c, operand)) return byValue(c, node, 'negate', [operand])
      // A negative literal is one number, unless zero.
      if (ts.isNumericLiteral(operand) && Number(operand.text) !== 0) return number(-Number(operand.text))
      return type.kind === 'number' ? operation('negate', lowerExpression(c, operand)) : lowerOpaque(c, node)
    case ts.SyntaxKind.PlusToken:
      if (isUnknown(c, operand)) return byValue(c, node, 'plus', [operand])
      if (type.kind === 'number') return operation('plus', lowerExpression(c, operand))
      return type.kind === 'boolean' ? operation('toNumber', lowerExpression(c, operand)) : lowerOpaque(c, node)
    case ts.SyntaxKind.TildeToken:
      return type.kind === 'number' ? operation('~', lowerExpression(c, operand)) : lowerOpaque(c, node)
    case ts.SyntaxKind.ExclamationToken:
      return operation('!', lowerCondition(c, operand))
  }
}

const binary = new Set(['+', '-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>', '<', '<=', '>', '>=', '===', '!==', '==', '!='])

function lowerBinary(c: Context, node: ts.BinaryExpression): Expression {
  const operator = node.operatorToken.getText()
  if (isAssignmentOperator(node.operatorToken.kind)) return lowerAssignment(c, node)
  if (operator === ',') {
    lowerEffect(c, node.left)
    return lowerValue(c, node.right)
  }
  if (isLogical(operator)) return lowerLogic(c, node, operator)
  const known = decided(c, node) ?? comparedTexts(c, node) ?? lowerMissingTest(c, node) ?? lowerKeyTest(c, node)
  if (known) return known
  if (binary.has(operator) && [node.left, node.right].some((side) => isUnknown(c, side)))
    return byValue(c, node, operator, [node.left, node.right])
  const isPlain = [node.left, node.right].every((side) => ['number', 'boolean'].includes(typeIn(c, side).kind))
  if (!binary.has(operator) || !isPlain) return lowerOpaque(c, node)
  const [left, right] = lowerInOrder(c, [() => lowerExpression(c, node.left), () => lowerExpression(c, node.right)])
  // Equality compares truth values as they are; everything else makes numbers of them.
  if (operator.startsWith('=') || operator.startsWith('!')) return operation(operator, left!, right!)
  const numbers = [asNumber(c, left!), asNumber(c, right!)]
  return numbers.every((value) => value !== undefined) ? operation(operator, ...numbers) : lowerOpaque(c, node)
}

/** A number as it is, a truth value as 0 or 1; nothing for any other value. */
export function asNumber(c: Context, value: Expression): Expression | undefined {
  const { kind } = typeOfExpression(c.f.variables, value)
  return kind === 'number' ? value : kind === 'boolean' ? operation('toNumber', value) : undefined
}

/** An expression for what it does: its value is not used. */
export function lowerEffect(c: Context, original: ts.Expression): void {
  const node = bare(original)
  if (ts.isVoidExpression(node)) return lowerEffect(c, node.expression)
  if (ts.isConditionalExpression(node)) return lowerBranches(c, node.condition, node.whenTrue, node.whenFalse)
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText()
    const target = bare(node.left)
    if (operator === '=' && (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target)))
      return lowerPatternAssignment(c, target, node.right)
    if (operator === '=' && isGivenToFunction(c, target, node.right)) return
    if (operator === '&&') return lowerBranches(c, node.left, node.right, undefined)
    if (operator === '||') return lowerBranches(c, node.left, undefined, node.right)
  }
  const value = valueOf(c, node)
  if (value.kind === 'expression' && value.expression.kind === 'opaque' && value.expression.effects)
    emit(c, { kind: 'effect', expression: value.expression })
}

/**
 * `easing.exponent = custom`: a function as a member of a function, or a value as one of a function that is made here. Whoever reads it is refused, so that
 * nothing has to be written.
 */
function isGivenToFunction(c: Context, target: ts.Expression, value: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(target) || !ts.isIdentifier(target.expression)) return false
  const [holder, held] = [target.expression, bare(value)]
  if (!isKnownFunction(c, holder)) return false
  if (ts.isFunctionExpression(held) || ts.isArrowFunction(held) || (ts.isIdentifier(held) && isKnownFunction(c, held))) return true
  const symbol = symbolAt(c.f.session.checker, holder)
  if (!symbol || !lookup(c.environment, symbol)) return false
  lowerEffect(c, value)
  return true
}

const isKnownFunction = (c: Context, node: ts.Identifier): boolean => ['function', 'choice'].includes(staticOf(c, node)?.kind ?? '')

function lowerBranches(c: Context, condition: ts.Expression, then: ts.Expression | undefined, otherwise: ts.Expression | undefined): void {
  const test = lowerCondition(c, condition)
  if (test.kind === 'boolean') {
    const taken = test.value ? then : otherwise
    return taken && lowerEffect(c, taken)
  }
  const branch = (part: ts.Expression | undefined) => captured(c, () => part && lowerEffect(innerScope(c), part))
  emit(c, { kind: 'if', test, then: branch(then), else: branch(otherwise) })
}
