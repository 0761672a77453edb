/**
 * Which values carry a derivative: *varied* (they depend on an independent variable) and *useful* (a dependent variable depends
 * on them); active is both (Hascoet, Naumann, Pascual 2005). Without regard to order: a variable is active everywhere or nowhere.
 * Numbers in storage count by their region's leaf.
 *
 * Needs: regions. Promises: nothing differentiable flows through an inactive value. Costs: a few visits, to a fixed point.
 */

import type { Call, Expression, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { carriesDerivative } from '../ir/shadow-type.ts'
import { typeOf } from '../ir/types.ts'
import { childrenOf, visitStatements } from '../ir/walk.ts'
import { findRegions, isStorage, RESULT, type Region, type Regions, type SummaryOf } from './regions.ts'

export interface Activity {
  /** Whether a number in an expression's place (a variable, an element, a field), or any number that a reference reaches, is active. */
  isActive(expression: Expression): boolean
  isActiveVariable(name: string): boolean
  isVaried(expression: Expression): boolean
  /** Whether something that moves may be in a value whose shape is not known. */
  isHidden(expression: Expression): boolean
  /** Whether a variable refers to storage with something active in it. */
  isActiveStorage(name: string): boolean
}

/** Operators whose value does not move when an operand does, or is not a number. */
const flat = new Set(
  '< <= > >= === !== == != && || ! | & ^ << >> >>> ~ same toNumber stopGradient Math.floor Math.ceil Math.round Math.trunc Math.sign Math.clz32 Math.imul'.split(
    ' ',
  ),
)
export const isFlat = (operator: string): boolean => flat.has(operator) || operator.startsWith('Number.')

/** Storage that is read as constants through this reference, whatever it holds. */
const isStopped = (expression: Expression): boolean => expression.kind === 'operation' && expression.operator === 'stopGradient'

/** The operands through which a derivative flows. */
export function differentiableOperands(expression: Expression & { kind: 'operation' }): readonly Expression[] {
  if (isFlat(expression.operator)) return []
  if (expression.operator === 'hook') return expression.operands.slice(-1)
  return expression.operator === 'select' ? expression.operands.slice(1) : expression.operands
}

export interface Ends {
  /** The parameters the derivative is taken with respect to. */
  readonly independent: readonly string[]
  /** Parameters whose storage the derivative arrives in, besides the result. */
  readonly dependent: readonly string[]
  /** The only field of the result that is differentiated, when there is an auxiliary one. */
  readonly resultField?: string
}

/** Without summaries, a callee may write whatever its arguments lead to. */
export function findActivity(fn: FunctionNode, regions: Regions, ends: Ends, summaryOf?: SummaryOf): Activity {
  const values = new Places(fn, regions, summaryOf)
  const varied = new Marks(values)
  const useful = new Marks(values)
  for (const name of ends.independent) varied.mark({ kind: 'variable', name })
  for (const name of ends.dependent) useful.mark({ kind: 'variable', name })
  settle(varied, () => visitStatements(fn.body, (statement) => spreadVaried(statement, varied, values)))
  settle(useful, () => visitStatements(fn.body, (statement) => spreadUseful(statement, useful, values, ends.resultField)))
  const isActive = (expression: Expression): boolean =>
    !isStopped(expression) && values.of(expression).some((place) => varied.has(place) && useful.has(place))
  return {
    isActive,
    isActiveVariable: (name) => isActive({ kind: 'variable', name }),
    isActiveStorage: (name) => fn.variables[name]?.type.kind !== 'number' && isActive({ kind: 'variable', name }),
    isVaried: (expression) => varied.reaches(expression),
    isHidden: (expression) => mayHold(values.typeOf(expression)) && varied.reaches(expression),
  }
}

/** Whether nothing that a function returns moves with a parameter. */
export function isFlatIn(fn: FunctionNode, parameter: string, hasAux: boolean, summaryOf: SummaryOf): boolean {
  const ends: Ends = { independent: [parameter], dependent: [], ...(hasAux && { resultField: '0' }) }
  return !findActivity(fn, findRegions(fn, summaryOf), ends, summaryOf).isActiveVariable(parameter)
}

type Place = string | Region

/** The places that hold an expression's numbers: a variable's name, or leaves of storage. */
class Places {
  readonly #fn: FunctionNode
  readonly #regions: Regions
  readonly #summaryOf: SummaryOf | undefined

  constructor(fn: FunctionNode, regions: Regions, summaryOf: SummaryOf | undefined) {
    this.#fn = fn
    this.#regions = regions
    this.#summaryOf = summaryOf
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
      if (type && (type.kind === 'number' || mayHold(type))) return [expression.name]
      if (!type || !isStorage(type)) return []
    }
    // A number loses its derivative where it is stored as an integer.
    if (expression.kind === 'element' && !carriesDerivative(this.typeOf(expression.array))) return []
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
      if (type.kind === 'array') return type.element
    }
    return typeOf(expression, this.#fn.variables)
  }

  #leaves(region: Region, type: Type, above: ReadonlySet<string> = new Set()): readonly Place[] {
    if (type.kind === 'number' || mayHold(type)) return [region]
    if (type.kind === 'array') return carriesDerivative(type) ? this.#leaves(this.#regions.child(region, '[]'), type.element, above) : []
    // Regions are tied where a type contains itself: one time around finds all leaves.
    if (type.kind !== 'record' || (type.name !== undefined && above.has(type.name))) return []
    const inside = type.name === undefined ? above : new Set([...above, type.name])
    return type.fields.flatMap((field) => this.#leaves(this.#regions.child(region, field.name), field.type, inside))
  }
}

