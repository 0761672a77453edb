import { InternalError } from '../ir/internal-error.ts'
import type { Expression, Operation } from '../ir/nodes.ts'
import { parseExpression } from '../ir/parse-expression.ts'
import { mapExpression, variablesIn } from '../ir/walk.ts'
import { literalPowerPartial } from './power.ts'
import { type Rules, scalarRules } from './scalar.ts'
import { pairRules, variadicRules } from './variadic.ts'

/** The values that a derivative reads: operands by position, and the operation's own result. */
export interface Needs {
  readonly operands: readonly number[]
  readonly out: boolean
}

/**
 * The partial derivative of an operation for each of its operands, as expressions over those operands and `out`. Where a rule is constant the
 * partial is the literal 0, 1 or -1, so that callers can leave out what it multiplies. Operands are repeated: pass names or literals.
 * `select` has no partials: the differentiator follows the branch that ran.
 */
export function partials(
  operator: string,
  operands: readonly Expression[],
  out: Expression = ownValue(operator, operands),
): readonly Expression[] {
  const [base, exponent] = operands
  if ((operator === '**' || operator === 'Math.pow') && base && exponent?.kind === 'number') {
    return [literalPowerPartial(base, exponent.value, out), scalarPartials(operator, operands, out)![1]!]
  }
  const found = scalarPartials(operator, operands, out) ?? variadicPartials(operator, operands, out)
  if (!found) throw new InternalError(`There is no derivative rule for ${operator} with ${String(operands.length)} operands.`)
  return found
}

export function hasPartials(operator: string, count: number): boolean {
  return count === 0 || scalarTable.has(ruleKey(operator, count)) || operator in variadicRules
}

/** What the partial derivatives for the operands `wrt` (by default all) read. */
export function needs(
  operator: string,
  operands: readonly Expression[],
  wrt: readonly number[] = operands.map((_, index) => index),
): Needs {
  // Literals stay what they are, because rules for literal exponents read less.
  const named = operands.map((operand, index) => (operand.kind === 'number' ? operand : variable(`#${String(index)}`)))
  const found = partials(operator, named, variable('#out'))
  const read = new Set(wrt.flatMap((index) => [...variablesIn(found[index]!)]))
  return { operands: operands.flatMap((_, index) => (read.has(`#${String(index)}`) ? [index] : [])), out: read.has('#out') }
}

/** Whether an operation's result never depends smoothly on its operands: comparisons, rounding, integer operators. */
export function isStep(operator: string, count: number): boolean {
  return scalarTable.get(ruleKey(operator, count))?.partials.every((partial) => partial.kind === 'number' && partial.value === 0) ?? false
}

interface ParsedRule {
  readonly parameters: readonly string[]
  readonly partials: readonly Expression[]
}

const scalarTable: ReadonlyMap<string, ParsedRule> = new Map([...parseRules(scalarRules), ...parseRules(pairRules)])

function parseRules(rules: Rules): (readonly [string, ParsedRule])[] {
  return Object.entries(rules).map(([signature, texts]) => {
    const { operator, operands } = parseExpression(signature) as Operation
    const parameters = operands.map((operand) => (operand.kind === 'variable' ? operand.name : ''))
    return [ruleKey(operator, operands.length), { parameters, partials: parameters.map((name) => parseExpression(texts[name] ?? '')) }]
  })
}

function ruleKey(operator: string, count: number): string {
  return `${operator}/${String(count)}`
}

function scalarPartials(operator: string, operands: readonly Expression[], out: Expression): readonly Expression[] | undefined {
  if (operands.length === 0) return []
  const rule = scalarTable.get(ruleKey(operator, operands.length))
  if (!rule) return undefined
  const values = new Map([['out', out], ...rule.parameters.map((name, index) => [name, operands[index]!] as const)])
  return rule.partials.map((partial) => substitute(partial, values))
}

const variadicTable = new Map(
  Object.entries(variadicRules).map(([operator, rule]) => [
    operator,
    {
      one: parseExpression(rule.one),
      operand: parseExpression(rule.operand),
      term: rule.term === undefined ? undefined : parseExpression(rule.term),
    },
  ]),
)

function variadicPartials(operator: string, operands: readonly Expression[], out: Expression): readonly Expression[] | undefined {
  const rule = variadicTable.get(operator)
  if (!rule) return undefined
  const { term } = rule
  const total = term
    ? operands
        .map((x) =>
          substitute(
            term,
            new Map([
              ['x', x],
              ['out', out],
            ]),
          ),
        )
        .reduce(sum)
    : out
  const template = operands.length === 1 ? rule.one : rule.operand
  return operands.map((x) =>
    substitute(
      template,
      new Map([
        ['x', x],
        ['out', out],
        ['total', total],
      ]),
    ),
  )
}

function substitute(template: Expression, values: ReadonlyMap<string, Expression>): Expression {
  return mapExpression(template, (node) => {
    if (node.kind === 'variable') return values.get(node.name) ?? node
    return node.kind === 'operation' && node.operator === 'select' ? settle(node) : node
  })
}

/** A test on literals alone is decided here: `2 ** y` needs no question whether the base is 0. */
function settle(choice: Operation): Expression {
  const [test, consequent, alternative] = choice.operands
  const answer = answerTo(test!)
  return answer === undefined ? choice : answer ? consequent! : alternative!
}

function answerTo(test: Expression): boolean | undefined {
  if (test.kind !== 'operation') return undefined
  const [a, b] = test.operands
  if (test.operator === '&&') {
    const answers = [answerTo(a!), answerTo(b!)]
    return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true
  }
  if (a?.kind !== 'number' || b?.kind !== 'number') return undefined
  if (test.operator === '===') return a.value === b.value
  return test.operator === '>=' ? a.value >= b.value : undefined
}

function ownValue(operator: string, operands: readonly Expression[]): Expression {
  return { kind: 'operation', operator, operands }
}

function sum(a: Expression, b: Expression): Expression {
  return { kind: 'operation', operator: '+', operands: [a, b] }
}

function variable(name: string): Expression {
  return { kind: 'variable', name }
}
