import { bounded, number } from './expressions.ts'
import type { Draft, Keyed, Scope } from './scope.ts'
import { block, type Piece } from './statements.ts'

/** Numbers by keys, and lists whose elements move: programs from `KEYED` on have these too. */

const KEYS = ["'a'", "'b'", "'c'"]

export function keyedStatement(draft: Draft, scope: Scope): Piece {
  const { choices } = draft
  const keyed = scope.keyed ?? []
  const lists = scope.arrays.filter(({ length, storage }) => storage === 'number[]' && length === undefined)
  const stay = (...lines: string[]): Piece => ({ lines, scope })
  const some = keyed.length > 0 ? 1 : 0
  return choices.weighted<Piece>([
    [4, () => declared(draft, scope)],
    [5 * some, () => stay(put(draft, scope, choices.pick(keyed)))],
    [3 * some, () => stay(changed(draft, scope, choices.pick(keyed)))],
    [some, () => stay(takenAway(draft, scope, choices.pick(keyed)))],
    [scope.loops.length < 2 ? 2 * some : 0, () => stay(...goneOver(draft, scope, choices.pick(keyed)))],
    [some, () => copied(draft, scope, choices.pick(keyed))],
    [lists.length > 0 ? 5 : 0, () => stay(...moved(draft, scope, choices.pick(lists).name))],
  ])
}

/** What is under a key, or a number where there is nothing. */
export function keyedNumber(draft: Draft, scope: Scope): string {
  const one = draft.choices.pick(scope.keyed ?? [])
  return `(${read(draft, scope, one)} ?? ${number(draft, scope, 0)})`
}

function key({ choices }: Draft, scope: Scope): string {
  if (scope.integers.length === 0 || choices.chance(50)) return choices.pick(KEYS)
  return `'abc'[${choices.pick(scope.integers).name} % 3]!`
}

function read(draft: Draft, scope: Scope, { name, isMap }: Keyed): string {
  return isMap ? `${name}.get(${key(draft, scope)})` : `${name}[${key(draft, scope)}]`
}

function declared(draft: Draft, scope: Scope): Piece {
  const name = draft.name('k')
  const isMap = draft.choices.chance(50)
  const value = (): string => number(draft, scope, 1)
  const line = isMap
    ? `const ${name} = new Map<string, number>([['a', ${value()}]])`
    : `const ${name}: Record<string, number> = { a: ${value()}${draft.choices.chance(40) ? `, b: ${value()}` : ''} }`
  return { lines: [line], scope: { ...scope, keyed: [...(scope.keyed ?? []), { name, isMap }] } }
}

function put(draft: Draft, scope: Scope, one: Keyed): string {
  const at = key(draft, scope)
  const value = bounded(draft, number(draft, scope, 2))
  return one.isMap ? `${one.name}.set(${at}, ${value})` : `${one.name}[${at}] = ${value}`
}

/** What was there is read once more, by the same key. */
function changed(draft: Draft, scope: Scope, one: Keyed): string {
  const at = key(draft, scope)
  const value = number(draft, scope, 1)
  if (one.isMap) return `${one.name}.set(${at}, Math.sin(${one.name}.get(${at}) ?? 0.4) * 1.2 + ${value})`
  if (draft.choices.chance(30)) return `${one.name}[${at}] ??= ${bounded(draft, value)}`
  return `${one.name}[${at}] = (${one.name}[${at}] ?? 0.3) * 0.8 + ${bounded(draft, value)}`
}

function takenAway(draft: Draft, scope: Scope, { name, isMap }: Keyed): string {
  return isMap ? `${name}.delete(${key(draft, scope)})` : `delete ${name}[${draft.choices.pick(KEYS)}]`
}

function goneOver(draft: Draft, scope: Scope, { name, isMap }: Keyed): string[] {
  const [k, v] = [draft.name('n'), draft.name('v')]
  const of = isMap ? name : `Object.entries(${name})`
  // A map that is given new keys on the way is another thing, and refused at run time.
  const others = (scope.keyed ?? []).filter((one) => !one.isMap)
  const helpers = scope.helpers.filter(({ kind }) => kind !== 'closure')
  const inner: Scope = { ...scope, helpers, constants: [...scope.constants, v], keyed: others, loops: [...scope.loops, ''] }
  return [`for (const [${k}, ${v}] of ${of}) {`, ...block(draft, inner, 2), ...(isMap ? [`  ${name}.set(${k}, ${v} * 0.9)`] : []), '}']
}

function copied(draft: Draft, scope: Scope, { name, isMap }: Keyed): Piece {
  const copy = draft.name('k')
  const isAlias = draft.choices.chance(30)
  const value = isAlias ? name : isMap ? `new Map(${name})` : `{ ...${name} }`
  const type = isMap ? 'Map<string, number>' : 'Record<string, number>'
  return { lines: [`const ${copy}: ${type} = ${value}`], scope: { ...scope, keyed: [...(scope.keyed ?? []), { name: copy, isMap }] } }
}

/** One element at least stays. The length is read between. */
function moved(draft: Draft, scope: Scope, name: string): string[] {
  const { choices } = draft
  const value = (): string => bounded(draft, number(draft, scope, 1))
  const target = scope.numbers[0]
  return choices.weighted<string[]>([
    [3, () => [`${name}.unshift(${value()})`]],
    [2, () => [`${name}.push(${name}[${name}.length - 1]! * 0.5, ${value()})`]],
    [3, () => [`${name}.splice(${choices.pick(['0', '1', '-1'])}, 1, ${value()})`]],
    [2, () => [`if (${name}.length > 2) ${name}.splice(1, ${choices.pick(['1', '2'])})`]],
    [target === undefined ? 0 : 3, () => [`if (${name}.length > 1) ${target!} += ${name}.shift()! * 0.1 * ${name}.length`]],
    [target === undefined ? 0 : 3, () => [`${target!} += 0.05 * ${name}.length * ${value()}`]],
  ])
}
