import type { Origin } from '../ir/nodes.ts'

/** One line of emitted text, with the place in a source file that it leads to. */
export interface Line {
  readonly text: string
  readonly origin?: Origin
  /** A second statement in the same line, such as `break` in `if (done) break`. */
  readonly inner?: { readonly column: number; readonly origin: Origin }
}

export function lineOf(text: string, origin?: Origin): Line {
  return origin ? { text, origin } : { text }
}

export function indentLines(lines: readonly Line[]): Line[] {
  return lines.map((line) => (line.text === '' ? line : after('  ', line)))
}

/** A line behind some text. */
export function after(start: string, { inner, ...line }: Line): Line {
  return { ...line, text: start + line.text, ...(inner && { inner: { ...inner, column: start.length + inner.column } }) }
}

/** A place in emitted text, counted from its start, and where it leads. */
export interface Mapping {
  /** 0-based. */
  readonly line: number
  readonly column: number
  readonly origin: Origin
  /** Text of the author's that has several lines: those after the first. */
  readonly rows?: readonly string[]
}

/** Text whose statements lead to places in source files. */
export interface MappedText {
  readonly text: string
  readonly mappings: readonly Mapping[]
}

export function joinLines(lines: readonly Line[]): MappedText {
  const mappings: Mapping[] = []
  let row = 0
  for (const { text, origin, inner } of lines) {
    // Opaque text may have lines of its own.
    const rows = text.split('\n')
    if (origin) mappings.push({ line: row, column: columnOf(rows[0]!), origin, ...(rows.length > 1 && { rows: rows.slice(1) }) })
    if (inner) mappings.push({ line: row, ...inner })
    row += rows.length
  }
  return { text: lines.map(({ text }) => text).join('\n'), mappings }
}

/** Where a line begins. */
export function columnOf(line: string): number {
  return line.search(/\S|$/)
}

/** Texts one after the other, with what they lead to. */
export function joinTexts(texts: readonly (string | MappedText)[]): MappedText {
  const mappings: Mapping[] = []
  let text = ''
  let [line, column] = [0, 0]
  for (const part of texts) {
    const { text: next, mappings: own } = typeof part === 'string' ? { text: part, mappings: [] } : part
    for (const mapping of own)
      mappings.push({ ...mapping, line: line + mapping.line, column: mapping.line === 0 ? column + mapping.column : mapping.column })
    const rows = next.split('\n')
    line += rows.length - 1
    column = (rows.length === 1 ? column : 0) + rows.at(-1)!.length
    text += next
  }
  return { text, mappings }
}

/** The same with lines between them. */
export function paragraphs(texts: readonly (string | MappedText)[]): MappedText {
  return joinTexts(texts.flatMap((part, i) => (i === 0 ? [part] : ['\n\n', part])))
}
