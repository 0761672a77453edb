/**
 * Which pieces of storage may be the same. Every reference points to a region; assigning a reference unifies two regions
 * (Steensgaard 1996: almost linear, without regard to order). A region has children: `[]` for all elements of an array, a field's name
 * for that field. Numbers in storage are the leaves; activity and writes are recorded on them.
 *
 * Needs: structured IR. Promises: two expressions whose regions differ never share storage. Costs: two visits of the function.
 */

import { isMissingValue } from '../ir/missing.ts'
import { isNamed, partsOf } from '../ir/named-type.ts'
import type { Expression, FunctionNode, Meetings, Path, Statement, Type, VariableInfo } from '../ir/nodes.ts'
import { isStorage } from '../ir/shadow-type.ts'
import { typeOf } from '../ir/types.ts'
import { visitStatements } from '../ir/walk.ts'
import { enterAll, meetAll, takesResiduals, tieNamed, writesOutside } from './tie-regions.ts'

export interface Region {
  readonly id: number
}

interface Node extends Region {
  parent?: Node
  readonly children: Map<string, Node>
}

/** What texts that leave a function tell of numbers that it was given. */
export interface TextSummary {
  /** Its result, or storage that it was given, holds such a text. */
  readonly leave: boolean
  /** Names of the module that were given one. */
  readonly outside: readonly string[]
}

/** What a caller must know of a function that it calls. */
export interface Summary {
  readonly meetings: Meetings
  /** Which parameters lead to storage that the function writes. */
  readonly written: readonly boolean[]
  /** Whether it may change what it was not given: storage of the module, or whatever code that is not read can change. */
  readonly outside?: boolean
  readonly texts?: TextSummary
}
export type SummaryOf = (callee: string) => Summary

export class Regions {
  readonly #nodes: Node[] = []
  readonly #variables = new Map<string, Node>()
  readonly #constants = new Map<string, Node>()

  /** The region that a reference points to, or the leaf that holds a number in storage; nothing for other values. */
  of(expression: Expression): Region | undefined {
    const node = this.#of(expression)
    return node && find(node)
  }

