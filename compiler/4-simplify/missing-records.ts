/**
 * Variables that hold an object or nothing (`let before: Point | undefined`) hold an object always instead, beside a truth value that says whether there is one:
 * `before !== undefined` is `before_there`, and `scalar-records` takes the object apart. Where there is none, its fields are zeros that nobody reads.
 *
 * Needs: unique names. Promises: the same values and errors; a function in which nothing comes apart by it is left alone. Costs: a few visits.
 */

import { assignedBy, withoutUnbound } from '../ir/bound.ts'
import { assign, BOOLEAN, declare, operation, variable } from '../ir/build.ts'
import { isMissingValue, noValue, present } from '../ir/missing.ts'
import type { Declare, Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { placeholder } from '../ir/placeholder.ts'
import { Scope } from '../ir/scope.ts'
import { mapBlocksOf, mapExpression, mapExpressionsOf } from '../ir/walk.ts'
import { byIteration } from './by-iteration.ts'
import { directChoices } from './direct-choices.ts'
import { forwardReferences } from './forward-references.ts'
import { chooseDecided, decideMissing } from './given-undefined.ts'
import { missingGroups, outcomeOf } from './missing-groups.ts'
import { mapNarrowed, testedBits, THERE, type Presence } from './presence.ts'
import { findSeparable } from './separable.ts'
import { withMutability } from './separate-names.ts'

export function missingRecords(fn: FunctionNode): FunctionNode {
  if (!Object.values(fn.variables).some(({ type }) => type.kind === 'record' && type.missing !== undefined)) return fn
  const direct = directChoices(fn)
  const { groups, presence } = missingGroups(direct)
  for (const names of groups) {
    const made = flagged(direct, names, presence)
    // The others are looked at again in what this one leaves.
    if (made) return missingRecords(made)
  }
  return fn
}

function flagged(fn: FunctionNode, names: ReadonlySet<string>, presence: ReadonlyMap<Statement, Presence>): FunctionNode | undefined {
  const scope = Scope.of(fn)
  const typeOf = (name: string): RecordType => fn.variables[name]!.type as RecordType
  const missingOnes = [...names].filter((name) => typeOf(name).missing !== undefined)
  const nothing = new Map(missingOnes.map((name) => [name, placeholder(present(typeOf(name)), textless)]))
  if ([...nothing.values()].includes(undefined)) return undefined
  const flags = new Map(missingOnes.map((name) => [name, scope.fresh(`${name}_there`, BOOLEAN)]))
  const read = (expression: Expression, known: Presence | undefined): Expression => {
    const tested = mapNarrowed(expression, known, (part, there) => testIn(part, there, flags))
    return mapExpression(tested, decideMissing)
  }
  const rewrite = (block: readonly Statement[]): readonly Statement[] =>
    block.flatMap((statement): readonly Statement[] => {
      const known = presence.get(statement)
      const name = statement.kind === 'declare' ? statement.name : assignedBy(statement)
      const flag = name === undefined ? undefined : flags.get(name)
      if (name === undefined || flag === undefined) {
        return [
          mapBlocksOf(
            mapExpressionsOf(statement, (expression) => read(expression, known)),
            rewrite,
          ),
        ]
      }
      const { value, origin } = statement as Statement & { readonly value?: Expression }
      if (statement.kind === 'declare' && !value) return [statement, declare(flag)]
      const there = isThere(value!, known, flags)
      const held = there.kind === 'boolean' && !there.value ? nothing.get(name)! : read(value!, known)
      if (statement.kind === 'assign' && there.kind === 'boolean' && there.value && known?.bits.get(name) === THERE)
        return [assign(variable(name), held, origin)]
      return statement.kind === 'declare'
        ? [declare(name, held, origin), declare(flag, there, origin)]
        : [assign(variable(name), held, origin), assign(variable(flag), there, origin)]
    })
  const body = tidied(chooseDecided(rewrite(fn.body)))
  const variables = Object.entries(scope.variables).map(([name, { type, mutable }]) => {
    return [name, { type: flags.has(name) ? present(type) : type, mutable }] as const
  })
  const whole = withMutability(withoutUnbound({ ...fn, body, variables: Object.fromEntries(variables) }))
  const truths = new Set(flags.values())
  const made = byIteration(forwardReferences(whole, truths), truths)
  const { separable } = findSeparable(made)
  // Some may have stood in branches that are never taken.
  return [...names].every((name) => separable.has(name) || made.variables[name] === undefined) ? made : undefined
}

/** What is neither number nor object holds no value while nobody reads it. */
const textless = (type: Type): Expression | undefined => (type.kind === 'opaque' ? noValue(type) : undefined)

/** Whether there is an object in what a variable is given. */
function isThere(value: Expression, known: Presence | undefined, flags: ReadonlyMap<string, string>): Expression {
  if (isMissingValue(value)) return { kind: 'boolean', value: false }
  const flag = value.kind === 'variable' ? flags.get(value.name) : undefined
  if (value.kind !== 'variable' || flag === undefined) return { kind: 'boolean', value: true }
  const held = known?.bits.get(value.name) ?? THERE
  return held === THERE || (held & THERE) === 0 ? { kind: 'boolean', value: held === THERE } : variable(flag)
}

/** A test for a missing object, by the truth value beside it, where its outcome is not known. */
function testIn(part: Expression, known: Presence | undefined, flags: ReadonlyMap<string, string>): Expression | undefined {
  const tested = part.kind === 'operation' ? testedBits.get(part.operator) : undefined
  if (part.kind !== 'operation' || tested === undefined) return undefined
  const [of] = part.operands
  const flag = of?.kind === 'variable' ? flags.get(of.name) : undefined
  if (of?.kind !== 'variable' || flag === undefined) return undefined
  const outcome = outcomeOf(tested, known?.bits.get(of.name) ?? THERE)
  return outcome === 'missing' ? operation('!', variable(flag)) : { kind: 'boolean', value: outcome === 'always' }
}

/** Once tests are decided: a loop that nothing breaks out of any more has no exit, and what only one branch gives a variable is its first value. */
function tidied(block: readonly Statement[]): readonly Statement[] {
  return block.flatMap((statement, i): readonly Statement[] => {
    const [before, after] = [block[i - 1], block[i + 1]]
    if (isGivenBy(statement, after)) return []
    if (isGivenBy(before, statement) && statement.kind === 'assign')
      return [declare((before as Declare).name, statement.value, statement.origin)]
    const inner = mapBlocksOf(statement, tidied)
    if (inner.kind !== 'loop' || inner.exit === undefined || breaksOut(inner.body)) return [inner]
    const { exit: _, ...loop } = inner
    return [loop]
  })
}

/** Whether a variable is declared without a value, and given one at once. */
const isGivenBy = (declared: Statement | undefined, next: Statement | undefined): boolean =>
  declared?.kind === 'declare' && !declared.value && next !== undefined && assignedBy(next) === declared.name

const breaksOut = (block: readonly Statement[]): boolean =>
  block.some(
    (statement) => statement.kind === 'break' || (statement.kind === 'if' && (breaksOut(statement.then) || breaksOut(statement.else))),
  )
