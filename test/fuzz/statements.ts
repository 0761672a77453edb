import { arrayStatement } from './arrays.ts'
import { bounded, call, condition, element, literal, number } from './expressions.ts'
import { loop } from './loops.ts'
import { keyedStatement } from './keyed.ts'
import { richStatement } from './objects.ts'
import { sumStatement } from './sums.ts'
import { hide, withInteger, withNumber, type Draft, type Scope } from './scope.ts'

/** A statement's lines, and what is visible after it. */
export interface Piece {
  readonly lines: readonly string[]
  readonly scope: Scope
}

/** A list of statements; what it declares ends with it. */
export function block(draft: Draft, scope: Scope, most: number): string[] {
  const { lines } = statements(draft, scope, most)
  return indent(lines)
}

export function statements(draft: Draft, scope: Scope, most: number): Piece {
  const count = 1 + draft.choices.below(most)
  const lines: string[] = []
  let visible = scope
  for (let i = 0; i < count && draft.spend(); i++) {
    const piece = statement(draft, visible)
    lines.push(...piece.lines)
    visible = piece.scope
  }
  return { lines, scope: visible }
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

function statement(draft: Draft, scope: Scope): Piece {
  const { choices } = draft
  const stay = (...lines: string[]): Piece => ({ lines, scope })
  const numbers = scope.numbers.length > 0 ? 1 : 0
  const inLoop = scope.loops.length > 0 ? 1 : 0
  const deep = scope.loops.length
  const writers = scope.helpers.filter(({ kind }) => kind === 'write' || kind === 'reduce')
  const tuples = scope.helpers.filter(({ kind }) => kind === 'tuple')
  const mayCall = deep < 2
  return choices.weighted<Piece>([
    [numbers * 7, () => stay(assignment(draft, scope))],
    [scope.arrays.length > 0 ? 9 : 0, () => stay(elementAssignment(draft, scope))],
    [5, () => declaration(draft, scope)],
    [6, () => stay(...branch(draft, scope))],
    [deep < 3 ? 7 : 0, () => stay(...loop(draft, scope))],
    [scope.arrays.length > 0 ? 7 : 0, () => arrayStatement(draft, scope)],
    [inLoop * 3, () => stay(...exit(draft, scope))],
    [scope.returns === 'none' ? 0 : 2, () => stay(...earlyReturn(draft, scope))],
    [mayCall && writers.length > 0 ? 5 : 0, () => stay(call(draft, scope, choices.pick(writers)))],
    [mayCall && tuples.length > 0 ? 3 : 0, () => destructured(draft, scope, choices.pick(tuples).name)],
    [scope.numbers.length > 1 ? 1 : 0, () => stay(swap(draft, scope))],
    [integerStatements(scope) * 2, () => stay(changeInteger(draft, scope))],
    [1, () => stay(';{', ...block(draft, { ...scope }, 3), '}')],
    [draft.rich ? 22 : 0, () => richStatement(draft, scope)],
    [draft.keyed ? 22 : 0, () => keyedStatement(draft, scope)],
    [draft.summed && deep < 2 ? 30 : 0, () => sumStatement(draft, scope)],
  ])
}

function assignment(draft: Draft, scope: Scope): string {
  const { choices } = draft
  const target = choices.pick(scope.numbers)
  const value = number(draft, scope, 2)
  return choices.weighted<string>([
    [5, () => `${target} = ${bounded(draft, value)}`],
    [4, () => `${target} ${choices.pick(['+=', '-='])} ${bounded(draft, value)}`],
    [2, () => `${target} *= 1 + 0.3 * Math.sin(${value})`],
    [1, () => `${target} /= 1.5 + Math.cos(${value})`],
    [1, () => `${target}${choices.pick(['++', '--'])}`],
    [scope.numbers.length > 1 ? 1 : 0, () => `${target} = ${choices.pick(scope.numbers)} = ${bounded(draft, value)}`],
  ])
}

function elementAssignment(draft: Draft, scope: Scope): string {
  const { choices } = draft
  const target = element(draft, scope, true)
  const value = number(draft, scope, 2)
  return choices.weighted<string>([
    [5, () => `${target} = ${bounded(draft, value)}`],
    [4, () => `${target} ${choices.pick(['+=', '-='])} ${bounded(draft, value)}`],
    [2, () => `${target} *= 1 + 0.3 * Math.sin(${value})`],
    [1, () => `${target} = ${literal(draft)}`],
  ])
}

function declaration(draft: Draft, scope: Scope): Piece {
  const { choices } = draft
  const integer = choices.chance(25)
  if (integer) {
    const name = draft.name('k')
    return { lines: [`let ${name} = ${String(choices.below(4))}`], scope: withInteger(scope, { name, below: undefined, free: true }) }
  }
  const shadowed = scope.loops.length > 0 && scope.constants.length > 0 && choices.chance(15)
  const name = shadowed ? choices.pick(scope.constants) : draft.name('v')
  const constant = choices.chance(50)
  // A name that is declared in this block must not have been used in it: only names of loop bodies' own blocks are declared again.
  if (shadowed) {
    const inner = withNumber(scope, name, constant)
    return {
      lines: [';{', `  ${constant ? 'const' : 'let'} ${name} = ${number(draft, hide(scope, name), 2)}`, ...block(draft, inner, 3), '}'],
      scope,
    }
  }
  return { lines: [`${constant ? 'const' : 'let'} ${name} = ${number(draft, scope, 2)}`], scope: withNumber(scope, name, constant) }
}

function branch(draft: Draft, scope: Scope): string[] {
  const { choices } = draft
  const then = [`if (${condition(draft, scope, 1)}) {`, ...block(draft, scope, 3)]
  if (!choices.chance(50)) return [...then, '}']
  if (choices.chance(20)) return [...then, `} else if (${condition(draft, scope, 1)}) {`, ...block(draft, scope, 2), '}']
  return [...then, '} else {', ...block(draft, scope, 3), '}']
}

function exit(draft: Draft, scope: Scope): string[] {
  const { choices } = draft
  const labels = scope.loops.filter((label) => label !== '')
  const target = labels.length > 0 && choices.chance(50) ? ` ${choices.pick(labels)}` : ''
  const before = choices.chance(40) ? block(draft, scope, 2) : []
  return [`if (${condition(draft, scope, 1)}) {`, ...before, `  ${choices.pick(['break', 'continue'])}${target}`, '}']
}

function earlyReturn(draft: Draft, scope: Scope): string[] {
  const value = scope.returns === 'void' ? '' : ` ${number(draft, scope, 2)}`
  const before = draft.choices.chance(30) ? block(draft, scope, 2) : []
  return [`if (${condition(draft, scope, 1)}) {`, ...before, `  return${value}`, '}']
}

function destructured(draft: Draft, scope: Scope, helper: string): Piece {
  const [first, second] = [draft.name('v'), draft.name('v')]
  const text = `const [${first}, ${second}] = ${helper}(${number(draft, scope, 1)}, ${number(draft, scope, 1)})`
  return { lines: [text], scope: withNumber(withNumber(scope, first, true), second, true) }
}

function swap({ choices }: Draft, scope: Scope): string {
  const [a, b] = [choices.pick(scope.numbers), choices.pick(scope.numbers)]
  return `;[${a}, ${b}] = [${b}, Math.sin(${a})]`
}

function integerStatements(scope: Scope): number {
  return scope.integers.some(({ free }) => free) ? 1 : 0
}

function changeInteger({ choices }: Draft, scope: Scope): string {
  const { name } = choices.pick(scope.integers.filter(({ free }) => free))
  return choices.pick([`${name}++`, `${name} += 2`, `${name} = (${name} * 2 + 1) % 5`])
}
