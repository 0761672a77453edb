/** `switch`: a chain of `if` where no clause falls into the next, else nested blocks that are left into the clause that was chosen. */

import ts from '#typescript'
import { operation } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { completes, type RawStatement, type Target } from '../exits/raw.ts'
import { symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { captured, emit, exitTo, freshTarget, innerScope, refuse, temporary, type Context, type Jump } from './context.ts'
import { lowerExpression } from './expression.ts'
import { bindFunctions, lowerStatement } from './statement.ts'
import { typeOfExpression } from './type-of.ts'

interface Clause {
  /** `undefined` for `default`. Clauses without statements share those of the next. */
  readonly labels: readonly (ts.Expression | undefined)[]
  readonly body: readonly RawStatement[]
}

export function lowerSwitch(outer: Context, node: ts.SwitchStatement, label: string | undefined): void {
  const value = lowerExpression(outer, node.expression)
  // Clauses are tested one after another, and what they run may change what was tested.
  const subject = value.kind === 'number' ? value : temporary(outer, 'subject', typeOfExpression(outer.f.variables, value), value)
  const breaks = freshTarget(outer)
  const jump: Jump = { label, breaks, isPlain: true }
  const c = innerScope({ ...outer, jumps: [jump, ...outer.jumps] })
  refuseShared(c, node.caseBlock)
  bindFunctions(
    c,
    node.caseBlock.clauses.flatMap(({ statements }) => [...statements]),
  )
  const clauses = readClauses(c, node.caseBlock)
  const falls = clauses.some(({ body }, i) => i < clauses.length - 1 && completes(body))
  const body = captured(c, () => (falls ? lowerFalling(c, subject, clauses, breaks) : lowerChain(c, subject, clauses)))
  emit(outer, { kind: 'block', target: breaks, body })
}

function readClauses(c: Context, { clauses }: ts.CaseBlock): readonly Clause[] {
  const read: Clause[] = []
  let labels: (ts.Expression | undefined)[] = []
  clauses.forEach((clause, i) => {
    labels.push(ts.isCaseClause(clause) ? clause.expression : undefined)
    if (clause.statements.length === 0 && i < clauses.length - 1) return
    const body = captured(c, () => {
      for (const statement of clause.statements) lowerStatement(c, statement)
    })
    read.push({ labels, body })
    labels = []
  })
  return read
}

/** All tests come before `default`, wherever it stands. */
function lowerChain(c: Context, subject: Expression, clauses: readonly Clause[]): void {
  const [first, ...rest] = clauses.filter(({ labels }) => !labels.includes(undefined))
  if (!first) {
    for (const statement of clauses.find(({ labels }) => labels.includes(undefined))?.body ?? []) emit(c, statement)
    return
  }
  const test = anyOf(c, subject, first.labels)
  const others = clauses.filter((clause) => clause.labels.includes(undefined) || rest.includes(clause))
  emit(c, { kind: 'if', test, then: first.body, else: captured(c, () => lowerChain(c, subject, others)) })
}

function anyOf(c: Context, subject: Expression, labels: readonly (ts.Expression | undefined)[]): Expression {
  const tests = labels.flatMap((label) => (label ? [equals(c, subject, label)] : []))
  return tests.reduce((a, b) => operation('||', a, b))
}

function equals(c: Context, subject: Expression, label: ts.Expression): Expression {
  let test: Expression = subject
  const before = captured(c, () => {
    test = operation('===', subject, lowerExpression(c, label))
  })
  // A label that is computed would have to run only when those before it did not match.
  if (before.length > 0) return refuse(c, label, 'CT1014', { text: textOf(label) })
  return test
}

/** Each clause is the place after a block: leaving that block is entering the clause, and the next one follows. */
function lowerFalling(c: Context, subject: Expression, clauses: readonly Clause[], breaks: Target): void {
  const targets = clauses.map(() => freshTarget(c))
  let inner = captured(c, () => {
    clauses.forEach(({ labels }, i) => {
      if (labels.every((label) => label === undefined)) return
      emit(c, { kind: 'if', test: anyOf(c, subject, labels), then: captured(c, () => exitTo(c, targets[i]!)), else: [] })
    })
    const otherwise = clauses.findIndex(({ labels }) => labels.includes(undefined))
    exitTo(c, otherwise < 0 ? breaks : targets[otherwise]!)
  })
  clauses.forEach(({ body }, i) => {
    inner = [{ kind: 'block', target: targets[i]!, body: inner }, ...body]
  })
  for (const statement of inner) emit(c, statement)
}

/** A variable of one clause that another one uses would have to be declared before both. */
function refuseShared(c: Context, { clauses }: ts.CaseBlock): void {
  const { checker } = c.f.session
  for (const clause of clauses)
    for (const statement of clause.statements) {
      if (!ts.isVariableStatement(statement)) continue
      for (const { name } of statement.declarationList.declarations) {
        // The names of a pattern are not looked for one by one.
        if (!ts.isIdentifier(name)) refuse(c, name, 'CT1016', { construct: 'declaration' })
        const symbol = checker.getSymbolAtLocation(name)
        const mentions = (node: ts.Node): boolean =>
          (ts.isIdentifier(node) && symbolAt(checker, node) === symbol) ||
          ts.forEachChild(node, (child) => mentions(child) || undefined) === true
        if (symbol && clauses.some((other) => other !== clause && mentions(other))) refuse(c, name, 'CT1016', { construct: 'declaration' })
      }
    }
}
