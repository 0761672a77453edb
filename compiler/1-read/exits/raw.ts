/**
 * The form between the author's statements and the structured ones of the IR: blocks, and exits that leave them from anywhere inside.
 * `break`, `continue`, `return`, labels and `switch` are all exits of some block or loop; `structure.ts` makes them disappear.
 */

import type {
  Assign,
  Call,
  Checkpoint,
  Comment,
  CopyInto,
  Counter,
  Declare,
  Effect,
  Expression,
  Fill,
  Origin,
  Push,
  Reserve,
  Throw,
  Truncate,
} from '../../ir/nodes.ts'

/** Names a block or loop, unique within one function. */
export type Target = number

export type PlainStatement = Declare | Assign | Fill | CopyInto | Push | Truncate | Call | Effect | Comment | Throw | Reserve

export type RawStatement = PlainStatement | RawIf | RawLoop | RawBlock | RawExit

export interface RawIf {
  readonly kind: 'if'
  readonly test: Expression
  readonly then: readonly RawStatement[]
  readonly else: readonly RawStatement[]
  readonly origin?: Origin
}

/** As `Loop`, but left early by exits to `target`. A `continue` is an exit of a block that is the body. */
export interface RawLoop {
  readonly kind: 'loop'
  readonly target: Target
  readonly counter?: Counter
  readonly test?: Expression
  readonly testAt?: 'top' | 'bottom'
  readonly body: readonly RawStatement[]
  readonly checkpoint?: Checkpoint
  readonly origin?: Origin
}

/** Statements that an exit to `target` leaves; control goes on after it. No scope of its own: names are unique already. */
export interface RawBlock {
  readonly kind: 'block'
  readonly target: Target
  readonly body: readonly RawStatement[]
  /** A region with gradients: one without, around it, leaves it as it is. */
  readonly enabled?: true
}

export interface RawExit {
  readonly kind: 'exit'
  readonly target: Target
  readonly origin?: Origin
}

/** The lists of statements directly inside a statement. */
export function innerLists(statement: RawStatement): readonly (readonly RawStatement[])[] {
  switch (statement.kind) {
    case 'if':
      return [statement.then, statement.else]
    case 'loop':
    case 'block':
      return [statement.body]
    default:
      return []
  }
}

export function mapInner(statement: RawStatement, f: (list: readonly RawStatement[]) => readonly RawStatement[]): RawStatement {
  switch (statement.kind) {
    case 'if':
      return { ...statement, then: f(statement.then), else: f(statement.else) }
    case 'loop':
    case 'block':
      return { ...statement, body: f(statement.body) }
    default:
      return statement
  }
}

/** Where control may go from inside, other than on to the next statement. In order of first mention. */
export function exitsOf(list: readonly RawStatement[]): Set<Target> {
  const targets = new Set<Target>()
  const visit = (statements: readonly RawStatement[], inside: ReadonlySet<Target>): void => {
    for (const statement of statements) {
      if (statement.kind === 'exit' && !inside.has(statement.target)) targets.add(statement.target)
      const own = statement.kind === 'loop' || statement.kind === 'block' ? new Set([...inside, statement.target]) : inside
      for (const inner of innerLists(statement)) visit(inner, own)
    }
  }
  visit(list, new Set())
  return targets
}

/** Whether control can reach the end of the list. */
export function completes(list: readonly RawStatement[]): boolean {
  return list.every((statement) => {
    switch (statement.kind) {
      case 'throw':
      case 'exit':
        return false
      case 'if':
        return completes(statement.then) || completes(statement.else)
      case 'block':
        return completes(statement.body) || exitsOf(statement.body).has(statement.target)
      case 'loop':
        return !isEndless(statement) || exitsOf(statement.body).has(statement.target)
      default:
        return true
    }
  })
}

/** `while (true)`: left by an exit only. */
export function isEndless(loop: RawLoop): boolean {
  return loop.counter === undefined && loop.test?.kind === 'boolean' && loop.test.value
}

/** Replaces every exit to other places than the blocks inside, at any depth. */
export function mapExits(list: readonly RawStatement[], f: (exit: RawExit) => readonly RawStatement[]): readonly RawStatement[] {
  return list.flatMap((statement): readonly RawStatement[] => {
    switch (statement.kind) {
      case 'exit':
        return f(statement)
      case 'if':
        return [{ ...statement, then: mapExits(statement.then, f), else: mapExits(statement.else, f) }]
      case 'loop':
      case 'block':
        return [{ ...statement, body: mapExits(statement.body, f) }]
      default:
        return [statement]
    }
  })
}
