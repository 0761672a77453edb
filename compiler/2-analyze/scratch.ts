/**
 * Scratch arrays: an array that is made outside of a loop and used in it alone, and that every iteration overwrites before it reads it. In such an array no
 * iteration hands anything on to another, as if each had its own.
 *
 * Needs: unique names. Promises: what an iteration reads of a scratch array, the same iteration has written. Costs: a visit for all mentions, and one of its
 * loop for each array.
 */

import { affineOf, combine } from '../ir/affine.ts'
import type { Counter, Declare, Expression, FunctionNode, Loop, Statement } from '../ir/nodes.ts'
import {
  childrenOf,
  expressionsOf,
  mapExpression,
  someExpression,
  variablesAssigned,
  variablesIn,
  variablesMentioned,
  visitStatements,
} from '../ir/walk.ts'
import { firstUse, type Subject, type Use } from './first-use.ts'
import { referredTo } from './references.ts'

/** By the name of a loop's counter, the arrays that are scratch in it, each with the statement of the loop's list that overwrites it, where it is a single one. */
export type Scratch = ReadonlyMap<string, ReadonlyMap<string, Statement | undefined>>

export function findScratch(fn: Pick<FunctionNode, 'body' | 'parameters' | 'variables'>): Scratch {
  const assigned = variablesAssigned(fn.body)
  const made: Declare[] = []
  const constants = new Map<string, Expression>()
  visitStatements(fn.body, (statement) => {
    if (statement.kind !== 'declare' || !statement.value || assigned.has(statement.name)) return
    const { name, value } = statement
    if (value.kind === 'zeros' && value.type.storage !== 'Array' && value.type.element.kind === 'number') made.push(statement)
    constants.set(name, value)
  })
  const found = new Map<string, Map<string, Statement | undefined>>()
  if (made.length === 0) return found
  const referred = referredTo(fn)
  for (const { name, value } of made.filter((one) => !referred.has(one.name))) {
    const overwriting = new Overwriting(name, (value as Expression & { kind: 'zeros' }).length, {
      constants,
      assigned,
      variables: fn.variables,
    })
    for (const loop of loopsAround(name, fn.body)) {
      if (!loop.counter || firstUse(loop.body, overwriting) === 'read') continue
      const known = found.get(loop.counter.name) ?? new Map<string, Statement | undefined>()
      found.set(loop.counter.name, known)
      known.set(
        name,
        loop.body.find((statement) => firstUse([statement], overwriting) === 'overwritten'),
      )
    }
  }
  return found
}

/** The loops that hold all mentions of an array but its declaration, outermost first. */
function loopsAround(name: string, block: readonly Statement[]): readonly Loop[] {
  const [only, more] = block.filter((statement) => variablesMentioned([statement]).has(name))
  if (!only || more) return []
  if (only.kind === 'loop') return [only, ...loopsAround(name, only.body)]
  if (only.kind === 'if') return [...loopsAround(name, only.then), ...loopsAround(name, only.else)]
  return []
}

interface Known {
  /** The values of variables that are never assigned. */
  readonly constants: ReadonlyMap<string, Expression>
  readonly assigned: ReadonlySet<string>
  readonly variables: FunctionNode['variables']
}

class Overwriting implements Subject {
  readonly #array: string
  readonly #length: Expression
  readonly #known: Known

  constructor(array: string, length: Expression, known: Known) {
    this.#array = array
    this.#known = known
    this.#length = this.#resolved(length)
  }

