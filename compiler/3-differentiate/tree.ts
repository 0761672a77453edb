/**
 * Reverses the iterations of a long loop by a binomial tree: the state before a later part is reached by running the earlier part, then the later part is
 * reversed, then the earlier one from the state before it. Few states are kept at one time, and no iteration runs often (`runtime/binomial.ts`).
 *
 * The function that is made has the signature of the one that reverses the iterations at once (`recomputed.ts`), with the number of states behind.
 */

import { add, assign, call, declare, field, NUMBER, number, operation, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, RecordType, Statement, Tree } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { isStorage } from '../ir/shadow-type.ts'
import { hasCotangent, recomputedHeader } from './recomputed.ts'
import { shadowType } from './shadows.ts'
import { copyOf, restored } from './reverse-recomputed.ts'
import { variablesOf } from './split-frame.ts'

export interface TreeKeys {
  /** The iterations, as they are read. */
  readonly steps: string
  /** What reverses few of them at once. */
  readonly stretch: string
  /** The tree itself. */
  readonly tree: string
}

/** What moves within the tree: what moves, and all numbers that the iterations hand on. */
export const movesInTree = (fn: FunctionNode, { state }: Tree, active: readonly boolean[]): readonly boolean[] =>
  fn.parameters.map(({ name }, i) => active[i] === true || (state.includes(name) && fn.variables[name]!.type.kind === 'number'))

/** As its callers see it, before it is made. */
export function treeHeader(fn: FunctionNode, tree: Tree, active: readonly boolean[]): FunctionNode {
  const header = recomputedHeader(fn, movesInTree(fn, tree, active))
  const scope = Scope.of(header)
  const states = scope.fresh('states', NUMBER)
  return { ...header, name: `${fn.name}_tree`, parameters: [...header.parameters, { name: states }], variables: scope.variables }
}

export function treeOf(
  fn: FunctionNode,
  tree: Tree,
  active: readonly boolean[],
  written: readonly boolean[],
  keys: TreeKeys,
): FunctionNode {
  const header = treeHeader(fn, tree, active)
  const moves = movesInTree(fn, tree, active)
  const scope = Scope.of(header)
  const names = header.parameters.map(({ name }) => name)
  const own = names.slice(0, fn.parameters.length)
  const [first, last] = own as [string, string]
  const states = names.at(-1)!
  const bars = hasCotangent(fn.result) ? [names[own.length]!] : []
  const shadows = names.slice(own.length + bars.length, -1)
  const numbers = own.filter((name, i) => moves[i] === true && !isStorage(fn.variables[name]!.type))
  const at = fn.origin && { origin: fn.origin }

  const next = scope.fresh('next', NUMBER)
  const atNext = scope.fresh('state', fn.result)
  const [later, earlier, whole] = ['later', 'earlier', 'whole'].map((name) => scope.fresh(name, header.result)) as [string, string, string]
  const adjoint = (of: string, name: string): Expression => (numbers.length === 1 ? variable(of) : field(variable(of), name))
  const given = (
    from: Expression,
    to: Expression,
    values: readonly Expression[],
    cotangents: readonly Expression[],
    duals: readonly Expression[] = shadows.map(variable),
  ): readonly Expression[] => [from, to, ...values, ...cotangents, ...duals]
  const others = own.slice(2)
  const stateAt = (name: string): Expression =>
    !tree.state.includes(name) ? variable(name) : tree.state.length === 1 ? variable(atNext) : field(variable(atNext), name)
  const hasResult = fn.result.kind !== 'void'
  const result = header.result.kind === 'void' ? undefined : scope.fresh('bars', header.result, true)
  const take = (value: (name: string) => Expression): readonly Statement[] => {
    if (result === undefined) return []
    if (header.result.kind !== 'record') return [assign(variable(result), value(numbers[0]!))]
    return [assign(variable(result), { kind: 'record', type: header.result, values: numbers.map(value) })]
  }
  const saved = fn.parameters.flatMap((_, i) =>
    written[i] === true
      ? [
          {
            place: variable(own[i]!),
            type: fn.variables[own[i]!]!.type,
            name: scope.fresh(`${own[i]!}_before`, fn.variables[own[i]!]!.type),
          },
        ]
      : [],
  )
  // Arrays that are handed on have shadows of their own in between.
  const shadowed = own.filter((name, i) => moves[i] === true && isStorage(fn.variables[name]!.type))
  const pairs = shadowed.map((name, i) => ({ name, shadow: shadows[i]! }))
  const handedOn = pairs
    .filter(({ name }) => tree.state.includes(name))
    .map(({ name }) => ({ name, between: scope.fresh(`${name}_bar`, shadowType(fn.variables[name]!.type)) }))
  const betweenOf = (name: string): string | undefined => handedOn.find((one) => one.name === name)?.between
  const shadowsBetween = pairs.map(({ name, shadow }) => variable(betweenOf(name) ?? shadow))
  // The cotangent of the state in between: the adjoints that the later part gives.
  const adjointBetween = (name: string): Expression => {
    const between = betweenOf(name)
    return between === undefined ? adjoint(later, name) : variable(between)
  }
  const cotangent = (): readonly Expression[] => {
    if (bars.length === 0) return []
    if (tree.state.length === 1) return [adjointBetween(tree.state[0]!)]
    const type = scope.typeOf(bars[0]!) as RecordType
    return [{ kind: 'record', type, values: type.fields.map(({ name }) => adjointBetween(name)) }]
  }
  const between = cotangent()
  const held = between.map((value) => {
    if (value.kind !== 'record') return { before: [] as readonly Statement[], value }
    const name = scope.fresh('state_bar', value.type)
    return { before: [declare(name, value)], value: variable(name) }
  })
  const isGiven = header.result.kind !== 'void'
  const split: readonly Statement[] = [
    ...saved.map(({ name, place, type }) => declare(name, copyOf(place, type))),
    call(hasResult ? atNext : undefined, keys.steps, [variable(first), variable(next), ...others.map(variable)], fn.origin),
    ...handedOn.map(({ name, between: dual }) => declare(dual, { kind: 'zerosLike', value: stateAt(name) })),
    call(
      isGiven ? later : undefined,
      keys.tree,
      [
        ...given(variable(next), variable(last), others.map(stateAt), bars.map(variable), shadowsBetween),
        operation('-', variable(states), number(1)),
      ],
      fn.origin,
    ),
    ...saved.flatMap(({ name, place, type }) => restored(place, variable(name), type)),
    ...held.flatMap(({ before }) => before),
    call(
      isGiven ? earlier : undefined,
      keys.tree,
      [
        ...given(
          variable(first),
          variable(next),
          others.map(variable),
          held.map(({ value }) => value),
        ),
        variable(states),
      ],
      fn.origin,
    ),
    ...take((name) => (tree.state.includes(name) ? adjoint(earlier, name) : add(adjoint(later, name), adjoint(earlier, name)))),
  ]
  const atOnce: readonly Statement[] = [
    call(
      isGiven ? whole : undefined,
      keys.stretch,
      given(variable(first), variable(last), others.map(variable), bars.map(variable)),
      fn.origin,
    ),
    ...take((name) => adjoint(whole, name)),
  ]
  const place: Expression = {
    kind: 'opaque',
    parts: ['cotangent#nextState(', variable(first), ', ', variable(last), ', ', variable(states), ')'],
    type: NUMBER,
    effects: false,
  }
  const body: readonly Statement[] = [
    declare(next, place),
    ...(result === undefined ? [] : [declare(result)]),
    { kind: 'if', test: operation('<', variable(next), variable(last)), then: split, else: atOnce, ...at },
    ...(result === undefined ? [] : [{ kind: 'return', value: variable(result), ...at } as const]),
  ]
  return { ...header, variables: variablesOf(body, names, scope), body, ...at }
}

