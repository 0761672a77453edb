import { bounded, call, index, number } from './expressions.ts'
import { withArray, type ArrayVariable, type Draft, type Scope } from './scope.ts'
import type { Piece } from './statements.ts'

/** Statements about whole arrays: new ones, copies, views and second names of old ones, and buffers that change places. */
export function arrayStatement(draft: Draft, scope: Scope): Piece {
  const { choices } = draft
  const stay = (line: string): Piece => ({ lines: [line], scope })
  const typed = scope.arrays.filter(({ storage }) => storage === 'Float64Array')
  const movable = typed.filter(({ reassignable }) => reassignable)
  const pairs = movable.flatMap((a) => movable.filter((b) => a.name < b.name && a.length === b.length).map((b) => [a, b] as const))
  const makers = scope.helpers.filter(({ kind }) => kind === 'fresh')
  const array = (): ArrayVariable => choices.pick(scope.arrays)
  const value = (): string => bounded(draft, number(draft, scope, 1))
  return choices.weighted<Piece>([
    [4, () => declared(draft, scope, newArray(draft, scope))],
    [typed.length > 0 ? 4 : 0, () => view(draft, scope, choices.pick(typed))],
    [1, () => declared(draft, scope, { ...reference(array()), let: false })],
    [typed.length > 0 ? 2 : 0, () => stay(`${choices.pick(typed).name}.fill(${value()}${choices.chance(30) ? ', 1' : ''})`)],
    [typed.length > 1 ? 2 : 0, () => stay(copied(draft, choices.pick(typed), choices.pick(typed)))],
    [2, () => stay(exchanged(draft, scope, array()))],
    [pairs.length > 0 ? 5 : 0, () => swapped(draft, scope, choices.pick(pairs.length > 0 ? pairs : [undefined as never]))],
    [movable.length > 0 ? 3 : 0, () => renewed(draft, scope, choices.pick(movable))],
    [
      makers.length > 0 && scope.loops.length < 2 ? 2 : 0,
      () =>
        declared(draft, scope, {
          text: call(draft, scope, choices.pick(makers)),
          length: draft.length,
          storage: 'Float64Array',
          let: choices.chance(50),
        }),
    ],
  ])
}

interface New {
  readonly text: string
  readonly length: number | undefined
  readonly storage: ArrayVariable['storage']
  readonly let: boolean
}

function declared(draft: Draft, scope: Scope, made: New): Piece {
  const name = draft.name('c')
  return {
    lines: [`${made.let ? 'let' : 'const'} ${name} = ${made.text}`],
    scope: withArray(scope, { name, length: made.length, storage: made.storage, reassignable: made.let }),
  }
}

function newArray(draft: Draft, scope: Scope): New {
  const { choices } = draft
  const source = choices.pick(scope.arrays)
  const typed = source.storage === 'Float64Array'
  const whole = { length: source.length, storage: source.storage, let: choices.chance(50) }
  const fresh = { length: draft.length, let: whole.let }
  return choices.weighted<New>([
    [4, () => ({ ...fresh, storage: 'Float64Array', text: `new Float64Array(${String(draft.length)})` })],
    [4, () => ({ ...whole, text: `${source.name}.slice()` })],
    [typed ? 1 : 0, () => ({ ...whole, text: `Float64Array.from(${source.name})` })],
    [
      source.length !== undefined && source.length > 1 ? 1 : 0,
      () => ({ ...whole, length: source.length! - 1, text: `${source.name}.slice(1)` }),
    ],
    [1, () => ({ storage: 'number[]', length: 2, let: false, text: `[${number(draft, scope, 1)}, ${number(draft, scope, 1)}]` })],
  ])
}

function reference(array: ArrayVariable): New {
  return { text: array.name, length: array.length, storage: array.storage, let: true }
}

/** A part of another array, in the same storage. */
function view(draft: Draft, scope: Scope, source: ArrayVariable): Piece {
  const { choices } = draft
  const { length, name } = source
  const made = { storage: 'Float64Array', let: false } as const
  if (length === undefined || length === 1) return declared(draft, scope, { ...made, text: `${name}.subarray(0, 1)`, length: 1 })
  const within = scope.integers.filter(({ below }) => below !== undefined && below < length)
  return choices.weighted<Piece>([
    [2, () => declared(draft, scope, { ...made, text: `${name}.subarray(1)`, length: length - 1 })],
    [2, () => declared(draft, scope, { ...made, text: `${name}.subarray(0, ${String(length - 1)})`, length: length - 1 })],
    [1, () => declared(draft, scope, { ...made, text: `${name}.subarray()`, length })],
    [
      within.length > 0 ? 2 : 0,
      () => {
        const at = choices.pick(within).name
        return declared(draft, scope, { ...made, text: `${name}.subarray(${at}, ${at} + 1)`, length: 1 })
      },
    ],
  ])
}

function copied({ choices }: Draft, a: ArrayVariable, b: ArrayVariable): string {
  if (a.length === undefined || b.length === undefined) return `${a.name}.fill(0.25)`
  const [to, from] = a.length >= b.length ? [a, b] : [b, a]
  const room = to.length! - from.length!
  return room > 0 && choices.chance(50) ? `${to.name}.set(${from.name}, ${String(room)})` : `${to.name}.set(${from.name})`
}

/** Two elements change places. */
function exchanged(draft: Draft, scope: Scope, array: ArrayVariable): string {
  const at = (): string => `${array.name}[${index(draft, scope, array, false)}]`
  const [a, b] = [at(), at()]
  return `;[${a}, ${b}] = [${b}, ${a}]`
}

function swapped(draft: Draft, scope: Scope, [a, b]: readonly [ArrayVariable, ArrayVariable]): Piece {
  if (draft.choices.chance(50)) return { lines: [`;[${a.name}, ${b.name}] = [${b.name}, ${a.name}]`], scope }
  const spare = draft.name('spare')
  return { lines: [`const ${spare} = ${a.name}`, `${a.name} = ${b.name}`, `${b.name} = ${spare}`], scope }
}

/** A variable comes to refer to other storage of the same length. */
function renewed({ choices, length }: Draft, scope: Scope, target: ArrayVariable): Piece {
  const others = scope.arrays.filter((array) => array.length === target.length && array.storage === 'Float64Array')
  const source = choices.pick(others)
  return {
    lines: choices.weighted<string[]>([
      [3, () => [`${target.name} = ${source.name}.slice()`]],
      [target.length === length ? 1 : 0, () => [`${target.name} = new Float64Array(${String(length)})`]],
      [1, () => [`${target.name} = ${source.name}`]],
    ]),
    scope,
  }
}
