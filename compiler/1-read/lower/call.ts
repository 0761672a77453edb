/** Calls: built-in functions, methods of arrays, functions of the program (inlined), and all others. */

import ts from '#typescript'
import { isNumber, length, number, operation, variable } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { operators } from '../../ir/operators.ts'
import { bare, functionOfSymbol, symbolAt } from '../facts.ts'
import { intrinsicOf, isMode } from '../intrinsics.ts'
import { textOf } from '../session.ts'
import { isTypedArrayName, typeOfNode } from '../types.ts'
import { chained, emit, freshName, lookup, notYet, temporary, type Context, type Environment } from './context.ts'
import { builtinName, lowerExpression, readerOf } from './expression.ts'
import { callDerived, resolveDerived } from './derived.ts'
import { inlineCall } from './inline.ts'
import { lowerGrowth } from './growth.ts'
import { lowerHook } from './hooks.ts'
import { lowerMode } from './modes.ts'
import { lowerOpaque } from './opaque.ts'
import { lowerInOrder } from './operands.ts'
import { lowerSupport } from './support.ts'

export function lowerCall(c: Context, node: ts.CallExpression): Expression {
  const callee = bare(node.expression)
  const { checker } = c.f.session
  if (node.arguments.some(ts.isSpreadElement)) return notYet(c, node, 'a call with `...`')
  const builtin = builtinName(c, callee) ?? destructuredBuiltin(c, callee)
  if (builtin === 'Math.random') return lowerOpaque(c, node)
  if (builtin !== undefined && operators.has(builtin))
    return operation(
      builtin,
      ...lowerInOrder(
        c,
        node.arguments.map((argument) => () => lowerExpression(c, argument)),
      ),
    )
  const symbol =
    ts.isIdentifier(callee) || ts.isPropertyAccessExpression(callee)
      ? symbolAt(checker, ts.isIdentifier(callee) ? callee : callee.name)
      : undefined
  const intrinsic = intrinsicOf(symbol)
  if (intrinsic === 'stopGradient') return operation('stopGradient', lowerExpression(c, node.arguments[0]!))
  if (intrinsic !== undefined && isMode(intrinsic)) return lowerMode(c, node, intrinsic)
  if (intrinsic === 'hook') {
    lowerHook(c, node)
    return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
  }
  if (intrinsic !== undefined) return notYet(c, node, `\`${intrinsic}\` as a value within a function that is differentiated`)
  const derived = resolveDerived(c, callee)
  if (derived) return callDerived({ ...c, chain: chained(c, node, textOf(callee)) }, node, derived)
  const support = lowerSupport(c, node)
  if (support) return support
  const method = lowerMethod(c, node, callee)
  if (method) return method
  const known = functionOf(c, callee, symbol)
  if (known) return inlineCall({ ...c, chain: chained(c, node, textOf(callee)) }, node, known.declaration, known.environment)
  return lowerOpaque(c, node)
}

/** `const { sin } = Math` and `const sin = Math.sin` at the top level of a module. */
function destructuredBuiltin(c: Context, callee: ts.Expression): string | undefined {
  const declaration = ts.isIdentifier(callee) ? symbolAt(c.f.session.checker, callee)?.valueDeclaration : undefined
  if (!declaration) return undefined
  if (ts.isVariableDeclaration(declaration) && declaration.initializer) return builtinName(c, declaration.initializer)
  if (!ts.isBindingElement(declaration) || !ts.isIdentifier(declaration.name)) return undefined
  const source = declaration.parent.parent
  if (!ts.isVariableDeclaration(source) || source.initializer?.getText() !== 'Math') return undefined
  return `Math.${declaration.propertyName?.getText() ?? declaration.name.text}`
}

function functionOf(
  c: Context,
  callee: ts.Expression,
  symbol: ts.Symbol | undefined,
): { declaration: ts.FunctionLikeDeclaration; environment: Environment | undefined } | undefined {
  if (ts.isArrowFunction(callee) || ts.isFunctionExpression(callee)) return { declaration: callee, environment: c.environment }
  const binding = symbol && lookup(c.environment, symbol)
  if (binding?.kind === 'static' && binding.value.kind === 'function')
    return { declaration: binding.value.declaration, environment: binding.value.environment }
  const declaration = functionOfSymbol(c.f.session.checker, symbol)
  return declaration && !ts.isMethodDeclaration(declaration) ? { declaration, environment: undefined } : undefined
}

