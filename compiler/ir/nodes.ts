/**
 * The intermediate representation: plain, readonly data, so that it can be printed, parsed, compared and stored.
 *
 * Shape: expressions are pure trees (evaluating one twice, or not at all, changes nothing); everything with an effect is a
 * statement. Control flow is structured: there is no graph and no label. After `1-read` every exit has become structured
 * too, so that a statement list reverses back to front (see `Loop` and `Break`).
 *
 * Names: a variable is a string, described in `FunctionNode.variables`. It is unique within a function that is differentiated: `1-read` renames shadowed
 * ones, and `unique-names` those of a function that was made, where each sweep may use the name in a list of its own, as people do.
 */

import type { ArrayType, KeyedType, RecordType, Type } from './type-nodes.ts'

export type { ArrayType, ClassOfInstances, Field, KeyedType, Missing, RecordType, Type } from './type-nodes.ts'

// ---------------------------------------------------------------------------------------------------------- expressions

/** Pure. Storage is referred to, not copied: a variable of array type is a reference, as in JavaScript. */
export type Expression = NumberLiteral | BooleanLiteral | Variable | Operation | Element | FieldAccess | Length | Creation | Opaque

export interface NumberLiteral {
  readonly kind: 'number'
  readonly value: number
  /** As the author wrote it, when that differs from `String(value)`: `1e-3`, `0xff`. */
  readonly text?: string
}

export interface BooleanLiteral {
  readonly kind: 'boolean'
  readonly value: boolean
}

export interface Variable {
  readonly kind: 'variable'
  readonly name: string
}

/**
 * One pure operation. `operator` is its printed name:
 * - arithmetic: `+ - * / % **` (two operands), `negate`, `plus` (unary)
 * - integers: `| & ^ << >> >>>` (two), `~`
 * - comparison: `< <= > >= === !== == !=`, giving booleans
 * - logic on booleans only: `&& || !` (on numbers they have become `select` or `if`)
 * - `select` (test, then, else): both branches pure
 * - `Math.sin` and its kin, as they are written; constants such as `Math.PI` have no operands
 * - `Number.isNaN` and kin: no derivative
 * - `stopGradient` (one operand): its value, as a constant
 * - `shown` (one operand, only within opaque text): its value, of which nothing is kept but a text
 * - `hook` (label, function, captures, value): its value, whose adjoint the function replaces; see `hook.ts`
 * - `toNumber` (one boolean or opaque operand): a number without a derivative
 * - `same` (two storage operands): whether two references are the same, boolean
 * - `isUndefined`, `isNull`, `isNullish` (one operand): whether a value is missing, boolean
 */
export interface Operation {
  readonly kind: 'operation'
  readonly operator: string
  readonly operands: readonly Expression[]
}

/** `array[index]`. Reading is pure; its value depends on what was written before. */
export interface Element {
  readonly kind: 'element'
  readonly array: Expression
  readonly index: Expression
}

export interface FieldAccess {
  readonly kind: 'field'
  readonly record: Expression
  readonly name: string
}

export interface Length {
  readonly kind: 'length'
  readonly array: Expression
}

/**
 * New storage. Stands only as the whole initial value of a `declare`, the whole value of an `assign` or `return`, or within another creation or text
 * that is such a value.
 * - `zeros`: `new Float64Array(n)`; for `Array`: `new Array(n).fill(0)`. `pooled` storage comes from a reused buffer, its content undefined.
 *   It may be longer, unless it is `exact`.
 * - `list`: an array literal, elements in order
 * - `record`: an object or tuple literal, fields in the order of the type
 * - `keyed`: `{}` or `new Map()`, without any number
 * - `slice`: a copy of `array` from `start` to `end`, with the semantics of JavaScript's `slice`
 * - `view`: `array.subarray(start, end)`: shares storage with `array`
 * - `convert`: `Float64Array.from(array)`, `new Float32Array(array)`, `Array.from(array)`: a copy in other storage
 * - `zerosLike`: zeros of the shape of `array` (any storage type), used for gradients
 */
