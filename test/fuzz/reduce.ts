import ts from 'typescript'
import { transpile } from '../support/load.ts'
import type { Outcome } from './check.ts'
import type { GeneratedProgram } from './program.ts'

/**
 * Makes a failing program small: tries every smaller program that differs from it in one place, many in one compilation, takes the smallest that fails
 * in the same way, and begins again. (fast-check's own shrinking would try one program a compilation.)
 */
export function reduce(
  failing: GeneratedProgram,
  check: (programs: readonly GeneratedProgram[]) => readonly Outcome[],
  milliseconds: number,
): GeneratedProgram {
  const deadline = Date.now() + milliseconds
  const [first] = check([failing])
  if (first?.kind !== 'failed') return failing
  const symptom = symptomOf(first.reason)
  let current = failing
  while (Date.now() < deadline) {
    const smaller = firstFailing(current, symptom, check, deadline)
    if (smaller === undefined) break
    current = smaller
  }
  return current
}

const ROUND = 40

function firstFailing(
  current: GeneratedProgram,
  symptom: string,
  check: (programs: readonly GeneratedProgram[]) => readonly Outcome[],
  deadline: number,
): GeneratedProgram | undefined {
  const edits = editsOf(current.text).filter((edit) => isProgram(apply(current.text, [edit])))
  edits.sort((a, b) => a.text.length - (a.end - a.start) - (b.text.length - (b.end - b.start)))
  for (let from = 0; from < edits.length && Date.now() < deadline; from += ROUND) {
    const round = edits.slice(from, from + ROUND)
    const fails = failing(
      current,
      round.map((edit) => [edit]),
      symptom,
      check,
    )
    if (fails.length === 0) continue
    // What works alone mostly works together: the longest list of edits that still fails wins.
    const apart = fails
      .flat()
      .reduce<Edit[]>((kept, edit) => (kept.every((one) => edit.end <= one.start || one.end <= edit.start) ? [...kept, edit] : kept), [])
    const lists = [...new Set([2, 3, 4, 6, 9, 14, 20, 30, apart.length])]
      .filter((size) => size > 1 && size <= apart.length)
      .map((size) => apart.slice(0, size))
    const together = failing(current, lists, symptom, check)
    return { ...current, text: apply(current.text, together.at(-1) ?? fails[0]!) }
  }
  return undefined
}

/** Those lists of edits with which the program still fails in the same way. */
function failing(
  current: GeneratedProgram,
  lists: readonly (readonly Edit[])[],
  symptom: string,
  check: (programs: readonly GeneratedProgram[]) => readonly Outcome[],
): (readonly Edit[])[] {
  const candidates = lists.map((edits, i) => renamed({ ...current, text: apply(current.text, edits) }, `${current.prefix}_${String(i)}`))
  const outcomes = check(candidates.map(({ program }) => program))
  return lists.filter((_, i) => {
    const outcome = outcomes[i]!
    return outcome.kind === 'failed' && symptomOf(outcome.reason) === symptom
  })
}

/** The kind of failure: its text without numbers and names. */
function symptomOf(reason: string): string {
  return reason
    .split(/[:;\n]/)[0]!
    .replaceAll(/[\w.]*\d[\w.]*/g, '')
    .replaceAll(/'.*'|-/g, '')
}

function renamed(program: GeneratedProgram, prefix: string): { program: GeneratedProgram } {
  const text = program.text.replaceAll(new RegExp(`\\b${program.prefix}(?=_h|\\b)`, 'g'), prefix)
  return { program: { ...program, prefix, text } }
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((all, { start, end, text }) => all.slice(0, start) + text + all.slice(end), text)
}

/** Whether the text can be run at all; a `break` without a loop would spoil the whole batch. */
function isProgram(text: string): boolean {
  try {
    new Function('exports', transpile(text, '/candidate.ts'))
    return true
  } catch {
    return false
  }
}

function editsOf(text: string): Edit[] {
  const source = ts.createSourceFile('/p.ts', text, ts.ScriptTarget.ES2022, true)
  const edits: Edit[] = []
  const replace = (node: ts.Node, by: string): void => {
    const [start, end] = [node.getStart(), node.getEnd()]
    if (text.slice(start, end) !== by) edits.push({ start, end, text: by })
  }
  const inner = (statement: ts.Statement): string =>
    ts.isBlock(statement) ? statement.statements.map((one) => one.getText()).join('\n') : statement.getText()
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && !node.modifiers) replace(node, '')
    if (ts.isStatement(node) && node.parent && (ts.isBlock(node.parent) || ts.isIfStatement(node.parent)) && !keepsLoopsFinite(node)) {
      if (!ts.isReturnStatement(node) || !ts.isFunctionDeclaration(node.parent.parent))
        replace(node, ts.isIfStatement(node.parent) ? '{}' : '')
      if (ts.isIfStatement(node)) for (const branch of [node.thenStatement, node.elseStatement]) if (branch) replace(node, inner(branch))
      if (ts.isIterationStatement(node, false)) replace(node, inner(node.statement))
      if (ts.isBlock(node)) replace(node, inner(node))
    }
    if (isReducible(node)) {
      for (const part of partsOf(node)) replace(node, part.getText())
      if (node.getText().length > 3) replace(node, '0.5')
    }
    // What ends a loop stays as it is.
    if (ts.isForStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) visit(node.statement)
    else if (!ts.isTypeNode(node)) ts.forEachChild(node, visit)
  }
  visit(source)
  return edits
}

function keepsLoopsFinite(node: ts.Statement): boolean {
  return /^(n\d+\+\+|t\d+ \*= 0\.6);?$/.test(node.getText())
}

function isReducible(node: ts.Node): node is ts.Expression {
  if (!ts.isExpression(node) || ts.isNumericLiteral(node) || ts.isIdentifier(node) || ts.isArrayLiteralExpression(node)) return false
  const { parent } = node
  if (ts.isExpressionStatement(parent) || ts.isPropertyAccessExpression(node) || ts.isPropertyAccessExpression(parent)) return false
  const target =
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  return !target && !ts.isPostfixUnaryExpression(parent) && !ts.isPrefixUnaryExpression(parent)
}

function partsOf(node: ts.Expression): readonly ts.Expression[] {
  if (ts.isBinaryExpression(node)) return [node.left, node.right]
  if (ts.isCallExpression(node)) return node.arguments
  if (ts.isParenthesizedExpression(node)) return [node.expression]
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse]
  if (ts.isPrefixUnaryExpression(node)) return [node.operand]
  return []
}
