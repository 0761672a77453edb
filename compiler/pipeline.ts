/**
 * One function's journey, from how it was read to how it is emitted: one line a pass. Read this first; `requests.ts` says which functions make it.
 *
 * A pass is a pure function; what it needs and promises is said where it is defined. `pass` names what it gave, for those who trace the compiler.
 */

import { atOnceOf } from './3-differentiate/at-once.ts'
import { attempt, restoresFor, type Restores, type Reversal, type Swept } from './3-differentiate/attempt.ts'
import { checkpointLoops, type WithoutLoops } from './3-differentiate/checkpoint-loops.ts'
import { namedForTangents, tangentEnds, tangentOf } from './3-differentiate/forward.ts'
import { checkedFinite } from './3-differentiate/check-finite.ts'
import { gradientOf, guardedGradient, type GradientOptions } from './3-differentiate/gradient.ts'
import { gradientByTangents } from './3-differentiate/gradient-by-tangents.ts'
import { growInPlace } from './3-differentiate/grow-in-place.ts'
import { guardsOf, withGuards } from './3-differentiate/guard.ts'
import { jvpOf } from './3-differentiate/jvp.ts'
import { nameOutside } from './3-differentiate/name-outside.ts'
import { guardedForward, pairOf, type Pair } from './3-differentiate/pair.ts'
import { analysed, grown, named, returned, shadowed, stored, versioned, type Analysed, type Prepared } from './3-differentiate/prepare.ts'
import { unpooledFunction } from './3-differentiate/split-frame.ts'
import { guardedRecomputed, recomputedOf } from './3-differentiate/recomputed.ts'
import { retainedOf, vjpOf } from './3-differentiate/vjp.ts'
import { hessianOf, hvpOf, type Second } from './3-differentiate/higher/hessian.ts'
import { jacobianOf, type JacobianOptions } from './3-differentiate/higher/jacobian.ts'
import { isDualName } from './4-simplify/adjoint-names.ts'
import { propagateCopies } from './4-simplify/copies.ts'
import { removeDead } from './4-simplify/dead.ts'
import { writeFirst } from './4-simplify/first-write.ts'
import { forwardCopies } from './4-simplify/forward-references.ts'
import { fuseLoops } from './4-simplify/fuse-loops.ts'
import { inlineCalls, type Library } from './4-simplify/inline-calls.ts'
import { narrowScopes } from './4-simplify/narrow-scopes.ts'
import { scalarRecords } from './4-simplify/scalar-records.ts'
import { separateNames, withMutability } from './4-simplify/separate-names.ts'
import { settleDefaults } from './4-simplify/settle-defaults.ts'
import { sinkAdjoints } from './4-simplify/sink-adjoints.ts'
import { smallLists } from './4-simplify/small-lists.ts'
import { splitArrays } from './4-simplify/split-arrays.ts'
import { threadTests } from './4-simplify/thread-tests.ts'
import { printType } from './5-emit/print-type.ts'
import { hookParts, hooksOf, withoutHooks } from './ir/hook.ts'
import type { FunctionNode, Statement } from './ir/nodes.ts'
import { calledIn, hasRules } from './reached.ts'
import { pass, type Around, type Tracer } from './pass.ts'

/** What the pipeline needs to know of a request. */
export interface DerivativeRequest {
  readonly operator: 'grad' | 'valueAndGrad' | 'vjp' | 'jvp' | 'hvp' | 'hessian' | 'jacobian'
  readonly function: string
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  readonly mode?: 'forward' | 'reverse'
  readonly uses: { readonly direct: boolean; readonly into: boolean }
  /** Whether the backward half of a pullback runs before anything else does. */
  readonly atOnce?: boolean
}

export type LineOf = (statement: Statement) => string | undefined

/** How a file is compiled, apart from what is asked for. */
export interface Watching {
  readonly lineOf: LineOf
  readonly tracer: Tracer | undefined
  /** Whether pullbacks may come to be saved. */
  readonly savesGraphs?: boolean
  /** Whether every gradient on the way is checked to be finite. */
  readonly debugNans?: boolean
}

