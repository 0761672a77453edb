/**
 * For `--debug-nans`: a hook on every value that is differentiated, which throws where its gradient is not finite. The first one that throws stands on the
 * value that the trouble came to, because the reverse sweep comes by the others later.
 *
 * Needs: what is stored has a name. Promises: the same values; every active number, new array and parameter has a hook of its own.
 */

import { basename } from 'node:path'
import { findActivity, type Activity } from '../2-analyze/activity.ts'
import { findRegions, isStorage, type SummaryOf } from '../2-analyze/regions.ts'
import { assign, declare, operation, variable } from '../ir/build.ts'
import { isHook, ruleText } from '../ir/hook.ts'
import type { Assign, Expression, FunctionNode, Origin, Push, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { typeOf } from '../ir/types.ts'
import { mapBlocksOf } from '../ir/walk.ts'
import type { Returned } from './prepare.ts'
import { isCreation } from './repeatable.ts'

export function checkedFinite({ fn, ends }: Returned, summaryOf: SummaryOf): Returned {
  const scope = Scope.of(fn)
  const checks = new Checks(scope, findActivity(fn, findRegions(fn, summaryOf), ends, summaryOf))
  const given = fn.parameters.flatMap(({ name }) => checks.on(name, fn.origin))
  const body = [...given, ...checks.within(fn.body)]
  const checked: FunctionNode = { ...fn, body, variables: scope.variables }
  return { stage: 'returned', fn: checked, ends, scope }
}

class Checks {
  readonly #scope: Scope
  readonly #activity: Activity

  constructor(scope: Scope, activity: Activity) {
    this.#scope = scope
    this.#activity = activity
  }

  within(block: readonly Statement[]): readonly Statement[] {
    return block.flatMap((statement) => this.#checked(mapBlocksOf(statement, (inner) => this.within(inner))))
  }

  /** A hook on what a variable holds, if a derivative flows through it. */
  on(name: string, origin: Origin | undefined): readonly Statement[] {
    return this.#activity.isActiveVariable(name) ? [this.#hook(name, name, origin)] : []
  }

  #checked(statement: Statement): readonly Statement[] {
    switch (statement.kind) {
      case 'declare':
        return statement.value ? [statement, ...this.#onGiven(statement.name, statement.value, statement.origin)] : [statement]
      case 'assign':
        if (isHook(statement.value)) return [statement]
        if (statement.target.kind !== 'variable') return this.#stored(statement, statement.target, textOf(statement.target))
        return [statement, ...this.#onGiven(statement.target.name, statement.value, statement.origin)]
      case 'push':
        return this.#stored(statement, { kind: 'element', array: statement.array, index: { kind: 'number', value: 0 } }, 'what is pushed')
      case 'call':
        return statement.result === undefined ? [statement] : [statement, ...this.on(statement.result, statement.origin)]
      default:
        return [statement]
    }
  }

  /** Another name of storage that is there has no gradient of its own. */
  #onGiven(name: string, value: Expression, origin: Origin | undefined): readonly Statement[] {
    return isStorage(this.#scope.typeOf(name)) && !isCreation(value) ? [] : this.on(name, origin)
  }

  /** A number that goes into storage gets a name, so that its gradient is seen before that of what comes there later. */
  #stored(statement: Assign | Push, place: Expression, shown: string): readonly Statement[] {
    if (typeOf(place, this.#scope.variables).kind !== 'number' || !this.#activity.isActive(place)) return [statement]
    const name = this.#scope.fresh('stored', { kind: 'number' }, true)
    const named = { ...declare(name, statement.value), ...(statement.origin && { origin: statement.origin }) }
    return [named, this.#hook(name, shown, statement.origin), { ...statement, value: variable(name) }]
  }

  #hook(name: string, shown: string, origin: Origin | undefined): Statement {
    this.#scope.setMutable(name, true)
    const where = JSON.stringify(origin ? `${shown} (${basename(origin.file)}:${String(origin.line)})` : shown)
    const check = text(`cotangent#checkFinite(${where})`)
    const value = operation('hook', text(where), text(ruleText('observe')), check, variable(name))
    return { ...assign(variable(name), value), ...(origin && { origin }) }
  }
}

const text = (part: string): Expression => ({ kind: 'opaque', parts: [part], type: { kind: 'opaque', text: 'unknown' }, effects: false })

/** A place as its author would know it. */
function textOf(place: Expression): string {
  if (place.kind === 'element')
    return `${textOf(place.array)}[${place.index.kind === 'number' ? String(place.index.value) : textOf(place.index)}]`
  if (place.kind === 'field') return `${textOf(place.record)}.${place.name}`
  return place.kind === 'variable' ? place.name : '...'
}
