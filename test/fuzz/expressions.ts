import { keyedNumber } from './keyed.ts'
import { richNumber } from './objects.ts'
import type { ArrayVariable, Draft, Helper, Scope } from './scope.ts'

/** Random expressions. Values stay moderate and smooth: no domain ends, no division by what may be zero. */

export function literal({ choices }: Draft): string {
  return choices.pick(['0.5', '1.25', '2', '0.3', '-0.7', '1', '0.9', '-1.5', '0.1'])
}

/** A number of any kind, as deep as asked. `effects` allows assignments within it. */
export function number(draft: Draft, scope: Scope, depth: number, effects = true): string {
  const { choices } = draft
  const inner = (): string => number(draft, scope, depth - 1, effects)
  const known = [...scope.numbers, ...scope.constants]
  const deep = depth > 0 ? 1 : 0
  const mayWrite = effects && scope.numbers.length > 0 ? deep : 0
  const integers = scope.integers.length > 0 ? 1 : 0
  const callable = scope.helpers.filter(({ kind }) => kind === 'scalar' || kind === 'recursive' || kind === 'reduce')
  return choices.weighted<string>([
    [6, () => (known.length > 0 ? choices.pick(known) : literal(draft))],
    [scope.arrays.length > 0 ? 8 : 0, () => element(draft, scope, effects)],
    [3, () => literal(draft)],
    [integers * 2, () => `0.1 * ${choices.pick(scope.integers).name}`],
    [deep * 9, () => `${wrapped(inner())} ${choices.pick(['+', '-', '*'])} ${wrapped(inner())}`],
    [deep * 7, () => smooth(draft, inner())],
    [deep * 2, () => `${wrapped(inner())} / (1.5 + ${choices.pick(['Math.sin', 'Math.cos', 'Math.tanh'])}(${inner()}))`],
    [deep * 2, () => `(${condition(draft, scope, depth - 1, effects)} ? ${inner()} : ${inner()})`],
    [deep * 2, () => `${wrapped(inner())} ** ${choices.pick(['2', '3'])}`],
    [deep, () => `Math.${choices.pick(['max', 'min'])}(${inner()}, ${inner()})`],
    [deep, () => choices.pick(['Math.abs', '-', '+']) + `(${inner()})`],
    [deep, () => `Math.atan2(${inner()}, 2 + Math.abs(${inner()}))`],
    [deep, () => `Math.hypot(${inner()}, 1.5)`],
    [mayWrite * 2, () => written(draft, scope, depth)],
    [effects && callable.length > 0 && scope.loops.length < 2 ? 4 * deep : 0, () => call(draft, scope, choices.pick(callable))],
    [effects && draft.rich ? 5 * deep : 0, () => richNumber(draft, scope, depth)],
    [draft.keyed && (scope.keyed ?? []).length > 0 ? 6 : 0, () => keyedNumber(draft, scope)],
  ])
}

function smooth({ choices }: Draft, inner: string): string {
  return choices.weighted<string>([
    [4, () => `Math.sin(${inner})`],
    [3, () => `Math.tanh(${inner})`],
    [2, () => `Math.cos(${inner})`],
    [1, () => `Math.exp(Math.sin(${inner}))`],
    [1, () => `Math.sqrt(1.5 + Math.cos(${inner}))`],
    [1, () => `Math.log(2 + Math.tanh(${inner}))`],
    [1, () => `Math.atan(${inner})`],
  ])
}

/** An assignment as an expression: what JavaScript evaluates first matters. */
function written(draft: Draft, scope: Scope, depth: number): string {
  const { choices } = draft
  const target = choices.pick(scope.numbers)
  const value = number(draft, scope, depth - 1)
  return choices.weighted<string>([
    [2, () => `(${target} = ${bounded(draft, value)})`],
    [1, () => `(${target} += ${bounded(draft, value)})`],
    [1, () => `${target}++`],
    [1, () => `--${target}`],
    [scope.arrays.length > 0 ? 1 : 0, () => `(${element(draft, scope, false)} = ${bounded(draft, value)})`],
  ])
}

