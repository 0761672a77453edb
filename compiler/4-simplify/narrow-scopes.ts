/**
 * A number or truth value that each iteration of a loop assigns before it reads it is declared in the loop, and one that a single branch uses in that branch:
 * `let d = 0; for (...) { d = e; s += d * d }` hands nothing on from one iteration to the next, and declared where it is used it does not look as if it did.
 *
 * Needs: unique names. Promises: the same values; no variable that text mentions, which may keep it, is moved. Costs: for each such variable a look at
 * what follows its declaration.
 */

import { firstUse, type Subject } from '../2-analyze/first-use.ts'
import { assignedBy } from '../ir/bound.ts'
import { declare, variable } from '../ir/build.ts'
import type { Assign, Declare, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { childrenOf, expressionsOf, mapBlocksOf, variablesIn, variablesMentioned, visitExpression, visitStatements } from '../ir/walk.ts'
import { rename } from './rename.ts'
import { withMutability } from './separate-names.ts'

export function narrowScopes(fn: FunctionNode): FunctionNode {
  const scope = Scope.of(fn)
  const fixed = inTextOrExits(fn.body)
  const isMovable = ({ name, value }: Declare): boolean =>
    scope.isMutable(name) &&
    !fixed.has(name) &&
    ['number', 'boolean'].includes(scope.typeOf(name).kind) &&
    (value === undefined || value.kind === 'number' || value.kind === 'boolean')
  const inBlock = (block: readonly Statement[]): readonly Statement[] => {
    const [first, ...rest] = block
    if (!first) return []
    const moved = first.kind === 'declare' && isMovable(first) ? movedInto(first, rest, scope) : undefined
    if (moved) return inBlock(moved)
    return [insideOf(first, inBlock), ...inBlock(rest)]
  }
  return withMutability({ ...fn, body: inBlock(fn.body), variables: scope.variables })
}

/** What text mentions, and the codes of exits, which are declared before their loop. */
function inTextOrExits(block: readonly Statement[]): ReadonlySet<string> {
  const found = new Set<string>()
  visitStatements(block, (statement) => {
    if (statement.kind === 'loop' && statement.exit !== undefined) found.add(statement.exit)
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind === 'opaque') variablesIn(node, found)
      })
  })
  return found
}

/** The statements after a declaration with the declaration inside those that mention its variable, if that changes nothing. */
function movedInto(declaration: Declare, rest: readonly Statement[], scope: Scope): readonly Statement[] | undefined {
  const { name } = declaration
  const users = rest.filter((statement) => variablesMentioned([statement]).has(name))
  const isAlone = users.length === 1
  const subject = numberOf(name)
  const canHold = (user: Statement): boolean => {
    if (expressionsOf(user).some((expression) => subject.reads(expression))) return false
    return user.kind === 'loop' ? firstUse(user.body, subject) !== 'read' : user.kind === 'if' && isAlone
  }
  if (users.length === 0 || !users.every(canHold)) return undefined
  let isTaken = false
  return rest.map((statement) => {
    if (!users.includes(statement)) return statement
    return insideOf(statement, (block) => {
      if (!variablesMentioned(block).has(name)) return block
      const own = isTaken ? scope.fresh(name, scope.typeOf(name), true) : name
      isTaken = true
      return placed({ ...declaration, name: own }, own === name ? block : renamed(block, name, own), scope)
    })
  })
}

const renamed = (block: readonly Statement[], from: string, to: string): readonly Statement[] =>
  rename(block, new Map([[from, variable(to)]]), (other) => variable(other))

/** The block with the declaration before the first mention of its variable, or in the place of its first assignment. Each further one begins a variable of its own. */
function placed(declaration: Declare, block: readonly Statement[], scope: Scope): readonly Statement[] {
  const { name } = declaration
  const at = block.findIndex((statement) => variablesMentioned([statement]).has(name))
  const first = block[at]!
  const isBegun = isAssignmentOf(name, first) && !numberOf(name).reads(first.value)
  const begin = isBegun ? [declare(name, first.value, first.origin)] : [declaration]
  return [...block.slice(0, at), ...begin, ...begunAgain(name, name, block.slice(isBegun ? at + 1 : at), scope)]
}

/** Nothing before an assignment in the list of the declaration itself is seen after it. */
function begunAgain(base: string, name: string, block: readonly Statement[], scope: Scope): readonly Statement[] {
  const at = block.findIndex((statement) => isAssignmentOf(name, statement))
  const assignment = block[at]
  if (!assignment || !isAssignmentOf(name, assignment)) return block
  const next = scope.fresh(base, scope.typeOf(name), true)
  const rest = renamed(block.slice(at + 1), name, next)
  return [...block.slice(0, at), declare(next, assignment.value, assignment.origin), ...begunAgain(base, next, rest, scope)]
}

const isAssignmentOf = (name: string, statement: Statement): statement is Assign => assignedBy(statement) === name

/** A statement with other lists inside. */
const insideOf = (statement: Statement, f: (block: readonly Statement[]) => readonly Statement[]): Statement =>
  statement.kind === 'loop' || statement.kind === 'if' ? mapBlocksOf(statement, f) : statement

function numberOf(name: string): Subject {
  const reads = (expression: Expression): boolean =>
    expression.kind === 'variable' ? expression.name === name : childrenOf(expression).some(reads)
  return {
    reads,
    written: (statement) => {
      if (!isAssignmentOf(name, statement)) return undefined
      return reads(statement.value) ? 'read' : 'overwritten'
    },
  }
}
