/**
 * Gives each value that a reassigned variable takes a name of its own (a *snapshot*), and makes every read that the reverse sweep
 * could repeat read the snapshot. The forward sweep reads the variable itself: a snapshot that nothing reads in reverse vanishes.
 *
 * A version starts where its snapshot is declared: after an assignment, at the head of a loop's body, where branches meet,
 * after a loop. Tests of `while` loops are not read again and keep the variable.
 *
 * Needs: names are unique. Promises: every name that an expression reads, but for such tests, is assigned once in the execution of its block.
 */

import { declare, variable } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import type { Duals } from './shadows.ts'
import { leaves, mapExpression, mapExpressionsOf, variablesAssigned } from '../ir/walk.ts'

export interface Versions {
  readonly body: readonly Statement[]
  /** From a snapshot to the variable whose value it is. */
  readonly variableOf: ReadonlyMap<string, string>
  /** From a snapshot at the head of a loop's body to the one from before the loop. */
  readonly entered: ReadonlyMap<string, string>
}

export function nameVersions(block: readonly Statement[], parameters: readonly string[], scope: Scope, duals: Duals): Versions {
  const variableOf = new Map<string, string>()
  const entered = new Map<string, string>()
  const versions = new Current(scope, { variableOf, entered }, duals)
  const start = parameters
    .filter((name) => scope.isMutable(name))
    .flatMap((name) => [
      versions.start(name),
      ...(duals.has(name) && scope.typeOf(name).kind !== 'number' ? [versions.start(duals.of(name))] : []),
    ])
  return { body: [...start, ...rename(block, versions)], variableOf, entered }
}

type Known = Readonly<Record<keyof Omit<Versions, 'body'>, Map<string, string>>>

/** The snapshot that holds each variable's value at the present point. */
class Current {
  readonly #scope: Scope
  readonly #known: Known
  readonly #duals: Duals
  #now: Map<string, string>

  constructor(scope: Scope, known: Known, duals: Duals, now: ReadonlyMap<string, string> = new Map()) {
    this.#duals = duals
    this.#scope = scope
    this.#known = known
    this.#now = new Map(now)
  }

  fork(): Current {
    return new Current(this.#scope, this.#known, this.#duals, this.#now)
  }

  isMutable(name: string): boolean {
    return this.#scope.isMutable(name)
  }

  /** A new version of a variable, and the statement that takes its snapshot. */
  start(name: string): Statement {
    const snapshot = this.#scope.numbered(name, this.#scope.typeOf(name))
    this.#known.variableOf.set(snapshot, name)
    this.#now.set(name, snapshot)
    this.#pair(name, snapshot)
    return declare(snapshot, variable(name))
  }

  /** As `start`, at the head of a loop's body; `before` knows the variable's value from before the loop. */
  startAtHead(name: string, before: Current): Statement {
    const statement = this.start(name)
    const outer = before.#now.get(name)
    if (outer !== undefined) this.#known.entered.set(this.#now.get(name)!, outer)
    return statement
  }

  /** The shadow of a reference's snapshot is the snapshot of its shadow. */
  #pair(name: string, snapshot: string): void {
    if (this.#scope.typeOf(name).kind === 'number') return
    const primal = this.#duals.primalOf(name)
    const current = primal === undefined ? undefined : this.#now.get(primal)
    if (current !== undefined) this.#duals.set(current, snapshot)
  }

  /** Within expressions: the snapshot, where there is one. */
  read(expression: Expression): Expression {
    return mapExpression(expression, (node) => (node.kind === 'variable' ? variable(this.#now.get(node.name) ?? node.name) : node))
  }

  /** Forgets variables that are about to change in a loop, whose versions start anew within. */
  without(names: ReadonlySet<string>): Current {
    const fork = this.fork()
    for (const name of names) fork.#now.delete(name)
    return fork
  }
}

function rename(block: readonly Statement[], now: Current): readonly Statement[] {
  return block.flatMap((statement) => renameOne(statement, now))
}

function renameOne(statement: Statement, now: Current): readonly Statement[] {
  switch (statement.kind) {
    case 'declare': {
      const renamed = mapExpressionsOf(statement, (expression) => now.read(expression))
      return statement.value && now.isMutable(statement.name) ? [renamed, now.start(statement.name)] : [renamed]
    }
    case 'assign': {
      const renamed = mapExpressionsOf(statement, (expression) => now.read(expression))
      return statement.target.kind === 'variable' ? [renamed, now.start(statement.target.name)] : [renamed]
    }
    case 'if':
      return renameBranches(statement, now)
    case 'loop':
      return renameLoop(statement, now)
    case 'reserve':
      return [mapExpressionsOf(statement, (expression) => now.read(expression)), now.start(statement.tape)]
    default:
      return [mapExpressionsOf(statement, (expression) => now.read(expression))]
  }
}

function renameBranches(statement: Statement & { kind: 'if' }, now: Current): readonly Statement[] {
  const [thenNow, elseNow] = [now.fork(), now.fork()]
  const renamed: Statement = {
    ...statement,
    test: now.read(statement.test),
    then: rename(statement.then, thenNow),
    else: rename(statement.else, elseNow),
  }
  // A branch that leaves has no say in what follows, and versions that began inside a branch are out of scope after it.
  const arriving = [statement.then, statement.else].filter((branch) => !leaves(branch))
  const changed = [...variablesAssigned(arriving.flat())].filter((name) => isOuter(name, statement))
  return [renamed, ...changed.map((name) => now.start(name))]
}

function renameLoop(statement: Statement & { kind: 'loop' }, now: Current): readonly Statement[] {
  const assigned = [...variablesAssigned(statement.body)].filter((name) => isOuter(name, statement))
  const inside = now.without(new Set(assigned))
  const heads = assigned.map((name) => inside.startAtHead(name, now))
  const { counter, test } = statement
  const renamed: Statement = {
    ...statement,
    ...(counter && { counter: { ...counter, from: now.read(counter.from), to: now.read(counter.to) } }),
    // Evaluated anew in each iteration: what the body assigns is read as it is, the rest by its version.
    ...(test && { test: now.without(new Set(assigned)).read(test) }),
    body: [...heads, ...rename(statement.body, inside)],
  }
  return [renamed, ...assigned.map((name) => now.start(name))]
}

/** Whether a variable assigned within a statement is declared outside it. */
function isOuter(name: string, statement: Statement): boolean {
  return !declaredWithin(statement).has(name)
}

function declaredWithin(statement: Statement, into: Set<string> = new Set()): Set<string> {
  if (statement.kind === 'declare') into.add(statement.name)
  for (const inner of statement.kind === 'if' ? [...statement.then, ...statement.else] : statement.kind === 'loop' ? statement.body : [])
    declaredWithin(inner, into)
  return into
}
