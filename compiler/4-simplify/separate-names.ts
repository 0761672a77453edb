/**
 * Gives every declaration a name of its own. The two sweeps of a derivative may use one name each in its own scope; what is asked of a name from here on
 * is asked of one variable.
 *
 * Needs: IR. Promises: no name is declared twice, and `mutable` says which are assigned. Costs: one rewriting.
 */

import { variable } from '../ir/build.ts'
import type { FunctionNode } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { variablesAssigned, visitStatements } from '../ir/walk.ts'
import { rename } from './rename.ts'

export function separateNames(fn: FunctionNode): FunctionNode {
  const scope = Scope.of(fn)
  const seen = new Set(fn.parameters.map(({ name }) => name))
  const body = rename(fn.body, new Map(), (name) => {
    const own = seen.has(name) ? scope.fresh(name, fn.variables[name]!.type, fn.variables[name]!.mutable) : name
    seen.add(own)
    return variable(own)
  })
  return withMutability({ ...fn, body, variables: scope.variables })
}

/** States of every variable whether it is assigned after its declaration. */
export function withMutability(fn: FunctionNode): FunctionNode {
  const assigned = variablesAssigned(fn.body)
  const counters = new Set<string>()
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'loop' && statement.counter) counters.add(statement.counter.name)
  })
  const variables = Object.fromEntries(
    Object.entries(fn.variables).map(([name, info]) => [name, counters.has(name) ? info : { ...info, mutable: assigned.has(name) }]),
  )
  return { ...fn, variables }
}
