/**
 * A hook is an operation whose value is its last operand's and whose adjoint is what a function makes of the adjoint. Its operands: a label for messages,
 * the function (a function of the program by its key, a rule by its name, or a value), for the former two what they are given, and the value.
 */

import { mentionedIn } from './mention.ts'
import type { Expression, FunctionNode, Operation, Statement } from './nodes.ts'
import { expressionsOf, mapAllExpressions, mapExpression, someExpression, someStatement, visitExpression, visitStatements } from './walk.ts'

export type Hook = Operation & { readonly operator: 'hook' }

export const isHook = (expression: Expression): expression is Hook => expression.kind === 'operation' && expression.operator === 'hook'

/** The value that a hook stands on. */
export const hooked = ({ operands }: Operation): Expression => operands.at(-1)!

/**
 * What is known to become of a gradient: it stays what it is, and a function looks at it (`observe`), or every number of it is changed in one way. Such hooks
 * have derivatives without anybody having read their source.
 */
export type HookRule = 'observe' | 'clamp' | 'scale' | 'reverse'

const RULE = 'cotangent hook '

/** The operand that names a rule. */
export const ruleText = (rule: HookRule): string => RULE + rule

export interface HookParts {
  readonly label: Expression
  readonly fn: Expression
  /** The key, when the hook is a function of the program. */
  readonly key?: string
  readonly rule?: HookRule
  readonly captures: readonly Expression[]
}

export function hookParts({ operands }: Operation): HookParts {
  const [label, fn, ...rest] = operands
  const [text] = fn?.kind === 'opaque' ? fn.parts : []
  const key = typeof text === 'string' ? mentionedIn(text) : undefined
  const rule = typeof text === 'string' && text.startsWith(RULE) ? (text.slice(RULE.length) as HookRule) : undefined
  return { label: label!, fn: fn!, captures: rest.slice(0, -1), ...(key !== undefined && { key }), ...(rule && { rule }) }
}

/** The function as it would be without its hooks. */
export function withoutHooks(fn: FunctionNode): FunctionNode {
  const plain = (expression: Expression): Expression => mapExpression(expression, (node) => (isHook(node) ? hooked(node) : node))
  return { ...fn, body: mapAllExpressions(fn.body, plain) }
}

/** Whether a block has hooks of which it can be told when they run: others only make numbers of numbers. */
export const mentionsHooks = (block: readonly Statement[], functionOf: (key: string) => FunctionNode): boolean =>
  someStatement(block, (statement) =>
    expressionsOf(statement).some((expression) =>
      someExpression(expression, (node) => isHook(node) && !isQuiet(hookParts(node), functionOf)),
    ),
  )

function isQuiet({ key, rule }: HookParts, functionOf: (key: string) => FunctionNode): boolean {
  if (key === undefined) return rule !== undefined && rule !== 'observe'
  return !someStatement(functionOf(key).body, (statement) => {
    if (!['declare', 'assign', 'if', 'return'].includes(statement.kind)) return true
    if (statement.kind === 'assign' && statement.target.kind !== 'variable') return true
    return expressionsOf(statement).some((expression) => someExpression(expression, ({ kind }) => kind === 'opaque'))
  })
}

/** The hooks of a function. */
export function hooksOf({ body }: FunctionNode): readonly Hook[] {
  const found: Hook[] = []
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (isHook(node)) found.push(node)
      })
  })
  return found
}