/** Keeps what is carried through loops from growing without end. */
export function bounded({ choices }: Draft, value: string): string {
  return choices.weighted<string>([
    [3, () => `Math.sin(${value})`],
    [3, () => `0.5 * ${wrapped(value)}`],
    [2, () => `Math.tanh(${value})`],
    [1, () => value],
  ])
}

export function element(draft: Draft, scope: Scope, effects: boolean): string {
  const array = draft.choices.pick(scope.arrays)
  return `${array.name}[${index(draft, scope, array, effects)}]`
}

/** An index that is always within its array. */
export function index(draft: Draft, scope: Scope, array: ArrayVariable, effects: boolean): string {
  const { choices } = draft
  const length = array.length
  const size = length === undefined || choices.chance(30) ? `${array.name}.length` : String(length)
  const within = scope.integers.filter(({ below }) => below !== undefined && length !== undefined && below <= length)
  const any = scope.integers
  const free = scope.integers.filter((integer) => integer.free)
  return choices.weighted<string>([
    [3, () => String(choices.below(length ?? 1))],
    [within.length * 5, () => choices.pick(within).name],
    [any.length > 0 ? 3 : 0, () => `(${choices.pick(any).name} + ${String(1 + choices.below(2))}) % ${size}`],
    [any.length > 0 ? 1 : 0, () => `${choices.pick(any).name} % ${size}`],
    [effects && free.length > 0 ? 1 : 0, () => `${choices.pick(free).name}++ % ${size}`],
    [scope.numbers.length > 0 ? 1 : 0, () => `Math.floor(Math.abs(3 * ${choices.pick(scope.numbers)})) % ${size}`],
  ])
}

export function condition(draft: Draft, scope: Scope, depth: number, effects = true): string {
  const { choices } = draft
  const integers = scope.integers.length > 0 ? 1 : 0
  const compare = (): string =>
    `${wrapped(number(draft, scope, Math.max(0, depth), effects))} ${choices.pick(['>', '<', '>=', '<='])} ${literal(draft)}`
  return choices.weighted<string>([
    [6, compare],
    [integers * 3, () => `${choices.pick(scope.integers).name} % 2 === ${String(choices.below(2))}`],
    [integers * 3, () => `${choices.pick(scope.integers).name} ${choices.pick(['===', '<', '>', '!=='])} ${String(choices.below(4))}`],
    [1, () => `(${compare()} ${choices.pick(['&&', '||'])} ${condition(draft, scope, depth - 1, effects)})`],
    [1, () => `!(${compare()})`],
    [
      effects && scope.numbers.length > 0 ? 1 : 0,
      () => `(${choices.pick(scope.numbers)} = ${bounded(draft, number(draft, scope, 1))}) > ${literal(draft)}`,
    ],
  ])
}

/** A call of a helper; arrays by reference, the same one twice now and then. */
export function call(draft: Draft, scope: Scope, { name, kind }: Helper): string {
  const { choices } = draft
  const value = (): string => number(draft, scope, 1)
  const arrays = scope.arrays.filter(({ storage }) => storage === 'Float64Array')
  if (kind === 'scalar' || kind === 'tuple') return `${name}(${value()}${kind === 'scalar' && choices.chance(30) ? '' : `, ${value()}`})`
  if (kind === 'recursive') return `${name}(${value()}, ${value()}, ${String(choices.below(4))})`
  if (arrays.length === 0) return kind === 'fresh' ? `new Float64Array(${String(draft.length)})` : literal(draft)
  if (kind === 'write') return `${name}(${choices.pick(arrays).name}, ${choices.pick(arrays).name}, ${value()})`
  return `${name}(${choices.pick(arrays).name}, ${value()})`
}

function wrapped(text: string): string {
  return /^[\w.]+(\[[\w ]+\])?$/.test(text) || /^[\w.]*\([^()]*\)$/.test(text) ? text : `(${text})`
}
