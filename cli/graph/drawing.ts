/** What is drawn of a graph: the primal, and beside it the sweep that computes derivatives, with the nodes that belong together. */

import type { DerivativeNode, Edge, FunctionGraph, Group, PrimalNode, ProgramGraph } from '../../compiler/index.ts'

export interface Drawing {
  readonly title: string
  readonly functions: readonly DrawnFunction[]
}

export interface DrawnFunction {
  readonly id: string
  readonly mode: FunctionGraph['mode']
  readonly primal: Column<PrimalNode>
  readonly derivative: Column<DerivativeNode>
  /** From a node of the primal to the first of those that stem from it. */
  readonly links: readonly { readonly from: string; readonly to: string }[]
}

export interface Column<Node extends PrimalNode | DerivativeNode> {
  readonly title: string
  readonly nodes: readonly Node[]
  readonly groups: readonly Group[]
  readonly edges: readonly Edge[]
}

export function drawingOf(graph: ProgramGraph): Drawing {
  const { file, function: name, operator, wrt, hasAux } = graph
  const by = operator === 'jvp' ? '' : ` with respect to ${wrt.map((argument) => argument.name).join(', ')}`
  return {
    title: `${file}#${name}: ${operator}${by}${hasAux ? ', with an auxiliary result' : ''}`,
    functions: graph.functions.map(drawn),
  }
}

function drawn({ id, function: name, mode, independent, primal, derivative }: FunctionGraph): DrawnFunction {
  const shown = shownOf(derivative)
  const nodes = derivative.nodes.filter((node) => shown.has(node.id))
  const heads = new Set(nodes.map(({ id }) => id))
  const groups = derivative.groups.filter(({ head }) => heads.has(head))
  const moving = independent.length === 0 ? 'nothing moves' : `${independent.join(', ')} ${independent.length > 1 ? 'move' : 'moves'}`
  const linked = new Set<string>()
  return {
    id,
    mode,
    primal: { title: `primal: ${name}; ${moving}`, nodes: primal.nodes, groups: primal.groups, edges: primal.edges },
    derivative: {
      title: `${mode === 'reverse' ? 'adjoint' : 'tangent'}: ${derivative.names.at(-1) ?? name}`,
      nodes,
      groups,
      edges: derivative.edges.filter(({ from, to }) => shown.has(from) && shown.has(to)),
    },
    links: nodes.flatMap((node) => {
      const from = node.kind === 'parameter' ? undefined : node.of[0]
      if (from === undefined || linked.has(from)) return []
      linked.add(from)
      return [{ from, to: node.id }]
    }),
  }
}

/** What computes derivatives, with the loops and branches that it stands in. The forward sweep is the primal over again. */
function shownOf({ nodes, groups }: FunctionGraph['derivative']): ReadonlySet<string> {
  const byId = new Map(groups.map((group) => [group.id, group]))
  const shown = new Set<string>()
  for (const { id, sweep, group } of nodes) {
    if (sweep === 'forward') continue
    shown.add(id)
    for (let at = group === null ? undefined : byId.get(group); at; at = at.group === null ? undefined : byId.get(at.group))
      shown.add(at.head)
  }
  return shown
}

/** What is stored of a node, for its mark: `stored: state, 8 * ceil(steps) bytes`. */
export function marksOf(node: PrimalNode | DerivativeNode): readonly string[] {
  if (!('values' in node)) return []
  return node.values.flatMap(({ value, source, storage }) => {
    if (source === 'stored') return [storage ? `stored: ${value}, ${storage.bytes} bytes` : `stored: ${value}`]
    return source === 'computed again' ? [`computed again: ${value}`] : []
  })
}

/** The class of a node in a drawing. */
export type Look = 'active' | 'varied' | 'useful' | 'inactive' | 'control' | 'adjoint'

export const lookOf = (node: PrimalNode | DerivativeNode): Look =>
  'activity' in node ? node.activity : node.sweep === 'forward' ? 'control' : 'adjoint'

export const isStored = (node: PrimalNode | DerivativeNode): boolean =>
  'values' in node && node.values.some(({ source }) => source === 'stored')

/** Long texts are cut where they would make a drawing unreadable. */
export const shortened = (text: string, longest = 64): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)
