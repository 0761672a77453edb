/** What must hold of functions that their authors say how to reverse: of those that are run again (`checkpoint`), and of rules (`customVjp`). */

import { findRegions, isStorage, RESULT, type Summary, type SummaryOf } from './2-analyze/regions.ts'
import type { RuleHalves } from './3-differentiate/context.ts'
import { Refusal } from './3-differentiate/refusal.ts'
import { hooked, isHook } from './ir/hook.ts'
import { missingOf } from './ir/missing.ts'
import type { Expression, FunctionNode, Opaque, RecordType, Statement, Type } from './ir/nodes.ts'
import { isOutside, nameOf } from './ir/outside.ts'
import { expressionsOf, someExpression, variablesIn, visitExpression, visitStatements } from './ir/walk.ts'

/**
 * Needs: the function, and all that it leads to. Promises: given the same arguments, with the storage that it changes as it was, it does the same again.
 * `isApart`: whether it runs again at another time, when what lies around it may have changed.
 */
export function checkRunsAgain(
  fn: FunctionNode,
  reached: ReadonlyMap<string, FunctionNode>,
  own: Summary,
  summaryOf: SummaryOf,
  isApart: boolean,
): void {
  const refuse = (reason: string, at: Statement | FunctionNode = fn): never => {
    throw new Refusal('CT2046', at.origin, { function: fn.name, reason })
  }
  if (own.outside) refuse('it changes storage that lies around it')
  if (givesWhatItWasGiven(own, [])) refuse('what it gives is storage that it was given, not new')
  fn.parameters.forEach(({ name }, i) => {
    if (own.written[i] === true && !isCopied(fn.variables[name]!.type)) refuse(`it changes \`${name}\`, which is no flat array`)
  })
  for (const one of reached.values()) {
    const impure = impureIn(one)
    if (impure) refuse(`\`${textOf(impure.text)}\` may give something else then`, impure.statement)
    const grown = grownIn(one, summaryOf)
    if (grown) refuse('it changes the length of an array that it was given', grown)
    const outside = isApart ? outsideIn(one) : undefined
    if (outside) refuse(`\`${nameOf(outside.text)}\`, which it reads, may have changed by then`, outside.statement)
  }
}

/** Needs: a function with a rule. Promises: its halves, which change nothing that they are given and give a value that is new. */
export function checkedRule({ name, reversed }: FunctionNode, functionOf: (key: string) => FunctionNode, summaryOf: SummaryOf): RuleHalves {
  if (reversed?.by !== 'rule') throw new Error(`${name} has no rule`)
  const refuse = (reason: string, at: FunctionNode): never => {
    throw new Refusal('CT2047', at.origin, { function: name, reason })
  }
  for (const half of [reversed.forward, reversed.backward]) {
    const fn = functionOf(half)
    const summary = summaryOf(half)
    const changed = fn.parameters.find((_, i) => summary.written[i] === true)
    if (changed) refuse(`changes \`${changed.name}\``, fn)
    if (summary.outside) refuse('changes storage that lies around it', fn)
  }
  const forward = functionOf(reversed.forward)
  const [value] = (forward.result as RecordType).fields
  if (isStorage(value!.type) && givesWhatItWasGiven(summaryOf(reversed.forward), [value!.name]))
    refuse('gives as the value what it was given', forward)
  return { forward: reversed.forward, backward: reversed.backward, shared: sharedParts(summaryOf(reversed.forward)) }
}

/** The parts of the result that may share storage with an argument or with another part. */
function sharedParts({ meetings }: Summary): ReadonlySet<string> {
  const shared = new Set<string>()
  for (const paths of meetings) {
    const parts = new Set(paths.flatMap(({ root, keys: [part] }) => (root === RESULT && part !== undefined ? [part] : [])))
    if (parts.size > 1 || paths.some(({ root }) => root !== RESULT)) for (const part of parts) shared.add(part)
  }
  return shared
}

/** Whether the part of the result at a path may be, or lead to, storage of the arguments. */
const givesWhatItWasGiven = ({ meetings }: Summary, at: readonly string[]): boolean =>
  meetings.some((paths) => {
    const isOfResult = paths.some(({ root, keys }) => root === RESULT && at.every((key, i) => keys[i] === key))
    return isOfResult && paths.some(({ root }) => root !== RESULT)
  })

/** What `planRecomputed` can copy and put back. */
function isCopied(type: Type): boolean {
  if (missingOf(type) !== undefined) return false
  if (type.kind === 'array') return type.element.kind === 'number' && missingOf(type.element) === undefined
  return type.kind === 'record' && type.fields.every((field) => field.type.kind === 'number' && !field.optional)
}

interface Found {
  readonly text: Opaque
  readonly statement: Statement
}

/** Text with effects whose value goes somewhere else than into other such text: a counter may count, but not be looked at. */
function impureIn({ body }: FunctionNode): Found | undefined {
  const taints = new Map<string, Found>()
  let found: Found | undefined
  const taintOf = (expression: Expression, statement: Statement): Found | undefined => {
    // Its function is only called with the gradient.
    if (isHook(expression)) return taintOf(hooked(expression), statement)
    let taint: Found | undefined
    visitExpression(expression, (node) => {
      if (node.kind === 'opaque' && node.effects) taint ??= { text: node, statement }
    })
    for (const name of variablesIn(expression)) taint ??= taints.get(name)
    return taint
  }
  const visit = (statement: Statement): void => {
    // What is thrown leaves, and is thrown again.
    if (statement.kind === 'effect' || statement.kind === 'throw') return
    const target =
      statement.kind === 'declare'
        ? statement.name
        : statement.kind === 'assign' && statement.target.kind === 'variable'
          ? statement.target.name
          : undefined
    for (const expression of expressionsOf(statement)) {
      const taint = taintOf(expression, statement)
      if (!taint) continue
      if (target === undefined) found ??= taint
      else if (!taints.has(target)) taints.set(target, taint)
    }
  }
  for (let size = -1; size < taints.size && !found;) {
    size = taints.size
    visitStatements(body, visit)
  }
  return found
}

/** A statement that makes an array of the arguments longer or shorter. */
function grownIn(fn: FunctionNode, summaryOf: SummaryOf): Statement | undefined {
  const regions = findRegions(fn, summaryOf)
  const given = new Set(
    fn.parameters.flatMap(({ name }) => (isStorage(fn.variables[name]!.type) ? [...regions.reachable(regions.ofVariable(name))] : [])),
  )
  let found: Statement | undefined
  visitStatements(fn.body, (statement) => {
    if (statement.kind !== 'push' && statement.kind !== 'truncate') return
    const region = regions.of(statement.array)
    if (region && [...regions.reachable(region)].some((one) => given.has(one))) found ??= statement
  })
  return found
}

/** Storage around the function that is not certain to stay as it is. */
function outsideIn({ body }: FunctionNode): Found | undefined {
  let found: Found | undefined
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      someExpression(expression, (node) => {
        if (isOutside(node) && !node.fixed) found ??= { text: node, statement }
        return found !== undefined
      })
  })
  return found
}

const textOf = ({ parts }: Opaque): string =>
  parts
    .map((part) => (typeof part === 'string' ? part : part.kind === 'variable' ? part.name : '...'))
    .join('')
    .replace(/\s+/g, ' ')
