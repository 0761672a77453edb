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
  readonly points: readonly Point[]
  /** Whether the points are those of one cubic curve beside the column, or of a line that goes between the nodes. */
  readonly beside: boolean
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
  const rows = new Map(column.nodes.map(({ id }, i) => [id, i]))
  const isBeside = ({ from, to, carried }: Flow): boolean => carried || Math.abs(rows.get(to)! - rows.get(from)!) > FAR
  const flows = flowsOf(column)
  for (const flow of flows) if (!isBeside(flow)) graph.setEdge(flow.from, flow.to, { weight: 1 }, FLOW)
  layout(graph)
  const boxes = new Map(
    graph.nodes().map((id) => {
      const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id)
      return [id, { x: x - width / 2, y: y - height / 2, width, height }] as const
    }),
  )
  const edges = flows.map((flow): PlacedEdge => {
    const beside = isBeside(flow)
    const points = beside
      ? around(boxes.get(flow.from)!, boxes.get(flow.to)!, flow.carried ? 1 : -1)
      : (graph.edge(flow.from, flow.to, FLOW)?.points ?? [])
    return { ...flow, beside, points }
  })
  return inItsCorner(boxes, edges)
}

/** From one side of a node to the same side of another: the left for what goes far, the right for what goes to the next iteration. */
function around(from: Box, to: Box, side: 1 | -1): readonly Point[] {
  const at = ({ x, y, width, height }: Box): Point => ({ x: side === 1 ? x + width : x, y: y + height / 2 })
  const [start, end] = [at(from), at(to)]
  const out = 16 + Math.min(120, Math.abs(start.y - end.y) / 9)
  const x = side === 1 ? Math.max(start.x, end.x) + out : Math.min(start.x, end.x) - out
  return [start, { x, y: start.y }, { x, y: end.y }, end]
}

/** Lines may lead around the nodes: all of it is moved so that nothing stands left of or above the origin. */
function inItsCorner(boxes: ReadonlyMap<string, Box>, edges: readonly PlacedEdge[]): Placed {
  const all = [...boxes.values()]
  const points = [
    ...all,
    ...all.map(({ x, y, width, height }) => ({ x: x + width, y: y + height })),
    ...edges.flatMap((edge) => edge.points),
  ]
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [left, top] = [Math.min(0, ...xs), Math.min(0, ...ys)]
  const moved = <P extends Point>(point: P): P => ({ ...point, x: point.x - left, y: point.y - top })
  return {
    width: Math.max(0, ...xs) - left,
    height: Math.max(0, ...ys) - top,
    boxes: new Map([...boxes].map(([id, box]) => [id, moved(box)])),
    edges: edges.map((edge) => ({ ...edge, points: edge.points.map(moved) })),
  }
}

/** How many nodes a value may pass before its line goes around them. */
const FAR = 8
const SEQUENCE = 'sequence'
const FLOW = 'flow'

type Flow = Omit<PlacedEdge, 'points' | 'beside'>

/** One line for all that flows from one node to another. What a node hands on to itself has none. */
function flowsOf({ edges }: Column<Node>): readonly Flow[] {
  const flows = new Map<string, { from: string; to: string; values: string[]; carried: boolean }>()
  for (const { from, to, value, carried } of edges) {
    const known = flows.get(`${from} ${to}`)
    if (known) known.values.push(value)
    else if (from !== to) flows.set(`${from} ${to}`, { from, to, values: [value], carried })
  }
  return [...flows.values()]
}
