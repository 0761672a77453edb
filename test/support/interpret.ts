import { compileFunction } from 'node:vm'
import type { Expression, FunctionNode, Loop, Parameter, Program, Statement } from '../../compiler/ir/nodes.ts'
import { evaluate, evaluateNumber, type Value } from './evaluate.ts'

export interface InterpretOptions {
  /** Where calls find the functions they name. */
  readonly program?: Program
  /** How many statements may run before an endless loop is assumed. */
  readonly fuel?: number
}

/** Runs a function of the IR on JavaScript values and gives its result. Arrays and records are passed by reference, as in JavaScript. */
export function interpret(fn: FunctionNode, args: readonly Value[], options: InterpretOptions = {}): Value {
  return run(fn, args, { program: options.program, fuel: options.fuel ?? 1e6 })
}

interface Machine {
  readonly program: Program | undefined
  fuel: number
}

/** How a list of statements ended: at its end, by a break, or by a return. */
type Outcome = 'end' | 'break' | { readonly value: Value }

function run(fn: FunctionNode, args: readonly Value[], machine: Machine): Value {
  const environment = new Map<string, Value>()
  fn.parameters.forEach((parameter, index) => environment.set(parameter.name, args[index] ?? defaultOf(parameter, environment)))
  const outcome = runBlock(fn.body, environment, machine)
  return typeof outcome === 'object' ? outcome.value : undefined
}

function defaultOf({ name, defaultText }: Parameter, environment: ReadonlyMap<string, Value>): Value {
  if (defaultText === undefined) throw new Error(`no argument for ${name}`)
  return (compileFunction(`return (${defaultText}\n)`, [...environment.keys()]) as (...values: Value[]) => Value)(...environment.values())
}

function runBlock(block: readonly Statement[], environment: Map<string, Value>, machine: Machine): Outcome {
  for (const statement of block) {
    if (--machine.fuel < 0) throw new Error('out of fuel')
    const outcome = runStatement(statement, environment, machine)
    if (outcome !== 'end') return outcome
  }
  return 'end'
}

function runStatement(statement: Statement, environment: Map<string, Value>, machine: Machine): Outcome {
  switch (statement.kind) {
    case 'declare':
      environment.set(statement.name, statement.value && evaluate(statement.value, environment))
      return 'end'
    case 'assign':
      assign(statement.target, statement.value, environment)
      return 'end'
    case 'fill': {
      const array = evaluate(statement.array, environment) as Value[]
      // V8 ignores the end of a typed array's `fill` when the start is `undefined` (seen in Node 20).
      const start = optional(statement.start, environment) ?? 0
      array.fill(evaluate(statement.value, environment), start, optional(statement.end, environment))
      return 'end'
    }
    case 'copyInto': {
      const target = evaluate(statement.target, environment) as Float64Array
      target.set(evaluate(statement.source, environment) as Float64Array, optional(statement.offset, environment))
      return 'end'
    }
    case 'push':
      ;(evaluate(statement.array, environment) as Value[]).push(evaluate(statement.value, environment))
      return 'end'
    case 'truncate':
      ;(evaluate(statement.array, environment) as Value[]).length = evaluateNumber(statement.length, environment)
      return 'end'
    case 'if':
      return runBlock(evaluate(statement.test, environment) ? statement.then : statement.else, environment, machine)
    case 'loop':
      return runLoop(statement, environment, machine)
    case 'break':
      return 'break'
    case 'throw':
      throw evaluate(statement.value, environment)
    case 'return':
      return { value: statement.value && evaluate(statement.value, environment) }
    case 'call': {
      const callee = machine.program?.functions.get(statement.callee)
      if (!callee) throw new Error(`no function ${statement.callee}`)
      const args = statement.arguments.map((argument) => evaluate(argument, environment))
      const value = run(callee, args, machine)
      if (statement.result !== undefined) environment.set(statement.result, value)
      return 'end'
    }
    case 'effect':
      evaluate(statement.expression, environment)
      return 'end'
    case 'reserve': {
      const tape = environment.get(statement.tape) as Float64Array
      const length = evaluateNumber(statement.length, environment)
      if (tape.length >= length) return 'end'
      const longer = new Float64Array(length).fill(statement.pooled ? NaN : 0)
      longer.set(tape)
      environment.set(statement.tape, longer)
      return 'end'
    }
    case 'release':
      // Nothing may read a tape that was given back.
      ;(environment.get(statement.tape) as Float64Array).fill(NaN)
      return 'end'
    case 'comment':
      return 'end'
  }
}

function optional(expression: Expression | undefined, environment: ReadonlyMap<string, Value>): number | undefined {
  return expression && evaluateNumber(expression, environment)
}

function assign(target: Expression, value: Expression, environment: Map<string, Value>): void {
  if (target.kind === 'variable') {
    environment.set(target.name, evaluate(value, environment))
  } else if (target.kind === 'element') {
    const array = evaluate(target.array, environment) as Value[]
    const index = evaluateNumber(target.index, environment)
    array[index] = evaluate(value, environment)
  } else if (target.kind === 'field') {
    const record = evaluate(target.record, environment) as Record<string, Value>
    record[target.name] = evaluate(value, environment)
  } else throw new Error(`a ${target.kind} is assigned`)
}

function runLoop(loop: Loop, environment: Map<string, Value>, machine: Machine): Outcome {
  const { counter } = loop
  if (counter) environment.set(counter.name, evaluate(counter.from, environment))
  for (let isFirst = true; ; isFirst = false) {
    if (--machine.fuel < 0) throw new Error('out of fuel')
    if (!isFirst || loop.testAt !== 'bottom') if (!goesOn(loop, environment)) return 'end'
    const outcome = runBlock(loop.body, environment, machine)
    if (outcome === 'break') return 'end'
    if (outcome !== 'end') return outcome
    if (counter) environment.set(counter.name, (environment.get(counter.name) as number) + counter.step)
  }
}

/** A loop without a test goes on until it breaks. */
function goesOn({ counter, test }: Loop, environment: ReadonlyMap<string, Value>): boolean {
  if (!counter) return test === undefined || (evaluate(test, environment) as boolean)
  const value = environment.get(counter.name) as number
  const to = evaluateNumber(counter.to, environment)
  switch (counter.comparison) {
    case '<':
      return value < to
    case '<=':
      return value <= to
    case '>':
      return value > to
    case '>=':
      return value >= to
  }
}
