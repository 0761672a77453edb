import { condition } from './expressions.ts'
import { withInteger, type Draft, type IntegerVariable, type Scope } from './scope.ts'
import { block } from './statements.ts'

/** Loops of every kind. All of them end: what counts them is not to be changed by the body, except where it only makes them shorter. */
export function loop(draft: Draft, scope: Scope): string[] {
  const { choices } = draft
  const label = choices.chance(25) ? draft.name('loop') : ''
  const [first, ...rest] = choices.weighted<string[]>([
    [6, () => counted(draft, scope, label)],
    [2, () => whileLoop(draft, scope, label)],
    [2, () => doLoop(draft, scope, label)],
    [1, () => convergence(draft, scope, label)],
  ])
  const at = first!.startsWith('let ') ? 1 : 0
  if (label === '') return [first!, ...rest]
  const lines = [first!, ...rest]
  return [...lines.slice(0, at), `${label}: ${lines[at]!}`, ...lines.slice(at + 1)]
}

function bodyScope(scope: Scope, label: string, ...integers: IntegerVariable[]): Scope {
  return integers.reduce<Scope>((inner, integer) => withInteger(inner, integer), { ...scope, loops: [...scope.loops, label] })
}

function counted(draft: Draft, scope: Scope, label: string): string[] {
  const { choices } = draft
  const i = draft.name('i')
  const array = scope.arrays.length > 0 && choices.chance(50) ? choices.pick(scope.arrays) : undefined
  const bound = array?.length ?? draft.length
  const size = array === undefined ? String(bound) : `${array.name}.length`
  const integers = scope.integers
  const body = (integer: IntegerVariable): string[] => [...block(draft, bodyScope(scope, label, integer), 4), '}']
  const fixed = { name: i, below: bound, free: false }
  return choices.weighted<string[]>([
    [6, () => [`for (let ${i} = 0; ${i} < ${size}; ${i}++) {`, ...body(fixed)]],
    [2, () => [`for (let ${i} = ${array === undefined ? String(bound) : size} - 1; ${i} >= 0; ${i}--) {`, ...body(fixed)]],
    [2, () => [`for (let ${i} = 1; ${i} < ${size}; ${i}++) {`, ...body(fixed)]],
    [1, () => [`for (let ${i} = 0; ${i} < 5; ${i} += 2) {`, ...body({ ...fixed, below: 5 })]],
    [1, () => [`for (let ${i} = 0; ${i} <= ${String(choices.below(4))}; ${i}++) {`, ...body({ ...fixed, below: undefined })]],
    [
      integers.length > 0 ? 1 : 0,
      () => [`for (let ${i} = 0; ${i} < ${choices.pick(integers).name} % 4; ${i}++) {`, ...body({ ...fixed, below: undefined })],
    ],
    // The body may move this counter, forwards only.
    [
      1,
      () => [
        `for (let ${i} = 0; ${i} < 6; ${i}++) {`,
        `  if (${condition(draft, scope, 1, false)}) ${i}++`,
        ...body({ ...fixed, below: undefined }),
      ],
    ],
  ])
}

function whileLoop(draft: Draft, scope: Scope, label: string): string[] {
  const k = draft.name('n')
  const inner = bodyScope(scope, label, { name: k, below: undefined, free: false })
  const test = draft.choices.weighted<string>([
    [2, () => `${k} < 4`],
    [2, () => `${k} < 5 && ${condition(draft, scope, 1)}`],
    [1, () => `${condition(draft, scope, 1)} && ${k} < 5`],
  ])
  if (draft.choices.chance(30)) return [`let ${k} = 0`, `while (${test.replace(`${k} <`, `${k}++ <`)}) {`, ...block(draft, inner, 4), '}']
  return [`let ${k} = 0`, `while (${test}) {`, `  ${k}++`, ...block(draft, inner, 4), '}']
}

function doLoop(draft: Draft, scope: Scope, label: string): string[] {
  const k = draft.name('n')
  const inner = bodyScope(scope, label, { name: k, below: undefined, free: false })
  const more = draft.choices.chance(60) ? ` && ${condition(draft, scope, 1)}` : ''
  return [`let ${k} = 0`, 'do {', `  ${k}++`, ...block(draft, inner, 4), `} while (${k} < 4${more})`]
}

/** The trip count depends on the data. */
function convergence(draft: Draft, scope: Scope, label: string): string[] {
  const t = draft.name('t')
  const inner = { ...scope, constants: [...scope.constants, t], loops: [...scope.loops, label] }
  return [
    `let ${t} = ${draft.choices.pick(['2', '3.1', '0.7'])} + Math.sin(${scope.numbers[0] ?? '1'})`,
    `while (${t} > 0.4) {`,
    `  ${t} *= 0.6`,
    ...block(draft, inner, 3),
    '}',
  ]
}
