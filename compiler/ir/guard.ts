/** The check, at the entry of a derivative, that its arguments are apart: an effect that reads storage and changes none. */

import type { Effect, Expression, Opaque } from './nodes.ts'

export interface Guarded {
  readonly name: string
  readonly value: Expression
  readonly written: boolean
}

/** `derived` is the function whose derivative this is, as the author calls it. */
export function guardStatement(derived: string, given: readonly Guarded[]): Effect {
  const sorted = [...given.filter(({ written }) => written), ...given.filter(({ written }) => !written)]
  const names = (written: boolean): string =>
    sorted
      .filter((one) => one.written === written)
      .map(({ name }) => escaped(name))
      .join()
  const values = sorted.flatMap(({ value }, i) => (i === 0 ? [value] : [', ', value]))
  return {
    kind: 'effect',
    expression: {
      kind: 'opaque',
      parts: [`cotangent!${escaped(derived)}!${names(true)}!${names(false)}!.check(`, ...values, ')'],
      type: { kind: 'void' },
      effects: true,
    },
  }
}

/** What the library makes of its arguments without keeping or changing any of them. */
const harmless = /(?:String|Number|JSON\.stringify|Math\.\w+|\.(?:to\w+|join|padStart|padEnd|repeat|trim|slice|subarray|at))\($/

/** The function of the runtime that tells in which order the elements of an array would be sorted. */
export const ORDER = 'cotangent#sortedOrder'

/** The function of the runtime that shows a gradient to a hook which only looks at it. */
export const OBSERVED = 'cotangent#observed'

/** Whether text only reads the storage that it mentions: a guard, logging, or an order of its elements. */
export function onlyReads(expression: Expression & { kind: 'opaque' }): boolean {
  const text = expression.parts.map((part) => (typeof part === 'string' ? part : '0')).join('')
  if (text.startsWith('cotangent!') || text.startsWith(`${ORDER}(`) || text.startsWith(`${OBSERVED}(`)) return true
  const [first, ...calls] = text.trim().match(/[\w$.]*\(/g) ?? []
  return (
    /^console\.\w+\(/.test(text.trim()) &&
    first?.startsWith('console.') === true &&
    calls.every((call) => call === '(' || harmless.test(call))
  )
}

/** The function of the runtime that calls text, and makes sure that storage is not changed by it. */
export const UNCHANGED = 'cotangent#unchanged'

/** Whether text calls nothing but what is known not to change what it is given. */
export function isHarmless({ parts }: Opaque): boolean {
  const calls =
    parts
      .map((part) => (typeof part === 'string' ? part : '0'))
      .join('')
      .match(/[\w$.]*\(/g) ?? []
  return calls.every(
    (call) => call === '(' || harmless.test(call) || /^(?:console\.\w+|structuredClone|JSON\.parse|Array\.from)\($/.test(call),
  )
}

/** Replaces every guard in printed text by the constant that `nameOf` gives for what makes it. */
export function linkGuards(
  text: string,
  nameOf: (derived: string, written: readonly string[], others: readonly string[]) => string,
): string {
  const list = (names: string): readonly string[] => (names === '' ? [] : names.split(',').map(unescaped))
  return text.replace(/cotangent!([^!]*)!([^!]*)!([^!]*)!/g, (_, derived: string, written: string, others: string) =>
    nameOf(unescaped(derived), list(written), list(others)),
  )
}

/** Words that begin with a digit are no identifiers, so that nobody takes the names of a message for names of the program. */
const escaped = (name: string): string => name.replace(/[!,]/g, ' ').replace(/[A-Za-z_$][\w$]*/g, '0$&')
const unescaped = (name: string): string => name.replace(/(?<![\w$])0(?=[A-Za-z_$])/g, '')
