/**
 * Which values carry a derivative: *varied* (they depend on an independent variable) and *useful* (a dependent variable depends
 * on them); active is both (Hascoet, Naumann, Pascual 2005). Without regard to order: a variable is active everywhere or nowhere.
 * Numbers in storage count by their region's leaf.
 *
 * Needs: regions. Promises: nothing differentiable flows through an inactive value. Costs: a few visits, to a fixed point.
 */

import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { flowingIn, flowsOf, type Flowing } from './flows.ts'
import { Marks } from './marks.ts'
import { mayHold, NUMBERS, Places, TEXTS } from './places.ts'
import { findRegions, isStorage, type Regions, type SummaryOf, type TextSummary } from './regions.ts'
import { Texts } from './texts.ts'

export { carriesDerivative } from '../ir/shadow-type.ts'

/** What a statement does to derivatives: whether what it computes moves, and whether the result moves with the place where it puts that. */
export interface Carriage {
  readonly varied: boolean
  readonly useful: boolean
}

export interface Activity {
  /** `undefined` for statements that put nothing anywhere. */
  carriage(statement: Statement): Carriage | undefined
  /** The numbers that a statement puts where derivatives matter, and those that it gives to a function. */
  matters(statement: Statement): readonly Expression[]
  /** Whether a number in an expression's place (a variable, an element, a field), or any number that a reference reaches, is active. */
  isActive(expression: Expression): boolean
  isActiveVariable(name: string): boolean
  /** Whether a value moves, or is a text made of something that does. */
  isVaried(expression: Expression): boolean
  /** Whether something that moves may be in a place whose shape is not known, or is written in a text there. */
  isHidden(expression: Expression): boolean
  /** What texts that leave the function tell of what moves. */
  readonly texts: TextSummary
  /** Whether a variable refers to storage with something active in it. */
  isActiveStorage(name: string): boolean
}

/** Storage that is read as constants through this reference, whatever it holds. */
function isStopped(expression: Expression): boolean {
  if (expression.kind === 'element' || expression.kind === 'view') return isStopped(expression.array)
  if (expression.kind === 'field') return isStopped(expression.record)
  return expression.kind === 'operation' && expression.operator === 'stopGradient'
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
  const values = new Places(fn, regions, summaryOf, NUMBERS)
  const numbers = new Places(fn, regions, summaryOf, { ...NUMBERS, isLeaf: (type) => type.kind === 'number' })
  const varied: Marks = new Marks(values, (text) => texts.flowInto(text))
  const texts: Texts = new Texts(new Places(fn, regions, summaryOf, TEXTS), varied, summaryOf)
  const useful = new Marks(values)
  for (const name of ends.independent) varied.mark({ kind: 'variable', name })
  for (const name of ends.dependent) useful.mark({ kind: 'variable', name })
  const flowing = flowingIn(fn.body, values)
  settle([varied, texts], () => {
    for (const one of flowing) {
      spreadVaried(one, varied, values, texts)
      texts.spread(one)
    }
  })
  // What is useful is known from the end.
  const backward = flowing.toReversed()
  settle([useful], () => {
    for (const one of backward) spreadUseful(one, useful, values, ends.resultField)
  })
  const isActive = (expression: Expression): boolean =>
    !isStopped(expression) && numbers.of(expression).some((place) => varied.has(place) && useful.has(place))
  return {
    isActive,
    carriage: (statement) => carriageOf(statement, varied, useful, values),
    matters: (statement) => {
      const isNumber = (value: Expression): boolean => values.typeOf(value).kind === 'number'
      if (statement.kind === 'return') return statement.value ? [resultIn(statement.value, ends.resultField)] : []
      if (statement.kind === 'call') return statement.arguments.filter(isNumber)
      return flowsOf(statement, values).flatMap(({ to, from }) => (isNumber(to) && isActive(to) ? [from] : []))
    },
    isActiveVariable: (name) => isActive({ kind: 'variable', name }),
    isActiveStorage: (name) => fn.variables[name]?.type.kind !== 'number' && isActive({ kind: 'variable', name }),
    isVaried: (expression) => varied.reaches(expression) || texts.reaches(expression),
    isHidden: (expression) => (mayHold(values.typeOf(expression)) && varied.reaches(expression)) || texts.reaches(expression),
    texts: texts.summary(fn),
  }
}

function carriageOf(statement: Statement, varied: Marks, useful: Marks, values: Places): Carriage | undefined {
  const leadsOn = (to: Expression): boolean => values.of(to).some((place) => useful.has(place))
  if (statement.kind === 'return') return statement.value && { varied: varied.reaches(statement.value), useful: true }
  if (statement.kind === 'call')
    return {
      varied: statement.arguments.some((argument) => varied.reaches(argument)),
      useful: values.writtenByCall(statement).some(leadsOn),
    }
  const flows = flowsOf(statement, values)
  // A reference moves nothing: what it leads to is where it was.
  if (flows.length === 0 && statement.kind === 'declare' && statement.value) {
    const { name, value } = { ...statement, value: statement.value }
    return { varied: varied.reaches(value), useful: leadsOn({ kind: 'variable', name }) }
  }
  if (flows.length === 0 && statement.kind === 'assign')
    return { varied: varied.reaches(statement.value), useful: leadsOn(statement.target) }
  if (flows.length === 0) return undefined
  const active = flows.some(({ to, from }) => varied.reaches(from) && leadsOn(to))
  return active
    ? { varied: true, useful: true }
    : { varied: flows.some(({ from }) => varied.reaches(from)), useful: flows.some(({ to }) => leadsOn(to)) }
}

/** Whether nothing that a function returns moves with a parameter. */
export function isFlatIn(fn: FunctionNode, parameter: string, hasAux: boolean, summaryOf: SummaryOf): boolean {
  const ends: Ends = { independent: [parameter], dependent: [], ...(hasAux && { resultField: '0' }) }
  return !findActivity(fn, findRegions(fn, summaryOf), ends, summaryOf).isActiveVariable(parameter)
}

function settle(marks: readonly { readonly size: number }[], round: () => void): void {
  const size = (): number => marks.reduce((sum, one) => sum + one.size, 0)
  for (let before = -1; before !== size();) {
    before = size()
    round()
  }
}

function spreadVaried({ statement, flows }: Flowing, varied: Marks, values: Places, texts: Texts): void {
  for (const { to, from } of flows) if (varied.reaches(from) || (!isStorage(values.typeOf(to)) && texts.reaches(from))) varied.mark(to)
  if (statement.kind === 'call' && statement.arguments.some((argument) => varied.reaches(argument)))
    for (const place of values.writtenByCall(statement)) varied.mark(place)
}

function spreadUseful({ statement, flows }: Flowing, useful: Marks, values: Places, resultField: string | undefined): void {
  if (statement.kind === 'return' && statement.value) useful.markSources(resultIn(statement.value, resultField))
  for (const { to, from } of flows) if (values.of(to).some((place) => useful.has(place))) useful.markSources(from)
  if (statement.kind === 'call' && values.writtenByCall(statement).some((place) => values.of(place).some((leaf) => useful.has(leaf)))) {
    for (const argument of statement.arguments) useful.markSources(argument)
  }
}

/** What is differentiated of what is returned. */
function resultIn(value: Expression, resultField: string | undefined): Expression {
  if (resultField === undefined) return value
  if (value.kind === 'record') return value.values[value.type.fields.findIndex(({ name }) => name === resultField)]!
  return { kind: 'field', record: value, name: resultField }
}
