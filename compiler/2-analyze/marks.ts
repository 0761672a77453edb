/** Marked places, and how a derivative flows through expressions. */

import type { Expression, Opaque } from '../ir/nodes.ts'
import { childrenOf } from '../ir/walk.ts'
import type { Place, Places } from './places.ts'

/** Operators whose value does not move when an operand does, or is not a number. */
const flat = new Set(
  '< <= > >= === !== == != && || ! | & ^ << >> >>> ~ same isUndefined isNull isNullish toNumber stopGradient Math.floor Math.ceil Math.round Math.trunc Math.sign Math.clz32 Math.imul'.split(
    ' ',
  ),
)
export const isFlat = (operator: string): boolean => flat.has(operator) || operator.startsWith('Number.')

/** The operands through which a derivative flows. */
export function differentiableOperands(expression: Expression & { kind: 'operation' }): readonly Expression[] {
  if (isFlat(expression.operator)) return []
  if (expression.operator === 'hook') return expression.operands.slice(-1)
  return expression.operator === 'select' ? expression.operands.slice(1) : expression.operands
}

/** A number within text, of which nothing is kept but a text. */
export const isShown = (expression: Expression): boolean => expression.kind === 'operation' && expression.operator === 'shown'

/** Marked places, and what can flow from them. */
export class Marks {
  readonly #places: Places
  /** What flows into a text that is not modelled, beside its marked parts. */
  readonly #intoText: (text: Opaque) => boolean
  readonly #marked = new Set<Place>()

  constructor(places: Places, intoText: (text: Opaque) => boolean = () => false) {
    this.#places = places
    this.#intoText = intoText
  }

  get size(): number {
    return this.#marked.size
  }

  has(place: Place): boolean {
    return this.#marked.has(place)
  }

  mark(place: Expression): void {
    for (const leaf of this.#places.of(place)) this.#marked.add(leaf)
  }

  /** Whether a derivative can flow from a marked place into the value of the expression. */
  reaches(expression: Expression): boolean {
    if (expression.kind === 'operation') return differentiableOperands(expression).some((operand) => this.reaches(operand))
    if (expression.kind === 'opaque') return childrenOf(expression).some((child) => this.reaches(child)) || this.#intoText(expression)
    if (expression.kind === 'list') return expression.elements.some((value) => this.reaches(value))
    if (expression.kind === 'record') return expression.values.some((value) => this.reaches(value))
    if (expression.kind === 'slice' || expression.kind === 'convert') return this.reaches(expression.array)
    return this.#places.of(expression).some((place) => this.#marked.has(place))
  }

  /** Marks whatever a derivative could flow from into the value of the expression. */
  markSources(expression: Expression): void {
    if (expression.kind === 'operation') for (const operand of differentiableOperands(expression)) this.markSources(operand)
    else if (expression.kind === 'list') for (const value of expression.elements) this.markSources(value)
    else if (expression.kind === 'record') for (const value of expression.values) this.markSources(value)
    else if (expression.kind === 'slice' || expression.kind === 'convert') this.markSources(expression.array)
    else if (expression.kind === 'variable' || expression.kind === 'element' || expression.kind === 'field' || expression.kind === 'view')
      this.mark(expression)
  }
}
