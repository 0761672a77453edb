import { bounded, condition, element, number } from './expressions.ts'
import { withArray, withInteger, withNumber, type ArrayVariable, type Draft, type Scope } from './scope.ts'
import { block, indent, type Piece } from './statements.ts'

/**
 * Loops that hand on nothing but sums, and loops that only look as if they did: scratch arrays that are overwritten wholly, in part, now and then, or too late,
 * numbers that are assigned before or after they are read, elements that their own iteration reads again.
 */
export function sumStatement(draft: Draft, scope: Scope): Piece {
  return draft.choices.weighted<Piece>([
    [3, () => scratched(draft, scope)],
    [3, () => declaredOutside(draft, scope)],
    [scope.arrays.length > 0 ? 2 : 0, () => ownElements(draft, scope)],
    [2, () => summed(draft, scope)],
  ])
}

/** What stands in a loop of so many trips, beside what a sum is given in each. */
interface Body {
  readonly lines: (scope: Scope, i: string) => readonly string[]
  readonly added: (scope: Scope, i: string) => string
}

/** `let t = ...; for (...) { ...; t += ... }`, and what is visible in it besides. */
function sumLoop(draft: Draft, scope: Scope, inside: Scope, { lines, added }: Body): Piece {
  const { choices } = draft
  const [t, i] = [draft.name('t'), draft.name('i')]
  // A sum that is read, or assigned, on the way is none.
  const seen = choices.chance(15) ? withNumber(inside, t) : inside
  const inner = withInteger({ ...seen, loops: [...scope.loops, ''] }, { name: i, below: draft.length, free: false })
  const size = String(choices.pick([draft.length, draft.length, draft.length - 1, 0]))
  const down = choices.chance(20)
  const head = down ? `for (let ${i} = ${size} - 1; ${i} >= 0; ${i}--) {` : `for (let ${i} = 0; ${i} < ${size}; ${i}++) {`
  const sum = `  ${t} ${choices.pick(['+=', '+=', '-='])} ${bounded(draft, added(inner, i))}`
  const before = choices.chance(20) ? block(draft, inner, 2) : []
  return {
    lines: [`let ${t} = ${choices.chance(70) ? '0' : number(draft, scope, 1)}`, head, ...before, ...indent(lines(inner, i)), sum, '}'],
    scope: withNumber(scope, t),
  }
}

const summed = (draft: Draft, scope: Scope): Piece =>
  sumLoop(draft, scope, scope, { lines: () => [], added: (inner) => number(draft, inner, 2) })

function scratched(draft: Draft, scope: Scope): Piece {
  const { choices, length } = draft
  const array: ArrayVariable = { name: draft.name('c'), length, storage: 'Float64Array', reassignable: false }
  const { name } = array
  const j = draft.name('j')
  const full = choices.pick([String(length), `${name}.length`])
  const value = (inner: Scope): string => bounded(draft, number(draft, inner, 2))
  const over = (inner: Scope, size: string, body: readonly string[]): string[] => [
    `for (let ${j} = 0; ${j} < ${size}; ${j}++) {`,
    ...indent(body),
    '}',
  ]
  const overwritten = (outer: Scope): string[] => {
    const inner = withInteger(outer, { name: j, below: length, free: false })
    const cover = (size: string): string[] => over(inner, size, [`${name}[${j}] = ${value(inner)}`])
    return choices.weighted<string[]>([
      [5, () => cover(full)],
      [1, () => [`${name}.fill(${value(outer)})`]],
      [1, () => cover(String(length - 1))],
      [1, () => over(inner, full, [`if (${condition(draft, inner, 1, false)}) ${name}[${j}] = ${value(inner)}`])],
      [1, () => [`if (${condition(draft, outer, 1, false)}) {`, ...indent(cover(full)), '}']],
      [1, () => over(inner, full, [`${name}[${j}] = ${value(inner)}`, `for (let k = 0; k < ${j}; k++) ${name}[${j}] += 0.3 * ${name}[k]`])],
      [1, () => over(inner, full, [`${name}[${j}] = ${value(inner)}`, `if (${condition(draft, inner, 1, false)}) break`])],
    ])
  }
  // While it is overwritten it is mostly not read.
  const piece = sumLoop(draft, scope, scope, {
    lines: (inner) => {
      const known = withArray(inner, array)
      const lines = overwritten(choices.chance(20) ? known : inner)
      const updates = choices.chance(50)
        ? [`${element(draft, { ...known, arrays: [array] }, false)} ${choices.pick(['+=', '-='])} ${value(known)}`]
        : []
      const more = choices.chance(30) ? block(draft, known, 2) : []
      const again = choices.chance(20) ? overwritten(known) : []
      return choices.chance(10) ? [...updates, ...lines, ...again, ...more] : [...lines, ...updates, ...again, ...more]
    },
    added: (inner) => `${element(draft, { ...inner, arrays: [array] }, false)} * ${number(draft, withArray(inner, array), 1)}`,
  })
  const made = `const ${name} = new Float64Array(${String(length)})`
  return { lines: [made, ...piece.lines], scope: choices.chance(25) ? withArray(piece.scope, array) : piece.scope }
}

function declaredOutside(draft: Draft, scope: Scope): Piece {
  const { choices } = draft
  const [d, e] = [draft.name('d'), draft.name('d')]
  const give = (name: string, inner: Scope): string[] => {
    const given = `${name} = ${bounded(draft, number(draft, inner, 2))}`
    return choices.weighted<string[]>([
      [5, () => [given]],
      [1, () => [`if (${condition(draft, inner, 1, false)}) ${given}`]],
      [2, () => [`if (${condition(draft, inner, 1, false)}) ${given}`, `else ${name} = 0.4 * ${number(draft, inner, 1)}`]],
    ])
  }
  const piece = sumLoop(draft, scope, scope, {
    lines: (inner) => {
      const both = withNumber(withNumber(inner, d), e)
      const uses = choices.chance(50) ? block(draft, both, 2) : []
      const again = choices.chance(40) ? give(d, both) : []
      return choices.chance(15)
        ? [...give(e, both), ...give(d, inner), ...uses, ...again]
        : [...give(d, inner), ...give(e, withNumber(inner, d)), ...uses, ...again]
    },
    added: (inner) => `${d} * ${number(draft, withNumber(withNumber(inner, d), e), 1)}`,
  })
  const left = choices.chance(20) ? withNumber(piece.scope, d) : piece.scope
  return { lines: [`let ${d} = 0.6`, `let ${e} = 0`, ...piece.lines], scope: left }
}

function ownElements(draft: Draft, scope: Scope): Piece {
  const { choices } = draft
  const array = choices.pick(scope.arrays)
  const at = (inner: Scope, i: string): string =>
    choices.chance(80) ? `${array.name}[${i} % ${array.name}.length]` : element(draft, { ...inner, arrays: [array] }, false)
  const own = (i: string): string => `${array.name}[${i}]`
  const fits = array.length !== undefined && array.length >= draft.length
  return sumLoop(draft, scope, scope, {
    lines: (inner, i) => [
      `${fits ? own(i) : at(inner, i)} = ${bounded(draft, number(draft, inner, 2))}`,
      ...(choices.chance(30) ? block(draft, inner, 2) : []),
    ],
    added: (inner, i) => `${fits ? own(i) : at(inner, i)} * ${number(draft, inner, 1)}`,
  })
}
