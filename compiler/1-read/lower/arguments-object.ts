/** `arguments.length` and `arguments[1]`, in a function whose call is known: how older JavaScript reads what may be left out. */

import ts from '#typescript'
import { number } from '../../ir/build.ts'
import { bare } from '../facts.ts'
import { typeOfExpression } from './type-of.ts'
import { UNDEFINED, type Given } from './arguments.ts'
import { lookup, temporary, type Binding, type Context, type Environment } from './context.ts'
import { initializerOf } from '../tested-defaults.ts'
import { parametersOf } from './parameters.ts'

/**
 * What `arguments` holds in a function whose parameters are bound in `scope`: the parameters as long as nothing assigns them, and what is given beyond them.
 * Nothing where that is not known.
 */
export function holdArguments(c: Context, declaration: ts.FunctionLikeDeclaration, { list, rest }: Given, scope: Environment): void {
  if (rest || ts.isArrowFunction(declaration) || !mentionsArguments(declaration)) return
  const { checker, facts } = c.f.session
  const parameters = parametersOf(declaration)
  // With its default, a parameter is not what was given.
  const symbols = parameters.map((one) => (one.dotDotDotToken || initializerOf(one) ? undefined : checker.getSymbolAtLocation(one.name)))
  if (symbols.some((symbol) => !symbol || facts.isAssigned(symbol))) return
  const held = (value: Binding): Binding => {
    if (value.kind === 'static' || value.expression.kind === 'variable' || value.expression.kind === 'number') return value
    return { kind: 'expression', expression: temporary(c, 'argument', typeOfExpression(c.f.variables, value.expression), value.expression) }
  }
  scope.arguments = list.map((value, i) => {
    const symbol = symbols[i]
    return (symbol && lookup(scope, symbol)) ?? held(value)
  })
}

const mentionsArguments = (node: ts.Node): boolean =>
  ts.forEachChild(node, (child): true | undefined => {
    if (ts.isIdentifier(child) && child.text === 'arguments') return true
    const hasOwn = ts.isFunctionLike(child) && !ts.isArrowFunction(child)
    return !hasOwn && mentionsArguments(child) ? true : undefined
  }) === true

/** What such an expression stands for. */
export function argumentRead(c: Context, original: ts.Expression): Binding | undefined {
  const node = bare(original)
  const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)
  if (!isMember || !ts.isIdentifier(node.expression) || node.expression.text !== 'arguments') return undefined
  const values = argumentsIn(c.environment)
  if (!values) return undefined
  if (ts.isPropertyAccessExpression(node))
    return node.name.text === 'length' ? { kind: 'expression', expression: number(values.length) } : undefined
  const index = bare(node.argumentExpression)
  return ts.isNumericLiteral(index) ? (values[Number(index.text)] ?? UNDEFINED) : undefined
}

function argumentsIn(environment: Environment | undefined): readonly Binding[] | undefined {
  for (let scope = environment; scope; scope = scope.parent) if (scope.arguments) return scope.arguments
  return undefined
}
