/**
 * What variables that may be missing hold where each statement runs: a value, `undefined` or `null`. It is the narrowing that TypeScript does for the author, done
 * again on the IR, where calls are inlined and an assignment by a captured function stands where it happens.
 *
 * Needs: unique names, structured exits. Promises: never too little; a variable said to hold a value does. Costs: loops are visited until nothing more is found.
 */

import { missingText } from '../ir/missing.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { mapChildren } from '../ir/walk.ts'

/** What a variable may hold, as a set of bits. */
export type Held = number
export const THERE = 1
export const UNDEFINED = 2
export const NULL = 4

/** Which of these a test for a missing value says yes to. */
export const testedBits: ReadonlyMap<string, Held> = new Map([
  ['isUndefined', UNDEFINED],
  ['isNull', NULL],
  ['isNullish', UNDEFINED | NULL],
])

/** By variable. */
type Bits = ReadonlyMap<string, Held>

/** What is known at a point. Never changed in place. */
export interface Presence {
  readonly bits: Bits
  /** The same, where a truth value is known to be true or to be false; nothing where it can not be. */
  readonly whenTrue: ReadonlyMap<string, Bits | undefined>
  readonly whenFalse: ReadonlyMap<string, Bits | undefined>
}

/** What is known where each statement evaluates its own expressions; a statement that is not there is never run. */
export function presenceIn(body: readonly Statement[], names: ReadonlySet<string>): ReadonlyMap<Statement, Presence> {
  const at = new Map<Statement, Presence>()
  const start: Presence = { bits: new Map([...names].map((name) => [name, UNDEFINED])), whenTrue: new Map(), whenFalse: new Map() }
  follow(body, start, { at, breaks: [] })
  return at
}

interface Context {
  readonly at: Map<Statement, Presence>
  /** What is known at each `break` of the loop around. */
  readonly breaks: Presence[]
}

/** What is known after a list; nothing where control does not come there. */
function follow(block: readonly Statement[], before: Presence | undefined, context: Context): Presence | undefined {
  return block.reduce<Presence | undefined>((now, statement) => now && followOne(statement, now, context), before)
}

function followOne(statement: Statement, before: Presence, context: Context): Presence | undefined {
  const note = (known: Presence): void => void context.at.set(statement, either(context.at.get(statement), known)!)
  if (statement.kind === 'loop') return followLoop(statement, before, context, note)
  note(before)
  switch (statement.kind) {
    case 'declare':
      return given(before, statement.name, statement.value)
    case 'assign':
      return statement.target.kind === 'variable' ? given(before, statement.target.name, statement.value) : before
    case 'if': {
      const then = follow(statement.then, refined(before, statement.test, true), context)
      return either(then, follow(statement.else, refined(before, statement.test, false), context))
    }
    case 'break':
      context.breaks.push(before)
      return undefined
    case 'throw':
    case 'return':
      return undefined
    default:
      return before
  }
}

type Loop = Statement & { readonly kind: 'loop' }

function followLoop(loop: Loop, before: Presence, context: Context, note: (known: Presence) => void): Presence | undefined {
  const { test, testAt, body } = loop
  const isBottom = testAt === 'bottom'
  const when = (known: Presence | undefined, value: boolean): Presence | undefined => known && (test ? refined(known, test, value) : known)
  for (let entry = before; ;) {
    const breaks: Presence[] = []
    if (!isBottom) note(entry)
    const end = follow(body, isBottom ? entry : when(entry, true), { ...context, breaks })
    if (isBottom && end) note(end)
    const again = either(entry, isBottom ? when(end, true) : end)!
    if (isSame(again, entry)) return breaks.reduce<Presence | undefined>(either, when(isBottom ? end : entry, false))
    entry = again
  }
}

/** After `name = value`. */
function given(known: Presence, name: string, value: Expression | undefined): Presence {
  if (known.bits.has(name)) {
    const set = (bits: Bits): Bits => new Map([...bits, [name, heldBy(bits, value)]])
    const each = (all: ReadonlyMap<string, Bits | undefined>): ReadonlyMap<string, Bits | undefined> =>
      new Map([...all].map(([one, bits]) => [one, bits && set(bits)]))
    return { bits: set(known.bits), whenTrue: each(known.whenTrue), whenFalse: each(known.whenFalse) }
  }
  const says = value && isTest(value, known)
  if (!says && !known.whenTrue.has(name) && !known.whenFalse.has(name)) return known
  const outcome = (truth: boolean): Bits | undefined => (says ? refined(known, value, truth)?.bits : known.bits)
  return {
    bits: known.bits,
    whenTrue: new Map([...known.whenTrue, [name, outcome(true)]]),
    whenFalse: new Map([...known.whenFalse, [name, outcome(false)]]),
  }
}

