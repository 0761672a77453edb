/** A graph as a drawing: the primal on the left as it is read, what computes derivatives on the right, an adjoint across from what it reverses. */

import type { ProgramGraph } from '../../compiler/index.ts'
import { drawingOf, isStored, lookOf, marksOf, shortened, type Column, type DrawnFunction } from './drawing.ts'
import { place, type Box, type Placed, type PlacedEdge, type Point } from './layout.ts'
import type { Node } from './order.ts'
import { legend, style } from './svg-style.ts'

const MARGIN = 24
const GAP = 130
const APART = 16
const LINE = 15
const CHARACTER = 7.25
const HEADING = 30

export function toSvg(graph: ProgramGraph): string {
  const { title, functions } = drawingOf(graph)
  let y = MARGIN + 34
  const columns = functions.map(placeColumns)
  // The columns of all functions begin at the same places.
  const leftWidth = Math.max(0, ...columns.map(({ left }, i) => Math.max(left.width, functions[i]!.primal.title.length * 8)))
  const drawn = functions.map((fn, i) => {
    const one = drawFunction(fn, columns[i]!, { top: y, leftWidth })
    y += one.height + 36
    return one
  })
  const key = legend(
    MARGIN,
    y,
    functions.some(({ mode }) => mode === 'reverse'),
  )
  const width = Math.ceil(Math.max(key.width, title.length * 9.2, ...drawn.map((one) => one.width)) + 2 * MARGIN)
  const height = Math.ceil(y + key.height + MARGIN)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<defs>${['flow', 'active', 'adjoint', 'link'].map(arrow).join('')}</defs>`,
    `<rect class="page" width="100%" height="100%"/>`,
    `<text class="title" x="${n(MARGIN)}" y="${n(MARGIN + 14)}">${escaped(title)}</text>`,
    ...drawn.flatMap(({ lines }) => lines),
    ...key.lines,
    '</svg>',
    '',
  ].join('\n')
}

const arrow = (name: string): string =>
  `<marker id="${name}" class="arrow to-${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6.5" markerHeight="6.5" orient="auto"><path d="M0,0.8L8,4L0,7.2z"/></marker>`

interface Drawn {
  readonly width: number
  readonly height: number
  readonly lines: readonly string[]
}

interface Columns {
  readonly left: Placed
  readonly right: Placed
}

/** Both get about the same height, so that rows of one stand across from those of the other. */
function placeColumns({ primal, derivative, mode }: DrawnFunction): Columns {
  const up = mode === 'reverse'
  const [left, right] = [place(primal, sizeOf, { up: false, apart: APART }), place(derivative, sizeOf, { up, apart: APART })]
  const tallest = Math.max(left.height, right.height)
  const [leftApart, rightApart] = [stretched(left, tallest), stretched(right, tallest)]
  return {
    left: leftApart < APART + 2 ? left : place(primal, sizeOf, { up: false, apart: leftApart }),
    right: rightApart < APART + 2 ? right : place(derivative, sizeOf, { up, apart: rightApart }),
  }
}

function drawFunction(
  { primal, derivative, links, mode }: DrawnFunction,
  { left, right }: Columns,
  { top, leftWidth }: { readonly top: number; readonly leftWidth: number },
): Drawn {
  const height = Math.max(left.height, right.height)
  const at = {
    left: { x: MARGIN, y: top + HEADING },
    right: { x: MARGIN + leftWidth + GAP, y: top + HEADING + (mode === 'reverse' ? height - right.height : 0) },
  }
  const boxes = new Map([...moved(left, at.left), ...moved(right, at.right)])
  return {
    width: leftWidth + GAP + Math.max(right.width, derivative.title.length * 8),
    height: height + HEADING,
    lines: [
      heading(primal.title, MARGIN, top),
      heading(derivative.title, at.right.x, top),
      ...drawGroups(primal, left, at.left),
      ...drawGroups(derivative, right, at.right),
      ...links.map(({ from, to }) => link(boxes.get(from)!, boxes.get(to)!)),
      ...drawColumn(primal, left, at.left),
      ...drawColumn(derivative, right, at.right),
    ],
  }
}

function stretched({ height, boxes }: Placed, to: number): number {
  const rows = new Set([...boxes.values()].map(({ y, height: own }) => Math.round(y + own / 2))).size
  return rows < 2 ? APART : Math.min(APART + (to - height) / (rows - 1), 4 * APART)
}

const heading = (text: string, x: number, y: number): string => `<text class="heading" x="${n(x)}" y="${n(y + 10)}">${escaped(text)}</text>`

function moved({ boxes }: Placed, { x, y }: Point): readonly (readonly [string, Box])[] {
  return [...boxes].map(([id, box]) => [id, { ...box, x: box.x + x, y: box.y + y }])
}

/** From the right side of a node to the left side of what reverses it. */
function link(from: Box, to: Box): string {
  const [start, end] = [
    { x: from.x + from.width, y: from.y + from.height / 2 },
    { x: to.x, y: to.y + to.height / 2 },
  ]
  const bend = Math.max(30, (end.x - start.x) / 2)
  return `<path class="link" marker-end="url(#link)" d="M${p(start)}C${n(start.x + bend)},${n(start.y)} ${n(end.x - bend)},${n(end.y)} ${p(end)}"/>`
}

const shifted = ({ x, y }: Point, lines: readonly string[]): readonly string[] => [
  `<g transform="translate(${n(x)},${n(y)})">`,
  ...lines,
  '</g>',
]

function drawGroups({ groups }: Column<Node>, { boxes }: Placed, at: Point): readonly string[] {
  return shifted(
    at,
    groups.map(({ id, kind, reversal }) => {
      const box = boxes.get(id)!
      const label = kind === 'loop' ? (reversal ? `loop, ${reversal.kind}` : 'loop') : kind
      const text = `<text x="${n(box.x + box.width - 6)}" y="${n(box.y - 3)}">${escaped(label)}</text>`
      return `<g class="group ${kind}">${rectangle(box, 9)}${text}</g>`
    }),
  )
}

function drawColumn(column: Column<Node>, placed: Placed, at: Point): readonly string[] {
  const looks = new Map(column.nodes.map((node) => [node.id, lookOf(node)]))
  const heat = (from: string, to: string): Heat => {
    const [start, end] = [looks.get(from), looks.get(to)]
    return start === end && (start === 'active' || start === 'adjoint') ? start : 'flow'
  }
  return shifted(at, [
    ...placed.edges.map((edge) => drawEdge(edge, heat(edge.from, edge.to))),
    ...column.nodes.map((node) => drawNode(node, placed.boxes.get(node.id)!)),
  ])
}

/** What flows: a value that a derivative flows through, an adjoint, or anything else. */
type Heat = 'active' | 'adjoint' | 'flow'

function drawEdge({ values, carried, points, beside }: PlacedEdge, heat: Heat): string {
  const tip = `<title>${escaped(`${values.join(', ')}${carried ? ', in the next iteration' : ''}`)}</title>`
  const [start, ...rest] = points
  const path = beside ? `M${p(start!)}C${rest.map(p).join(' ')}` : curve(points)
  return `<path class="edge ${heat}${carried ? ' carried' : ''}${beside ? ' beside' : ''}" marker-end="url(#${heat})" d="${path}">${tip}</path>`
}

function linesOf(node: Node): readonly string[] {
  return [shortened(node.text), ...marksOf(node).map((mark) => shortened(mark))]
}

const numberOf = ({ kind, place: at }: Node): string => (at && kind !== 'parameter' ? String(at.line) : '')

function sizeOf(node: Node): Pick<Box, 'width' | 'height'> {
  const lines = linesOf(node)
  const start = numberOf(node).length
  const width =
    Math.max((lines[0]!.length + (start === 0 ? 0 : start + 1.5)) * CHARACTER, ...lines.slice(1).map((line) => line.length * 6.3)) + 22
  return { width: Math.ceil(width), height: 13 + lines.length * LINE }
}

function drawNode(node: Node, box: Box): string {
  const [first, ...marks] = linesOf(node)
  const line = numberOf(node)
  const stored = isStored(node)
  const tip = [
    node.place ? `${node.place.file}:${String(node.place.line)}` : 'made by the compiler',
    node.text,
    ...('why' in node ? node.why : []),
  ]
  const x = box.x + 11
  const number = line === '' ? '' : `<tspan class="number">${line}</tspan><tspan dx="9">`
  const middle = box.y + 18
  return [
    `<g class="node ${lookOf(node)} ${node.kind}${stored ? ' stored' : ''}">`,
    `<title>${escaped(tip.join('\n'))}</title>`,
    rectangle(box, !stored && (node.kind === 'parameter' || node.kind === 'return') ? box.height / 2.4 : 5),
    stored ? `<rect class="bar" x="${n(box.x)}" y="${n(box.y)}" width="5" height="${n(box.height)}" rx="2"/>` : '',
    `<text x="${n(x)}" y="${n(middle)}">${number}${escaped(first!)}${line === '' ? '' : '</tspan>'}</text>`,
    ...marks.map((mark, i) => `<text class="mark" x="${n(x)}" y="${n(middle + (i + 1) * LINE)}">${escaped(mark)}</text>`),
    '</g>',
  ].join('')
}

const rectangle = ({ x, y, width, height }: Box, radius: number): string =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(radius)}"/>`

/** Through the points of a line, with round corners. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first || rest.length === 0) return ''
  const last = rest.at(-1)!
  const middles = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1]!
    const end = i === rest.length - 2 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q${p(point)} ${p(end)}`
  })
  return `M${p(first)}${middles.length > 0 ? middles.join('') : `L${p(last)}`}`
}

const p = ({ x, y }: Point): string => `${n(x)},${n(y)}`

/** The same on every machine, as far as anybody sees. */
const n = (value: number): string => String(Math.round(value * 10) / 10 || 0)

/** What XML does not allow at all is shown as a sign of its own. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, (sign) => (/[\t\n]/.test(sign) ? sign : '\ufffd'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
