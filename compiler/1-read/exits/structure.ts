/**
 * Makes every exit structured. Needs: raw statements. Promises: the statements of the IR, where a list that is left early has nothing
 * after the exit (what followed stands in an `else`), a loop is left by `break` only, and each `break` has its code in `Loop.exit`.
 *
 * The idea: what follows a statement that may be left early is moved to where that statement completes, if that is one place:
 * `if (c) { A; continue } B` becomes `if (c) { A } else { B }`. If it is several places, a flag says whether control has left.
 */

import { BOOLEAN, NUMBER, assign, declare, operation, variable } from '../../ir/build.ts'
import type { Expression, Statement, Type } from '../../ir/nodes.ts'
import {
  completes,
  exitsOf,
  isEndless,
  mapExits,
  type RawBlock,
  type RawExit,
  type RawIf,
  type RawLoop,
  type RawStatement,
  type Target,
} from './raw.ts'

/** What the pass needs of the function: new variables, and new names for blocks. */
export interface Fresh {
  variable(base: string, type: Type): string
  target(): Target
}

/** Where falling off the end of the current list leads to, and the loop around it. */
interface Place {
  readonly fallsTo: ReadonlySet<Target>
  readonly loop?: LoopExits
}

interface LoopExits {
  readonly variable: () => string
  /** By code, counted from 1: where that exit leads. */
  readonly targets: Target[]
}

export function structure(body: readonly RawStatement[], root: Target, fresh: Fresh): readonly Statement[] {
  return structureList(body, { fallsTo: new Set([root]) }, fresh)
}

function structureList(list: readonly RawStatement[], place: Place, fresh: Fresh): Statement[] {
  const done: Statement[] = []
  for (const [index, statement] of list.entries()) {
    const rest = list.slice(index + 1)
    // What a statement with exits does to the rest of the list is decided there: it takes the rest with it.
    switch (statement.kind) {
      case 'exit':
        return [...done, ...leave(statement, place)]
      case 'throw':
        return [...done, statement]
      case 'if':
        if (exitsOf([statement]).size > 0) return [...done, ...structureIf(statement, rest, place, fresh)]
        done.push(plainIf(statement, place, fresh))
        if (!completes([statement])) return done
        break
      case 'block':
        return [...done, ...structureBlock(statement, rest, place, fresh)]
      case 'loop':
        return [...done, ...structureLoop(statement, rest, place, fresh)]
      default:
        done.push(statement)
    }
  }
  return done
}

function leave(exit: RawExit, { fallsTo, loop }: Place): Statement[] {
  if (fallsTo.has(exit.target)) return []
  if (!loop) throw new Error('an exit leads nowhere')
  loop.targets.push(exit.target)
  return [assign(variable(loop.variable()), { kind: 'number', value: loop.targets.length }), { kind: 'break' }]
}

function plainIf(statement: RawIf, place: Place, fresh: Fresh): Statement {
  return turned({ ...statement, then: structureList(statement.then, place, fresh), else: structureList(statement.else, place, fresh) })
}

/** `if (c) {} else { A }` is `if (!c) { A }`. */
function turned(statement: Statement & { kind: 'if' }): Statement {
  if (statement.then.length > 0 || statement.else.length === 0) return statement
  return { ...statement, test: not(statement.test), then: statement.else, else: [] }
}

function not(test: Expression): Expression {
  if (test.kind === 'operation') {
    if (test.operator === '===') return { ...test, operator: '!==' }
    if (test.operator === '!==') return { ...test, operator: '===' }
    if (test.operator === '!') return test.operands[0]!
  }
  return operation('!', test)
}

function structureIf(statement: RawIf, rest: readonly RawStatement[], place: Place, fresh: Fresh): Statement[] {
  const [then, otherwise] = [completes(statement.then), completes(statement.else)]
  if (rest.length === 0 || (!then && !otherwise)) return [plainIf(statement, place, fresh)]
  if (then && otherwise) return withFlag(statement, rest, place, fresh)
  const whole = then ? { ...statement, then: [...statement.then, ...rest] } : { ...statement, else: [...statement.else, ...rest] }
  return [plainIf(whole, place, fresh)]
}

