import fc from 'fast-check'
import type { ArrayType, Expression, FunctionNode, Loop, Program, Statement, Type } from '../../compiler/ir/nodes.ts'
import { variablesAssigned } from '../../compiler/ir/walk.ts'

/** A random program: `main` takes two numbers and an array of four, gives a number, and may call `helper`, which takes and gives the same. */
export interface ArbitraryProgram extends Program {
  readonly main: FunctionNode
}

/**
 * Well-formed programs that end. A program is read off a list of decisions, in which 0 is always the simplest one: so fast-check's shrinking
 * of numbers and lists makes programs small.
 */
export function arbitraryProgram(): fc.Arbitrary<ArbitraryProgram> {
  return fc.tuple(decisions(80), decisions(400)).map(([first, second]) => {
    const helper = new Draft(first, undefined).build('helper')
    const main = new Draft(second, 'helper').build('main')
    return { main, functions: new Map([['helper', helper], ['main', main]]) } // prettier-ignore
  })
}

export function arbitraryFunction(): fc.Arbitrary<FunctionNode> {
  return decisions(400).map((list) => new Draft(list, undefined).build('main'))
}

/** Arguments for the functions above. */
export function arbitraryArguments(): fc.Arbitrary<[x: number, y: number, u: Float64Array]> {
  const number = fc.integer({ min: -24, max: 24 }).map((n) => n / 8 + 1 / 64)
  return fc.tuple(
    number,
    number,
    fc.array(number, { minLength: 4, maxLength: 4 }).map((list) => Float64Array.from(list)),
  )
}

function decisions(maxLength: number): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.nat(1023), { maxLength, size: 'max' })
}

const NUMBER: Type = { kind: 'number' }
/** Every array has four elements, so that every index is in range. */
const LENGTH = 4
const FLOAT64: ArrayType = { kind: 'array', storage: 'Float64Array', element: NUMBER }
const PAIR = { kind: 'record', tuple: false, fields: [{ name: 'a', type: NUMBER }, { name: 'b', type: NUMBER }] } as const // prettier-ignore

const number = (value: number): Expression => ({ kind: 'number', value })
const variable = (name: string) => ({ kind: 'variable', name }) as const
const operation = (operator: string, ...operands: Expression[]): Expression => ({ kind: 'operation', operator, operands })

/** What a statement can see. Lists are copied for inner blocks. */
interface View {
  readonly numbers: readonly string[]
  /** The numbers that may be assigned: not counters, not exit codes. */
  readonly assignable: readonly string[]
  /** Counters that run within 0 .. 3. */
  readonly indices: readonly string[]
  readonly arrays: readonly string[]
  readonly records: readonly string[]
  readonly depth: number
  /** The loop that a break at the end of this list would leave. */
  readonly loop: { readonly exit: string; codes: number } | undefined
}

class Draft {
  private readonly types: Record<string, Type> = { x: NUMBER, y: NUMBER, u: FLOAT64 }
  private readonly decisions: readonly number[]
  private readonly callee: string | undefined
  private position = 0
  private count = 0

  constructor(decisions: readonly number[], callee: string | undefined) {
    this.decisions = decisions
    this.callee = callee
  }

  build(name: string): FunctionNode {
    const start: View = { numbers: ['x', 'y'], assignable: ['x', 'y'], indices: [], arrays: ['u'], records: [], depth: 0, loop: undefined }
    const [body, end] = this.list(start, 1 + this.choose(8))
    const all: Statement[] = [...body, { kind: 'return', value: this.expression(end, 2) }]
    const assigned = variablesAssigned(all)
    const variables = Object.fromEntries(Object.entries(this.types).map(([name, type]) => [name, { type, mutable: assigned.has(name) }]))
    return { name, parameters: ['x', 'y', 'u'].map((name) => ({ name })), variables, result: NUMBER, body: all }
  }

