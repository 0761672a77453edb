import { compare, describe } from '../oracle/compare.ts'
import { alongDirection } from '../oracle/differences.ts'
import { copyWith, deepCopy, dot, dotMagnitude, flatten, sameBits, weights, withLeaves } from '../oracle/leaves.ts'
import { functionOf, type Module } from '../support/load.ts'
import { tangentsFor } from '../support/requests.ts'
import type { GeneratedProgram } from './program.ts'

/** What a batch asks for, as far as the compiler has the operators. */
export type Ask = 'gradient' | 'tangent' | 'pullback' | 'second' | 'nested'

export type Outcome =
  | { readonly kind: 'passed' }
  /** The oracle could not judge the point, or the numbers grew too large. */
  | { readonly kind: 'skipped'; readonly reason: string }
  /** The compiler gave a diagnostic. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

export function requestText(program: GeneratedProgram, ask: Ask): string {
  const { prefix } = program
  const options = `{ wrt: [${program.wrt.join(', ')}] }`
  const request: Record<Ask, string> = {
    gradient: `valueAndGrad(${prefix}, ${options})`,
    tangent: `jvp(${prefix})`,
    pullback: `vjp(${prefix}, ${options})`,
    // Forward over reverse, and reverse over reverse.
    second: `jvp(grad(${prefix}, ${options}))`,
    nested: `grad(${prefix}_slope, ${options})`,
  }
  return `${ask === 'nested' ? slopeText(program, options) : ''}export const ${prefix}_${ask} = ${request[ask]}`
}

/** The gradient as one number: the sum of its components, each with a weight. */
function slopeText({ prefix, wrt }: GeneratedProgram, options: string): string {
  const terms = wrt.map((at, i) =>
    at < 2 ? `  sum += w[k++] * g[${String(i)}]` : `  for (let i = 0; i < g[${String(i)}].length; i++) sum += w[k++] * g[${String(i)}][i]`,
  )
  return [
    `function ${prefix}_slope(x: number, y: number, a: Float64Array, b: Float64Array, w: Float64Array): number {`,
    `  const g = grad(${prefix}, ${options})(x, y, a, b)`,
    '  let sum = 0',
    '  let k = 0',
    ...terms,
    '  return sum',
    '}\n',
  ].join('\n')
}

const LARGE = 1e4

