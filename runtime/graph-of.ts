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
  readonly around: Values
  readonly hooks: Hooks
  readonly isOpaque: boolean
}

type Hooks = Readonly<Record<string, () => unknown>>
type Values = () => Readonly<Record<string, unknown>>

export interface GraphParts {
  /** The values around the function that its backward half reads. */
  readonly around?: Values
  /** Hooks among what is kept, which are not saved: they are made anew. */
  readonly hooks?: Hooks
  /** Whether objects are kept whose methods may be called. Of all others only the fields are read, whatever their classes. */
  readonly isOpaque?: boolean
}

/** A pullback that can be saved. */
export interface Savable {
  readonly graph: Graph
  /** What it holds, until it is released. */
  readonly held: () => { readonly kept: unknown } | undefined
}

const operators = new WeakMap<object, Graph>()
const pullbacks = new WeakMap<object, Savable>()

const nothing: Values = () => ({})

/** Says of an operator's result how its pullbacks are saved and loaded. */
export function graphOf(
  operator: object,
  backward: Graph['backward'],
  name: string,
  code: string,
  { around = nothing, hooks = {}, isOpaque = false }: GraphParts = {},
): Graph {
  const graph: Graph = { name, code, backward, around, hooks, isOpaque }
  operators.set(operator, graph)
  return graph
}

export function rememberPullback(pullback: object, savable: Savable): void {
  pullbacks.set(pullback, savable)
}

export const graphOfOperator = (operator: object): Graph | undefined => operators.get(operator)

export const savableOf = (pullback: object): Savable | undefined => pullbacks.get(pullback)