export type Creation =
  | { readonly kind: 'zeros'; readonly type: ArrayType; readonly length: Expression; readonly pooled?: boolean; readonly exact?: boolean }
  | { readonly kind: 'list'; readonly type: ArrayType; readonly elements: readonly Expression[] }
  | { readonly kind: 'record'; readonly type: RecordType; readonly values: readonly Expression[] }
  | { readonly kind: 'keyed'; readonly type: KeyedType }
  | { readonly kind: 'slice'; readonly array: Expression; readonly start?: Expression; readonly end?: Expression }
  | { readonly kind: 'view'; readonly array: Expression; readonly start?: Expression; readonly end?: Expression }
  | { readonly kind: 'convert'; readonly array: Expression; readonly type: ArrayType }
  | { readonly kind: 'zerosLike'; readonly value: Expression }

/**
 * TypeScript text that carries no derivative, with the variables it mentions as expressions among the text.
 * `effects: true` only within an `effect` statement or as the whole value of a `declare`/`assign`: it is run once, in order, never again.
 */
export interface Opaque {
  readonly kind: 'opaque'
  readonly parts: readonly (string | Expression)[]
  readonly type: Type
  readonly effects: boolean
  /** With effects: runs code that nobody reads, which may change storage that the text does not mention. */
  readonly anywhere?: true
  /** Reads only what nothing in the program writes: with the same variables it gives the same again. */
  readonly fixed?: true
}

// ----------------------------------------------------------------------------------------------------------- statements

/** Where a statement came from. `line` is 1-based, `start` and `end` are offsets into the file's text. */
export interface Origin {
  readonly file: string
  readonly line: number
  readonly start: number
  readonly end: number
  /** Set where a region without gradients computes it; for those who ask why it is constant. Not printed. */
  readonly withoutGradients?: true
}

interface At {
  /** Absent on statements that the compiler made up. */
  readonly origin?: Origin
}

export type Statement =
  Declare | Assign | Fill | CopyInto | Push | Truncate | If | Loop | Break | Throw | Return | Call | Effect | Reserve | Release | Comment

/** `let` or `const`, by `VariableInfo.mutable`. Without a value: declared here, assigned later on every path that reads it. */
export interface Declare extends At {
  readonly kind: 'declare'
  readonly name: string
  readonly value?: Expression
}

/** The target's own subexpressions are evaluated before the value. */
export interface Assign extends At {
  readonly kind: 'assign'
  readonly target: Variable | Element | FieldAccess
  readonly value: Expression
}

/** `array.fill(value, start, end)`. */
export interface Fill extends At {
  readonly kind: 'fill'
  readonly array: Expression
  readonly value: Expression
  readonly start?: Expression
  readonly end?: Expression
}

/** `target.set(source, offset)`. */
export interface CopyInto extends At {
  readonly kind: 'copyInto'
  readonly target: Expression
  readonly source: Expression
  readonly offset?: Expression
}

/** `array.push(value)`, for storage of the kind `Array`: the only way in which an array becomes longer. */
export interface Push extends At {
  readonly kind: 'push'
  readonly array: Expression
  readonly value: Expression
}

/** `array.length = length`, which is not more than the length before. That one is `from`, so that the array can be made as long again. */
export interface Truncate extends At {
  readonly kind: 'truncate'
  readonly array: Expression
  readonly length: Expression
  readonly from: Expression
}

export interface If extends At {
  readonly kind: 'if'
  readonly test: Expression
  readonly then: readonly Statement[]
  readonly else: readonly Statement[]
}

/**
 * - With `counter`: `for (let name = from; name <test> to; name += step)`. `name` is not assigned in the body, `step` is a literal
 *   and not 0, `to` has the same value in every iteration (it reads nothing that the body changes), `comparison` is `<`, `<=`, `>` or `>=`. `test` is absent.
 * - Otherwise `while (test) body`, or `do body while (test)` when `testAt` is `bottom`.
 * A loop ends early only by `break`. There is no `continue`: what followed one stands in an `else`.
 */
export interface Loop extends At {
  readonly kind: 'loop'
  readonly counter?: Counter
  readonly test?: Expression
  readonly testAt?: 'top' | 'bottom'
  readonly body: readonly Statement[]
  /**
   * Set when the body contains a `break` that leaves this loop. A number variable, declared before the loop and 0 on entry; each `break` is
   * preceded directly (but for a snapshot) by the assignment of its own code 1, 2, ... to it. It tells the reverse sweep how the last iteration ended.
   */
  readonly exit?: string
  readonly checkpoint?: Checkpoint
}

/**
 * What is kept of a loop that the author has annotated: the state before every so many iterations, or before those that make running it again cheapest, with
 * so many of them at one time (0: as many as it takes to run no iteration more than four times).
 */