export { carriesDerivative } from '../ir/shadow-type.ts'

/** A value that is not followed can hold numbers all the same. What is read out of it is then refused, where it would be taken for a constant. */
const mayHold = (type: Type): boolean =>
  type.kind === 'opaque' && !/^(string|undefined|null|boolean|bigint|".*"|'.*'|\(.*=>.*)$/.test(type.text)

class Marks {
  readonly #places: Places
  readonly #marked = new Set<Place>()

  constructor(places: Places) {
    this.#places = places
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
    if (expression.kind === 'opaque') return childrenOf(expression).some((child) => this.reaches(child))
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

function settle(marks: Marks, round: () => void): void {
  for (let before = -1; before !== marks.size;) {
    before = marks.size
    round()
  }
}

/** Where a statement's value goes. A creation goes into the parts of the new storage, so that one active field does not taint the others. */
function flowsOf(statement: Statement, values: Places): readonly { to: Expression; from: Expression }[] {
  switch (statement.kind) {
    case 'declare':
      return statement.value ? partsOf({ kind: 'variable', name: statement.name }, statement.value, values) : []
    case 'assign':
      return partsOf(statement.target, statement.value, values)
    case 'fill':
      return [{ to: elementOf(statement.array), from: statement.value }]
    case 'push':
      return partsOf(elementOf(statement.array), statement.value, values)
    case 'copyInto':
      return [{ to: elementOf(statement.target), from: elementOf(statement.source) }]
    case 'return':
      return statement.value ? partsOf({ kind: 'variable', name: RESULT }, statement.value, values) : []
    default:
      return []
  }
}

const elementOf = (array: Expression): Expression => ({ kind: 'element', array, index: { kind: 'number', value: 0 } })

function partsOf(to: Expression, from: Expression, values: Places): readonly { to: Expression; from: Expression }[] {
  if (from.kind === 'record')
    return from.type.fields.flatMap(({ name }, i) => partsOf({ kind: 'field', record: to, name }, from.values[i]!, values))
  if (from.kind === 'list') return from.elements.flatMap((value) => partsOf(elementOf(to), value, values))
  // References share their regions already.
  return isStorage(values.typeOf(to)) && (from.kind === 'variable' || from.kind === 'element' || from.kind === 'field')
    ? []
    : [{ to, from }]
}

function spreadVaried(statement: Statement, varied: Marks, values: Places): void {
  for (const { to, from } of flowsOf(statement, values)) if (varied.reaches(from)) varied.mark(to)
  if (statement.kind === 'call' && statement.arguments.some((argument) => varied.reaches(argument)))
    for (const place of values.writtenByCall(statement)) varied.mark(place)
}

function spreadUseful(statement: Statement, useful: Marks, values: Places, resultField: string | undefined): void {
  if (statement.kind === 'return' && statement.value) markResult(statement.value, useful, resultField)
  for (const { to, from } of flowsOf(statement, values)) if (values.of(to).some((place) => useful.has(place))) useful.markSources(from)
  if (statement.kind === 'call' && values.writtenByCall(statement).some((place) => values.of(place).some((leaf) => useful.has(leaf)))) {
    for (const argument of statement.arguments) useful.markSources(argument)
  }
}

function markResult(value: Expression, useful: Marks, resultField: string | undefined): void {
  if (resultField === undefined) useful.markSources(value)
  else if (value.kind === 'record') useful.markSources(value.values[value.type.fields.findIndex(({ name }) => name === resultField)]!)
  else useful.mark({ kind: 'field', record: value, name: resultField })
}