function lowerMethod(c: Context, node: ts.CallExpression, callee: ts.Expression): Expression | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const type = typeOfNode(readerOf(c), callee.expression)
  const name = callee.name.text
  if (isArrayFrom(callee) && node.arguments.length === 1 && typeOfNode(readerOf(c), node.arguments[0]!).kind === 'array') {
    const made = typeOfNode(readerOf(c), node)
    return made.kind === 'array' ? { kind: 'convert', array: lowerExpression(c, node.arguments[0]!), type: made } : undefined
  }
  if (isArrayOf(callee)) {
    const made = typeOfNode(readerOf(c), node)
    if (made.kind === 'array')
      return {
        kind: 'list',
        type: made,
        elements: lowerInOrder(
          c,
          node.arguments.map((argument) => () => lowerExpression(c, argument)),
        ),
      }
  }
  const growth = lowerGrowth(c, node, callee)
  if (growth) return growth
  const zeros = name === 'fill' ? filledArray(c, node, callee.expression) : undefined
  if (zeros) return zeros
  if (type.kind !== 'array' || !['fill', 'set', 'subarray', 'slice'].includes(name)) return undefined
  const [array, a, b, d] = lowerInOrder(
    c,
    [callee.expression, ...node.arguments].map((part) => () => lowerExpression(c, part)),
  )
  const range = { ...(a && { start: a }), ...(b && { end: b }) }
  if (name === 'slice') return { kind: 'slice', array: array!, ...range }
  if (name === 'subarray') return { kind: 'view', array: array!, ...range }
  if (name === 'fill') emit(c, { kind: 'fill', array: array!, value: a!, ...(b && { start: b }), ...(d && { end: d }) })
  else emit(c, { kind: 'copyInto', target: array!, source: a!, ...(b && !isNumber(b, 0) && { offset: b }) })
  return array!
}

const isArrayFrom = (callee: ts.PropertyAccessExpression): boolean =>
  callee.name.text === 'from' &&
  ts.isIdentifier(callee.expression) &&
  (callee.expression.text === 'Array' || isTypedArrayName(callee.expression.text))
const isArrayOf = (callee: ts.PropertyAccessExpression): boolean =>
  callee.name.text === 'of' &&
  ts.isIdentifier(callee.expression) &&
  (callee.expression.text === 'Array' || isTypedArrayName(callee.expression.text))

/** `new Array(n).fill(0)`, and any other number than 0. */
function filledArray(c: Context, node: ts.CallExpression, made: ts.Expression): Expression | undefined {
  const creation = bare(made)
  const isArray =
    (ts.isNewExpression(creation) || ts.isCallExpression(creation)) &&
    ts.isIdentifier(creation.expression) &&
    creation.expression.text === 'Array'
  if (
    !isArray ||
    creation.arguments?.length !== 1 ||
    node.arguments.length !== 1 ||
    typeOfNode(readerOf(c), node.arguments[0]!).kind !== 'number'
  )
    return undefined
  const [size, value] = lowerInOrder(c, [() => lowerExpression(c, creation.arguments![0]!), () => lowerExpression(c, node.arguments[0]!)])
  const type = { kind: 'array', storage: 'Array', element: { kind: 'number' } } as const
  const zeros: Expression = { kind: 'zeros', type, length: size! }
  if (isNumber(value!, 0)) return zeros
  const array = temporary(c, 'array', type, zeros)
  const i = freshName(c.f, 'i', { kind: 'number' })
  emit(c, {
    kind: 'loop',
    target: c.f.nextTarget++,
    counter: { name: i, from: number(0), to: length(array), comparison: '<', step: 1 },
    body: [{ kind: 'assign', target: { kind: 'element', array, index: variable(i) }, value: value! }],
  })
  return array
}
