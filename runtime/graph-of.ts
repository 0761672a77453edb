/**
 * What saving and loading need to know of an operator's result. The compiler emits it where the program uses `cotangent/graph`; elsewhere a pullback
 * knows nothing of it and pays nothing for it.
 */
export interface Graph {
  /** The name of the function that was differentiated. */
  readonly name: string
  /** A hash of the code of both halves and of what they call. */
  readonly code: string
  readonly backward: (kept: never, cotangent: never) => unknown
  /** The values around the function that its backward half reads. */
  readonly around: () => Readonly<Record<string, unknown>>
}

/** A pullback that can be saved. */
export interface Savable {
  readonly graph: Graph
  /** What it holds, until it is released. */
  readonly held: () => { readonly kept: unknown } | undefined
}

const operators = new WeakMap<object, Graph>()
const pullbacks = new WeakMap<object, Savable>()

const nothing = (): Readonly<Record<string, unknown>> => ({})

/** Says of an operator's result how its pullbacks are saved and loaded. */
export function graphOf(
  operator: object,
  backward: Graph['backward'],
  name: string,
  code: string,
  around: () => Readonly<Record<string, unknown>> = nothing,
): Graph {
  const graph: Graph = { name, code, backward, around }
  operators.set(operator, graph)
  return graph
}

export function rememberPullback(pullback: object, savable: Savable): void {
  pullbacks.set(pullback, savable)
}

export const graphOfOperator = (operator: object): Graph | undefined => operators.get(operator)

export const savableOf = (pullback: object): Savable | undefined => pullbacks.get(pullback)