function structureBlock(block: RawBlock, rest: readonly RawStatement[], place: Place, fresh: Fresh): Statement[] {
  const own = exitsOf(block.body).has(block.target)
  if (!own) return structureList(completes(block.body) ? [...block.body, ...rest] : block.body, place, fresh)
  if (rest.length === 0) return structureList(block.body, { ...place, fallsTo: new Set([...place.fallsTo, block.target]) }, fresh)
  if (exitsOf([block]).size > 0) return withFlag(block, rest, place, fresh)
  return [...structureList(block.body, { fallsTo: new Set([block.target]) }, fresh), ...structureList(rest, place, fresh)]
}

function structureLoop(loop: RawLoop, rest: readonly RawStatement[], place: Place, fresh: Fresh): Statement[] {
  let exit: string | undefined
  const targets: Target[] = []
  const variableOf = (): string => (exit ??= fresh.variable('exit', NUMBER))
  const body = structureList(loop.body, { fallsTo: new Set(), loop: { variable: variableOf, targets } }, fresh)
  const { kind, target, counter, test, testAt, checkpoint, origin } = loop
  const structured: Statement = {
    kind,
    body,
    ...(counter && { counter }),
    ...(test && { test }),
    ...(testAt && { testAt }),
    ...(checkpoint && { checkpoint }),
    ...(origin && { origin }),
    ...(exit !== undefined && { exit }),
  }
  if (exit === undefined) return [structured, ...structureList(isEndless(loop) ? [] : rest, place, fresh)]
  const after = leaveAfter(exit, targets, target, isEndless(loop))
  return [
    declare(exit, { kind: 'number', value: 0 }),
    structured,
    ...structureList(after.always ? after.list : [...after.list, ...rest], place, fresh),
  ]
}

/** An inner loop that was left for somewhere outside goes on there. */
function leaveAfter(exit: string, targets: readonly Target[], own: Target, endless: boolean): { list: RawStatement[]; always: boolean } {
  const outer = [...new Set(targets)].filter((target) => target !== own)
  const always = endless && !targets.includes(own) && outer.length > 0
  const list = outer.map((target, index): RawStatement => {
    const jump: RawExit = { kind: 'exit', target }
    if (always && index === outer.length - 1) return jump
    const codes = targets.flatMap((to, code) => (to === target ? [code + 1] : []))
    const tests = codes.map((code) => operation('===', variable(exit), { kind: 'number', value: code }))
    return { kind: 'if', test: tests.reduce((a, b) => operation('||', a, b)), then: [jump], else: [] }
  })
  return { list, always }
}

/** Control may leave `statement` from one place and complete it in several: a flag says which, and the rest is tested against it. */
function withFlag(statement: RawIf | RawBlock, rest: readonly RawStatement[], place: Place, fresh: Fresh): Statement[] {
  const targets = [...exitsOf([statement])]
  const end = fresh.target()
  const single = targets.length === 1
  const flag = fresh.variable(single ? 'skip' : 'left', single ? BOOLEAN : NUMBER)
  const none: Expression = single ? { kind: 'boolean', value: false } : { kind: 'number', value: 0 }
  const code = (target: Target): Expression =>
    single ? { kind: 'boolean', value: true } : { kind: 'number', value: targets.indexOf(target) + 1 }
  const body = mapExits([statement], (exit) =>
    targets.includes(exit.target) ? [assign(variable(flag), code(exit.target)), { kind: 'exit', target: end }] : [exit],
  )
  const after = targets.map((target): RawStatement => {
    const test = single ? variable(flag) : operation('===', variable(flag), code(target))
    return { kind: 'if', test, then: [{ kind: 'exit', target }], else: [] }
  })
  return structureList([declare(flag, none), { kind: 'block', target: end, body }, ...after, ...rest], place, fresh)
}
