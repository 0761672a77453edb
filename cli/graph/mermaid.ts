/** A graph as a Mermaid flowchart. */

import type { NodeKind, ProgramGraph } from '../../compiler/index.ts'
import { childrenOf, type Node } from './order.ts'
import { drawingOf, isStored, lookOf, marksOf, shortened, type Column, type DrawnFunction, type Look } from './drawing.ts'

export function toMermaid(graph: ProgramGraph): string {
  const { title, functions } = drawingOf(graph)
  const nodes = functions.flatMap(({ primal, derivative }): readonly Node[] => [...primal.nodes, ...derivative.nodes])
  const lines = [
    '---',
    `title: '${title.replaceAll(/\p{Cc}/gu, ' ').replaceAll("'", "''")}'`,
    '---',
    'flowchart TB',
    ...functions.flatMap(drawFunction),
    ...looks.map(([look, style]) => `  classDef ${look} ${style}`),
    ...looks.flatMap(([look]) => {
      const ids = nodes.filter((node) => lookOf(node) === look || (look === 'stored' && isStored(node))).map(({ id }) => id)
      return ids.length > 0 ? [`  class ${ids.join(',')} ${look}`] : []
    }),
  ]
  return `${lines.join('\n')}\n`
}

/** Colours that are read on light and on dark pages. */
const looks: readonly (readonly [look: Look | 'stored', style: string])[] = [
  ['active', 'fill:#fde9d3,stroke:#c2620c,color:#43210a'],
  ['varied', 'fill:#fdf6e3,stroke:#b59b5b,color:#4a3f22'],
  ['useful', 'fill:#eef3f7,stroke:#7d96a8,color:#26343d'],
  ['inactive', 'fill:#f3f3f3,stroke:#a8a8a8,color:#444444'],
  ['control', 'fill:#f3f3f3,stroke:#7a7a7a,color:#222222'],
  ['adjoint', 'fill:#dcecfb,stroke:#1f6fb2,color:#0b2a45'],
  ['stored', 'stroke-width:3px'],
]

function drawFunction({ id, primal, derivative, links }: DrawnFunction): readonly string[] {
  return [
    ...drawColumn(`${id}primal`, primal),
    ...drawColumn(`${id}derivative`, derivative),
    ...[primal, derivative].flatMap(({ edges }) =>
      distinct(
        edges.map(({ from, to, value, carried }) => {
          return carried ? `  ${from} -.->|"${escaped(value)}"| ${to}` : `  ${from} --> ${to}`
        }),
      ),
    ),
    ...links.map(({ from, to }) => `  ${from} -.- ${to}`),
  ]
}

/** By several names, one arrow. */
const distinct = (lines: readonly string[]): readonly string[] => [...new Set(lines)]

function drawColumn(id: string, column: Column<Node>): readonly string[] {
  const within = (group: string | null, indent: string): readonly string[] =>
    childrenOf(column, group).flatMap((child) => {
      if ('node' in child) return [`${indent}${child.node.id}${shapeOf(child.node)}`]
      const { id: inner, kind, reversal } = child.group
      const label = reversal ? `${kind}, ${reversal.kind}` : kind
      return [`${indent}subgraph ${inner}["${escaped(label)}"]`, ...within(inner, `${indent}  `), `${indent}end`]
    })
  return [`  subgraph ${id}["${escaped(column.title)}"]`, '    direction TB', ...within(null, '    '), '  end']
}

function shapeOf(node: Node): string {
  const [open, close] = shapes[node.kind]
  const line = node.place && node.kind !== 'parameter' ? `${String(node.place.line)}: ` : ''
  const label = [line + shortened(node.text), ...marksOf(node).map((mark) => shortened(mark))].map(escaped).join('<br/>')
  return `${open}"${label}"${close}`
}

const shapes: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  parameter: ['([', '])'],
  return: ['([', '])'],
  compute: ['[', ']'],
  write: ['[', ']'],
  call: ['[[', ']]'],
  effect: ['(', ')'],
  test: ['{{', '}}'],
  loop: ['{{', '}}'],
  exit: ['(', ')'],
}

/** Everything that could mean something to Mermaid, to Markdown or to HTML is written as the number of its character. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,()[\]+\-/=!?:|…]/gu, (character) => `#${String(character.codePointAt(0))};`)
}
