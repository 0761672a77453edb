/** The functions that were differentiated, each from what its passes found out. */

import type { Place } from '../diagnostics/report.ts'
import type { Step } from '../pass.ts'
import { namesOf, plainNames } from './describe.ts'
import type { Part } from './inspection.ts'
import { linesOf, type TextOf } from './lines.ts'
import { loopsOf } from './loops.ts'
import { valuesOf, type Made } from './values.ts'

/** What surrounds the steps: where regions without gradients stand, and the files' texts. */
export interface Sources {
  readonly withoutGradients: readonly Place[]
  readonly textOf: TextOf
}

export function partsOf(steps: readonly Step[], sources: Sources): readonly Part[] {
  const bySubject = new Map<string, Step[]>()
  for (const step of steps) bySubject.set(step.subject, [...(bySubject.get(step.subject) ?? []), step])
  const parts = [...bySubject].flatMap(([subject, own]) => partOf(subject, own, steps, sources) ?? [])
  // What was asked for is made of the others.
  const isAsked = ({ subject }: Part): boolean => subject.includes('|root ')
  return [...parts.filter(isAsked), ...parts.filter((part) => !isAsked(part))]
}

function partOf(subject: string, own: readonly Step[], all: readonly Step[], { withoutGradients, textOf }: Sources): Part | undefined {
  const analysed = own.findLast(({ pass }) => pass === 'analyze')
  const fn = analysed?.functions[0]
  const { activity, ends } = analysed?.facts ?? {}
  if (!fn || !activity || !ends) return undefined
  const shown = printedNames(subject, all)
  const lines = linesOf({ fn, activity, names: plainNames(shown), independent: ends.independent, withoutGradients }, textOf)
  const part = { subject, function: fn.name, independent: ends.independent, lines }
  const made = madeBy(own, shown)
  if (!made) return { ...part, mode: 'forward', loops: [], values: [] }
  return { ...part, mode: 'reverse', loops: loopsOf(made.plan, made.names), values: valuesOf(made).map(({ report }) => report) }
}

/** How the function of some steps was reversed, where it was. */
export function madeBy(own: readonly Step[], shown: (name: string) => string): Made | undefined {
  const reversed = own.findLast(({ pass }) => pass === 'reverse')
  const plan = reversed?.facts.plan
  // The last attempt is the one that was reversed.
  const saving = own.findLast(({ pass }) => pass === 'insert-saves')
  const context = saving?.facts.context
  if (!reversed || !plan || !context) return undefined
  const known = saving.functions[0]!
  const names = namesOf(known, context, shown)
  return { plan, context, names, joined: reversed.functions.length === 1, isOwn: (name) => Object.hasOwn(known.variables, name) }
}

/** What variables of a subject are called in the emitted code, where it is printed by itself. */
export function printedNames(subject: string, all: readonly Step[]): (name: string) => string {
  const printed = all.filter(({ pass, subject: other }) => pass === 'print' && [subject, `${subject}:forward`].includes(other))
  return (name) => printed.flatMap(({ facts }) => facts.names?.get(name) ?? [])[0] ?? name
}