/** Before anything else: derivatives that a function calls become part of it, and arrays and objects that stay in it vanish. */
export function primal(read: FunctionNode, key: string, library: Library, around: Around): WithoutLoops {
  const whole = pass('inline-calls', inlineCalls(read, library), around)
  const named = pass('separate-names', separateNames(whole), around)
  const fused = pass('fuse-loops', fuseLoops(named), around)
  const tuples = pass('small-lists', smallLists(fused), around)
  const split = pass('split-arrays', splitArrays(tuples), around)
  const apart = pass('scalar-records', scalarRecords(split), around)
  const given = pass('settle-defaults', settleDefaults(apart), around)
  const direct = pass('forward-copies', forwardCopies(given), around)
  const threaded = pass('thread-tests', threadTests(direct), around)
  const separate = pass('separate-names', separateNames(threaded), around)
  const narrow = pass('narrow-scopes', narrowScopes(separate), around)
  return checkpointLoops(narrow, key, around.summaryOf)
}

/** What carries a derivative. Whatever of a function can not be differentiated is refused here, but for what it calls. */
function analyse(fn: FunctionNode, { ends, givesShadow, isApart }: Reversal<Swept>, around: Around): Analysed {
  const inPlace = pass('grow-in-place', growInPlace(fn), around)
  const withOutside = pass('name-outside', nameOutside(inPlace, around.summaryOf, isApart), around)
  const withReturned = pass('name-returned', returned(withOutside, ends, givesShadow), around)
  const withStored = pass('name-stored', stored(withReturned), around)
  const withGrowth = pass('grow-by-index', grown(withStored, around), around)
  const withChecks = around.checksFinite ? pass('check-finite', checkedFinite(withGrowth, around.summaryOf), around) : withGrowth
  return pass('analyze', analysed(withChecks, around), around)
}

/** What both sweeps are read off. */
function prepare(fn: FunctionNode, way: Reversal<Swept>, around: Around): Prepared {
  const withActivity = analyse(fn, way, around)
  const withShadows = pass('insert-shadows', shadowed(withActivity, around), around)
  const withOperands = pass('name-operands', named(withShadows), around)
  return pass('name-versions', versioned(withOperands), around)
}

/** Plans and assembles both sweeps, until the reverse sweep asks for nothing that the forward sweep does not save. */
function reverse<Made extends Swept & (Pair | { readonly fn: FunctionNode })>(fn: FunctionNode, way: Reversal<Made>, around: Around): Made {
  const begun = pass('make-room', way.begin(prepare(fn, way, around)), around)
  for (let restores: Restores = new Set(); ;) {
    const saving = pass('insert-saves', attempt(begun, restores, around), around)
    const made = pass('reverse', begun.sweep(saving), around)
    const found = restoresFor(made, saving, begun)
    if (found.size === restores.size) return made
    restores = found
  }
}

/** After each differentiation, so that the next one finds less. Primal expressions keep their floating-point order. */
function simplify(fn: FunctionNode, around: Around): FunctionNode {
  const direct = pass('propagate-copies', propagateCopies(fn), around)
  const live = pass('remove-dead', withMutability(removeDead(direct)), around)
  const sunk = pass('sink-adjoints', withMutability(sinkAdjoints(live, isDualName)), around)
  const begun = pass('write-first', writeFirst(sunk, isDualName), around)
  return pass('remove-dead', withMutability(removeDead(begun)), around)
}

/** `grad` and `valueAndGrad`: both sweeps in one function, which is to be tidied. */
export function gradient(fn: FunctionNode, request: DerivativeRequest, into: boolean, around: Around): FunctionNode {
  const options = optionsOf(fn, request, into)
  const made = reverse(fn, gradientOf(fn, options), around)
  const guarded = pass('guard', guardedGradient(fn, made, options, around), around)
  return pass('inline-hooks', withHooks(guarded, fn, around), around)
}

