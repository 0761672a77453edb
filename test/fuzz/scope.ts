import type { Choices } from './choices.ts'

export interface ArrayVariable {
  readonly name: string
  /** Known, or at least 1. */
  readonly length: number | undefined
  readonly storage: 'Float64Array' | 'number[]'
  /** Declared with `let`, so that it can come to refer to other storage. */
  readonly reassignable: boolean
}

export interface IntegerVariable {
  readonly name: string
  /** Never negative. Values below this bound, where there is one. */
  readonly below: number | undefined
  /** May be changed by statements; the counters that end loops may not. */
  readonly free: boolean
}

/** A function that later functions can call. */
export interface Helper {
  readonly name: string
  readonly kind: 'scalar' | 'reduce' | 'write' | 'recursive' | 'tuple' | 'fresh' | 'closure'
}

/** Numbers by keys. */
export interface Keyed {
  readonly name: string
  readonly isMap: boolean
}

/** What is visible at a place of the program, and what may be written there. */
export interface Scope {
  readonly numbers: readonly string[]
  readonly constants: readonly string[]
  readonly integers: readonly IntegerVariable[]
  readonly arrays: readonly ArrayVariable[]
  readonly helpers: readonly Helper[]
  /** Labels of the loops around, innermost last; empty text for one without a label. */
  readonly loops: readonly string[]
  /** What an early return gives here. */
  readonly returns: 'number' | 'void' | 'none'
  /** Records whose numbers are `u` and `v` and whose array is `w`, and instances; in rich programs only. */
  readonly records?: readonly string[]
  readonly instances?: readonly string[]
  readonly keyed?: readonly Keyed[]
}

/** What a program has besides numbers and arrays, or more of. */
export interface Rich {
  readonly prefix: string
  readonly keyed: boolean
  readonly summed: boolean
  readonly walks?: boolean
}

/** The text of a program as it grows, with what all scopes of one function share. */
export class Draft {
  readonly choices: Choices
  /** The length of every array that is not a part of another. */
  readonly length: number
  /** Begins the names of the functions and classes of a rich program. */
  readonly prefix: string
  /** Whether the program may have records, classes, closures and lists. */
  readonly rich: boolean
  /** Whether it may have numbers by keys, and lists whose elements move. */
  readonly keyed: boolean
  /** Whether many of its loops should add up. */
  readonly summed: boolean
  /** Whether it has a function that calls itself over an array. */
  readonly walks: boolean
  private counter = 0
  private budget: number

  constructor(choices: Choices, length: number, budget: number, rich: Rich | undefined) {
    this.choices = choices
    this.length = length
    this.budget = budget
    this.prefix = rich?.prefix ?? ''
    this.rich = rich !== undefined && !rich.summed && rich.walks !== true
    this.keyed = rich?.keyed ?? false
    this.summed = rich?.summed ?? false
    this.walks = rich?.walks ?? false
  }

  name(stem: string): string {
    return `${stem}${String(this.counter++)}`
  }

  /** Every statement takes from the budget, so that programs end. */
  spend(): boolean {
    if (this.budget <= 0 || this.choices.exhausted) return false
    this.budget--
    return true
  }
}

export function withArray(scope: Scope, array: ArrayVariable): Scope {
  return { ...hide(scope, array.name), arrays: [...scope.arrays.filter(({ name }) => name !== array.name), array] }
}

export function withNumber(scope: Scope, name: string, constant = false): Scope {
  const rest = hide(scope, name)
  return constant ? { ...rest, constants: [...rest.constants, name] } : { ...rest, numbers: [...rest.numbers, name] }
}

export function withInteger(scope: Scope, integer: IntegerVariable): Scope {
  const rest = hide(scope, integer.name)
  return { ...rest, integers: [...rest.integers, integer] }
}

/** The scope without a name: where it is about to be declared again, its initial value can't mention it. */
export function hide(scope: Scope, name: string): Scope {
  return {
    ...scope,
    numbers: scope.numbers.filter((other) => other !== name),
    constants: scope.constants.filter((other) => other !== name),
    integers: scope.integers.filter((other) => other.name !== name),
    arrays: scope.arrays.filter((other) => other.name !== name),
    ...(scope.keyed && { keyed: scope.keyed.filter((other) => other.name !== name) }),
  }
}
