/** Where values are kept: variables, and leaves of storage by their regions. */

import { isPlain, isTextType } from '../ir/text-type.ts'
import type { Call, Expression, FunctionNode, Type } from '../ir/nodes.ts'
import { carriesDerivative } from '../ir/shadow-type.ts'
import { typeOf } from '../ir/types.ts'
import { isStorage, RESULT, type Region, type Regions, type SummaryOf } from './regions.ts'

export type Place = string | Region

/** Which values are places: of numbers, with what is not followed and can hold them, or of texts. */
export interface Leaves {
  isLeaf(type: Type): boolean
  /** Whether storage of a type can have such a place within it. */
  mayContain(type: Type): boolean
}

/** A value that is not followed can hold numbers all the same. What is read out of it is then refused, where it would be taken for a constant. */
export const mayHold = (type: Type): boolean => type.kind === 'opaque' && !isPlain(type) && !/^\(.*=>/.test(type.text)

export const NUMBERS: Leaves = { isLeaf: (type) => type.kind === 'number' || mayHold(type), mayContain: carriesDerivative }
export const TEXTS: Leaves = { isLeaf: isTextType, mayContain: () => true }

/** The places that hold an expression's numbers, or its texts: a variable's name, or leaves of storage. */
export class Places {
  readonly #fn: FunctionNode
  readonly #regions: Regions
  readonly #summaryOf: SummaryOf | undefined
  readonly #leaf: Leaves

  constructor(fn: FunctionNode, regions: Regions, summaryOf: SummaryOf | undefined, leaf: Leaves) {
    this.#fn = fn
    this.#regions = regions
    this.#summaryOf = summaryOf
    this.#leaf = leaf
  }

  /** A call may put its result, and anything its arguments refer to, anywhere in the storage it writes. */
  writtenByCall({ result, callee, arguments: given }: Call): readonly Expression[] {
    const results: readonly Expression[] = result === undefined ? [] : [{ kind: 'variable', name: result }]
    const written = this.#summaryOf?.(callee).written
    return [...results, ...given.filter((argument, i) => isStorage(this.typeOf(argument)) && written?.[i] !== false)]
  }

  of(expression: Expression): readonly Place[] {
    if (expression.kind === 'variable' && expression.name !== RESULT) {
      const type = this.#fn.variables[expression.name]?.type
      if (type && this.#leaf.isLeaf(type)) return [expression.name]
      if (!type || !isStorage(type)) return []
    }
    // A number loses its derivative where it is stored as an integer.
    if (expression.kind === 'element' && !this.#leaf.mayContain(this.typeOf(expression.array))) return []
    const region = this.#regions.of(expression)
    return region ? this.#leaves(region, this.typeOf(expression)) : []
  }

  typeOf(expression: Expression): Type {
    // The result is no variable, but parts of it are places as those of a variable are.
    if (expression.kind === 'variable' && expression.name === RESULT) return this.#fn.result
    if (expression.kind === 'field') {
      const type = this.typeOf(expression.record)
      if (type.kind === 'record') return type.fields.find(({ name }) => name === expression.name)?.type ?? { kind: 'void' }
    }
    if (expression.kind === 'element') {
      const type = this.typeOf(expression.array)
      if (type.kind === 'array' || type.kind === 'keyed') return type.element
    }
    return typeOf(expression, this.#fn.variables)
  }

  #leaves(region: Region, type: Type, above: ReadonlySet<string> = new Set()): readonly Place[] {
    if (this.#leaf.isLeaf(type)) return [region]
    if (type.kind === 'array' || type.kind === 'keyed')
      return this.#leaf.mayContain(type) ? this.#leaves(this.#regions.child(region, '[]'), type.element, above) : []
    // Regions are tied where a type contains itself: one time around finds all leaves.
    if (type.kind !== 'record' || (type.name !== undefined && above.has(type.name))) return []
    const inside = type.name === undefined ? above : new Set([...above, type.name])
    return type.fields.flatMap((field) => this.#leaves(this.#regions.child(region, field.name), field.type, inside))
  }
}
