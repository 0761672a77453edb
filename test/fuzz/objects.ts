import { bounded, condition, literal, number } from './expressions.ts'
import { withArray, withNumber, type Draft, type Helper, type Scope } from './scope.ts'
import { block, statements, type Piece } from './statements.ts'

/** Records, instances, closures, lists that grow and `switch`: what programs with all of the language have besides numbers and arrays. */

/** The places of a record in a scope: its numbers are read and written like variables, its array like any other. */
interface Shape {
  readonly numbers: readonly string[]
  readonly array: boolean
}

const PLAIN: Shape = { numbers: ['u', 'v'], array: true }
const INSTANCE: Shape = { numbers: ['u', 'v'], array: false }

function withPlaces(draft: Draft, scope: Scope, name: string, { numbers, array }: Shape): Scope {
  const withNumbers = numbers.reduce((inner, field) => withNumber(inner, `${name}.${field}`), scope)
  if (!array) return withNumbers
  return withArray(withNumbers, { name: `${name}.w`, length: draft.length, storage: 'Float64Array', reassignable: true })
}

export function richStatement(draft: Draft, scope: Scope): Piece {
  const { choices } = draft
  const records = scope.records ?? []
  const instances = scope.instances ?? []
  const lists = scope.arrays.filter(({ length, storage }) => storage === 'number[]' && length === undefined)
  const stay = (...lines: string[]): Piece => ({ lines, scope })
  return choices.weighted<Piece>([
    [4, () => declaredRecord(draft, scope)],
    [records.length > 0 ? 2 : 0, () => alias(draft, scope, choices.pick(records))],
    [records.length > 0 ? 2 : 0, () => spread(draft, scope, choices.pick(records))],
    [3, () => listOfRecords(draft, scope)],
    [4, () => instance(draft, scope)],
    [instances.length > 0 ? 4 : 0, () => stay(`${choices.pick(instances)}.add(${number(draft, scope, 1)})`)],
    [scope.loops.length < 2 ? 5 : 0, () => closure(draft, scope)],
    [3, () => list(draft, scope)],
    [lists.length > 0 ? 4 : 0, () => stay(...grown(draft, scope, choices.pick(lists.length > 0 ? lists : scope.arrays).name))],
    [scope.integers.length > 0 ? 4 : 0, () => stay(...switched(draft, scope))],
    [scope.arrays.length > 0 && scope.loops.length < 2 ? 4 : 0, () => stay(...overElements(draft, scope))],
    [scope.arrays.length > 0 ? 2 : 0, () => mapped(draft, scope)],
  ])
}

function fields(draft: Draft, scope: Scope): string {
  const array = scope.arrays.find(({ length, storage }) => length === draft.length && storage === 'Float64Array')
  const whole =
    array === undefined ? `new Float64Array(${String(draft.length)})` : draft.choices.chance(40) ? array.name : `${array.name}.slice()`
  return `u: ${number(draft, scope, 1)}, v: ${number(draft, scope, 1)}, w: ${whole}`
}

function declaredRecord(draft: Draft, scope: Scope): Piece {
  const name = draft.name('r')
  const records = scope.records ?? []
  // Another name for either of two records, which one shows at run time.
  const either = records.length > 1 && draft.choices.chance(30)
  const value = either
    ? `${condition(draft, scope, 1, false)} ? ${draft.choices.pick(records)} : ${draft.choices.pick(records)}`
    : `{ ${fields(draft, scope)} }`
  return { lines: [`const ${name} = ${value}`], scope: known(draft, scope, name) }
}

function known(draft: Draft, scope: Scope, name: string): Scope {
  return { ...withPlaces(draft, scope, name, PLAIN), records: [...(scope.records ?? []), name] }
}

function alias(draft: Draft, scope: Scope, other: string): Piece {
  const name = draft.name('r')
  if (draft.choices.chance(50)) return { lines: [`const ${name} = ${other}`], scope: known(draft, scope, name) }
  // An object that holds another one.
  const line = `const ${name} = { p: ${other}, q: ${number(draft, scope, 1)} }`
  return { lines: [line], scope: withNumber(known(draft, scope, `${name}.p`), `${name}.q`) }
}

