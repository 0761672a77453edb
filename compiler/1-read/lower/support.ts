/**
 * Emitted code given back to the compiler: what it calls of `cotangent/runtime` becomes the IR that it was printed from, with storage of its own in
 * the place of reused buffers, because a derivative of a derivative keeps what it wrote there.
 */

import ts from '#typescript'
import { element, FLOAT64, gap, length, number, operation } from '../../ir/build.ts'
import { fitting } from '../../ir/missing.ts'
import { guardStatement } from '../../ir/guard.ts'
import type { Expression, RecordType } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { supportOf } from '../intrinsics.ts'
import { instanceType, typeOfNode } from '../types.ts'
import { emit, refuse, temporary, type Context } from './context.ts'
import { lowerExpression, lowerValue, readerOf } from './expression.ts'
import { lowerKey } from './keyed.ts'
import { orderOf } from './array-methods/order.ts'
import { lowerInOrder } from './operands.ts'

const NOTHING: Expression = { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }

export function lowerSupport(c: Context, node: ts.CallExpression): Expression | undefined {
  const name = supportCalled(c, node)
  if (name === undefined) return undefined
  const [first, second] = node.arguments
  switch (name) {
    case 'take':
      return { kind: 'zeros', type: FLOAT64, length: atLeastZero(lowerExpression(c, first!)) }
    case 'borrow':
      return { kind: 'zeros', type: FLOAT64, length: lowerExpression(c, first!) }
    case 'give':
      return NOTHING
    case 'grow':
      return lowerGrow(c, node)
    case 'zerosLike':
    case 'zerosAlong':
      return { kind: 'zerosLike', value: lowerExpression(c, first!) }
    case 'sortedOrder':
      return orderOf(c, second, lowerExpression(c, first!))
    case 'gap': {
      const [before, wanted] = lowerInOrder(
        c,
        node.arguments.map((argument) => () => lowerExpression(c, argument)),
      )
      return gap(before!, wanted!)
    }
    case 'instanceWith':
      return lowerInstance(c, node)
    case 'clear':
      return lowerClear(c, node, lowerExpression(c, first!))
    case 'putBack':
      return lowerPutBack(c, node)
    case 'check':
      return lowerCheck(c, node)
    default:
      return refuse(c, node, 'CT3007', { name })
  }
}

/** A function that is passed with its derivatives stands for itself; one of these that is looked up is what was asked for. */
export function handedFunction(c: Context, node: ts.CallExpression): ts.Expression | undefined {
  const name = supportCalled(c, node)
  if (name === 'withDerivatives') return node.arguments[0]
  const asked = name === 'derivativeOf' && node.arguments[2] ? bare(node.arguments[2]) : undefined
  return asked && ts.isArrowFunction(asked) && !ts.isBlock(asked.body) ? asked.body : undefined
}

