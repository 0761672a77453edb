/** An inspection as text. */

import type { Inspection, LineReport, LoopReport, Part, ValueReport } from '../compiler/index.ts'
import { shown } from './paths.ts'

export function showInspection({ file, function: name, operator, wrt, hasAux, parts }: Inspection): string {
  const by = operator === 'jvp' ? '' : ` with respect to ${wrt.map((argument) => argument.name).join(', ')}`
  const heading = `${shown(file)}#${name}: ${operator}${by}${hasAux ? ', with an auxiliary result' : ''}`
  return [heading, ...parts.map((part, i) => showPart(part, file, i === 0))].join('\n\n')
}

function showPart({ function: name, mode, independent, lines, loops, values }: Part, file: string, isFirst: boolean): string {
  const way = mode === 'reverse' ? 'by a forward and a reverse sweep' : 'by tangents, in one sweep'
  const title = `${isFirst ? '' : `${name}, `}${way}; ${independent.join(', ') || 'nothing'} ${independent.length > 1 ? 'move' : 'moves'}`
  const blocks = [[isFirst ? sentence(title) : title], section('Lines', showLines(lines, file))]
  if (mode === 'reverse') {
    if (loops.length > 0) blocks.push(section('Loops', loops.flatMap(showLoop)))
    const nothing = ['  nothing: its derivative is the same wherever it is taken']
    blocks.push(section('What the reverse sweep reads', values.length > 0 ? showValues(values) : nothing))
  }
  return blocks.map((block) => block.join('\n')).join('\n\n')
}

const section = (title: string, lines: readonly string[]): string[] => [title, ...lines]

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const labels: Readonly<Record<LineReport['activity'], string>> = {
  active: 'active',
  varied: 'varied only',
  useful: 'useful only',
  inactive: 'inactive',
  control: 'control',
  none: '',
}

const LABEL = Math.max(...Object.values(labels).map(({ length }) => length))

/** The function's own lines, then those of others under the names of their files. */
function showLines(lines: readonly LineReport[], file: string): readonly string[] {
  const width = numberWidth(lines)
  let current = lines[0]?.file ?? file
  let last = 0
  return lines.flatMap((line) => {
    const { file: from, line: at, text, activity, why } = line
    const isElsewhere = from !== current || at < last || (activity !== 'none' && at > last + 1 && last > 0)
    const head = isElsewhere ? [`  in the place of a call, from ${shown(from)}:`] : []
    ;[current, last] = [from, at]
    const start = `  ${String(at).padStart(width)}  ${labels[activity].padEnd(LABEL)}  ${text}`.trimEnd()
    const indent = ' '.repeat(width + LABEL + 6 + (/^\s*/.exec(text)?.[0].length ?? 0))
    return [...head, start, ...why.map((reason) => `${indent}^ ${reason}`)]
  })
}

function showLoop({ line, kind, trips, tapes, carried, why }: LoopReport): readonly string[] {
  const often = trips === null ? '' : `; ${trips} iterations`
  const list = tapes.join(', ')
  const ways: Readonly<Record<LoopReport['kind'], string>> = {
    fused: 'fused: each iteration is reversed on the spot, with no tape',
    replayed: `replayed: the reverse sweep runs it in its own order and computes ${carried.join(', ')} again, with no tape`,
    passive: 'not reversed: nothing in it has a derivative',
    untaped: `${trips === null ? 'unknown trip count' : 'counted'}: reversed in a loop of its own, with no tape`,
    sized: `counted: tapes made once, before it: ${list}`,
    reserved: `counted: tapes that grow before each run of it: ${list}`,
    growing: `${trips === null ? 'unknown trip count' : 'counted, and may end early'}: tapes that grow as it runs: ${list}`,
  }
  const head = `  line ${String(line)}: `
  const reason = why === null || kind === 'passive' ? [] : [`${' '.repeat(head.length)}not on the spot, because ${why}`]
  return [`${head}${ways[kind]}${often}`, ...reason]
}

function showValues(values: readonly ValueReport[]): readonly string[] {
  const width = numberWidth(values)
  const names = values.map(({ value, when }) => (when === null ? value : `${value}, ${when}`))
  const column = Math.min(Math.max(...names.map(({ length }) => length)), 50)
  return values.flatMap((value, i) => {
    const start = `  ${String(value.line).padStart(width)}  ${names[i]!.padEnd(column)}  `
    const indent = ' '.repeat(width + column + 6)
    return [`${start}${showSource(value)}`, ...(value.source === 'in scope' ? [] : [`${indent}because ${value.why}`])]
  })
}

function showSource({ source, from, storage, why }: ValueReport): string {
  if (source === 'in scope') return `still there: ${why}`
  if (source === 'computed again') return `computed again: ${from ?? ''}`
  if (!storage) return 'stored'
  const { kind, name, holds, bytesEach, bytes, grows } = storage
  const what = holds === 'reference' ? 'a reference' : holds === 'copy' ? 'a copy' : 'the value'
  if (kind === 'variable') return `stored: ${what} in the variable ${name}, ${bytes} bytes`
  if (kind === 'residual') return `stored: ${what} in the field ${name} of what the forward half keeps, ${bytes} bytes`
  return `stored: ${what} in ${name}, ${bytesEach} bytes a trip, in all ${bytes} bytes${grows ? ', up to twice that while it grows' : ''}`
}

const numberWidth = (rows: readonly { readonly line: number }[]): number => Math.max(...rows.map(({ line }) => String(line).length), 0)