/**
 * Refuses what `gradient` would, and gives what that would call. All is refused once it is known what carries a derivative; only the sweeps of a function that
 * calls others are made nevertheless, since they ask for the derivatives of these.
 */
export function checkGradient(fn: FunctionNode, request: DerivativeRequest, around: Around): ReadonlySet<string> {
  const way = gradientOf(fn, optionsOf(fn, request, false))
  const called = calledIn(fn.body)
  if (called.size === 0) {
    analyse(fn, way, around)
    return called
  }
  const begun = pass('make-room', way.begin(prepare(fn, way, around)), around)
  return calledIn(begun.sweep(attempt(begun, new Set(), around)).fn.body)
}

/** Without what differentiation makes and nobody needs. */
export const tidied = (fn: FunctionNode, around: Around): FunctionNode => simplify(fn, around)

/** The same within a function that is differentiated in turn: by tangents where the gradient is of numbers, and without reused buffers. */
export function nestedGradient(fn: FunctionNode, request: DerivativeRequest, around: Around): FunctionNode {
  const isOfNumbers = request.wrt.every((i) => fn.variables[fn.parameters[i]!.name]!.type.kind === 'number')
  // Tangents know no hooks and no rules.
  if (isOfNumbers && hooksOf(fn).length === 0 && !hasRules(fn, around.callees))
    return pass('by-tangents', gradientByTangents(fn, request.function, optionsOf(fn, request, false), around), around)
  return pass('unpool', unpooledFunction(tidied(gradient(fn, request, false, around), around)), around)
}

/** A call that is not inlined: the forward half and the backward half. */
export function pair(fn: FunctionNode, active: readonly boolean[], residuals: string, around: Around): Pair {
  return halves(fn, pairOf(fn, active, { ...halfNames(fn), residuals }, around.isApart), around)
}

/** A call that is run again in the reverse sweep: what does that, and reverses it. */
export function recomputed(fn: FunctionNode, active: readonly boolean[], around: Around): FunctionNode {
  const made = reverse(fn, recomputedOf(fn, active, `${fn.name}_pullback`), around)
  const guarded = pass('guard', guardedRecomputed(fn, made, around), around)
  return simplify(pass('inline-hooks', withHooks(guarded, fn, around), around), around)
}

/** A call whose cotangent is known before it is made: the function and its reversal as one. */
export function atOnce(fn: FunctionNode, active: readonly boolean[], around: Around): FunctionNode {
  return simplify(reverse(fn, atOnceOf(fn, active), around).fn, around)
}

/** The halves of `vjp`, which keep copies. */
export function retained(fn: FunctionNode, request: DerivativeRequest, residuals: string, around: Around): Pair {
  const { wrt, wrtIsList: asList, hasAux, atOnce = false } = request
  return halves(
    fn,
    retainedOf(fn, { wrt, asList, hasAux, atOnce: atOnce && hooksOf(fn).length === 0, names: { ...halfNames(fn), residuals } }),
    around,
  )
}

function halves(fn: FunctionNode, way: Reversal<Pair & Swept>, around: Around): Pair {
  const made = reverse(fn, way, around)
  const { forward, backward, residuals } = pass('guard', guardedForward(fn, made, around), around)
  const hooked = pass('inline-hooks', withHooks(backward, fn, around), around)
  return { forward: simplify(forward, around), backward: simplify(hooked, around), residuals }
}

/** The backward half as it would be if the function had no hooks. */
export function unhooked(fn: FunctionNode, made: Pair, request: DerivativeRequest, around: Around): FunctionNode {
  return hooksOf(fn).length === 0 ? made.backward : retained(withoutHooks(fn), request, `${fn.name}_Residuals`, around).backward
}