  written(statement: Statement): Use | undefined {
    if (statement.kind === 'fill' && this.#isArray(statement.array)) {
      if ([statement.value, statement.start, statement.end].some((part) => part && this.reads(part))) return 'read'
      return statement.start || statement.end ? 'neither' : 'overwritten'
    }
    if (statement.kind === 'assign' && statement.target.kind === 'element' && this.#isArray(statement.target.array))
      return this.reads(statement.target.index) || this.reads(statement.value) ? 'read' : 'neither'
    return statement.kind === 'loop' && this.#overwrites(statement) ? 'overwritten' : undefined
  }

  /** A loop over the whole array, which writes each element before it reads it, and reads others only where it has been. */
  #overwrites({ counter, exit, test, body }: Loop): boolean {
    if (!counter || exit !== undefined || test || !this.#coversAll(counter)) return false
    const isOwn = (index: Expression): boolean => index.kind === 'variable' && index.name === counter.name
    const at = body.findIndex(
      (statement) =>
        statement.kind === 'assign' &&
        statement.target.kind === 'element' &&
        this.#isArray(statement.target.array) &&
        isOwn(statement.target.index),
    )
    if (at < 0) return false
    const before = new Set([counter.name])
    const [writing, ...after] = body.slice(at)
    return this.#readsOnly([...body.slice(0, at), writing!], before, () => false) && this.#readsOnly(after, before, isOwn)
  }

  /** Whether only elements that `isWritten` says are read, or those below one of the `bounds`. */
  #readsOnly(block: readonly Statement[], bounds: ReadonlySet<string>, isWritten: (index: Expression) => boolean): boolean {
    const below = new Set<string>()
    let holds = true
    const note = (expression: Expression): void => {
      if (expression.kind === 'element' && this.#isArray(expression.array)) {
        const { index } = expression
        if (!isWritten(index) && !(index.kind === 'variable' && below.has(index.name))) holds = false
        return note(index)
      }
      if (expression.kind === 'length' && this.#isArray(expression.array)) return
      if (this.#isArray(expression)) holds = false
      else for (const child of childrenOf(expression)) note(child)
    }
    visitStatements(block, (statement) => {
      if (statement.kind === 'loop' && statement.counter && isBelow(statement.counter, bounds)) below.add(statement.counter.name)
      if (statement.kind === 'assign' && statement.target.kind === 'element' && this.#isArray(statement.target.array)) {
        note(statement.target.index)
        note(statement.value)
      } else for (const expression of expressionsOf(statement)) note(expression)
    })
    return holds
  }

  #coversAll({ from, to, comparison, step }: Counter): boolean {
    if (from.kind !== 'number' || from.value !== 0 || step !== 1 || (comparison !== '<' && comparison !== '<=')) return false
    if (to.kind === 'length' && this.#isArray(to.array)) return true
    if (this.#mayChange(this.#length)) return false
    const rest = combine(affineOf(this.#resolved(to)), affineOf(this.#length), -1)
    return rest.terms.size === 0 && rest.constant >= (comparison === '<' ? 0 : -1)
  }

  /** With constants in the place of their names, but for what reads storage, which may have changed since. */
  #resolved(expression: Expression): Expression {
    return mapExpression(expression, (node) => {
      const value = node.kind === 'variable' ? this.#known.constants.get(node.name) : undefined
      return value && isSum(value) && !this.#mayChange(value) ? this.#resolved(value) : node
    })
  }

  /** Whether a size may be another one later: of a variable that is assigned, or the length of a list. */
  #mayChange(size: Expression): boolean {
    const { assigned, variables } = this.#known
    if ([...variablesIn(size)].some((name) => assigned.has(name))) return true
    return someExpression(size, (node) => {
      if (node.kind !== 'length') return !['number', 'variable', 'operation'].includes(node.kind)
      const type = node.array.kind === 'variable' ? variables[node.array.name]?.type : undefined
      return type?.kind !== 'array' || type.storage === 'Array'
    })
  }

  reads(expression: Expression): boolean {
    if (this.#isArray(expression)) return true
    if (expression.kind === 'length' && this.#isArray(expression.array)) return false
    return childrenOf(expression).some((child) => this.reads(child))
  }

  #isArray(expression: Expression): boolean {
    return expression.kind === 'variable' && expression.name === this.#array
  }
}

/** Whether a counter stays between 0 and one of the bounds, which is not among its values. */
const isBelow = ({ from, to, comparison, step }: Counter, bounds: ReadonlySet<string>): boolean =>
  from.kind === 'number' && from.value >= 0 && step > 0 && comparison === '<' && to.kind === 'variable' && bounds.has(to.name)

/** A name, a literal, a length, or a sum or product of such. */
const isSum = (value: Expression): boolean =>
  ['number', 'variable', 'length'].includes(value.kind) ||
  (value.kind === 'operation' && ['+', '-', '*', '/'].includes(value.operator) && value.operands.every(isSum))
