/** Names and expressions of the compiler, as the author of the function would write them. */

import type { Context } from '../3-differentiate/context.ts'
import { variable } from '../ir/build.ts'
import type { Expression, FunctionNode } from '../ir/nodes.ts'
import { showExpression } from '../ir/show-expression.ts'
import { mapExpression, visitStatements } from '../ir/walk.ts'

export interface Names {
  /** From a snapshot to the variable whose value it is. */
  readonly variableOf: ReadonlyMap<string, string>
  /** What the compiler gave a name, because it is read again: the author knows it by the expression. */
  readonly madeUp: ReadonlyMap<string, Expression>
  /** From the name of a variable to the one that it is printed as. */
  readonly shown: (name: string) => string
}

/** Before the compiler gave names to anything. */
export const plainNames = (shown: Names['shown']): Names => ({ variableOf: new Map(), madeUp: new Map(), shown })

/** `fn` is the function as the sweeps were read off it. */
export function namesOf(fn: FunctionNode, { variableOf, bars }: Context, shown: Names['shown']): Names {
  const madeUp = new Map<string, Expression>()
  visitStatements(fn.body, (statement) => {
    // What stands in the source has a place there.
    if (statement.kind !== 'declare' || statement.origin || !statement.value) return
    const { name, value } = statement
    if (!variableOf.has(name) && !bars.isDual(name)) madeUp.set(name, value.kind === 'slice' ? value.array : value)
  })
  return { variableOf, madeUp, shown }
}

/** The variable whose value a name holds: `y` for `y_2`. */
export const variableBehind = (name: string, { variableOf, shown }: Names): string => shown(variableOf.get(name) ?? name)

/** The expression with the author's variables. */
export function inVariables(expression: Expression, names: Names): Expression {
  return mapExpression(expression, (node) => {
    if (node.kind === 'operation') return withoutMark(node)
    // Its parts have been put into the author's words by now.
    if (node.kind === 'opaque') return variable(node.parts.map((part) => (typeof part === 'string' ? part : showExpression(part))).join(''))
    if (node.kind !== 'variable') return node
    const value = names.madeUp.get(node.name)
    return value ? inVariables(value, names) : variable(variableBehind(node.name, names))
  })
}

export function describeExpression(expression: Expression, names: Names): string {
  const line = showExpression(inVariables(expression, names)).replaceAll(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line
}

const LONGEST = 60

/** Marks that change no value. */
function withoutMark(node: Expression & { kind: 'operation' }): Expression {
  if (node.operator === 'stopGradient' || node.operator === 'shown') return node.operands[0]!
  return node.operator === 'hook' ? node.operands.at(-1)! : node
}

export const quoted = (name: string): string => `\`${name}\``

/** `a`, `a or b`, `a, b or c`. */
export function either(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`
}
