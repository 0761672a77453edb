/**
 * The rule of `customVjp` as two functions of the IR. The rule is read once, as if it were called and its pullback called after it; what the statements of
 * the pullback mention of those before them is what the forward half keeps for the backward half.
 */

import ts from '#typescript'
import { boundIn } from '../../ir/bound.ts'
import { element, field, number, variable } from '../../ir/build.ts'
import { fitting } from '../../ir/missing.ts'
import type { Expression, Field, FunctionNode, Parameter, RecordType, Statement, Type } from '../../ir/nodes.ts'
import { carriesDerivative, shadowType } from '../../ir/shadow-type.ts'
import { isAssignable } from '../../ir/types.ts'
import { variablesAssigned, variablesMentioned } from '../../ir/walk.ts'
import { structure } from '../exits/structure.ts'
import type { RawStatement } from '../exits/raw.ts'
import { keyOf } from '../keys.ts'
import { textOf } from '../session.ts'
import { arrayOf, describe } from '../types.ts'
import { given } from './arguments.ts'
import { apply } from './call.ts'
import { Captures, CONTENT } from './captures.ts'
import { bind, captured, createBuilder, freshName, functionName, refuse, temporary, type Binding, type Context } from './context.ts'
import { within } from './function.ts'
import { freezeReads } from './freeze.ts'
import type { Site } from './inline.ts'
import type { FunctionValue, ObjectValue, Wrapped } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

export interface LiftedRule {
  /** Tells the function with this rule from others. */
  readonly suffix: string
  readonly forward: string
  readonly backward: string
  /** What the rule uses of the functions around it, which become trailing parameters. */
  readonly captures: readonly Expression[]
}

/** `base`: the key of `fn`. `count`: how many of its parameters are its own. */
export function liftRule(
  c: Context,
  { rule, site }: Wrapped & { by: 'customVjp' },
  base: string,
  fn: FunctionNode,
  count: number,
): LiftedRule {
  const { session } = c.f
  const found = new Captures(c, rule.declaration)
  if (rule.environment) found.collect(rule.declaration, rule.environment)
  if (c.f.key === '' && found.names().length > 0)
    return refuse(c, site, 'CT2008', { function: functionName(rule.declaration), name: found.names()[0]!, operator: 'customVjp' })
  const [shared] = found.shared()
  if (shared)
    return refuse(c, site, 'CT1116', { text: textOf(site.arguments[1]!), reason: 'it assigns a variable of the function around it' })
  const suffix = `|by ${keyOf(session, rule.declaration)}${found.suffix()}`
  const key = base + suffix
  const lifted = { suffix, forward: `${key}:forward`, backward: `${key}:backward`, captures: found.values() }
  if (session.functions.has(lifted.forward)) return lifted
  const halves = new RuleReader(c, rule, fn, site).read(count, found)
  session.functions.set(lifted.forward, halves.forward).set(lifted.backward, halves.backward)
  return lifted
}

interface Halves {
  readonly forward: FunctionNode
  readonly backward: FunctionNode
}

class RuleReader {
  readonly #rule: FunctionValue
  readonly #fn: FunctionNode
  readonly #node: ts.Expression
  readonly #c: Context

