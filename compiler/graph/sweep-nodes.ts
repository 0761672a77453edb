/** The statements of a function as nodes, loops and branches as groups of them, and what flows between them. */

import { originsOf } from '../5-emit/print-statement.ts'
import { findRegions, type SummaryOf } from '../2-analyze/regions.ts'
import { rootOfPlace } from '../ir/outside.ts'
import type { Expression, FunctionNode, Origin, Statement } from '../ir/nodes.ts'
import { declaredBy } from '../ir/walk.ts'
import { flowsIn, type Parameter } from './data-flow.ts'
import type { Edge, GraphNode, Group, NodeKind, Place } from './program-graph.ts'

/** A node with what it was made of. */
export interface Made {
  readonly node: GraphNode
  /** The statement, or the parameter by its name. */
  readonly of: Statement | Parameter
  /** Of the statement itself, or of the comment above it; the place that it leads to is there also for what the compiler made up. */
  readonly origin: Origin | undefined
}

export interface MadeGroup extends Omit<Group, 'reversal'> {
  readonly statement: Statement
}

export interface MadeSweep {
  readonly fn: FunctionNode
  readonly made: readonly Made[]
  readonly groups: readonly MadeGroup[]
  readonly edges: readonly Edge[]
}

export interface SweepOptions {
  /** Before the numbers of its nodes and groups. */
  readonly prefix: string
  readonly summaryOf: SummaryOf
  readonly shown: (name: string) => string
  /** A statement as text, on one line. */
  readonly textOf: (statement: Statement) => string
  readonly placeOf: (origin: Origin) => Place
}

export function sweepOf(fn: FunctionNode, options: SweepOptions): MadeSweep {
  return new Builder(fn, options).sweep()
}

class Builder {
  readonly #fn: FunctionNode
  readonly #options: SweepOptions
  readonly #made: Made[] = []
  readonly #groups: MadeGroup[] = []

  constructor(fn: FunctionNode, options: SweepOptions) {
    this.#fn = fn
    this.#options = options
  }

  sweep(): MadeSweep {
    const { origin, parameters } = this.#fn
    for (const { name } of parameters) this.#add('parameter', name, this.#options.shown(name), [name], [origin, origin], null)
    this.#block(this.#fn.body, null, origin)
    return { fn: this.#fn, made: this.#made, groups: this.#groups, edges: this.#edges() }
  }

  #block(block: readonly Statement[], group: string | null, around: Origin | undefined): void {
    const origins = originsOf(block, around)
    block.forEach((statement, i) => {
      const above = block[i - 1]
      const own = (above?.kind === 'comment' ? above.origin : undefined) ?? statement.origin
      const kind = kindOf(statement)
      const text = kind && this.#options.textOf(statement)
      if (kind === undefined || text === undefined || text === '') return
      const origin = origins[i]
      if (statement.kind === 'loop') {
        const id = this.#group('loop', group, `${this.#options.prefix}${String(this.#made.length)}`, statement)
        this.#add(kind, statement, text, namesGivenBy(statement), [statement.origin, origin], id)
        this.#block(statement.body, id, statement.origin ?? origin)
        return
      }
      const head = this.#add(
        kind,
        statement,
        text,
        namesGivenBy(statement),
        [statement.kind === 'if' ? statement.origin : own, origin],
        group,
      )
      if (statement.kind !== 'if') return
      for (const way of ['then', 'else'] as const)
        if (statement[way].some((inner) => kindOf(inner) !== undefined))
          this.#block(statement[way], this.#group(way, group, head, statement), statement.origin ?? origin)
    })
  }

  #group(kind: Group['kind'], group: string | null, head: string, statement: Statement): string {
    const id = `${this.#options.prefix}g${String(this.#groups.length)}`
    this.#groups.push({ id, kind, group, head, statement })
    return id
  }

  #add(
    kind: NodeKind,
    of: Made['of'],
    text: string,
    gives: readonly string[],
    [origin, near]: readonly [own: Origin | undefined, near: Origin | undefined],
    group: string | null,
  ): string {
    const id = `${this.#options.prefix}${String(this.#made.length)}`
    const at = origin ?? near
    const place = at ? this.#options.placeOf(at) : null
    this.#made.push({ node: { id, kind, group, place, text, gives: gives.map(this.#options.shown) }, of, origin })
    return id
  }

  /** Several values that go the same way by one name are one edge. */
  #edges(): readonly Edge[] {
    const at = new Map(this.#made.map(({ of }, i) => [of, i]))
    const edges = new Map<string, Edge>()
    for (const { from, to, value, carried } of flowsIn(this.#fn, findRegions(this.#fn, this.#options.summaryOf))) {
      const [start, end] = [at.get(from), at.get(to)]
      if (start === undefined || end === undefined) continue
      const edge = {
        from: this.#made[start]!.node.id,
        to: this.#made[end]!.node.id,
        value: this.#options.shown(value),
        carried,
      }
      const id = [edge.from, edge.to, edge.value].join(' ')
      // Two variables may be printed by one name.
      edges.set(id, { ...edge, carried: carried && edges.get(id)?.carried !== false })
    }
    const order = ({ from, to }: Edge): readonly number[] => [to, from].map((id) => Number(id.slice(this.#options.prefix.length)))
    return [...edges.values()].sort((a, b) => {
      const [toA, fromA, toB, fromB] = [...order(a), ...order(b)] as [number, number, number, number]
      return toA - toB || fromA - fromB || (a.value < b.value ? -1 : 1)
    })
  }
}

const kinds: Readonly<Record<Statement['kind'], NodeKind | undefined>> = {
  declare: 'compute',
  assign: 'compute',
  fill: 'write',
  copyInto: 'write',
  push: 'write',
  truncate: 'write',
  if: 'test',
  loop: 'loop',
  break: 'exit',
  throw: 'exit',
  return: 'return',
  call: 'call',
  effect: 'effect',
  reserve: 'write',
  release: 'effect',
  comment: undefined,
}

/** Nothing for what is no step of a program: comments, and names without a value yet. */
function kindOf(statement: Statement): NodeKind | undefined {
  if (statement.kind === 'declare' && !statement.value) return undefined
  return statement.kind === 'assign' && statement.target.kind !== 'variable' ? 'write' : kinds[statement.kind]
}

function namesGivenBy(statement: Statement): readonly string[] {
  const declared = declaredBy(statement)
  if (declared !== undefined) return [declared]
  switch (statement.kind) {
    case 'assign':
      return rootsOf(statement.target)
    case 'fill':
    case 'push':
    case 'truncate':
      return rootsOf(statement.array)
    case 'copyInto':
      return rootsOf(statement.target)
    case 'loop':
      return statement.counter ? [statement.counter.name] : []
    case 'reserve':
      return [statement.tape]
    default:
      return []
  }
}

function rootsOf(place: Expression): readonly string[] {
  const root = rootOfPlace(place)
  return root.kind === 'variable' ? [root.name] : []
}