function spread(draft: Draft, scope: Scope, other: string): Piece {
  const name = draft.name('r')
  return {
    lines: [`const ${name} = { ...${other}, ${draft.choices.pick(['u', 'v'])}: ${number(draft, scope, 1)} }`],
    scope: known(draft, scope, name),
  }
}

function listOfRecords(draft: Draft, scope: Scope): Piece {
  const name = draft.name('rs')
  const one = (): string => `{ u: ${number(draft, scope, 1)}, v: ${literal(draft)} }`
  const at = scope.integers.length > 0 ? `${draft.choices.pick(scope.integers).name} % 2` : '1'
  const places = [`${name}[0].u`, `${name}[1].v`, `${name}[${at}].u`]
  return { lines: [`const ${name} = [${one()}, ${one()}]`], scope: places.reduce((inner, place) => withNumber(inner, place), scope) }
}

function instance(draft: Draft, scope: Scope): Piece {
  const name = draft.name('o')
  const value = (): string => number(draft, scope, 1)
  const instances = scope.instances ?? []
  const classes = [`${draft.prefix}_P`, `${draft.prefix}_Q`]
  const text =
    instances.length > 0 && draft.choices.chance(30)
      ? `${draft.choices.pick(instances)}.scaled(${value()})`
      : `new ${draft.choices.pick(classes)}(${value()}, ${value()})`
  return {
    lines: [`const ${name}: ${draft.prefix}_P = ${text}`],
    scope: { ...withPlaces(draft, scope, name, INSTANCE), instances: [...instances, name] },
  }
}

/** A function within the function, which reads and writes what is around it. */
function closure(draft: Draft, scope: Scope): Piece {
  const name = draft.name('g')
  const inner: Scope = {
    ...withNumber(scope, 's'),
    loops: [],
    helpers: scope.helpers.filter(({ kind }) => kind === 'scalar'),
    returns: 'number',
  }
  const helper: Helper = { name, kind: 'closure' }
  const after = { ...scope, helpers: [...scope.helpers, helper] }
  if (draft.choices.chance(50))
    return { lines: [`const ${name} = (s: number): number => ${bounded(draft, number(draft, inner, 2))}`], scope: after }
  const body = statements(draft, inner, 2)
  const lines = [...body.lines, `return ${bounded(draft, number(draft, body.scope, 1))}`].map((line) => `  ${line}`)
  return { lines: [`const ${name} = (s: number): number => {`, ...lines, '}'], scope: after }
}

function list(draft: Draft, scope: Scope): Piece {
  const name = draft.name('l')
  return {
    lines: [`const ${name}: number[] = [${number(draft, scope, 1)}]`],
    scope: withArray(scope, { name, length: undefined, storage: 'number[]', reassignable: false }),
  }
}

/** One element at least stays. */
function grown(draft: Draft, scope: Scope, name: string): string[] {
  const target = scope.numbers[0]
  if (target !== undefined && draft.choices.chance(30)) return [`if (${name}.length > 1) ${target} += 0.3 * ${name}.pop()!`]
  const push = `${name}.push(${bounded(draft, number(draft, scope, 1))})`
  return draft.choices.chance(30) ? [`if (${condition(draft, scope, 1)}) ${push}`] : [push]
}

function switched(draft: Draft, scope: Scope): string[] {
  const { choices } = draft
  const end = (): string[] => (choices.chance(70) ? ['    break'] : [])
  const body = (): string[] => block(draft, scope, 2).map((line) => `  ${line}`)
  // A block for each case, so that what is declared there is not seen by the others.
  return [
    `switch (${choices.pick(scope.integers).name} % 4) {`,
    '  case 0: {',
    ...body(),
    ...end(),
    '  }',
    `  case ${choices.pick(['1', '2'])}: {`,
    ...body(),
    ...end(),
    '  }',
    ...(choices.chance(60) ? ['  default: {', ...body(), '  }'] : []),
    '}',
  ]
}