export type Checkpoint = { readonly every: number } | { readonly binomial: number }

export interface Counter {
  readonly name: string
  readonly from: Expression
  readonly to: Expression
  readonly comparison: '<' | '<=' | '>' | '>='
  readonly step: number
}

/**
 * Leaves the innermost loop. Always the last statement of its list, and nothing in the body runs after it: what followed stands in an `else`. Only
 * snapshots, which do nothing (`const x_2 = x`), may follow.
 */
export interface Break extends At {
  readonly kind: 'break'
}

/** Always the last statement of its list. Leaves the function; no derivative is needed. */
export interface Throw extends At {
  readonly kind: 'throw'
  readonly value: Expression
}

/** Only as the last statement of a function's body. Early returns have become assignments to a result variable. */
export interface Return extends At {
  readonly kind: 'return'
  readonly value?: Expression
}

/** A call of a function of the program, by its key in `Program.functions`. Arguments by position; storage by reference. */
export interface Call extends At {
  readonly kind: 'call'
  /** The variable declared by this statement for the result, if it is used. */
  readonly result?: string
  readonly callee: string
  readonly arguments: readonly Expression[]
}

/** Something done for its effect alone, without a derivative: logging, a call that touches no active value. */
export interface Effect extends At {
  readonly kind: 'effect'
  readonly expression: Expression
}

/**
 * Makes the tape at least `length` long, keeping what it holds: `if (tape.length < length) tape = grow(tape, length)`.
 * `pooled` when the tape came from a reused buffer, as with `zeros`.
 */
export interface Reserve extends At {
  readonly kind: 'reserve'
  readonly tape: string
  readonly length: Expression
  readonly pooled: boolean
}

/** Gives pooled storage back: printed as a call of the pool that it came from, that of arrays if it is `exact`. Nothing mentions it afterwards. */
export interface Release extends At {
  readonly kind: 'release'
  readonly tape: string
  readonly exact?: boolean
}

/** A line printed as a comment. The reverse sweep puts the primal line above what reverses it. */
export interface Comment extends At {
  readonly kind: 'comment'
  readonly text: string
}

// ------------------------------------------------------------------------------------------------------------ functions

export interface VariableInfo {
  readonly type: Type
  /** Assigned after its declaration: printed as `let`. */
  readonly mutable: boolean
}

export interface Parameter {
  readonly name: string
  /** The TypeScript type as it should be printed where the derivative is emitted; from `type` when absent. */
  readonly typeText?: string
  /** The author's default value, printed as it is (it has no effects and mentions nothing local but earlier parameters). */
  readonly defaultText?: string
}

/** Paths from the parameters (`0`, `1`, ...) and the result of a function to storage; each list is of paths that may lead to the same. */
export type Meetings = readonly (readonly Path[])[]
export interface Path {
  readonly root: string
  readonly keys: readonly string[]
}

export interface FunctionNode {
  /** The name to print, not yet made unique in its file. */
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** Every parameter and local, by name. */
  readonly variables: Readonly<Record<string, VariableInfo>>
  readonly result: Type
  readonly body: readonly Statement[]
  /** What its parameters share from the first: what a backward half is given, the forward half may have found by several names. */
  readonly meetings?: Meetings
  readonly reversed?: Reversed
  readonly origin?: Origin
}

/**
 * How calls of a function are reversed, where not by its own two halves:
 * - `recomputed`: nothing is kept but its arguments; the reverse sweep runs it again (`checkpoint`). With `tree` it is some iterations of a loop, from the
 *   first to the last parameter, and is run again in parts; `state` are the parameters that it gives again.
 * - `rule`: by halves that the author wrote (`customVjp`). The forward half gives a record of the value and what is kept; the backward half takes what is
 *   kept and the cotangent, and gives a record of gradients, whose fields are the positions of the parameters that they are of.
 */
export type Reversed =
  { readonly by: 'recomputed'; readonly tree?: Tree } | { readonly by: 'rule'; readonly forward: string; readonly backward: string }

export interface Tree {
  readonly snapshots: number
  readonly state: readonly string[]
}

/** Functions by key. A key says what the function is (`file#name`, then what was specialised or derived) and is stable across runs. */
export interface Program {
  readonly functions: ReadonlyMap<string, FunctionNode>
}
