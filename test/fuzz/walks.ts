import { bounded, condition, number } from './expressions.ts'
import { withInteger, type ArrayVariable, type Draft, type Scope } from './scope.ts'
import { block, indent } from './statements.ts'

/**
 * A function that calls itself over an array, in loops and in branches: mostly so that what it gives is only added up or multiplied with what is known, in which case it
 * is reversed where it is called, and now and then otherwise.
 */
export function walkText(draft: Draft, empty: Scope, name: string): string {
  const { choices } = draft
  const array: ArrayVariable = { name: 'a', length: undefined, storage: 'Float64Array', reassignable: false }
  const scope: Scope = { ...empty, numbers: ['s'], arrays: [array], returns: 'number' }
  const value = (inner: Scope): string => bounded(draft, number(draft, inner, 1))
  const again = (inner: Scope): string => `${name}(a, ${value(inner)}, n - 1)`
  const added = (inner: Scope): string =>
    choices.weighted<string>([
      [4, () => `${value(inner)} * ${again(inner)}`],
      [2, () => again(inner)],
      [1, () => `Math.sin(${again(inner)})`],
      [1, () => `${again(inner)} * ${again(inner)}`],
    ])
  const looped = (): string[] => {
    const inner = withInteger({ ...scope, loops: [''] }, { name: 'i', below: undefined, free: false })
    const sum = `sum ${choices.pick(['+=', '-='])} ${added(inner)}`
    const body = choices.chance(50) ? [`if (${condition(draft, inner, 1, false)}) ${sum}`] : [sum]
    return [
      'for (let i = 0; i < 2; i++) {',
      ...indent([...(choices.chance(40) ? block(draft, inner, 2) : []), ...body]),
      ...(choices.chance(30) ? indent([`sum += ${value(inner)}`]) : []),
      '}',
    ]
  }
  const branched = (): string[] => {
    const otherwise = choices.chance(50) ? looped() : [`sum = ${value(scope)} + sum * 0.5`]
    return [`if (${condition(draft, scope, 1, false)}) {`, ...indent(looped()), '} else {', ...indent(otherwise), '}']
  }
  const middle = choices.weighted<string[]>([
    [3, looped],
    [2, branched],
    [2, () => [`sum += ${added(scope)}`]],
    [1, () => [...branched(), ...looped()]],
  ])
  const end = choices.pick(['sum', 'sum', 'sum * 0.7 + s', 'Math.atan(sum)', 'sum * sum'])
  const stop = `if (n <= 0${choices.chance(30) ? ` || ${condition(draft, scope, 0, false)}` : ''}) return ${value(scope)}`
  return [
    `function ${name}(a: Float64Array, s: number, n: number): number {`,
    ...indent([
      stop,
      ...(choices.chance(30) ? block(draft, scope, 2) : []),
      `let sum = ${choices.pick(['0', 's', 's * s'])}`,
      ...middle,
      `return ${end}`,
    ]),
    '}',
  ].join('\n')
}

/** Calls of it from the function that is differentiated. */
export function walked(draft: Draft, scope: Scope, name: string): string[] {
  const { choices } = draft
  const array = (): string => choices.pick(scope.arrays.filter(({ storage }) => storage === 'Float64Array')).name
  const call = (): string => `${name}(${array()}, ${bounded(draft, number(draft, scope, 1))}, ${String(1 + choices.below(2))})`
  return choices.weighted<string[]>([
    [2, () => [`out += 0.6 * ${call()}`]],
    [2, () => [`if (${condition(draft, scope, 1, false)}) out += ${call()}`, `else out -= x * ${call()}`]],
    [2, () => [`for (let i = 0; i < 3; i++) out += (0.4 + i) * ${call()}`]],
    [1, () => [`out = out * 0.5 + ${call()} * ${call()}`]],
  ])
}