/** A truth value of which something may be concluded. */
const isTest = (value: Expression, known: Presence): boolean =>
  value.kind === 'boolean' ||
  (value.kind === 'variable' && (known.whenTrue.has(value.name) || known.whenFalse.has(value.name))) ||
  (value.kind === 'operation' && (LOGIC.has(value.operator) || testedBits.has(value.operator)))

const LOGIC: ReadonlySet<string> = new Set(['!', '&&', '||'])

function heldBy(bits: Bits, value: Expression | undefined): Held {
  const text = value && missingText(value)
  if (!value || text === 'undefined') return UNDEFINED
  if (text === 'null') return NULL
  return value.kind === 'variable' ? (bits.get(value.name) ?? THERE) : THERE
}

/** What is known where a test has come out like this; nothing where it can not. */
export function refined(known: Presence | undefined, test: Expression, value: boolean): Presence | undefined {
  if (!known) return undefined
  if (test.kind === 'boolean') return test.value === value ? known : undefined
  if (test.kind === 'variable') {
    const all = value ? known.whenTrue : known.whenFalse
    return all.has(test.name) ? restricted(known, all.get(test.name)) : known
  }
  if (test.kind !== 'operation') return known
  const [first, second] = test.operands
  if (test.operator === '!') return refined(known, first!, !value)
  if (test.operator === '&&' || test.operator === '||') {
    const isBoth = (test.operator === '&&') === value
    const left = refined(known, first!, value)
    if (isBoth) return refined(left, second!, value)
    return either(left, refined(refined(known, first!, !value), second!, value))
  }
  const tested = testedBits.get(test.operator)
  if (tested === undefined || first?.kind !== 'variable') return known
  const held = known.bits.get(first.name)
  if (held === undefined) return known
  return restricted(known, new Map([...known.bits, [first.name, value ? held & tested : held & ~tested]]))
}

/** An expression with some of its parts replaced, by what is known where each is evaluated; nothing where it never is. */
export function mapNarrowed(
  expression: Expression,
  known: Presence | undefined,
  replace: (part: Expression, known: Presence | undefined) => Expression | undefined,
): Expression {
  const replaced = replace(expression, known)
  if (replaced) return replaced
  const map = (part: Expression, there: Presence | undefined): Expression => mapNarrowed(part, there, replace)
  if (expression.kind === 'operation' && NARROWING.has(expression.operator)) {
    const [test, ...rest] = expression.operands
    const outcome = (i: number): boolean => (expression.operator === 'select' ? i === 0 : expression.operator === '&&')
    return { ...expression, operands: [map(test!, known), ...rest.map((part, i) => map(part, refined(known, test!, outcome(i))))] }
  }
  return mapChildren(expression, (part) => map(part, known))
}

const NARROWING: ReadonlySet<string> = new Set(['&&', '||', 'select'])

/** Where the variables hold nothing but this, too. */
function restricted(known: Presence, to: Bits | undefined): Presence | undefined {
  const bits = both(known.bits, to)
  const each = (all: ReadonlyMap<string, Bits | undefined>): ReadonlyMap<string, Bits | undefined> =>
    new Map([...all].map(([name, one]) => [name, both(one, to)]))
  return bits && { bits, whenTrue: each(known.whenTrue), whenFalse: each(known.whenFalse) }
}

function both(a: Bits | undefined, b: Bits | undefined): Bits | undefined {
  if (!a || !b) return undefined
  const met = new Map([...a].map(([name, held]) => [name, held & b.get(name)!]))
  return [...met.values()].includes(0) ? undefined : met
}

function either(a: Presence | undefined, b: Presence | undefined): Presence | undefined {
  if (!a || !b) return a ?? b
  const join = (one: Bits | undefined, other: Bits | undefined): Bits | undefined =>
    one && other ? new Map([...one].map(([name, held]) => [name, held | other.get(name)!])) : (one ?? other)
  const each = (of: (known: Presence) => ReadonlyMap<string, Bits | undefined>): ReadonlyMap<string, Bits | undefined> => {
    const when = (known: Presence, name: string): Bits | undefined => (of(known).has(name) ? of(known).get(name) : known.bits)
    return new Map([...new Set([...of(a).keys(), ...of(b).keys()])].map((name) => [name, join(when(a, name), when(b, name))]))
  }
  return { bits: join(a.bits, b.bits)!, whenTrue: each((known) => known.whenTrue), whenFalse: each((known) => known.whenFalse) }
}

function isSame(a: Presence, b: Presence): boolean {
  const equal = (one: Bits | undefined, other: Bits | undefined): boolean =>
    one === other || (one !== undefined && other !== undefined && [...one].every(([name, held]) => other.get(name) === held))
  const each = (of: (known: Presence) => ReadonlyMap<string, Bits | undefined>): boolean =>
    of(a).size === of(b).size && [...of(a)].every(([name, bits]) => of(b).has(name) && equal(bits, of(b).get(name)))
  return equal(a.bits, b.bits) && each((known) => known.whenTrue) && each((known) => known.whenFalse)
}
