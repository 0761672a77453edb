/**
 * Where a write into an object could be seen under another name: which variables of records hold an object that is written while another variable,
 * which may hold the same one, is still needed. For all others a copy of the fields is as good as the reference.
 *
 * What may be the same is followed along the control flow: a variable that is given a new object shares it with nothing, one that is given another variable
 * with all that this one shares.
 *
 * Needs: structured exits; the variables hold nothing but new objects and each other's. Promises: never too few.
 * Costs: loops are visited until nothing more is shared.
 */

import type { Expression, Statement } from '../ir/nodes.ts'
import { liveNames } from './live-names.ts'

export function aliasedWrites(body: readonly Statement[], records: ReadonlySet<string>): ReadonlySet<string> {
  const live = liveNames(body)
  const found = new Set<string>()
  const onWrite = (statement: Statement, name: string, shared: Shared): void => {
    const needed = live.get(statement)!
    const others = [...(shared.get(name) ?? [])].filter((other) => needed.has(other))
    if (others.length > 0) for (const one of [name, ...others]) found.add(one)
  }
  follow(body, new Map(), { records, onWrite, breaks: [] })
  return found
}

/** With which others each variable may share its object. Never changed in place. */
type Shared = ReadonlyMap<string, ReadonlySet<string>>

interface Context {
  readonly records: ReadonlySet<string>
  readonly onWrite: (statement: Statement, name: string, shared: Shared) => void
  /** What is shared at each `break` of the loop around. */
  readonly breaks: Shared[]
}

/** What is shared after a list; nothing where control does not come there. */
function follow(block: readonly Statement[], shared: Shared | undefined, context: Context): Shared | undefined {
  return block.reduce<Shared | undefined>((now, statement) => now && followOne(statement, now, context), shared)
}

function followOne(statement: Statement, shared: Shared, context: Context): Shared | undefined {
  const { records, onWrite, breaks } = context
  switch (statement.kind) {
    case 'declare':
      return records.has(statement.name) ? given(shared, statement.name, statement.value, records) : shared
    case 'assign': {
      const { target, value } = statement
      if (target.kind === 'variable') return records.has(target.name) ? given(shared, target.name, value, records) : shared
      if (target.kind === 'field' && target.record.kind === 'variable') onWrite(statement, target.record.name, shared)
      return shared
    }
    case 'if':
      return either(follow(statement.then, shared, context), follow(statement.else, shared, context))
    case 'loop': {
      for (let entry = shared; ;) {
        const own: Shared[] = []
        const end = follow(statement.body, entry, { ...context, breaks: own })
        const again = either(entry, end)!
        if (count(again) === count(entry)) return own.reduce<Shared>((all, one) => either(all, one)!, again)
        entry = again
      }
    }
    case 'break':
      breaks.push(shared)
      return undefined
    case 'throw':
    case 'return':
      return undefined
    default:
      return shared
  }
}

/** After `name = value`. */
function given(shared: Shared, name: string, value: Expression | undefined, records: ReadonlySet<string>): Shared {
  if (value?.kind === 'variable' && value.name === name) return shared
  const next = new Map<string, Set<string>>()
  for (const [one, others] of shared) if (one !== name) next.set(one, new Set([...others].filter((other) => other !== name)))
  if (value?.kind !== 'variable' || !records.has(value.name)) return next
  const all = [value.name, ...(next.get(value.name) ?? [])]
  next.set(name, new Set(all))
  for (const other of all) next.set(other, new Set([...(next.get(other) ?? []), name]))
  return next
}

function either(a: Shared | undefined, b: Shared | undefined): Shared | undefined {
  if (!a || !b) return a ?? b
  const all = new Map(a)
  for (const [name, others] of b) all.set(name, new Set([...(all.get(name) ?? []), ...others]))
  return all
}

const count = (shared: Shared): number => [...shared.values()].reduce((sum, others) => sum + others.size, 0)
