import { Choices } from './choices.ts'
import { bounded, condition, number } from './expressions.ts'
import { richHelpers } from './objects.ts'
import { Draft, type ArrayVariable, type Helper, type Rich, type Scope } from './scope.ts'
import { indent, statements } from './statements.ts'
import { walked, walkText } from './walks.ts'

export interface GeneratedProgram {
  /** The functions, all of whose names begin with `prefix`; the last one is `prefix` itself. */
  readonly text: string
  readonly prefix: string
  readonly wrt: readonly number[]
  /** Arguments for the last function. */
  readonly args: () => readonly unknown[]
}

const empty: Scope = { numbers: [], constants: [], integers: [], arrays: [], helpers: [], loops: [], returns: 'number' }

/** A program of up to three helpers and a function of two numbers and two arrays that gives a number. */
export function program(list: readonly number[], prefix: string, more?: Omit<Rich, 'prefix'>): GeneratedProgram {
  const choices = new Choices(list)
  const length = 2 + choices.below(3)
  const wrt = choices.pick([[0, 1, 2, 3], [2], [0], [0, 2], [3, 1], [2, 3]])
  const values = Array.from({ length: 2 + 2 * length }, () => 0.2 + (choices.below(997) / 997) * 1.3 - (choices.below(3) === 2 ? 1.4 : 0))
  const helpers: Helper[] = []
  const texts: string[] = []
  const rich = more && { prefix, ...more }
  if (rich && !rich.summed && rich.walks !== true) texts.push(richHelpers(new Draft(choices, length, 0, undefined), empty, prefix))
  const helperCount = choices.below(more?.summed === true ? 2 : 4)
  for (let h = 0; h < helperCount; h++) {
    const helper: Helper = {
      name: `${prefix}_h${String(h)}`,
      kind: choices.pick(['scalar', 'write', 'reduce', 'recursive', 'tuple', 'fresh']),
    }
    texts.push(helperText(choices, helper, length, helpers, rich))
    helpers.push(helper)
  }
  if (more?.walks === true) texts.push(walkText(new Draft(choices, length, 5, undefined), empty, `${prefix}_w`))
  texts.push(mainText(choices, prefix, length, helpers, rich))
  return {
    text: texts.join('\n\n'),
    prefix,
    wrt,
    args: () => [values[0], values[1], Float64Array.from(values.slice(2, 2 + length)), Float64Array.from(values.slice(2 + length))],
  }
}

function mainText(choices: Choices, prefix: string, length: number, helpers: readonly Helper[], rich: Rich | undefined): string {
  const draft = new Draft(choices, length, 26, rich)
  const parameter = (name: string): ArrayVariable => ({ name, length, storage: 'Float64Array', reassignable: false })
  const scope = { ...empty, numbers: ['x', 'y'], arrays: [parameter('a'), parameter('b')], helpers }
  const body = statements(draft, scope, 8)
  return [
    `export function ${prefix}(x: number, y: number, a: Float64Array, b: Float64Array): number {`,
    ...indent(body.lines),
    ...indent(result(draft, body.scope)),
    '}',
  ].join('\n')
}

/** Most of what is visible at the end goes into the result, so that a wrong derivative anywhere shows. */
function result(draft: Draft, scope: Scope): string[] {
  const { choices } = draft
  const lines = ['let out = x * 0.7 + y']
  const weight = (i: number): string => ['0.9', '1.1', '0.6', '1.3'][i % 4]!
  const seen = [...scope.numbers, ...scope.constants].filter((name) => name !== 'x' && name !== 'y')
  for (const [i, name] of seen.entries()) if (!choices.chance(30)) lines.push(`out += ${weight(i)} * ${name}`)
  for (const [i, { name }] of scope.arrays.entries())
    if (!choices.chance(25)) lines.push(`for (let i = 0; i < ${name}.length; i++) out += ${name}[i] * (${weight(i)} + 0.2 * i)`)
  for (const { name, isMap } of scope.keyed ?? [])
    lines.push(`for (const v of ${isMap ? `${name}.values()` : `Object.values(${name})`}) out += 0.4 * v`)
  if (draft.walks) lines.push(...walked(draft, scope, `${draft.prefix}_w`))
  return [...lines, choices.chance(30) ? `return ${bounded(draft, 'out')}` : 'return out']
}

function helperText(choices: Choices, { name, kind }: Helper, length: number, helpers: readonly Helper[], rich: Rich | undefined): string {
  const draft = new Draft(choices, length, 6, rich)
  const array = (arrayName: string): ArrayVariable => ({ name: arrayName, length: undefined, storage: 'Float64Array', reassignable: false })
  const arrays = kind === 'reduce' || kind === 'fresh' ? [array('a')] : kind === 'write' ? [array('a'), array('b')] : []
  const returns = kind === 'write' ? 'void' : kind === 'tuple' || kind === 'fresh' ? 'none' : 'number'
  const numbers = arrays.length > 0 ? ['s'] : ['s', 't']
  // A helper is called within up to one loop, and its own calls must not multiply: it calls only from outside loops.
  const scope: Scope = {
    ...empty,
    numbers,
    arrays,
    helpers: kind === 'recursive' ? [] : helpers.filter((helper) => helper.kind === 'scalar'),
    returns,
  }
  const head = signature(name, kind)
  const body = statements(draft, scope, 4)
  const value = (): string => number(draft, body.scope, 2)
  if (kind === 'recursive') {
    const again = `${name}(${bounded(draft, value())}, ${value()}, n - 1)`
    const stop = `if (n <= 0${choices.chance(30) ? ` || ${condition(draft, scope, 0, false)}` : ''}) return ${number(draft, scope, 1, false)}`
    return [
      head,
      ...indent([stop, ...body.lines, `return ${choices.pick([again, `${again} * 0.8 + s`, `Math.sin(${again}) * t + ${again}`])}`]),
      '}',
    ].join('\n')
  }
  const last: Record<Helper['kind'], () => string[]> = {
    scalar: () => [`return ${value()}`],
    reduce: () => [
      'let sum = s',
      'for (let i = 0; i < a.length; i++) sum += a[i] * Math.cos(a[i])',
      `return ${choices.pick(['sum', `sum * 0.5 + ${value()}`])}`,
    ],
    write: () => ['for (let i = 0; i < a.length && i < b.length; i++) a[i] = Math.sin(a[i]) + s * b[i]'],
    tuple: () => [`return [${value()}, ${value()}]`],
    fresh: () => [
      `const made = new Float64Array(${String(length)})`,
      'for (let i = 0; i < made.length; i++) made[i] = s * a[i % a.length]',
      'return made',
    ],
    recursive: () => [],
    closure: () => [],
  }
  return [head, ...indent([...body.lines, ...last[kind]()]), '}'].join('\n')
}

function signature(name: string, kind: Helper['kind']): string {
  if (kind === 'scalar') return `function ${name}(s: number, t = 0.6): number {`
  if (kind === 'tuple') return `function ${name}(s: number, t: number): [number, number] {`
  if (kind === 'recursive') return `function ${name}(s: number, t: number, n: number): number {`
  if (kind === 'write') return `function ${name}(a: Float64Array, b: Float64Array, s: number): void {`
  return `function ${name}(a: Float64Array, s: number): ${kind === 'fresh' ? 'Float64Array' : 'number'} {`
}