/** Everything that must hold of one program. `original` runs the text as it was generated, `emitted` what the compiler made of it. */
export function checkProgram(program: GeneratedProgram, original: Module, emitted: Module, asks: readonly Ask[]): Outcome {
  const f = functionOf(original, program.prefix)
  const after = program.args()
  let value: number
  try {
    value = f(...after) as number
  } catch {
    return { kind: 'skipped', reason: 'an exception' }
  }
  if (!(Math.abs(value) < LARGE)) return { kind: 'skipped', reason: 'a large value' }
  const { wrt } = program
  const args = (): unknown[] => program.args() as unknown[]
  const withWrt = (values: readonly unknown[]): unknown[] => args().map((arg, at) => (wrt.includes(at) ? values[wrt.indexOf(at)] : arg))
  const wrtArgs = wrt.map((at) => args()[at])
  const direction = weights(flatten(wrtArgs).length, 5)
  const call = (ask: Ask): ((...args: unknown[]) => unknown) => functionOf(emitted, `${program.prefix}_${ask}`)
  const gradientAt = (at: unknown[]): number[] => flatten((call('gradient')(...at) as { grad: unknown }).grad)

  const own = args()
  const first = call('gradient')(...own) as { value: unknown; grad: unknown }
  const wrong = primalDiffers('valueAndGrad', first.value, own, value, after)
  if (wrong !== undefined) return wrong
  const gradient = flatten(deepCopy(first.grad))
  if (!sameBits(gradientAt(args()), gradient))
    return failed(`a second call gives another gradient: ${String(gradientAt(args()))} after ${String(gradient)}`)

  const { into } = call('gradient') as unknown as { into: (...args: unknown[]) => unknown }
  const buffers = copyWith(wrtArgs, () => NaN)
  into(buffers, ...args())
  if (!sameBits(flatten(buffers), gradient))
    return failed(`into writes another gradient: ${String(flatten(buffers))} instead of ${String(gradient)}`)

  const along = alongDirection((...values) => f(...withWrt(values)), wrtArgs, direction)
  const verdict = compare([dot(gradient, direction)], along, { value, rounding: 1e-9 })
  if (verdict.kind === 'wrong') return failed(`gradient: ${describe(verdict)}; ${String(gradient)}`)

  if (asks.includes('pullback')) {
    const off = checkPullback(call('pullback') as Vjp, args, gradient, value, after)
    if (off !== undefined) return off
  }
  // A function that writes its arguments writes their tangents along with them.
  const pieces = (): readonly unknown[] => withLeaves(wrtArgs, direction)
  if (asks.includes('tangent')) {
    const moved = args()
    const forward = call('tangent')(moved, tangentsFor(moved, wrt, pieces())) as { value: unknown; tangent: number }
    const differs = primalDiffers('jvp', forward.value, moved, value, after)
    if (differs !== undefined) return differs
    const off = Math.abs(forward.tangent - dot(gradient, direction))
    if (!(off <= 1e-9 * (dotMagnitude(gradient, direction) + Math.abs(value) * 1e-3)))
      return failed(
        `forward ${String(forward.tangent)}, reverse ${String(dot(gradient, direction))}, differences ${String(along[0]?.value)}`,
      )
  }
  if (verdict.kind === 'coarse') return { kind: 'skipped', reason: 'a coarse oracle' }
  if (!asks.includes('second') && !asks.includes('nested')) return { kind: 'passed' }

  const w = weights(direction.length, 9)
  const slope = alongDirection((...values) => dot(w, gradientAt(withWrt(values))), wrtArgs, direction)
  const bends: [name: string, found: number][] = []
  if (asks.includes('second')) {
    const turned = args()
    const { tangent } = call('second')(turned, tangentsFor(turned, wrt, pieces())) as { tangent: unknown }
    bends.push(['forward over reverse', dot(w, flatten(tangent))])
  }
  if (asks.includes('nested'))
    bends.push(['reverse over reverse', dot(flatten(call('nested')(...args(), Float64Array.from(w))), direction)])
  // A second derivative that is far smaller than the value is known only to the rounding of what it is made of, such as 1 - tanh(x) ** 2, and its differences
  // to that rounding divided by their step, which no bar shows: 1e-16 by 1e-5.
  const tolerances = { value: Math.max(dotMagnitude(gradient, w), Math.abs(value)), rounding: 1e-8, coarse: 1e-4 }
  for (const [name, found] of bends) {
    const second = compare([found], slope, tolerances)
    if (second.kind === 'wrong') return failed(`${name}: ${describe(second)}`)
    if (second.kind === 'coarse') return { kind: 'skipped', reason: 'a coarse oracle at second order' }
  }
  return { kind: 'passed' }
}

type Vjp = (...args: unknown[]) => { value: unknown; pullback: (cotangent: number) => unknown }

/** Called again, with another cotangent, and after another call of the same function, a pullback still answers for its own. */
function checkPullback(vjp: Vjp, args: () => unknown[], gradient: readonly number[], value: number, after: unknown): Outcome | undefined {
  const own = args()
  const { value: found, pullback } = vjp(...own)
  const wrong = primalDiffers('vjp', found, own, value, after)
  if (wrong !== undefined) return wrong
  const first = flatten(deepCopy(pullback(1)))
  const twice = flatten(deepCopy(pullback(2)))
  vjp(...args().map((arg) => copyWith(arg, (number) => number * 0.5 + 0.1))).pullback(1)
  const again = flatten(pullback(1))
  if (!sameBits(again, first)) return failed(`the pullback gives another gradient the second time: ${String(again)} after ${String(first)}`)
  const size = Math.max(...gradient.map(Math.abs), Math.abs(value) * 1e-3)
  const agrees = (all: readonly number[], factor: number): boolean =>
    all.every((one, i) => Math.abs(one - factor * gradient[i]!) <= 1e-10 * size)
  if (first.length !== gradient.length || !agrees(first, 1))
    return failed(`the pullback gives ${String(first)} instead of ${String(gradient)}`)
  if (!agrees(twice, 2)) return failed(`the pullback of 2 gives ${String(twice)} instead of twice ${String(gradient)}`)
  return undefined
}

function failed(reason: string): Outcome {
  return { kind: 'failed', reason }
}

function primalDiffers(name: string, value: unknown, args: unknown, expected: unknown, expectedArgs: unknown): Outcome | undefined {
  if (!sameBits(value, expected)) return failed(`${name} gives the value ${String(value)} instead of ${String(expected)}`)
  if (sameBits(args, expectedArgs)) return undefined
  return failed(`${name} leaves the arguments as ${JSON.stringify(flatten(args))} instead of ${JSON.stringify(flatten(expectedArgs))}`)
}
