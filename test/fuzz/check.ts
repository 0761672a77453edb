import { compare, describe } from '../oracle/compare.ts'
import { alongDirection } from '../oracle/differences.ts'
import { copyWith, deepCopy, dot, dotMagnitude, flatten, sameBits, weights, withLeaves } from '../oracle/leaves.ts'
import { functionOf, type Module } from '../support/load.ts'
import { tangentsFor } from '../support/requests.ts'
import type { GeneratedProgram } from './program.ts'

/** What a batch asks for, as far as the compiler has the operators. */
export type Ask = 'gradient' | 'tangent' | 'second'

export type Outcome =
  | { readonly kind: 'passed' }
  /** The oracle could not judge the point, or the numbers grew too large. */
  | { readonly kind: 'skipped'; readonly reason: string }
  /** The compiler gave a diagnostic. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

const requestOperators: Record<Ask, (program: GeneratedProgram) => string> = {
  gradient: ({ prefix, wrt }) => `valueAndGrad(${prefix}, { wrt: [${wrt.join(', ')}] })`,
  tangent: ({ prefix }) => `jvp(${prefix})`,
  second: ({ prefix, wrt }) => `jvp(grad(${prefix}, { wrt: [${wrt.join(', ')}] }))`,
}

export function requestText(program: GeneratedProgram, ask: Ask): string {
  return `export const ${program.prefix}_${ask} = ${requestOperators[ask](program)}`
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
  if (!asks.includes('second')) return { kind: 'passed' }

  const turned = args()
  const { tangent } = call('second')(turned, tangentsFor(turned, wrt, pieces())) as { tangent: unknown }
  const w = weights(direction.length, 9)
  const slope = alongDirection((...values) => dot(w, gradientAt(withWrt(values))), wrtArgs, direction)
  const second = compare([dot(w, flatten(tangent))], slope, { value: dotMagnitude(gradient, w), rounding: 1e-8, coarse: 1e-4 })
  if (second.kind === 'wrong') return failed(`second order: ${describe(second)}`)
  return second.kind === 'coarse' ? { kind: 'skipped', reason: 'a coarse oracle at second order' } : { kind: 'passed' }
}

function failed(reason: string): Outcome {
  return { kind: 'failed', reason }
}

function primalDiffers(name: string, value: unknown, args: unknown, expected: unknown, expectedArgs: unknown): Outcome | undefined {
  if (!sameBits(value, expected)) return failed(`${name} gives the value ${String(value)} instead of ${String(expected)}`)
  if (sameBits(args, expectedArgs)) return undefined
  return failed(`${name} leaves the arguments as ${JSON.stringify(flatten(args))} instead of ${JSON.stringify(flatten(expectedArgs))}`)
}
