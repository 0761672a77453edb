import type { Entry } from './entry.ts'
import { runtimeEntries } from './entries/0-runtime.ts'
import { languageEntries } from './entries/1-language.ts'
import { requestEntries } from './entries/1-requests.ts'
import { hookEntries } from './entries/1-hooks.ts'
import { typeEntries } from './entries/2-types.ts'
import { callEntries } from './entries/3-calls.ts'
import { numericEntries } from './entries/4-numeric.ts'
import { projectEntries } from './entries/5-project.ts'
import { internalEntries } from './entries/9-internal.ts'

/**
 * Every diagnostic, by its number. To add one, put it into the file of its band under `entries/` (next free number, never a
 * used one) and regenerate the documentation with `npm run docs:errors`.
 *
 * Bands: 0xxx run time, 10xx language, 11xx requests, 12xx annotations, 2xxx types, aliasing, activity and state, 3xxx calls
 * without a rule, 4xxx numeric warnings, 5xxx the project, 9xxx our own fault.
 */
export const catalog = {
  ...runtimeEntries,
  ...languageEntries,
  ...requestEntries,
  ...hookEntries,
  ...typeEntries,
  ...callEntries,
  ...numericEntries,
  ...projectEntries,
  ...internalEntries,
} as const satisfies Record<string, Entry>

export type Code = keyof typeof catalog

/** The names between braces in a template. `{{` and `}}` stand for braces themselves. */
type Holes<Template extends string> = Template extends `${infer Before}{{${string}}}${infer After}`
  ? Holes<Before> | Holes<After>
  : Template extends `${string}{${infer Name}}${infer Rest}`
    ? Name | Holes<Rest>
    : never

/** What the message and the hint of a code need. */
export type Arguments<C extends Code> = {
  readonly [Name in Holes<(typeof catalog)[C]['message']> | Holes<(typeof catalog)[C]['hint']>]: string | number
}

/** The entry of a code, as data. */
export function entryOf(code: Code): Entry {
  return catalog[code]
}

/** Whether a text such as `CT1001` is a code of the catalogue. */
export function isCode(text: string): text is Code {
  return Object.hasOwn(catalog, text)
}
