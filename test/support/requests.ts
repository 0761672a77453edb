import { flatten, isFloats } from '../oracle/leaves.ts'
import type { Check } from './fixture.ts'

/**
 * The text that asks for a fixture's derivatives, put below its source. Each piece exports what the test then calls: `${name}_request`.
 */
export type Unit = 'adjoint' | 'tangent' | 'pullback' | 'gradient' | 'into' | 'second'

export function withRequests(source: string, unit: Unit, checks: readonly Check[]): string {
  const { imports, bodies } = unit === 'second' ? secondOrder(checks) : firstOrder(unit, checks)
  const known = /import \{ ([^}]*) \} from 'cotangent'/.exec(source)?.[1]?.split(', ') ?? []
  const missing = imports.filter((name) => !known.includes(name))
  const head = missing.length === 0 ? '' : `import { ${missing.join(', ')} } from 'cotangent'\n\n`
  return `${head}${source.trim()}\n\n${bodies.join('\n')}\n`
}

export function requestName(check: Check, checks: readonly Check[]): string {
  const twins = checks.filter(({ name }) => name === check.name)
  return twins.length === 1 ? `${check.name}_request` : `${check.name}_request${twins.indexOf(check)}`
}

function firstOrder(unit: Exclude<Unit, 'second'>, checks: readonly Check[]): { imports: string[]; bodies: string[] } {
  const imports = new Set<string>()
  const bodies = checks.flatMap((check) => {
    const operator = operatorOf(unit, check)
    if (operator === undefined) return []
    imports.add(operator)
    const options = operator === 'jvp' || check.wrtText === '0' ? '' : `, { wrt: ${check.wrtText} }`
    const request = `${operator}(${check.name}${options})`
    // Calling the result at once says that `.into` is not wanted, which keeps it out of the golden text.
    const called = unit === 'gradient' || (unit === 'adjoint' && scalarOperator(operator))
    const value = called ? `(...args: Parameters<typeof ${check.name}>) => ${request}(...args)` : request
    return [`export const ${requestName(check, checks)} = ${value}`]
  })
  return { imports: [...imports], bodies }
}

function scalarOperator(operator: string): boolean {
  return operator === 'grad' || operator === 'valueAndGrad'
}

function operatorOf(unit: Exclude<Unit, 'second'>, { scalar }: Check): string | undefined {
  if (unit === 'tangent') return 'jvp'
  if (unit === 'pullback' || (unit === 'adjoint' && !scalar)) return 'vjp'
  if (!scalar) return undefined
  return unit === 'gradient' ? 'grad' : 'valueAndGrad'
}

/** The gradient of the sum of a gradient's components, each times a weight: one Hessian-vector product by reverse over reverse. */
function secondOrder(checks: readonly Check[]): { imports: string[]; bodies: string[] } {
  const bodies = checks.flatMap((check) => {
    const wrapped = contractedGradient(check, requestName(check, checks), `grad(${check.name}, { wrt: [${check.wrt.join(', ')}] })`)
    return wrapped === undefined ? [] : [wrapped]
  })
  return { imports: ['grad'], bodies }
}

/**
 * A scalar function of the check's arguments and of weights, and the request of its gradient. `gradient` is the text of a function that gives the list
 * of gradients. `undefined` where the check has no second order, or its arguments no plain types.
 */
export function contractedGradient(check: Check, request: string, gradient: string, operator = 'grad'): string | undefined {
  const sample = check.points[0]!
  const types = sample.map(typeText)
  if (!check.second || !check.scalar || types.includes(undefined)) return undefined
  const parameters = types.map((type, i) => `a${i}: ${type}`)
  const terms = check.wrt.map((at, i) =>
    typeof sample[at] === 'number'
      ? `  sum += w[k]! * g[${i}]\n  k += 1`
      : `  for (let i = 0; i < g[${i}].length; i++) {\n    sum += w[k]! * g[${i}][i]!\n    k += 1\n  }`,
  )
  return [
    `export function ${request}_sum(${[...parameters, 'w: Float64Array'].join(', ')}): number {`,
    `  const g = ${gradient}(${types.map((_, i) => `a${i}`).join(', ')})`,
    '  let sum = 0',
    '  let k = 0',
    ...terms,
    '  return sum',
    '}',
    `export const ${request} = ${operator}(${request}_sum, { wrt: [${check.wrt.join(', ')}] })`,
  ].join('\n')
}

function typeText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return typeof value
  if (isFloats(value) || ArrayBuffer.isView(value)) return value.constructor.name
  if (Array.isArray(value) && value.every((element) => typeof element === 'number')) return 'number[]'
  return undefined
}

/** Tangents for `jvp`: the given pieces for the arguments differentiated, `undefined` for those that do not move. */
export function tangentsFor(args: readonly unknown[], wrt: readonly number[], pieces: readonly unknown[]): unknown[] {
  return args.map((arg, at) => (wrt.includes(at) && flatten(arg).length > 0 ? pieces[wrt.indexOf(at)] : undefined))
}
