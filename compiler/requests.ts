/**
 * The work list over the call graph: every function that a file's requests need, each made once for its (function, mode, active arguments).
 *
 * A function is known by its key. Those of the program were read (`file#name`); those made here say what they are made of and how
 * (`file#name|tangent:10`). Requests within differentiated functions are functions of the program too: they are made when somebody asks for them.
 */

import { apart, type CalleePair, type Callees, type Recomputed, type RuleHalves } from './3-differentiate/context.ts'
import type { Pair } from './3-differentiate/pair.ts'
import type { Surroundings } from './3-differentiate/prepare.ts'
import { unpooledFunction } from './3-differentiate/split-frame.ts'
import { movable } from './3-differentiate/jvp.ts'
import { tangentHeader } from './3-differentiate/tangent-header.ts'
import type { Library } from './4-simplify/inline-calls.ts'
import { InternalError } from './ir/internal-error.ts'
import { namedRecord } from './ir/named-type.ts'
import type { Field, FunctionNode, Program } from './ir/nodes.ts'
import { promiseRecomputed } from './recomputed-functions.ts'
import { checkedRule, checkRunsAgain } from './run-again.ts'
import { KnownSummaries } from './known-summaries.ts'
import { MadeFunctions } from './made-functions.ts'
import { withoutEffect } from './without-effect.ts'
import { canBeWrittenInto } from './written-into.ts'
import * as pipeline from './pipeline.ts'
import type { DerivativeRequest, Watching } from './pipeline.ts'
import { finished } from './finish.ts'
import { higherDerivative, type Higher } from './higher-derivatives.ts'
import { halvesOf, maskOf, optionsOf, type Halves } from './request-keys.ts'
import { reachedFrom } from './reached.ts'
import { AtOnceFunctions, runsAtOnce } from './runs-at-once.ts'
import { watch, type Around } from './pass.ts'

export class Derivations implements Callees {
  readonly #program: Program
  readonly #nested: ReadonlyMap<string, DerivativeRequest>
  readonly #freshType: (base: string) => string
  readonly #surroundings: Surroundings
  readonly #watching: Watching
  readonly #made = new MadeFunctions()
  /** Those that are as differentiation left them, because nobody differentiates them in turn. */
  readonly #untidied = new Set<string>()
  readonly #pairs = new Map<string, CalleePair>()
  readonly #recomputed = new Map<string, Recomputed>()
  readonly #atOnce = new AtOnceFunctions()
  /** Requests that others are made of. */
  readonly #asked = new Map<string, DerivativeRequest>()
  readonly #primals = new Map<string, FunctionNode>()
  readonly #summaries: KnownSummaries

  /** `nested` are the requests that stand in differentiated functions, by key; `freshType` gives names that no declaration of the file has. */
  constructor(program: Program, nested: ReadonlyMap<string, DerivativeRequest>, freshType: (base: string) => string, watching: Watching) {
    this.#program = program
    this.#nested = nested
    this.#freshType = freshType
    this.#summaries = new KnownSummaries(program, (key) => this.function(key))
    const { lineOf, debugNans: checksFinite = false } = watching
    this.#surroundings = { callees: this, summaryOf: this.#summaries.of, isApart: false, lineOf, checksFinite }
    this.#watching = watching
  }