function supportCalled({ f }: Context, node: ts.CallExpression): string | undefined {
  const callee = bare(node.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  return ts.isIdentifier(name) ? supportOf(symbolAt(f.session.checker, name)) : undefined
}

/** A loop that does not run can have bounds that cross. */
function atLeastZero(size: Expression): Expression {
  if (size.kind === 'length' || (size.kind === 'number' && size.value >= 0)) return size
  return operation('Math.max', size, number(0))
}

/** A longer buffer with the same content, where that is not the whole of a statement; see `lowerReserve`. */
function lowerGrow(c: Context, node: ts.CallExpression): Expression {
  const [buffer, size = number(0)] = lowerInOrder(
    c,
    node.arguments.map((argument) => () => lowerExpression(c, argument)),
  )
  const doubled = operation('*', number(2), length(buffer!))
  const longer = temporary(c, 'longer', FLOAT64, { kind: 'zeros', type: FLOAT64, length: operation('Math.max', doubled, size) })
  emit(c, { kind: 'copyInto', target: longer, source: buffer! })
  return longer
}

/** `if (tape.length < n) tape = grow(tape, n)`. Tells whether the statement is one. */
export function lowerReserve(c: Context, node: ts.IfStatement): boolean {
  const test = bare(node.expression)
  const only =
    ts.isBlock(node.thenStatement) && node.thenStatement.statements.length === 1 ? node.thenStatement.statements[0]! : node.thenStatement
  if (node.elseStatement || !ts.isBinaryExpression(test) || !ts.isExpressionStatement(only)) return false
  const assignment = bare(only.expression)
  if (test.operatorToken.kind !== ts.SyntaxKind.LessThanToken || !ts.isBinaryExpression(assignment)) return false
  const value = bare(assignment.right)
  if (assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isCallExpression(value)) return false
  if (supportCalled(c, value) !== 'grow') return false
  const [buffer, size] = value.arguments
  const tape = assignment.left.getText()
  if (test.left.getText() !== `${tape}.length` || buffer?.getText() !== tape || size?.getText() !== test.right.getText()) return false
  const target = lowerExpression(c, assignment.left)
  if (target.kind !== 'variable') return false
  c.f.assigned.add(target.name)
  emit(c, { kind: 'reserve', tape: target.name, length: lowerExpression(c, size), pooled: false })
  return true
}

/** An instance with the fields that are written out. */
function lowerInstance(c: Context, node: ts.CallExpression): Expression {
  const type = instanceType(readerOf(c), c.f.session.checker.getTypeAtLocation(node))
  const given = bare(node.arguments[1]!)
  const isEmpty = ts.isObjectLiteralExpression(given) && given.properties.length === 0
  const none: RecordType = { kind: 'record', tuple: false, fields: [] }
  const fields: Expression = isEmpty ? { kind: 'record', type: none, values: [] } : lowerValue(c, given)
  if (type.kind !== 'record' || fields.kind !== 'record') return refuse(c, node, 'CT3007', { name: 'instanceWith' })
  const valueOf = (name: string): Expression => fields.values[fields.type.fields.findIndex((one) => one.name === name)]!
  return { kind: 'record', type, values: type.fields.map((one) => fitting(valueOf(one.name), one.type)) }
}

function lowerClear(c: Context, node: ts.CallExpression, array: Expression): Expression {
  const type = typeOfNode(readerOf(c), node.arguments[0]!)
  if (type.kind !== 'array' || type.element.kind !== 'number') return refuse(c, node, 'CT3007', { name: 'clear' })
  emit(c, { kind: 'fill', array, value: number(0) })
  return NOTHING
}

function lowerPutBack(c: Context, node: ts.CallExpression): Expression {
  const [values, key, before] = node.arguments
  if (!values || !key || !before || typeOfNode(readerOf(c), values).kind !== 'keyed') return refuse(c, node, 'CT3007', { name: 'putBack' })
  const [to, at, value] = lowerInOrder(c, [() => lowerExpression(c, values), () => lowerKey(c, key), () => lowerExpression(c, before)])
  emit(c, { kind: 'assign', target: element(to!, at!), value: value! })
  return NOTHING
}

/** The check is made anew, with a guard of the file that the derivative stands in. */
function lowerCheck(c: Context, node: ts.CallExpression): Expression {
  const guard = bare((bare(node.expression) as ts.PropertyAccessExpression).expression)
  const declaration = symbolAt(c.f.session.checker, guard)?.valueDeclaration
  const made = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer && bare(declaration.initializer)
  if (!made || !ts.isCallExpression(made)) return refuse(c, node, 'CT3007', { name: 'check' })
  const [derived, written, others] = made.arguments.map(bare)
  if (!derived || !ts.isStringLiteral(derived)) return refuse(c, node, 'CT3007', { name: 'check' })
  const names = (list: ts.Expression | undefined): readonly string[] =>
    list && ts.isArrayLiteralExpression(list) ? list.elements.map((part) => (ts.isStringLiteral(part) ? part.text : '')) : []
  const values = lowerInOrder(
    c,
    node.arguments.map((argument) => () => lowerExpression(c, argument)),
  )
  const given = [
    ...names(written).map((name) => ({ name, written: true })),
    ...names(others).map((name) => ({ name, written: false })),
  ].map((one, i) => ({ ...one, value: values[i]! }))
  emit(c, guardStatement(derived.text, given))
  return NOTHING
}