/** The same halves within a function that is differentiated in turn. */
export function nestedRetained(fn: FunctionNode, request: DerivativeRequest, around: Around): Pair {
  const { wrt, wrtIsList: asList, hasAux } = request
  const way = retainedOf(fn, { wrt, asList, hasAux, names: { ...halfNames(fn), residuals: '' }, nested: true })
  const { forward, backward, residuals } = halves(fn, way, around)
  const own = (half: FunctionNode): FunctionNode => pass('unpool', unpooledFunction(half), around)
  return { forward: own(forward), backward: own(backward), residuals }
}

/** The function that runs the forward half and gives the pullback. */
export function vjp(
  fn: FunctionNode,
  halves: Pair,
  keys: { readonly forward: string; readonly backward: string },
  around: Around,
): FunctionNode {
  return pass('wrap', vjpOf(fn, halves, keys, printType), around)
}

/** One forward sweep, in which every statement follows its own derivative, or those in several directions. */
export function tangent(fn: FunctionNode, active: readonly boolean[], directions: number, around: Around): FunctionNode {
  const withReturned = pass('name-returned', returned(fn, tangentEnds(fn, active), false), around)
  const withActivity = pass('analyze', analysed(withReturned, around), around)
  const withOperands = pass('name-operands', namedForTangents(withActivity, around), around)
  const made = pass('tangent', tangentOf(withOperands, directions, around), around)
  return simplify(made, around)
}

/** A tangent function as a request within a differentiated function: with the check that one at the top makes in `jvp`. */
export function guarded(fn: FunctionNode, made: FunctionNode, around: Around): FunctionNode {
  return pass('guard', withGuards(made, guardsOf(made, around.summaryOf, { derived: fn.name })), around)
}

/** The function of two lists that a request of `jvp` becomes. */
export function jvp(fn: FunctionNode, key: string, around: Around): FunctionNode {
  return pass('wrap', jvpOf(fn, key, around, printType), around)
}

/** `hvp` and `hessian`: the tangent of the gradient, in the place of its call. */
export function second(fn: FunctionNode, operator: 'hvp' | 'hessian', of: Second, around: Around, library: Library): FunctionNode {
  const made = pass('wrap', operator === 'hvp' ? hvpOf(fn, of, around.callees) : hessianOf(fn, of, around.callees), around)
  return simplify(pass('inline-calls', inlineCalls(made, library), around), around)
}

/** `jacobian`: by columns or by rows. */
export function jacobian(fn: FunctionNode, options: JacobianOptions, around: Around, library: Library): FunctionNode {
  const made = pass('wrap', jacobianOf(fn, options, around.callees), around)
  return simplify(pass('inline-calls', inlineCalls(made, library), around), around)
}

/** What the author wrote for the reverse sweep stands in the place of its calls: hooks whose source is known, rules. */
function withHooks(made: FunctionNode, fn: FunctionNode, { callees }: Around): FunctionNode {
  const keys = new Set([...hooksOf(fn).flatMap((hook) => hookParts(hook).key ?? []), ...rulesOf(fn, callees)])
  if (keys.size === 0) return made
  const whole = inlineCalls(made, { function: (key) => callees.function(key), isMade: (key) => keys.has(key) })
  // What was a call's is a value in sight now, by whose name the other sweep may call something else.
  return separateNames(whole)
}

/** The halves of the rules of what a function calls. */
const rulesOf = ({ body }: FunctionNode, callees: Around['callees']): readonly string[] =>
  [...calledIn(body)].flatMap((key) => {
    const { reversed } = callees.function(key)
    return reversed?.by === 'rule' ? [reversed.forward, reversed.backward] : []
  })

const halfNames = ({ name }: FunctionNode): { readonly forward: string; readonly backward: string } => ({
  forward: `${name}_forward`,
  backward: `${name}_backward`,
})

function optionsOf(fn: FunctionNode, request: DerivativeRequest, into: boolean): GradientOptions {
  const { wrt, wrtIsList: asList, hasAux, operator } = request
  return { wrt, asList, hasAux, withValue: operator === 'valueAndGrad', into, name: `${fn.name}_${operator}${into ? 'Into' : ''}` }
}
