/**
 * A variable of a package that says which arrays it makes: `export var ARRAY_TYPE = typeof Float32Array !== 'undefined' ? Float32Array : Array`. Compiled code is for
 * one kind of array. Where the package can be told to make others, the derivative looks before it makes one.
 */

import ts from '#typescript'
import type { Expression } from '../../ir/nodes.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare, symbolAt } from '../facts.ts'
import { arrayOf, isTypedArrayName, opaqueType } from '../types.ts'
import { captured, emit, nameOfFrame, refuse, type Context } from './context.ts'
import { lowerExpression } from './expression.ts'
import { memberOfModule } from './module-values.ts'
import { typeIn } from './type-in.ts'
import { textOf } from '../session.ts'

/** `new ARRAY_TYPE(3)`. */
export function lowerChosenArray(c: Context, node: ts.NewExpression): Expression | undefined {
  const [argument, more] = node.arguments ?? []
  const storage = storageOf(c, node.expression)
  if (storage === undefined || more) return undefined
  const type = arrayOf(storage)
  expectStorage(c, node.expression, storage)
  if (!argument) return { kind: 'zeros', type, length: { kind: 'number', value: 0 } }
  const { kind } = typeIn(c, argument)
  if (kind === 'number') return { kind: 'zeros', type, length: lowerExpression(c, argument) }
  return kind === 'array' ? { kind: 'convert', array: lowerExpression(c, argument), type } : undefined
}

/** Whether the variable is the type that it is compared with. Nothing where it is not such a comparison. */
export function isChosenArray(c: Context, left: ts.Expression, right: ts.Expression): boolean | undefined {
  const storage = storageOf(c, left)
  if (storage === undefined || !ts.isIdentifier(right) || !(isTypedArrayName(right.text) || right.text === 'Array')) return undefined
  expectStorage(c, left, storage)
  return right.text === storage
}

/** The kind of array of a variable of a package that holds one of several, in an environment that has them all. */
function storageOf(c: Context, node: ts.Expression): string | undefined {
  const symbol = isJavaScript(node) ? symbolOf(c, node) : undefined
  const declaration = symbol?.valueDeclaration
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const value = bare(declaration.initializer)
  const usual = ts.isConditionalExpression(value) && isThere(value.condition) ? bare(value.whenTrue) : value
  return ts.isIdentifier(usual) && isTypedArrayName(usual.text) ? usual.text : undefined
}

const symbolOf = (c: Context, node: ts.Expression): ts.Symbol | undefined =>
  memberOfModule(c, node) ?? (ts.isIdentifier(node) ? symbolAt(c.f.session.checker, node) : undefined)

/** `typeof Float32Array !== 'undefined'`. */
function isThere(node: ts.Expression): boolean {
  const test = bare(node)
  if (!ts.isBinaryExpression(test) || !test.operatorToken.getText().startsWith('!=')) return false
  const [what, name] = [bare(test.left), bare(test.right)]
  return ts.isTypeOfExpression(what) && isTypedArrayName(what.expression.getText()) && ts.isStringLiteral(name) && name.text === 'undefined'
}

function expectStorage(c: Context, node: ts.Expression, storage: string): void {
  const { facts, names } = c.f.session
  const symbol = symbolOf(c, node)!
  if (!facts.isAssigned(symbol)) return
  const name = names.nameOf(symbol)
  if (name === undefined)
    return refuse(c, node, 'CT2006', {
      function: nameOfFrame(c.frame),
      name: textOf(node),
      module: node.getSourceFile().fileName.split('/').at(-1)!,
    })
  c.f.mentioned.add(name.split('.')[0]!)
  const text = `${name} !== ${storage}`
  if (c.f.granted.has(text)) return
  const other: Expression = { kind: 'opaque', parts: [text], type: { kind: 'boolean' }, effects: false }
  const message = `\`${name}\` is not ${storage}, which this derivative was compiled for.`
  const thrown = captured(c, () =>
    emit(c, {
      kind: 'throw',
      value: { kind: 'opaque', parts: [`new TypeError(${JSON.stringify(message)})`], type: opaqueType('TypeError'), effects: false },
    }),
  )
  c.f.granted.set(text, { kind: 'if', test: other, then: thrown, else: [] })
}
