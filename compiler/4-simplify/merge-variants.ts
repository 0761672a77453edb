/**
 * Variables that hold objects of one of several classes, chosen as the function runs, hold objects of one type instead, with the fields of all and a number
 * that says which class it is: tests for the class compare numbers, and `scalar-records` takes the objects apart.
 *
 * A field that an object lacks is NaN: arithmetic makes the same of it as of `undefined`, and where more than that is done with it, objects stay what they are.
 *
 * Needs: unique names. Promises: the same values; a function in which nothing comes apart by it is left alone. Costs: a few visits.
 */

import { field, NUMBER, number, operation, variable } from '../ir/build.ts'
import type { Expression, Field, FunctionNode, RecordType, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { mapBlocksOf, mapChildren, mapExpressionsOf } from '../ir/walk.ts'
import { findSeparable } from './separable.ts'
import { classOf, testedClass, variantGroups, type VariantGroup } from './variant-groups.ts'

export function mergeVariants(fn: FunctionNode): FunctionNode {
  return variantGroups(fn).reduce((done, group) => merged(done, group) ?? done, fn)
}

function merged(fn: FunctionNode, { names, types }: VariantGroup): FunctionNode | undefined {
  const variant = new Variant(types)
  const isOne = (expression: Expression): boolean => expression.kind === 'variable' && names.has(expression.name)
  const read = (expression: Expression): Expression => {
    if (expression.kind === 'opaque') {
      const tested = testedClass(expression)
      if (tested && isOne(tested.object)) return variant.test(tested.object, tested.name)
    }
    return mapChildren(expression, read)
  }
  const give = (name: string, statement: Statement): Statement =>
    names.has(name)
      ? mapExpressionsOf(statement, (value) => (value.kind === 'record' ? variant.made(value, read) : read(value)))
      : mapExpressionsOf(statement, read)
  const rewrite = (block: readonly Statement[]): readonly Statement[] =>
    block.flatMap((statement): readonly Statement[] => {
      const known = decide(statement, isOne, variant.classes)
      if (known) return rewrite(known)
      const inner = mapBlocksOf(statement, rewrite)
      if (inner.kind === 'declare') return [give(inner.name, inner)]
      if (inner.kind === 'assign' && inner.target.kind === 'variable') return [give(inner.target.name, inner)]
      return [mapExpressionsOf(inner, read)]
    })
  const variables = Object.fromEntries(
    Object.entries(fn.variables).map(([name, info]) => [name, names.has(name) ? { ...info, type: variant.type } : info]),
  )
  const made = { ...fn, body: rewrite(fn.body), variables }
  const { separable } = findSeparable(made)
  return [...names].every((name) => separable.has(name)) ? made : undefined
}

/** The branch that is taken whenever control comes to a test for a class, given those that are left; with what such a chain asks last decided. */
function decide(statement: Statement, isOne: (object: Expression) => boolean, left: readonly string[]): readonly Statement[] | undefined {
  if (statement.kind !== 'if' || statement.test.kind !== 'opaque') return undefined
  const tested = testedClass(statement.test)
  if (!tested || !isOne(tested.object)) return undefined
  if (!left.includes(tested.name)) return statement.else
  if (left.length === 1) return statement.then
  const [next, ...others] = statement.else
  if (!next || others.length > 0) return undefined
  const rest = decide(
    next,
    (object) => sameExpression(object, tested.object),
    left.filter((name) => name !== tested.name),
  )
  return rest && [{ ...statement, else: rest }]
}

const WHICH = 'class'

/** The type that stands for several. */
class Variant {
  readonly type: RecordType
  readonly classes: readonly string[]

  constructor(types: readonly RecordType[]) {
    const fields = new Map<string, Field>()
    for (const type of types) for (const { name, type: held } of type.fields) fields.set(name, { name, type: held })
    this.classes = [...new Set(types.map(classOf))]
    this.type = { kind: 'record', tuple: false, fields: [...fields.values(), { name: WHICH, type: NUMBER }] }
  }

  made(value: Expression & { readonly kind: 'record' }, read: (expression: Expression) => Expression): Expression {
    const values = this.type.fields.map(({ name }) => {
      if (name === WHICH) return number(this.classes.indexOf(classOf(value.type)))
      const at = value.type.fields.findIndex((own) => own.name === name)
      return at < 0 ? NOT_THERE : read(value.values[at]!)
    })
    return { kind: 'record', type: this.type, values }
  }

  test(object: Expression, name: string): Expression {
    return operation('===', field(variable((object as Expression & { kind: 'variable' }).name), WHICH), number(this.classes.indexOf(name)))
  }
}

const NOT_THERE: Expression = { kind: 'number', value: NaN, text: 'NaN' }
