import { flatten, isFloats } from '../oracle/leaves.ts'
import type { Check } from './fixture.ts'

/** One kind of request. `second` is reverse over reverse, `over` is forward over reverse, `again` differentiates emitted text. */
export type Ask = 'adjoint' | 'tangent' | 'pullback' | 'gradient' | 'into' | 'second' | 'over' | 'again'

/**
 * The files that ask for a fixture's derivatives, each the fixture's source with requests below. Several kinds share a file, because reading a file costs
 * more than differentiating it; the two that have golden texts stand alone.
 */
export const units = {
  adjoint: ['adjoint'],
  tangent: ['tangent'],
  first: ['pullback', 'gradient', 'into'],
  second: ['second', 'over'],
} as const satisfies Record<string, readonly Ask[]>

export type Unit = keyof typeof units | 'again'

export const unitOf = (ask: Ask): Unit =>
  ask === 'again' ? 'again' : (Object.keys(units) as (keyof typeof units)[]).find((unit) => (units[unit] as readonly Ask[]).includes(ask))!

interface Piece {
  readonly imports: readonly string[]
  readonly text: string
}

/** `undefined`: none of the checks asks for anything of the kind. */
export function withRequests(source: string, unit: keyof typeof units, checks: readonly Check[]): string | undefined {
  const pieces = checks.flatMap((check) => units[unit].flatMap((ask) => pieceOf(ask, check, checks) ?? []))
  if (pieces.length === 0) return undefined
  const known = /import \{ ([^}]*) \} from 'cotangent'/.exec(source)?.[1]?.split(', ') ?? []
  const missing = [...new Set(pieces.flatMap(({ imports }) => imports))].filter((name) => !known.includes(name))
  const head = missing.length === 0 ? '' : `import { ${missing.join(', ')} } from 'cotangent'\n\n`
  return `${head}${source.trim()}\n\n${pieces.map(({ text }) => text).join('\n')}\n`
}

/** What a request is exported as. */
export function requestName(ask: Ask, check: Check, checks: readonly Check[]): string {
  const twins = checks.filter(({ name }) => name === check.name)
  return `${check.name}_${ask}${twins.length === 1 ? '' : String(twins.indexOf(check))}_request`
}

function pieceOf(ask: Exclude<Ask, 'again'>, check: Check, checks: readonly Check[]): Piece | undefined {
  const name = requestName(ask, check, checks)
  const options = check.wrtText === '0' ? '' : `, { wrt: ${check.wrtText} }`
  const isSmooth = check.scalar && check.second
  // Calling the result at once says that `.into` is not wanted, which keeps it out of the golden text.
  const called = (operator: string): Piece => ({
    imports: [operator],
    text: `export const ${name} = (...args: Parameters<typeof ${check.name}>) => ${operator}(${check.name}${options})(...args)`,
  })
  const kept = (imports: readonly string[], request: string): Piece => ({ imports, text: `export const ${name} = ${request}` })
  const vjp = (): Piece => kept(['vjp'], `vjp(${check.name}${options})`)
  switch (ask) {
    case 'adjoint':
      return check.scalar ? called('valueAndGrad') : vjp()
    case 'tangent':
      return kept(['jvp'], `jvp(${check.name})`)
    case 'pullback':
      return vjp()
    case 'gradient':
      return check.scalar ? called('grad') : undefined
    case 'into':
      return check.scalar ? kept(['valueAndGrad'], `valueAndGrad(${check.name}${options})`) : undefined
    case 'second':
      return isSmooth ? contractedGradient(check, name, `grad(${check.name}${options})`, 'g') : undefined
    case 'over':
      return isSmooth ? kept(['grad', 'jvp'], `jvp(grad(${check.name}${options}))`) : undefined
  }
}

/** Emitted adjoints as a file of the user's, which asks for the derivative of what their text computes. */
export function againText(code: string, checks: readonly Check[]): string | undefined {
  const bodies = checks.flatMap((check) => {
    if (!check.scalar || !check.second) return []
    const request = requestName('adjoint', check, checks)
    const emitted = new RegExp(`export const ${request} = .*=> (\\w+)\\(\\.\\.\\.args\\)$`, 'm').exec(code)?.[1]
    if (emitted === undefined) throw new Error(`The emitted text has no function for ${request}:\n${code}`)
    return contractedGradient(check, requestName('again', check, checks), emitted, 'g.grad', 'gradAgain').text
  })
  return bodies.length === 0 ? undefined : `import { grad as gradAgain } from 'cotangent'\n${code}\n${bodies.join('\n')}\n`
}

/**
 * A scalar function of the check's arguments and of weights, and the request of its gradient: one Hessian-vector product by reverse over reverse.
 * `gradient` is the text of a function that gives the gradient, `g` how it is taken from the result.
 */
function contractedGradient(check: Check, request: string, gradient: string, g: string, operator = 'grad'): Piece {
  const sample = check.points[0]!
  const parameters = sample.map((_, i) => `a${i}: Required<Parameters<typeof ${check.name}>>[${i}]`)
  const terms = check.wrt.flatMap((at, i) => weighed(sample[at], check.wrtText.startsWith('[') ? `${g}[${i}]` : g))
  const text = [
    `export function ${request}_sum(${[...parameters, 'w: Float64Array'].join(', ')}): number {`,
    `  const g = ${gradient}(${sample.map((_, i) => `a${i}`).join(', ')})`,
    '  let sum = 0',
    '  let k = 0',
    ...terms,
    '  return sum',
    '}',
    `export const ${request} = ${operator}(${request}_sum, { wrt: [${check.wrt.join(', ')}] })`,
  ].join('\n')
  return { imports: [operator], text }
}

/** Lines that add every number of a gradient of the sample's shape to `sum`, each times a weight, in the order of `flatten`. */
function weighed(sample: unknown, part: string, indent = '  '): string[] {
  if (typeof sample === 'number') return [`${indent}sum += w[k]! * ${part}!`, `${indent}k += 1`]
  if (isFloats(sample) || Array.isArray(sample)) {
    const i = `i${String(indent.length / 2)}`
    const inner = weighed(isFloats(sample) ? 0 : sample[0], `${part}![${i}]!`, `${indent}  `)
    return inner.length === 0 ? [] : [`${indent}for (let ${i} = 0; ${i} < ${part}!.length; ${i}++) {`, ...inner, `${indent}}`]
  }
  if (sample instanceof Map)
    return [`${indent}for (const one of ${part}!.values()) {`, ...weighed([...sample.values()][0], 'one', `${indent}  `), `${indent}}`]
  if (typeof sample !== 'object' || sample === null || ArrayBuffer.isView(sample)) return []
  return Object.entries(sample).flatMap(([name, field]) => weighed(field, `${part}!.${name}`, indent))
}

/** Tangents for `jvp`: the given pieces for the arguments differentiated, `undefined` for those that do not move. */
export function tangentsFor(args: readonly unknown[], wrt: readonly number[], pieces: readonly unknown[]): unknown[] {
  return args.map((arg, at) => (wrt.includes(at) && flatten(arg).length > 0 ? pieces[wrt.indexOf(at)] : undefined))
}