  constructor(around: Context, rule: FunctionValue, fn: FunctionNode, site: ts.CallExpression) {
    const { declaration } = rule
    this.#rule = rule
    this.#fn = fn
    this.#node = site.arguments[1]!
    const f = createBuilder(around.f.session, declaration, `${fn.name} rule`, around.chain)
    this.#c = {
      f,
      environment: { parent: undefined, bindings: new Map() },
      jumps: [],
      chain: around.chain,
      slots: around.slots,
      frame: { declaration, parent: undefined, returns: 0, onReturn: () => undefined },
    }
  }

  read(count: number, found: Captures): Halves {
    const c = this.#c
    const { f } = c
    const own = this.#fn.parameters.slice(0, count)
    const parameters = own.map(({ name }) => freshName(f, name, this.#fn.variables[name]!.type))
    const lift = found.lift()
    for (const { symbol, value } of lift.statics) bind(c, symbol, { kind: 'static', value: within(value, c.environment) })
    for (const { symbol, expression } of lift.constants) bind(c, symbol, { kind: 'expression', expression })
    const captures = lift.captures.map(({ symbol, name, type, isBox }) => {
      const local = freshName(f, name, type)
      bind(c, symbol, { kind: 'expression', expression: isBox ? field(variable(local), CONTENT) : variable(local) })
      return local
    })
    const site: Site = { node: this.#node, returned: { kind: 'opaque', text: 'unknown' } }
    let value: Expression | undefined
    let made: ObjectValue | undefined
    const before = captured(c, () => {
      f.top = f.out
      const rule: FunctionValue = this.#rule.environment ? { ...this.#rule, environment: c.environment } : this.#rule
      made = this.#objectOf(apply(c, site, rule, given(...parameters.map(variable))))
      value = this.#valueOf(made)
    })
    const cotangent = freshName(f, 'cotangent', shadowType(this.#fn.result))
    let gradients: Gradients | undefined
    const after = captured(c, () => {
      const pullback = made!.members.get('pullback')
      if (pullback?.kind !== 'static' || pullback.value.kind !== 'function')
        return this.#refuse('its `pullback` is no function that is known')
      gradients = this.#gradientsOf(apply(c, site, pullback.value, given(variable(cotangent))), own)
    })
    return this.#halves(
      [...parameters, ...captures],
      this.#settled([...granted(c), ...before]),
      value!,
      this.#settled(after),
      cotangent,
      gradients!,
    )
  }

  #objectOf(made: Binding): ObjectValue {
    return made.kind === 'static' && made.value.kind === 'object' && made.value.members.has('pullback')
      ? made.value
      : this.#refuse('it does not give an object literal `{ value, pullback }` at its one end')
  }

  #valueOf({ members }: ObjectValue): Expression {
    const value = members.get('value')
    if (value?.kind !== 'expression') return this.#refuse('it gives no `value`')
    const expression = fitting(value.expression, this.#fn.result)
    const type = typeOfExpression(this.#c.f.variables, expression)
    if (!isAssignable(type, this.#fn.result))
      return this.#refuse(`its \`value\` is of type \`${describe(type)}\`, and the function gives \`${describe(this.#fn.result)}\``)
    return temporary(this.#c, 'value', this.#fn.result, expression)
  }

  /** One gradient is that of the only parameter, or of the first; several are those of the parameters in their order. */
  #gradientsOf(made: Binding, own: readonly Parameter[]): Gradients {
    if (made.kind === 'static') return this.#refuse('its `pullback` gives no gradient')
    const { variables } = this.#c.f
    const type = typeOfExpression(variables, made.expression)
    const shadows = own.map(({ name }) => shadowType(this.#fn.variables[name]!.type))
    const parts = this.#partsOf(made.expression, type, shadows)
    const found = parts.flatMap((value, i): Gradients => {
      const wanted = shadows[i]
      const given = typeOfExpression(variables, value)
      if (given.kind === 'void' || (given.kind === 'opaque' && given.text === 'undefined')) return []
      if (!wanted || !carriesDerivative(wanted))
        return this.#refuse(`its \`pullback\` gives more gradients than there are parameters with one`)
      if (!fits(given, wanted))
        return this.#refuse(
          `its \`pullback\` gives \`${describe(given)}\` for \`${own[i]!.name}\`, whose gradient is \`${describe(wanted)}\``,
        )
      return [{ name: String(i), value: temporary(this.#c, `${own[i]!.name}_gradient`, given, value) }]
    })
    return found.length > 0 ? found : this.#refuse('its `pullback` gives no gradient')
  }

  #partsOf(value: Expression, type: Type, shadows: readonly Type[]): readonly Expression[] {
    const [first] = shadows
    const isOfFirst = shadows.length === 1 && first !== undefined && fits(type, first)
    if (isOfFirst) return [value]
    if (type.kind === 'record' && type.tuple) {
      // A literal list of numbers is also the gradient of a list.
      const isList = first?.kind === 'array' && type.fields.length > 0 && type.fields.every((one) => fits(one.type, first.element))
      if (isList) return [{ kind: 'list', type: arrayOf('Array', first.element), elements: tupleParts(value, type) }]
      return tupleParts(value, type)
    }
    if (type.kind !== 'array' || first === undefined || fits(type, first)) return [value]
    const held = value.kind === 'list' ? value.elements : undefined
    if (held) return held
    return shadows.map((_, i) => element(value.kind === 'variable' ? value : temporary(this.#c, 'gradients', type, value), number(i)))
  }

  #settled(raw: readonly RawStatement[]): readonly Statement[] {
    const { f } = this.#c
    const fresh = { variable: (base: string, type: Type) => freshName(f, base, type), target: () => f.nextTarget++ }
    return freezeReads(structure([...raw], 0, fresh), f.variables, () => this.#refuse('it has constants and what moves in one variable'))
  }

  #halves(
    parameters: readonly string[],
    before: readonly Statement[],
    value: Expression,
    after: readonly Statement[],
    cotangent: string,
    gradients: Gradients,
  ): Halves {
    const { variables } = this.#c.f
    const declared = boundIn(after)
    const kept = [...variablesMentioned([...after, ...gradients.map((one): Statement => ({ kind: 'return', value: one.value }))])].filter(
      (name) => name !== cotangent && !declared.has(name) && name in variables,
    )
    const assigned = kept.find((name) => variablesAssigned(after).has(name))
    if (assigned !== undefined) return this.#refuse(`its \`pullback\` assigns \`${assigned}\`, and may be called any number of times`)
    const recordOf = (fields: readonly Field[]): RecordType => ({ kind: 'record', tuple: false, fields })
    const result = recordOf([{ name: VALUE, type: this.#fn.result }, ...kept.map((name) => ({ name, type: variables[name]!.type }))])
    const given = recordOf(gradients.map((one) => ({ name: one.name, type: typeOfExpression(variables, one.value) })))
    const half = (
      name: string,
      own: readonly string[],
      body: readonly Statement[],
      type: RecordType,
      values: readonly Expression[],
    ): FunctionNode => {
      const whole: readonly Statement[] = [...body, { kind: 'return', value: { kind: 'record', type, values } }]
      const assignedHere = variablesAssigned(whole)
      const names = new Set([...own, ...boundIn(whole), ...variablesMentioned(whole)])
      return {
        name: `${this.#fn.name}_${name}`,
        parameters: own.map((parameter) => ({ name: parameter })),
        variables: Object.fromEntries([...names].map((one) => [one, { type: variables[one]!.type, mutable: assignedHere.has(one) }])),
        result: type,
        body: whole,
        ...(this.#fn.origin && { origin: this.#fn.origin }),
      }
    }
    return {
      forward: half('rule', parameters, before, result, [value, ...kept.map(variable)]),
      backward: half(
        'pullback',
        [...kept, cotangent],
        after,
        given,
        gradients.map((one) => one.value),
      ),
    }
  }

  #refuse(reason: string): never {
    return refuse(this.#c, this.#node, 'CT1116', { text: textOf(this.#node), reason })
  }
}

const tupleParts = (value: Expression, { fields }: RecordType): readonly Expression[] =>
  fields.map(({ name }, i) => (value.kind === 'record' ? value.values[i]! : field(value, name)))

/** The field of the value in what a forward half gives. No variable is called so. */
const VALUE = '$value'

/** By the positions of the parameters. */
type Gradients = readonly { readonly name: string; readonly value: Expression }[]

const granted = ({ f }: Context): readonly RawStatement[] => [
  ...f.granted.values(),
  ...[...f.scratch.values()].flatMap(({ statements }) => statements),
]

/** Whether a gradient can be added to an adjoint of a type: by its elements and fields, in whatever storage. */
function fits(type: Type, wanted: Type): boolean {
  if (wanted.kind === 'number') return type.kind === 'number'
  if (wanted.kind === 'array') return type.kind === 'array' && fits(type.element, wanted.element)
  if (wanted.kind !== 'record' || type.kind !== 'record') return false
  return wanted.fields.every(
    (one) => !carriesDerivative(one.type) || type.fields.some((other) => other.name === one.name && fits(other.type, one.type)),
  )
}
