import type { FunctionNode, Statement } from './nodes.ts'
import type { Blame } from './verify.ts'
import { blocksOf, declaredBy, expressionsOf, variablesAssigned, variablesIn } from './walk.ts'

/**
 * Names are described, declared before they are used and where the use can see them, and `mutable` says whether they are assigned. Where a name is in
 * scope it is declared once; a list beside may declare it again, as the reverse of a loop does with the loop's counter. `pending` are names that a
 * later pass declares around the body: the shadows of parameters, until the sweeps are made.
 */
export function checkNames(fn: FunctionNode, pending: ReadonlySet<string>, blame: Blame): void {
  const declared = new Set<string>()
  const counters = new Set<string>()
  const declare = (name: string, scope: Set<string>, statement?: Statement): void => {
    if (!Object.hasOwn(fn.variables, name)) blame(`${name} is not described among the variables`, statement)
    if (scope.has(name)) blame(`${name} is declared twice`, statement)
    declared.add(name)
    scope.add(name)
  }

  const scope = new Set<string>()
  for (const { name } of fn.parameters) declare(name, scope)
  checkBlock(fn.body, scope)
  checkMutability(fn, declared, counters, blame)

  function checkBlock(block: readonly Statement[], outer: ReadonlySet<string>): void {
    const scope = new Set(outer)
    for (const statement of block) {
      checkUses(statement, scope)
      const name = declaredBy(statement)
      if (name !== undefined) declare(name, scope, statement)
      const inner = new Set(scope)
      if (statement.kind === 'loop' && statement.counter) {
        declare(statement.counter.name, inner, statement)
        counters.add(statement.counter.name)
      }
      for (const nested of blocksOf(statement)) checkBlock(nested, inner)
    }
  }

  function checkUses(statement: Statement, scope: ReadonlySet<string>): void {
    const used = new Set<string>()
    // The test of a `do` loop stands outside its body, and so sees only what is declared before the loop.
    for (const expression of expressionsOf(statement)) variablesIn(expression, used)
    if (statement.kind === 'loop' && statement.exit !== undefined) used.add(statement.exit)
    for (const name of used) {
      if (scope.has(name) || pending.has(name)) continue
      blame(declared.has(name) ? `${name} is out of scope` : `${name} is used before it is declared`, statement)
    }
  }
}

function checkMutability(fn: FunctionNode, declared: ReadonlySet<string>, counters: ReadonlySet<string>, blame: Blame): void {
  const assigned = variablesAssigned(fn.body)
  for (const name of declared) {
    // A counter is stepped by its loop and assigned by nothing else: either flag is honest.
    if (counters.has(name)) continue
    const isMutable = Object.hasOwn(fn.variables, name) && fn.variables[name]!.mutable
    if (assigned.has(name) && !isMutable) blame(`${name} is assigned but not mutable`)
    if (!assigned.has(name) && isMutable) blame(`${name} is mutable but never assigned`)
  }
}
