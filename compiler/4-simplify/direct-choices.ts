/**
 * Objects that are chosen are given to where they end up by each branch itself: `p = c ? { x: 1 } : q` and `p = p ?? q` become `if (c) p = { x: 1 } else p = q`,
 * without a name in between.
 *
 * Needs: unique names. Promises: the same values. Costs: two visits.
 */

import { withoutUnbound } from '../ir/bound.ts'
import { assign, declare, variable } from '../ir/build.ts'
import { eitherMissing, missingOf, present } from '../ir/missing.ts'
import type { Expression, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { showType } from '../ir/parse-type.ts'
import { blocksOf, expressionsOf, mapBlocksOf, visitExpression, visitStatements } from '../ir/walk.ts'
import { withMutability } from './separate-names.ts'

export function directChoices(fn: FunctionNode): FunctionNode {
  const branched = withBranches(fn.body, fn)
  return withMutability(withoutUnbound({ ...fn, body: inBlock(branched, { fn, mentions: mentionsIn(branched) }) }))
}

interface Context {
  readonly fn: FunctionNode
  /** How often each variable is read or given something after its declaration. */
  readonly mentions: Map<string, number>
}

type Giving = Statement & { readonly kind: 'declare' | 'assign' }

/** The variable of an object that a statement gives something to. */
function givenIn(statement: Statement, fn: FunctionNode): { readonly name: string; readonly value: Expression } | undefined {
  if ((statement.kind !== 'declare' && statement.kind !== 'assign') || !statement.value) return undefined
  const name = statement.kind === 'declare' ? statement.name : statement.target.kind === 'variable' ? statement.target.name : undefined
  return name !== undefined && fn.variables[name]?.type.kind === 'record' ? { name, value: statement.value } : undefined
}

/** A choice of two variables without branches, as branches: only then is each of them given as it is. */
function withBranches(block: readonly Statement[], fn: FunctionNode): readonly Statement[] {
  return block.flatMap((statement): readonly Statement[] => {
    const given = givenIn(statement, fn)
    if (given?.value.kind !== 'operation' || given.value.operator !== 'select')
      return [mapBlocksOf(statement, (inner) => withBranches(inner, fn))]
    const [test, then, otherwise] = given.value.operands
    const give = (value: Expression): readonly Statement[] => [assign(variable(given.name), value, statement.origin)]
    const choice: Statement = { kind: 'if', test: test!, then: give(then!), else: give(otherwise!) }
    return statement.kind === 'declare' ? [declare(given.name), choice] : [choice]
  })
}

/** Without a name that only hands an object on to the statement after it. */
function inBlock(block: readonly Statement[], context: Context): readonly Statement[] {
  const done: Statement[] = []
  for (const statement of block) {
    const inner = mapBlocksOf(statement, (nested) => inBlock(nested, context))
    const given = givenIn(inner, context.fn)
    const from = given?.value.kind === 'variable' ? given.value.name : undefined
    const at = from === undefined ? -1 : done.findIndex((one) => one.kind === 'declare' && one.name === from)
    const made = given && at >= 0 ? handedOn(done.slice(at), given.name, inner as Giving, context) : undefined
    if (made) done.splice(at, done.length - at, ...made)
    else done.push(inner)
  }
  return done
}

/** What declares a variable and gives it its object, and does so for the variable that it is handed on to instead; nothing where more is done with the first. */
function handedOn(made: readonly Statement[], to: string, giving: Giving, context: Context): readonly Statement[] | undefined {
  const { fn, mentions } = context
  const [declared, ...rest] = made
  const last = rest.at(-1)
  if (declared?.kind !== 'declare' || !holdsAll(fn.variables[to]!.type, fn.variables[declared.name]!.type)) return undefined
  const from = declared.name
  if (declared.value) return rest.length === 0 && mentions.get(from) === 1 ? [{ ...giving, value: declared.value }] : undefined
  const ends = endsGiving(last, from)
  if (last?.kind !== 'if' || ends === undefined || mentions.get(from) !== ends + 1) return undefined
  mentions.set(to, (mentions.get(to) ?? 0) + ends - (giving.kind === 'assign' ? 1 : 0))
  return [...rest.slice(0, -1), ...(giving.kind === 'declare' ? [declare(to)] : []), renamed(last, from, to)]
}

/** Whether a variable of one type can be printed as given all that one of the other can. */
const holdsAll = (to: Type, from: Type): boolean =>
  showType(present(to)) === showType(present(from)) && eitherMissing(missingOf(to), missingOf(from)) === missingOf(to)

/** How many branches end by giving the variable something, where all do. */
function endsGiving(statement: Statement | undefined, name: string): number | undefined {
  if (statement?.kind === 'assign') return statement.target.kind === 'variable' && statement.target.name === name ? 1 : undefined
  if (statement?.kind !== 'if') return undefined
  const ends = blocksOf(statement).map((branch) => endsGiving(branch.at(-1), name))
  return ends.every((count) => count !== undefined) ? ends.reduce((sum, count) => sum + count, 0) : undefined
}

function renamed(statement: Statement, from: string, to: string): Statement {
  if (statement.kind === 'assign') return { ...statement, target: variable(to) }
  return mapBlocksOf(statement, (branch) => [...branch.slice(0, -1), renamed(branch.at(-1)!, from, to)])
}

function mentionsIn(body: readonly Statement[]): Map<string, number> {
  const counts = new Map<string, number>()
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (part) => {
        if (part.kind === 'variable') counts.set(part.name, (counts.get(part.name) ?? 0) + 1)
      })
  })
  return counts
}