  ofVariable(name: string): Region {
    return find(this.#variable(name))
  }

  /** The region of an array's elements or of a record's field. */
  child(region: Region, key: string): Region {
    return find(this.#child(region as Node, key))
  }

  /** Every region reachable from this one, itself included. */
  reachable(region: Region, into: Set<Region> = new Set()): Set<Region> {
    const node = find(region as Node)
    if (into.has(node)) return into
    into.add(node)
    for (const child of node.children.values()) this.reachable(child, into)
    return into
  }

  /** All that can be reached from the names of things around the function. */
  outside(): ReadonlySet<Region> {
    const reached = new Set<Region>()
    for (const node of this.#constants.values()) this.reachable(node, reached)
    return reached
  }

  /** Names of things around the function may be names of the same thing. */
  joinOutside(): void {
    const [first, ...others] = this.#constants.values()
    for (const other of others) this.#union(first!, other)
  }

  unify(a: Expression, b: Expression): void {
    const [left, right] = [this.#of(a), this.#of(b)]
    if (left && right) this.#union(left, right)
  }

  join(a: Region, b: Region): void {
    this.#union(a as Node, b as Node)
  }

  /** Unifies by paths: how a call binds a callee's meetings to the caller's arguments. */
  meet(meetings: Meetings, rootOf: (root: string) => Expression | undefined): void {
    for (const paths of meetings) {
      const nodes = paths.flatMap(({ root, keys }) => {
        const expression = rootOf(root)
        const start = expression && this.#of(expression)
        return start ? [keys.reduce((node, key) => this.#child(node, key), start)] : []
      })
      for (const node of nodes.slice(1)) this.#union(nodes[0]!, node)
    }
  }

  /** The paths from some variables that lead to the same region, for callers. Paths longer than the types' depth can't occur. */
  meetings(roots: readonly { root: string; name: string; type: Type }[]): Meetings {
    const byNode = new Map<Node, Path[]>()
    const visit = (node: Node, path: Path, type: Type, above: ReadonlySet<string>): void => {
      const found = find(node)
      byNode.set(found, [...(byNode.get(found) ?? []), path])
      // What nothing was taken out of is not asked for its parts: a half that is being made does not know them.
      if (found.children.size === 0 || (isNamed(type) && above.has(type.name))) return
      const inside = isNamed(type) ? new Set([...above, type.name]) : above
      for (const [key, inner] of partsOf(type)) {
        const child = found.children.get(key)
        if (child) visit(child, { root: path.root, keys: [...path.keys, key] }, inner, inside)
      }
    }
    for (const { root, name, type } of roots) visit(this.#variable(name), { root, keys: [] }, type, new Set())
    return [...byNode.values()].filter((paths) => paths.length > 1)
  }

  /**
   * Lets the duals of some references meet wherever the references do: `pairs` are variables with their duals. What a call does to the
   * storage of its arguments, say, it does to their shadows.
   */
  mirror(pairs: ReadonlyMap<string, string>): void {
    for (let settled = false; !settled;) {
      settled = true
      const dualOf = new Map<Node, Node>()
      const match = (node: Node, dual: Node): void => {
        const [primal, shadow] = [find(node), find(dual)]
        const known = dualOf.get(primal)
        if (known && find(known) === shadow) return
        if (known) {
          this.#union(known, shadow)
          settled = false
          return
        }
        dualOf.set(primal, shadow)
        for (const [key, child] of primal.children) match(child, this.#child(shadow, key))
      }
      for (const [name, dual] of pairs) match(this.#variable(name), this.#variable(dual))
    }
  }

  #of(expression: Expression): Node | undefined {
    switch (expression.kind) {
      case 'variable':
        return this.#variable(expression.name)
      case 'element':
        return this.#below(expression.array, '[]')
      case 'field':
        return this.#below(expression.record, expression.name)
      case 'operation': {
        // A reference chosen by a condition may be either.
        if (expression.operator === 'stopGradient' || expression.operator === 'shown') return this.#of(expression.operands[0]!)
        if (expression.operator === 'hook') return this.#of(expression.operands.at(-1)!)
        if (expression.operator !== 'select') return undefined
        const [, a, b] = expression.operands
        this.unify(a!, b!)
        return this.#of(a!)
      }
      case 'view':
        return this.#of(expression.array)
      case 'opaque': {
        if (!isStorage(expression.type) || isMissingValue(expression)) return undefined
        const text = expression.parts.map((part) => (typeof part === 'string' ? part : '?')).join('')
        return this.#named(this.#constants, text)
      }
      default:
        return undefined
    }
  }

  #below(base: Expression, key: string): Node | undefined {
    const node = this.#of(base)
    return node && this.#child(node, key)
  }

  #child(node: Node, key: string): Node {
    const children = find(node).children
    return this.#named(children, key)
  }

  #variable(name: string): Node {
    return this.#named(this.#variables, name)
  }

  #named(map: Map<string, Node>, key: string): Node {
    const known = map.get(key)
    if (known) return known
    const node: Node = { id: this.#nodes.length, children: new Map() }
    this.#nodes.push(node)
    map.set(key, node)
    return node
  }

  #union(a: Node, b: Node): void {
    const [left, right] = [find(a), find(b)]
    if (left === right) return
    right.parent = left
    // Regions may lead back to themselves, so that `left` can be merged on the way.
    for (const [key, child] of [...right.children]) {
      const { children } = find(left)
      const own = children.get(key)
      if (own) this.#union(own, child)
      else children.set(key, child)
    }
  }
}

function find(node: Node): Node {
  let root = node
  while (root.parent) root = root.parent
  if (node !== root) node.parent = root
  return root
}

export { isStorage } from '../ir/shadow-type.ts'

/** The regions of one function. `summaryOf` tells of the functions it calls. */
export function findRegions(fn: FunctionNode, summaryOf: SummaryOf): Regions {
  const regions = new Regions()
  tieNamed(regions, [...Object.entries(fn.variables).map(([name, { type }]) => ({ name, type })), { name: RESULT, type: fn.result }])
  if (takesResiduals(fn)) meetAll(regions, fn)
  const parameter = (root: string): Expression => ({ kind: 'variable', name: fn.parameters[Number(root)]!.name })
  if (fn.meetings) regions.meet(fn.meetings, parameter)
  visitStatements(fn.body, (statement) => flow(regions, fn, statement, summaryOf))
  enterAll(regions, fn)
  if (writesOutside(regions, fn)) regions.joinOutside()
  return regions
}

/** The key of an array's length among the parts of its region. */
export const LENGTH = 'length'

/** The root under which a function's result stands in its meetings. No variable can have this name. */
export const RESULT = 'return'

function flow(regions: Regions, fn: FunctionNode, statement: Statement, summaryOf: SummaryOf): void {
  if (statement.kind === 'declare' && statement.value)
    bind(fn.variables, regions, { kind: 'variable', name: statement.name }, statement.value)
  if (statement.kind === 'assign') bind(fn.variables, regions, statement.target, statement.value)
  if (statement.kind === 'push') bind(fn.variables, regions, elementOf(statement.array), statement.value)
  if (statement.kind === 'fill') bind(fn.variables, regions, elementOf(statement.array), statement.value)
  if (statement.kind === 'return' && statement.value && isStorage(fn.result))
    bind(fn.variables, regions, { kind: 'variable', name: RESULT }, statement.value)
  if (statement.kind === 'call') {
    const { meetings } = summaryOf(statement.callee)
    regions.meet(meetings, (root) =>
      root === RESULT
        ? statement.result === undefined
          ? undefined
          : { kind: 'variable', name: statement.result }
        : statement.arguments[Number(root)],
    )
  }
}

type Variables = Readonly<Record<string, VariableInfo>>

/** Lets references flow into a place; new storage flows part by part. */
function bind(variables: Variables, regions: Regions, place: Expression, value: Expression): void {
  switch (value.kind) {
    case 'list':
      for (const part of value.elements) bind(variables, regions, elementOf(place), part)
      return
    case 'record':
      value.type.fields.forEach(({ name }, i) => bind(variables, regions, { kind: 'field', record: place, name }, value.values[i]!))
      return
    case 'slice':
    case 'convert': {
      // The copy is new, but what its elements refer to is shared.
      const type = typeOf(value.array, variables)
      if (type.kind === 'array' && isStorage(type.element)) regions.unify(elementOf(place), elementOf(value.array))
      return
    }
    case 'opaque':
      // The text of an object: what is put into its fields may still be reached from there.
      value.parts.forEach((part, i) => {
        const before = value.parts[i - 1]
        const name = typeof before === 'string' ? /([\w$]+): $/.exec(before)?.[1] : undefined
        if (name === undefined || typeof part === 'string' || !isStorage(typeOf(part, variables))) return
        regions.unify({ kind: 'field', record: place, name }, part)
      })
      if (isStorage(value.type)) regions.unify(place, value)
      return
    default:
      if (isStorage(typeOf(value, variables))) regions.unify(place, value)
  }
}

/** Some element of an array; which one makes no difference to regions. */
const elementOf = (array: Expression): Expression => ({ kind: 'element', array, index: { kind: 'number', value: 0 } })
