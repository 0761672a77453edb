/**
 * Numbers that move may be written into a text: that is what logging does. From a text no derivative comes back, so whatever is read of such a text, of a
 * list or a map that it was put into, or of a variable of the module that it was given to, counts as moving, and is refused where it would be taken for a
 * constant.
 *
 * Needs: what moves. Promises: every text that tells of what moves is known, and so is where it may be. Costs: a part of the visits of activity.
 */

import type { Expression, FunctionNode, Opaque } from '../ir/nodes.ts'
import { onlyReads } from '../ir/guard.ts'
import { isTextType } from '../ir/text-type.ts'
import type { Flowing } from './flows.ts'
import { isShown, Marks } from './marks.ts'
import { mayHold, type Places } from './places.ts'
import { RESULT, type SummaryOf, type TextSummary } from './regions.ts'

export class Texts {
  readonly #places: Places
  readonly #varied: Marks
  readonly #marks: Marks
  readonly #summaryOf: SummaryOf | undefined
  /** Names of the module that were given such a text. */
  readonly #outside = new Set<string>()

  constructor(places: Places, varied: Marks, summaryOf: SummaryOf | undefined) {
    this.#places = places
    this.#varied = varied
    this.#marks = new Marks(places, (text) => partsOf(text).some((part) => varied.reaches(part)) || this.#isFromOutside(text))
    this.#summaryOf = summaryOf
  }

  get size(): number {
    return this.#marks.size + this.#outside.size
  }

  /** Whether an expression is, or leads to, a text that tells of what moves. */
  reaches(expression: Expression): boolean {
    return this.#marks.reaches(expression)
  }

  /** Whether a text that tells of what moves goes into one that is not modelled. */
  flowInto(text: Opaque): boolean {
    return partsOf(text).some((part) => this.reaches(part)) || this.#isFromOutside(text)
  }

  spread({ statement, flows, effects }: Flowing): void {
    for (const { to, from } of flows) {
      if (this.reaches(from) || (isTextType(this.#places.typeOf(to)) && this.#varied.reaches(from))) this.#give(to)
    }
    for (const text of effects) this.#run(text)
    if (statement.kind !== 'call' || !statement.arguments.some((argument) => this.#varied.reaches(argument))) return
    const told = this.#summaryOf?.(statement.callee).texts
    for (const name of told?.outside ?? []) this.#outside.add(name)
    if (told?.leave === true) for (const place of this.#places.writtenByCall(statement)) this.#marks.mark(place)
  }

  summary(fn: FunctionNode): TextSummary {
    const ends: readonly Expression[] = [RESULT, ...fn.parameters.map(({ name }) => name)].map((name) => ({ kind: 'variable', name }))
    return { leave: ends.some((end) => this.reaches(end)), outside: [...this.#outside] }
  }

  #give(to: Expression): void {
    const root = outerOf(to)
    if (root) for (const name of namesIn(root)) this.#outside.add(name)
    else this.#marks.mark(to)
  }

  /** What is called with such a text may put it into whatever else it has. */
  #run(text: Opaque): void {
    const parts = partsOf(text)
    if (onlyReads(text) || !parts.some((part) => this.#varied.reaches(part) || this.reaches(part))) return
    for (const part of parts) {
      if (isShown(part)) continue
      if (mayHold(this.#places.typeOf(part))) this.#varied.mark(part)
      this.#marks.mark(part)
    }
    for (const name of namesIn(text)) this.#outside.add(name)
  }

  #isFromOutside(text: Opaque): boolean {
    return this.#outside.size > 0 && namesIn(text).some((name) => this.#outside.has(name))
  }
}

const partsOf = (text: Opaque): readonly Expression[] => text.parts.filter((part): part is Expression => typeof part !== 'string')

/** The text that a place is a part of, where that is no variable of the function. */
function outerOf(place: Expression): Opaque | undefined {
  if (place.kind === 'element') return outerOf(place.array)
  if (place.kind === 'field') return outerOf(place.record)
  return place.kind === 'opaque' ? place : undefined
}

/** What has no state that a text could be put into, and words of the language. */
const STATELESS = new Set(
  'Array BigInt Boolean Date JSON Math Number Object RegExp String as await catch const delete false for function if in instanceof isFinite isNaN let new null number of parseFloat parseInt return string this throw true try typeof undefined void while'.split(
    ' ',
  ),
)

/** The names that a text uses from outside of the function, and perhaps some that are its own. */
function namesIn(text: Opaque): readonly string[] {
  const written = text.parts.map((part) => (typeof part === 'string' ? part : '0')).join('')
  return (written.match(/(?<![\w$.])[A-Za-z_$][\w$]*/g) ?? []).filter((name) => !STATELESS.has(name))
}