  /** The keys of the functions that answer a request: the one that is called, and the one behind `.into`. */
  answer(request: DerivativeRequest): { readonly direct?: string; readonly into?: string } {
    const { operator, uses } = request
    const id = `${request.function}|root ${operator}:${optionsOf(request)}`
    const fn = this.#primal(request.function)
    this.#forgetRefused()
    if (operator === 'vjp') return { direct: this.#vjp(id, fn, request) }
    if (operator === 'jvp') {
      this.#tangentNow(request.function, movable(fn))
      return { direct: this.#once(id, () => pipeline.jvp(fn, request.function, this.#around(id))) }
    }
    if (operator !== 'grad' && operator !== 'valueAndGrad') return { direct: this.#once(id, () => this.#higher(id, operator, fn, request)) }
    return {
      ...(uses.direct && { direct: this.#gradient(id, fn, request, false) }),
      ...(uses.into && canBeWrittenInto(fn, request) && { into: this.#gradient(id, fn, request, true) }),
    }
  }

  /** Refuses what `answer` would and printing its answer, and makes little else. */
  check(request: DerivativeRequest): void {
    const isGradient = request.operator === 'grad' || request.operator === 'valueAndGrad'
    const made = isGradient ? this.#checked(request) : Object.values(this.answer(request))
    // What nobody made so far is made when the call of it is printed.
    for (const key of made) this.#reachedFrom(key)
  }

  /** The arguments that the function uses, and on which its result depends all the same in no way that a derivative could show. */
  withoutEffect(request: DerivativeRequest): readonly string[] {
    return withoutEffect(this.#primal(request.function), request, this.#surroundings.summaryOf)
  }

  #once(key: string, make: () => FunctionNode): string {
    if (!this.#made.has(key)) {
      const fn = make()
      this.#complete()
      this.#made.set(key, fn)
    }
    return key
  }

  #gradient(id: string, fn: FunctionNode, request: DerivativeRequest, into: boolean): string {
    const key = into ? `${id}:into` : id
    this.#untidied.add(key)
    return this.#once(key, () => pipeline.gradient(fn, request, into, this.#around(key)))
  }

  /** What a gradient calls. */
  #checked(request: DerivativeRequest): ReadonlySet<string> {
    const { function: key, uses } = request
    const fn = this.#primal(key)
    this.#forgetRefused()
    if (uses.into) canBeWrittenInto(fn, request)
    const called = pipeline.checkGradient(fn, request, this.#around(`${key}|checked`))
    this.#complete()
    return called
  }

  #higher(subject: string, operator: Higher, fn: FunctionNode, request: DerivativeRequest, isNested = false): FunctionNode {
    return higherDerivative(operator, fn, request, {
      around: this.#around(subject),
      library: this.#library,
      isNested,
      makeTangent: (callee, active, directions) => void this.#tangentNow(callee, active, directions),
      gradient: (key, gradient) => {
        this.#asked.set(key, gradient)
        return this.function(key)
      },
      halves: (id, pullback) => {
        this.#vjp(id, fn, pullback)
        return halvesOf(id)
      },
    })
  }

  #vjp(id: string, fn: FunctionNode, request: DerivativeRequest): string {
    const halves = halvesOf(id)
    return this.#once(id, () => {
      const type = this.#freshType(`${fn.name}_Residuals`)
      const made = pipeline.retained(fn, request, type, this.#around(id, true))
      this.#keep(halves, made)
      // Hooks are no part of what a saved graph must match.
      if (this.#watching.savesGraphs)
        this.#made.set(halves.unhooked, pipeline.unhooked(fn, made, request, this.#around(halves.unhooked, true)))
      return pipeline.vjp(fn, made, halves, this.#around(id))
    })
  }

  tangent(callee: string, active: readonly boolean[], directions = 1): string {
    const key = `${callee}|tangent:${maskOf(active)}${directions === 1 ? '' : `x${String(directions)}`}`
    if (!this.#made.has(key)) {
      const fn = this.#primal(callee)
      this.#made.set(key, tangentHeader(fn, active, directions))
      this.#made.promise(key, () => this.#made.set(key, pipeline.tangent(fn, active, directions, this.#around(key))))
    }
    return key
  }

  /** `isApart`: whether what lies around the function may change between the halves. */
  pair(callee: string, active: readonly boolean[], isApart = this.#summaries.changesOutside()): CalleePair {
    const key = `${callee}|pair:${maskOf(active)}${isApart ? ':apart' : ''}`
    const known = this.#pairs.get(key)
    if (known) return known
    const fn = this.#primal(callee)
    const name = this.#freshType(`${fn.name}_Residuals`)
    let fields: readonly Field[] | undefined
    const residuals = namedRecord(name, () => {
      // A recursive function meets its own halves while they are made, and asks what they keep when they are differentiated in turn.
      if (!fields) throw new InternalError(`What ${fn.name} keeps is not known yet.`)
      return fields
    })
    const made: CalleePair = { forward: `${key}:forward`, backward: `${key}:backward`, residuals }
    this.#pairs.set(key, made)
    this.#made.promise(key, () => {
      const halves = pipeline.pair(fn, active, name, this.#around(key, isApart))
      this.#keep(made, halves)
      fields = halves.residuals.fields
    })
    return made
  }

  rule(callee: string): RuleHalves {
    return checkedRule(this.function(callee), (key) => this.function(key), this.#summaries.of)
  }

  recomputed(callee: string, active: readonly boolean[], isApart = this.#summaries.changesOutside()): Recomputed {
    const key = `${callee}|recomputed:${maskOf(active)}${isApart ? ':apart' : ''}`
    const known = this.#recomputed.get(key)
    if (known) return known
    const fn = this.#primal(callee)
    const summary = this.#summaries.of(callee)
    checkRunsAgain(fn, this.#reachedFrom(callee), summary, this.#summaries.of, isApart)
    const made: Recomputed = { key, written: summary.written }
    this.#recomputed.set(key, made)
    const make = (one: readonly boolean[], as: string): FunctionNode => pipeline.recomputed(fn, one, this.#around(as))
    for (const as of promiseRecomputed(this.#made, fn, made, { callee, active, make })) this.#recomputed.set(as, { ...made, key: as })
    return made
  }

  atOnce(callee: string, active: readonly boolean[]): string | undefined {
    const key = `${callee}|at-once:${maskOf(active)}`
    if (this.#atOnce.shadowsOf(key) !== undefined) return key
    const fn = this.#primal(callee)
    if (!runsAtOnce(fn, this.#reachedFrom(callee), this.#summaries.of(callee))) return undefined
    this.#atOnce.promise(this.#made, key, fn, active, () => pipeline.atOnce(fn, active, this.#around(key)))
    return key
  }

  readonly shadowsOf = (key: string): number | undefined => this.#atOnce.shadowsOf(key)

  #keep(keys: Halves, { forward, backward }: Pair): void {
    this.#made.set(keys.forward, forward)
    this.#made.set(keys.backward, backward)
  }

  /** A function of the program, a request among them, or one made here. */
  function(key: string): FunctionNode {
    const known = this.#program.functions.get(key) ?? this.#made.get(key)
    if (known) return known
    const request = this.#nested.get(key) ?? this.#asked.get(key)
    if (!request) throw new Error(`no function ${key}`)
    const fn = this.#primal(request.function)
    if (request.operator === 'vjp') return this.#nestedHalf(key, fn, request)
    const made = this.#nestedDerivative(key, fn, request)
    this.#complete()
    this.#made.set(key, made)
    return made
  }

  #nestedDerivative(id: string, fn: FunctionNode, request: DerivativeRequest): FunctionNode {
    const { operator } = request
    if (operator === 'jvp') return this.#nestedTangent(id, fn, request)
    if (operator === 'hvp' || operator === 'hessian' || operator === 'jacobian') return this.#higher(id, operator, fn, request, true)
    return pipeline.nestedGradient(fn, request, this.#around(id))
  }

  /** Either half of a `vjp` within a differentiated function is asked for by its own key. */
  #nestedHalf(key: string, fn: FunctionNode, request: DerivativeRequest): FunctionNode {
    const halves = halvesOf(key.replace(/:(?:forward|backward)$/, ''))
    const made = pipeline.nestedRetained(fn, request, this.#around(key, true))
    this.#complete()
    this.#keep(halves, made)
    return this.#made.get(key)!
  }

  /** A function as it is printed. */
  finished(key: string): FunctionNode {
    const fn = this.function(key)
    return finished(this.#untidied.has(key) ? pipeline.tidied(fn, this.#around(key)) : fn, this.isMade(key), this.#around(key))
  }

  #nestedTangent(key: string, fn: FunctionNode, { function: moved, wrt }: DerivativeRequest): FunctionNode {
    const active = fn.parameters.map((_, i) => wrt.includes(i))
    const made = this.#tangentNow(moved, active)
    return pipeline.guarded(fn, made, this.#around(key))
  }

  #tangentNow(callee: string, active: readonly boolean[], directions = 1): FunctionNode {
    const key = this.tangent(callee, active, directions)
    this.#complete()
    return this.#made.get(key)!
  }

  /** What callers must know of a function: of one that was made here, too. */
  readonly summaryOf: KnownSummaries['of'] = (callee) => this.#summaries.of(callee)
  readonly isMade = (key: string): boolean => !this.#program.functions.has(key)

  /** What becomes part of a function that calls it. What is run again does not: it would be kept. */
  readonly #library: Library = { function: (key) => this.function(key), isMade: (key) => this.isMade(key) && !this.#isRecomputed(key) }

  readonly #isRecomputed = (key: string): boolean => [...this.#recomputed.values()].some((one) => one.key === key)

  /** A function as it is differentiated: with the derivatives that it calls in their place. */
  #primal(key: string): FunctionNode {
    const known = this.#primals.get(key)
    if (known) return known
    const read = this.function(key)
    // What is differentiated in turn has no buffers that are used again.
    const whole = this.#isRecomputed(key) ? unpooledFunction(read) : read
    const { fn, made } = pipeline.primal(whole, key, this.#library, this.#around(key))
    for (const [one, iterations] of made) this.#made.set(one, iterations)
    this.#primals.set(key, fn)
    return fn
  }

  #forgetRefused(): void {
    for (const key of this.#made.forgetRefused()) {
      this.#pairs.delete(key)
      this.#recomputed.delete(key)
      this.#atOnce.forget(key)
    }
  }

  readonly #complete = (): void => this.#made.complete(() => this.#summaries.forget())

  #around(subject: string, isApart = false): Around {
    return { ...this.#surroundings, callees: isApart ? apart(this) : this, isApart, trace: watch(subject, this.#watching.tracer) }
  }

  readonly #reachedFrom = (callee: string): ReadonlyMap<string, FunctionNode> => reachedFrom(callee, (key) => this.function(key))
}
