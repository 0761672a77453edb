/** Functions are passed with their derivatives to those that ask for these, which look them up. */

import type { ReadResult, Request } from './1-read/result.ts'
import { joinTexts, type MappedText } from './5-emit/lines.ts'
import { printKey, quote } from './5-emit/print-type.ts'
import type { Replacement } from './5-emit/splice.ts'
import type { Printer } from './printer.ts'

/** The derivative of a function that is passed. */
export interface HandedOver {
  readonly site: Request['site']
  readonly key: string
  readonly reference: MappedText
}

/** `solve(f)` becomes `solve(withDerivatives(f, { grad: f_grad }))`. */
export function handedOver(handed: readonly HandedOver[], printer: Printer): readonly Replacement[] {
  const places = new Set(handed.map(({ site }) => site.start))
  return [...places].flatMap((place) => {
    const list = handed.filter(({ site }) => site.start === place)
    const { start, end } = list[0]!.site
    const entries = list.flatMap(({ key, reference }, i) => [i === 0 ? '' : ', ', `${printKey(key)}: `, reference])
    return [
      { start, end: start, text: joinTexts([`${printer.imported('withDerivatives')}(`]) },
      { start: end, end, isAfter: true, text: joinTexts([', { ', ...entries, ' })']) },
    ]
  })
}

/** `grad(f)` of a parameter becomes what was handed over with it; the request stays, for its type. */
export function looksUp({ lookups }: ReadResult, replaced: readonly Replacement[], printer: Printer): readonly Replacement[] {
  return lookups
    .filter(({ start, end }) => !replaced.some((edit) => edit.start <= start && end <= edit.end))
    .flatMap(({ start, end, parameter, key }) => [
      { start, end: start, text: joinTexts([`${printer.imported('derivativeOf')}(${parameter}, ${quote(key)}, () => `]) },
      { start: end, end, isAfter: true, text: joinTexts([')']) },
    ])
}
