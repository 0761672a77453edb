/** Where the nodes of a column stand, by dagre: loops and branches are clusters, and the text gives the order. */

import dagre from '@dagrejs/dagre'
import type { Column } from './drawing.ts'
import { sequenceOf, type Node } from './order.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box extends Point {
  readonly width: number
  readonly height: number
}

export interface Placed {
  readonly width: number
  readonly height: number
  /** By the ids of nodes and groups, from their upper left corners. */
  readonly boxes: ReadonlyMap<string, Box>
  readonly edges: readonly PlacedEdge[]
}

export interface PlacedEdge {
  readonly from: string
  readonly to: string
  readonly values: readonly string[]
  readonly carried: boolean
  /** None for what goes to the next iteration, against the text: it is drawn around the column. */
  readonly points: readonly Point[]
}

/** What is used of the library's graph, whose own declarations do not resolve as modules of Node. */
interface Layout {
  setGraph(label: object): void
  setNode(id: string, label: object): void
  setParent(id: string, parent: string): void
  setEdge(from: string, to: string, label: object, name: string): void
  nodes(): readonly string[]
  node(id: string): Partial<Box>
  edge(from: string, to: string, name: string): { readonly points?: readonly Point[] } | undefined
  graph(): Partial<Box>
}

interface Library {
  readonly graphlib: { readonly Graph: new (options: object) => Layout }
  readonly layout: (graph: Layout) => unknown
}

export interface Way {
  /** Whether the first node stands at the bottom, so that what is reversed stands across from its reverse. */
  readonly up: boolean
  /** The space between one row and the next. */
  readonly apart: number
}

export function place(column: Column<Node>, sizeOf: (node: Node) => Pick<Box, 'width' | 'height'>, { up, apart }: Way): Placed {
  const { graphlib, layout } = dagre as unknown as Library
  const graph = new graphlib.Graph({ compound: true, multigraph: true })
  graph.setGraph({ rankdir: up ? 'BT' : 'TB', nodesep: 18, edgesep: 7, ranksep: apart })
  for (const group of column.groups) graph.setNode(group.id, {})
  for (const node of column.nodes) graph.setNode(node.id, { ...sizeOf(node) })
  for (const { id, group } of [...column.groups, ...column.nodes]) if (group !== null) graph.setParent(id, group)
  for (const { from, to } of sequenceOf(column)) graph.setEdge(from, to, { weight: 20 }, SEQUENCE)
  const flows = flowsOf(column)
  for (const { from, to, carried } of flows) if (!carried) graph.setEdge(from, to, { weight: 1 }, FLOW)
  layout(graph)
  const boxes = new Map(
    graph.nodes().map((id) => {
      const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id)
      return [id, { x: x - width / 2, y: y - height / 2, width, height }] as const
    }),
  )
  const { width = 0, height = 0 } = graph.graph()
  const edges = flows.map((flow) => ({ ...flow, points: flow.carried ? [] : (graph.edge(flow.from, flow.to, FLOW)?.points ?? []) }))
  return { width, height, boxes, edges }
}

const SEQUENCE = 'sequence'
const FLOW = 'flow'

/** One line for all that flows from one node to another. What a node hands on to itself has none. */
function flowsOf({ edges }: Column<Node>): readonly Omit<PlacedEdge, 'points'>[] {
  const flows = new Map<string, { from: string; to: string; values: string[]; carried: boolean }>()
  for (const { from, to, value, carried } of edges) {
    const known = flows.get(`${from} ${to}`)
    if (known) known.values.push(value)
    else if (from !== to) flows.set(`${from} ${to}`, { from, to, values: [value], carried })
  }
  return [...flows.values()]
}
