import type { Origin } from '../ir/nodes.ts'

/** One line of emitted text, with the place in a source file that it leads to. */
export interface Line {
  readonly text: string
  readonly origin?: Origin
}

export function lineOf(text: string, origin?: Origin): Line {
  return origin ? { text, origin } : { text }
}

export function indentLines(lines: readonly Line[]): Line[] {
  return lines.map((line) => (line.text === '' ? line : { ...line, text: `  ${line.text}` }))
}

/** A place in emitted text, counted from its start, and where it leads. */
export interface Mapping {
  /** 0-based. */
  readonly line: number
  readonly column: number
  readonly origin: Origin
}

/** Text whose statements lead to places in source files. */
export interface MappedText {
  readonly text: string
  readonly mappings: readonly Mapping[]
}

export function joinLines(lines: readonly Line[]): MappedText {
  const mappings: Mapping[] = []
  let row = 0
  for (const { text, origin } of lines) {
    if (origin) mappings.push({ line: row, column: text.search(/\S|$/), origin })
    // Opaque text may have lines of its own.
    row += text.split('\n').length
  }
  return { text: lines.map(({ text }) => text).join('\n'), mappings }
}