  /** The next decision, one of `options`; the first once the list is used up. */
  private choose(options: number): number {
    return (this.decisions[this.position++] ?? 0) % options
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.choose(list.length)]!
  }

  private name(stem: string, type: Type): string {
    const name = `${stem}${String(++this.count)}`
    this.types[name] = type
    return name
  }

  private list(view: View, length: number): [Statement[], View] {
    const statements: Statement[] = []
    let current = view
    for (let left = length; left > 0; left--) {
      if (current.loop && this.choose(6) === 5) {
        statements.push(this.breakOr(current, current.loop, left - 1))
        return [statements, current]
      }
      const [added, next] = this.statement({ ...current, loop: left === 1 ? current.loop : undefined })
      statements.push(...added)
      current = { ...next, loop: current.loop }
    }
    return [statements, current]
  }

  /** `if (test) { exit = code; break } else { the rest of the list }` */
  private breakOr(view: View, loop: NonNullable<View['loop']>, left: number): Statement {
    const code = ++loop.codes
    const leave: Statement[] = [{ kind: 'assign', target: variable(loop.exit), value: number(code) }, { kind: 'break' }]
    return { kind: 'if', test: this.test(view), then: leave, else: this.list(view, left)[0] }
  }

  private statement(view: View): [Statement[], View] {
    const choice = this.choose(view.depth < 3 ? 16 : 9)
    if (choice <= 1) return this.declare(view)
    if (choice === 2) return [[{ kind: 'assign', target: variable(this.pick(view.assignable)), value: this.expression(view, 3) }], view]
    if (choice <= 4) return [[this.write(view)], view]
    if (choice === 5) return this.create(view)
    if (choice === 6) return this.callOr(view)
    if (choice === 7)
      return [[{ kind: 'fill', array: variable(this.pick(view.arrays)), value: this.expression(view, 1), ...this.range() }], view]
    if (choice === 8) {
      const [target, source] = [variable(this.pick(view.arrays)), variable(this.pick(view.arrays))]
      return [[{ kind: 'copyInto', target, source }], view]
    }
    const inner = { ...view, depth: view.depth + 1 }
    if (choice <= 11) {
      const otherwise = this.choose(2) === 0 ? [] : this.list(inner, 1 + this.choose(2))[0]
      return [[{ kind: 'if', test: this.test(view), then: this.list(inner, 1 + this.choose(3))[0], else: otherwise }], view]
    }
    return this.loop({ ...inner, loop: undefined }, choice - 12, view)
  }

  private declare(view: View): [Statement[], View] {
    const name = this.name('v', NUMBER)
    const value = this.expression(view, 3)
    return [[{ kind: 'declare', name, value }], { ...view, numbers: [...view.numbers, name], assignable: [...view.assignable, name] }]
  }

  private write(view: View): Statement {
    const value = this.expression(view, 3)
    if (view.records.length > 0 && this.choose(2) === 1) {
      return { kind: 'assign', target: { kind: 'field', record: variable(this.pick(view.records)), name: this.pick(['a', 'b']) }, value }
    }
    return { kind: 'assign', target: { kind: 'element', array: variable(this.pick(view.arrays)), index: this.index(view) }, value }
  }

  private create(view: View): [Statement[], View] {
    const array = variable(this.pick(view.arrays))
    const choice = this.choose(6)
    if (choice === 5) {
      const name = this.name('r', PAIR)
      const values = [this.expression(view, 1), this.expression(view, 1)]
      return [[{ kind: 'declare', name, value: { kind: 'record', type: PAIR, values } }], { ...view, records: [...view.records, name] }]
    }
    const name = this.name('w', FLOAT64)
    const value: Expression =
      choice === 0
        ? { kind: 'zeros', type: FLOAT64, length: number(LENGTH) }
        : choice === 1
          ? { kind: 'slice', array }
          : choice === 2
            ? { kind: 'view', array, start: number(0) }
            : choice === 3
              ? { kind: 'convert', array, type: FLOAT64 }
              : { kind: 'zerosLike', value: array }
    return [[{ kind: 'declare', name, value }], { ...view, arrays: [...view.arrays, name] }]
  }

  private callOr(view: View): [Statement[], View] {
    if (this.callee === undefined) return this.declare(view)
    const args = [this.expression(view, 1), this.expression(view, 1), variable(this.pick(view.arrays))]
    const result = this.name('c', NUMBER)
    const next = { ...view, numbers: [...view.numbers, result], assignable: [...view.assignable, result] }
    return [[{ kind: 'call', result, callee: this.callee, arguments: args }], next]
  }

  private loop(inner: View, kind: number, outer: View): [Statement[], View] {
    const exit = this.name('exit', NUMBER)
    const state = { exit, codes: 0 }
    const visible = { ...inner, numbers: [...inner.numbers, exit], loop: state }
    const [before, loop] = kind === 0 ? this.countedLoop(visible) : this.generalLoop(visible, kind)
    const seen = { ...outer, numbers: [...outer.numbers, exit] }
    if (state.codes > 0) return [[{ kind: 'declare', name: exit, value: number(0) }, ...before, { ...loop, exit }], seen]
    // Without a break the code is an ordinary number that is always 0.
    return [[{ kind: 'declare', name: exit, value: number(0) }, ...before, loop], seen]
  }

  private countedLoop(view: View): [Statement[], Loop] {
    const name = this.name('i', NUMBER)
    const isUp = this.choose(2) === 0
    const [body] = this.list({ ...view, numbers: [...view.numbers, name], indices: [...view.indices, name] }, 1 + this.choose(3))
    const down = { name, from: number(LENGTH - 1), to: number(this.choose(3)), comparison: '>=', step: -1 } as const
    const up = {
      name,
      from: number(this.choose(2)),
      to: number(this.choose(LENGTH + 1)),
      comparison: '<',
      step: 1 + this.choose(2),
    } as const
    return [[], { kind: 'loop', counter: isUp ? up : down, body }]
  }

  /** A `while`, a `do`, or a loop without a test; a count of its own keeps it from going on for ever. */
  private generalLoop(view: View, kind: number): [Statement[], Loop] {
    const count = this.name('k', NUMBER)
    const inner = { ...view, numbers: [...view.numbers, count] }
    const step: Statement = { kind: 'assign', target: variable(count), value: operation('+', variable(count), number(1)) }
    const before: Statement[] = [{ kind: 'declare', name: count, value: number(0) }]
    const mayGoOn = operation('<', variable(count), number(1 + this.choose(4)))
    if (kind === 3 && view.loop) {
      view.loop.codes++
      const leave: Statement[] = [{ kind: 'assign', target: variable(view.loop.exit), value: number(view.loop.codes) }, { kind: 'break' }]
      const [rest] = this.list(inner, 1 + this.choose(2))
      return [before, { kind: 'loop', body: [step, { kind: 'if', test: mayGoOn, then: rest, else: leave }] }]
    }
    const test = this.choose(2) === 0 ? mayGoOn : operation('&&', mayGoOn, this.test({ ...view, numbers: [...view.numbers, count] }))
    const [rest] = this.list(inner, 1 + this.choose(3))
    return [before, { kind: 'loop', test, ...(kind === 2 ? { testAt: 'bottom' } : {}), body: [step, ...rest] }]
  }

  private index(view: View): Expression {
    return view.indices.length > 0 && this.choose(2) === 1 ? variable(this.pick(view.indices)) : number(this.choose(LENGTH))
  }

  private range(): { start?: Expression; end?: Expression } {
    const choice = this.choose(4)
    return { ...(choice & 1 && { start: number(this.choose(3)) }), ...(choice & 2 && { end: number(this.choose(5)) }) }
  }

  private test(view: View): Expression {
    const comparison = operation(this.pick(['<', '>', '<=', '>=']), this.expression(view, 1), this.expression(view, 1))
    const choice = this.choose(8)
    if (choice === 6) return operation('!', comparison)
    return choice === 7 ? operation(this.pick(['&&', '||']), comparison, operation('>', this.expression(view, 1), number(0))) : comparison
  }

  /** A number that stays of moderate size and smooth where it can, so that differences can judge it. */
  private expression(view: View, depth: number): Expression {
    const choice = this.choose(depth > 0 ? 12 : 4)
    if (choice === 0) return variable(this.pick(view.numbers))
    if (choice === 1) return number(this.pick([1, 0.5, 2, -1, 0.25, 3]))
    if (choice === 2) return { kind: 'element', array: variable(this.pick(view.arrays)), index: this.index(view) }
    if (choice === 3) return view.records.length > 0 ? { kind: 'field', record: variable(this.pick(view.records)), name: this.pick(['a', 'b']) } : variable('y') // prettier-ignore
    const a = this.expression(view, depth - 1)
    if (choice === 4) return operation('negate', a)
    if (choice === 5) return operation(`Math.${this.pick(['sin', 'cos', 'tanh', 'atan'])}`, a)
    if (choice === 6) return operation('/', a, operation('+', number(2), operation('Math.sin', this.expression(view, depth - 1))))
    if (choice === 7) return operation('select', this.test(view), a, this.expression(view, depth - 1))
    if (choice === 8) return operation('*', number(0.5), operation('Math.sin', operation('*', a, this.expression(view, depth - 1))))
    return operation(this.pick(['+', '-', '*']), a, this.expression(view, depth - 1))
  }
}
