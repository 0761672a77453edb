/**
 * Puts the bodies of functions that the compiler made in the place of their calls, before the caller is differentiated: a derivative within a
 * differentiated function becomes part of it. Recursive ones stay calls.
 */

import { declare, variable } from '../ir/build.ts'
import { isMissingValue } from '../ir/missing.ts'
import type { Call, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { childrenOf, expressionsOf, mapAllExpressions, mapBlocksOf, mapExpression, visitStatements } from '../ir/walk.ts'
import { chooseDecided, decideMissing } from './given-undefined.ts'
import { rename } from './rename.ts'

export interface Library {
  function(key: string): FunctionNode
  isMade(key: string): boolean
}

export function inlineCalls(fn: FunctionNode, library: Library): FunctionNode {
  const scope = Scope.of(fn)
  const fields = new Map<string, ReadonlyMap<string, Expression>>()
  const whole = namesReadWhole(fn.body)
  const inline = (block: readonly Statement[]): readonly Statement[] =>
    block.flatMap((statement) => {
      if (statement.kind !== 'call') return [mapBlocksOf(statement, inline)]
      if (!library.isMade(statement.callee) || isRecursive(statement.callee, library)) return [statement]
      return splice(statement, inlineCalls(library.function(statement.callee), library), { scope, fields, whole })
    })
  const body = inline(fn.body)
  if (body.every((statement, i) => statement === fn.body[i])) return fn
  return {
    ...fn,
    body: chooseDecided(mapAllExpressions(body, (expression) => mapExpression(expression, (node) => decideMissing(partOf(node, fields))))),
    variables: scope.variables,
  }
}

interface Place {
  readonly scope: Scope
  /** The parts of results that are only taken apart, by the name of the result. */
  readonly fields: Map<string, ReadonlyMap<string, Expression>>
  readonly whole: ReadonlySet<string>
}

function splice(call: Call, callee: FunctionNode, { scope, fields, whole }: Place): readonly Statement[] {
  const renamed = new Map<string, Expression>()
  const before: Statement[] = []
  callee.parameters.forEach(({ name }, i) => {
    const info = callee.variables[name]!
    const argument = call.arguments[i]!
    const isFixed =
      isMissingValue(argument) ||
      argument.kind === 'number' ||
      argument.kind === 'boolean' ||
      (argument.kind === 'variable' && !scope.isMutable(argument.name))
    if (isFixed && !info.mutable) renamed.set(name, argument)
    else {
      const local = scope.fresh(name, info.type, info.mutable)
      before.push(declare(local, argument, call.origin))
      renamed.set(name, variable(local))
    }
  })
  const body = rename(callee.body, renamed, (name) => {
    const info = callee.variables[name]!
    return variable(scope.fresh(name, info.type, info.mutable))
  })
  const last = body.at(-1)
  if (last?.kind !== 'return') return [...before, ...body]
  const { result } = call
  if (result === undefined || !last.value) return [...before, ...body.slice(0, -1)]
  if (last.value.kind === 'record' && !whole.has(result)) {
    const parts = last.value.type.fields.map(({ name, type }, i) => {
      const local = scope.fresh(`${result}_${name}`, type)
      return { name, local, value: (last.value as Expression & { kind: 'record' }).values[i]! }
    })
    fields.set(result, new Map(parts.map(({ name, local }) => [name, variable(local)])))
    return [...before, ...body.slice(0, -1), ...parts.map(({ local, value }) => declare(local, value))]
  }
  return [...before, ...body.slice(0, -1), declare(result, last.value)]
}

function partOf(node: Expression, fields: ReadonlyMap<string, ReadonlyMap<string, Expression>>): Expression {
  if (node.kind !== 'field' || node.record.kind !== 'variable') return node
  return fields.get(node.record.name)?.get(node.name) ?? node
}

/** Variables that are read in another way than by their fields. */
function namesReadWhole(block: readonly Statement[]): Set<string> {
  const names = new Set<string>()
  const note = (expression: Expression): void => {
    if (expression.kind === 'field' && expression.record.kind === 'variable') return
    if (expression.kind === 'variable') names.add(expression.name)
    for (const child of childrenOf(expression)) note(child)
  }
  visitStatements(block, (statement) => {
    for (const expression of expressionsOf(statement)) note(expression)
  })
  return names
}

function isRecursive(key: string, library: Library, from = key, seen: Set<string> = new Set()): boolean {
  let found = false
  visitStatements(library.function(from).body, (statement) => {
    if (statement.kind !== 'call' || found) return
    if (statement.callee === key) found = true
    else if (library.isMade(statement.callee) && !seen.has(statement.callee)) {
      seen.add(statement.callee)
      found = isRecursive(key, library, statement.callee, seen)
    }
  })
  return found
}
