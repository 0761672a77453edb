import type { FunctionNode, Statement } from '../ir/nodes.ts'
import { readsOf, variablesIn, visitStatements } from '../ir/walk.ts'

/**
 * The variables declared without a value that TypeScript's own flow analysis cannot prove assigned before they are read. They need a first value to be
 * accepted; where the analysis succeeds, `let x: number` says more.
 */
export function readBeforeAssigned(fn: FunctionNode): ReadonlySet<string> {
  const pending = new Set<string>()
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'declare' && statement.value === undefined) pending.add(statement.name)
  })
  const found = new Set<string>()
  if (pending.size > 0) flow(fn.body, new Set(), { pending, found, breaks: [] })
  return found
}

interface Flow {
  readonly pending: ReadonlySet<string>
  readonly found: Set<string>
  /** What is assigned at each `break` of the loops around, innermost last. */
  readonly breaks: ReadonlySet<string>[][]
}

/** What is surely assigned at a point; `undefined` where control never comes. */
type State = ReadonlySet<string> | undefined

function flow(block: readonly Statement[], start: State, context: Flow): State {
  return block.reduce<State>((state, statement) => (state === undefined ? state : step(statement, state, context)), start)
}

function step(statement: Statement, state: ReadonlySet<string>, context: Flow): State {
  if (statement.kind === 'loop') return stepLoop(statement, state, context)
  read(statement, state, context)
  switch (statement.kind) {
    case 'assign':
      return statement.target.kind === 'variable' ? new Set([...state, statement.target.name]) : state
    case 'if':
      return join(flow(statement.then, state, context), flow(statement.else, state, context))
    case 'break':
      context.breaks.at(-1)?.push(state)
      return undefined
    case 'throw':
    case 'return':
      return undefined
    default:
      return state
  }
}

function stepLoop(loop: Statement & { kind: 'loop' }, state: ReadonlySet<string>, context: Flow): State {
  const breaks: ReadonlySet<string>[] = []
  const inside: Flow = { ...context, breaks: [...context.breaks, breaks] }
  const isBottom = loop.counter === undefined && loop.testAt === 'bottom'
  if (!isBottom) read(loop, state, context)
  const end = flow(loop.body, state, inside)
  if (isBottom && end !== undefined) read(loop, end, context)
  const isEndless = loop.counter === undefined && (loop.test === undefined || (loop.test.kind === 'boolean' && loop.test.value))
  const normal = isEndless ? undefined : isBottom ? end : state
  return breaks.reduce<State>(join, normal)
}

function join(a: State, b: State): State {
  if (a === undefined || b === undefined) return a ?? b
  return new Set([...a].filter((name) => b.has(name)))
}

function read(statement: Statement, state: ReadonlySet<string>, { pending, found }: Flow): void {
  for (const expression of readsOf(statement))
    for (const name of variablesIn(expression)) if (pending.has(name) && !state.has(name)) found.add(name)
}