function overElements(draft: Draft, scope: Scope): string[] {
  const { choices } = draft
  const { name } = choices.pick(scope.arrays)
  const v = draft.name('v')
  const inner = withNumber(scope, v, true)
  if (choices.chance(50))
    return [`for (const ${v} of ${name}.slice()) {`, ...block(draft, { ...inner, loops: [...scope.loops, ''] }, 3), '}']
  const lines = statements(draft, { ...inner, loops: [], returns: 'none' }, 2).lines.map((line) => `  ${line}`)
  return [`${name}.slice().forEach((${v}) => {`, ...lines, '})']
}

function mapped(draft: Draft, scope: Scope): Piece {
  const source = draft.choices.pick(scope.arrays)
  const [name, v] = [draft.name('c'), draft.name('v')]
  const text = `${source.name}.map((${v}) => ${bounded(draft, number(draft, withNumber(scope, v, true), 1, false))})`
  return {
    lines: [`const ${name} = ${text}`],
    scope: withArray(scope, { name, length: source.length, storage: source.storage, reassignable: false }),
  }
}

export function richNumber(draft: Draft, scope: Scope, depth: number): string {
  const { choices } = draft
  const instances = scope.instances ?? []
  const closures = scope.helpers.filter(({ kind }) => kind === 'closure')
  const value = (): string => number(draft, scope, depth - 1)
  const near = scope.loops.length < 2
  return choices.weighted<string>([
    [2, value],
    [instances.length > 0 ? 3 : 0, () => `${choices.pick(instances)}.size`],
    [instances.length > 0 ? 2 : 0, () => `${choices.pick(instances)}.scaled(${value()}).${choices.pick(['u', 'size'])}`],
    [closures.length > 0 && near ? 4 : 0, () => `${choices.pick(closures).name}(${value()})`],
    [
      closures.length > 0 && near ? 2 : 0,
      () => `${draft.prefix}_apply(${choices.pick(closures).name}, ${value()}, ${String(choices.below(3))})`,
    ],
    [near ? 1 : 0, () => inlineFunction(draft, scope, value())],
    [scope.arrays.length > 0 ? 2 : 0, () => reduced(draft, scope)],
  ])
}

function inlineFunction(draft: Draft, scope: Scope, start: string): string {
  const s = draft.name('s')
  return `${draft.prefix}_apply((${s}) => ${bounded(draft, number(draft, withNumber(scope, s, true), 1, false))}, ${start}, 2)`
}

function reduced(draft: Draft, scope: Scope): string {
  const [sum, v] = [draft.name('s'), draft.name('v')]
  const term = number(draft, withNumber(scope, v, true), 1, false)
  return `${draft.choices.pick(scope.arrays).name}.reduce((${sum}, ${v}) => ${sum} * 0.5 + ${bounded(draft, term)}, 0.3)`
}

/** The classes and the function of functions that such a program has. */
export function richHelpers(draft: Draft, scope: Scope, prefix: string): string {
  const inner: Scope = { ...scope, numbers: ['this.u', 'this.v', 's'] }
  return `class ${prefix}_P {
  constructor(public u: number, public v: number) {}
  add(s: number): this {
    this.u = ${bounded(draft, number(draft, inner, 2))}
    this.v += ${bounded(draft, number(draft, inner, 1, false))}
    return this
  }
  get size(): number {
    return ${number(draft, { ...inner, numbers: ['this.u', 'this.v'] }, 2, false)}
  }
  scaled(s: number): ${prefix}_P {
    return new ${prefix}_P(${bounded(draft, number(draft, inner, 1, false))}, this.v)
  }
}

class ${prefix}_Q extends ${prefix}_P {
  override get size(): number {
    return 0.5 * super.size + Math.sin(${number(draft, { ...inner, numbers: ['this.u', 'this.v'] }, 1, false)})
  }
}

function ${prefix}_apply(f: (s: number) => number, s: number, n: number): number {
  let out = s
  for (let i = 0; i < n; i++) out = 0.7 * f(out) + 0.1 * i
  return out
}`
}
