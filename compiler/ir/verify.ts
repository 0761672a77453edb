import { InternalError } from './internal-error.ts'
import type { FunctionNode, Program, Statement } from './nodes.ts'
import { showStatement } from './show.ts'
import { checkExpressions } from './verify-expressions.ts'
import { checkFlow } from './verify-flow.ts'
import { checkNames } from './verify-names.ts'

/** Tells a broken promise, and which statement breaks it. */
export type Blame = (problem: string, statement?: Statement) => void

/** Throws an InternalError (CT9001) for a function that breaks what `nodes.ts` promises. Tests call it after every pass. */
export function verify(fn: FunctionNode, program?: Program, pending?: ReadonlySet<string>): void {
  const problems = findProblems(fn, program, pending)
  if (problems.length > 0)
    throw new InternalError(`The function ${fn.name} is malformed:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
}

/** Every broken promise of `nodes.ts`; calls are checked against the functions that the program has. */
export function findProblems(fn: FunctionNode, program?: Program, pending: ReadonlySet<string> = new Set()): readonly string[] {
  const problems: string[] = []
  const blame: Blame = (problem, statement) => {
    problems.push(statement ? `${problem} (${showStatement(statement, fn).split('\n')[0]!})` : problem)
  }
  checkNames(fn, pending, blame)
  checkFlow(fn, blame)
  checkExpressions(fn, program, blame)
  return problems
}