/** What callers of the iterations call: the tree, with as many states as the author said, or as it takes. */
export function treeRoot(fn: FunctionNode, tree: Tree, active: readonly boolean[], key: string): FunctionNode {
  const header = recomputedHeader(fn, active)
  const inTree = treeHeader(fn, tree, active)
  const moves = movesInTree(fn, tree, active)
  const scope = Scope.of(header)
  const own = fn.parameters.map(({ name }) => name)
  const given = header.parameters.map(({ name }) => variable(name))
  const count = operation('-', variable(own[1]!), variable(own[0]!))
  const states: Expression =
    tree.snapshots > 0
      ? number(tree.snapshots)
      : { kind: 'opaque', parts: ['cotangent#statesFor(', count, ')'], type: NUMBER, effects: false }
  const isNumber = (name: string): boolean => !isStorage(fn.variables[name]!.type)
  const all = own.filter((name, i) => moves[i] === true && isNumber(name))
  const wanted = own.filter((name, i) => active[i] === true && isNumber(name))
  const made = inTree.result.kind === 'void' ? undefined : scope.fresh('bars', inTree.result)
  const part = (name: string): Expression => (all.length === 1 ? variable(made!) : field(variable(made!), name))
  const value: Expression | undefined =
    wanted.length === 0 || made === undefined
      ? undefined
      : header.result.kind === 'record'
        ? { kind: 'record', type: header.result, values: wanted.map(part) }
        : part(wanted[0]!)
  const body: readonly Statement[] = [
    call(made, key, [...given, states], fn.origin),
    ...(value ? [{ kind: 'return', value, ...(fn.origin && { origin: fn.origin }) } as const] : []),
  ]
  return {
    ...header,
    variables: variablesOf(
      body,
      header.parameters.map(({ name }) => name),
      scope,
    ),
    body,
    ...(fn.origin && { origin: fn.origin }),
  }
}
