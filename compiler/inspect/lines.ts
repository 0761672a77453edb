/** Each line of the source with what it does to derivatives. */

import { blocksOf, visitStatements } from '../ir/walk.ts'
import type { Origin, Statement } from '../ir/nodes.ts'
import type { LineActivity, LineReport } from './inspection.ts'
import { constantsIn, REGION, whyInactive, type Known } from './why-inactive.ts'

export type TextOf = (file: string) => string | undefined

interface Found {
  readonly activity: LineActivity
  readonly why: readonly string[]
  /** Whether a region without gradients computes it. */
  readonly isConstant: boolean
}

/** From the most to the least that can be said of a line. */
const ranks: readonly LineActivity[] = ['active', 'varied', 'useful', 'inactive', 'control', 'none']

/** The lines of the function, then those of other functions that were put in the place of their calls. */
export function linesOf(known: Known, textOf: TextOf): readonly LineReport[] {
  const found = new Map<string, Map<number, Found[]>>()
  visitStatements(known.fn.body, (statement) => {
    const one = statement.origin && findingOf(statement, known)
    if (!one) return
    const { file, line } = statement.origin
    const lines = found.get(file) ?? new Map<number, Found[]>()
    found.set(file, lines)
    lines.set(line, [...(lines.get(line) ?? []), one])
  })
  const whole = known.fn.origin && linesIn(known.fn.origin, textOf)
  const isOwn = (file: string, line: number): boolean => whole?.file === file && whole.first <= line && line <= whole.last
  const own = whole
    ? range(whole.first, whole.last).map((line) => report(whole.file, line, found.get(whole.file)?.get(line) ?? [], textOf))
    : []
  const others = [...found].flatMap(([file, lines]) =>
    [...lines]
      .filter(([line]) => !isOwn(file, line))
      .sort(([a], [b]) => a - b)
      .map(([line, some]) => report(file, line, some, textOf)),
  )
  return [...own, ...others]
}

/** What a statement does to derivatives; nothing for one that nobody wrote. */
export function findingOf(statement: Statement, known: Known): Found | undefined {
  if (statement.kind === 'comment' || statement.kind === 'reserve' || statement.kind === 'release') return undefined
  const carriage = known.activity.carriage(statement)
  if (!carriage)
    return blocksOf(statement).length > 0 || isExit(statement) ? { activity: 'control', why: [], isConstant: false } : undefined
  const { varied, useful } = carriage
  if (varied && useful) return { activity: 'active', why: constantsIn(statement, known, true), isConstant: false }
  const why = whyInactive(statement, carriage, known)
  const isConstant = statement.origin?.withoutGradients === true || why.includes(REGION)
  return { activity: varied ? 'varied' : useful ? 'useful' : 'inactive', why, isConstant }
}

const isExit = ({ kind }: Statement): boolean => ['break', 'throw', 'return', 'effect', 'truncate'].includes(kind)

/** What is most active speaks for the line. */
function report(file: string, line: number, found: readonly Found[], textOf: TextOf): LineReport {
  const text = textOf(file)?.split('\n')[line - 1]?.trimEnd() ?? ''
  const activity = ranks.find((rank) => found.some((one) => one.activity === rank)) ?? 'none'
  const why = found.filter((one) => one.activity === activity || one.activity === 'active').flatMap((one) => one.why)
  const isInPart = activity === 'active' && found.some(({ isConstant }) => isConstant)
  return {
    file,
    line,
    text,
    activity,
    why: [...new Set([...why, ...(isInPart ? ['a part of it stands in a region without gradients'] : [])])],
  }
}

function linesIn({ file, start, end }: Origin, textOf: TextOf): { file: string; first: number; last: number } | undefined {
  const text = textOf(file)
  if (text === undefined) return undefined
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length
  return { file, first: lineAt(start), last: lineAt(end) }
}

const range = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)
