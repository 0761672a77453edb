/**
 * The gradient with respect to a few numbers, by one tangent each. It has no reverse sweep, so differentiating it again costs little:
 * derivatives within derivatives are made in this way where they can be (Siskind and Pearlmutter 2008, for why nesting needs no tags at compile time).
 */

import { field, number, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import type { GradientOptions } from './gradient.ts'
import { guardsOf } from './guard.ts'
import { tupleOf } from './outputs.ts'
import type { Surroundings } from './prepare.ts'

export function gradientByTangents(
  fn: FunctionNode,
  key: string,
  options: GradientOptions,
  { callees, summaryOf }: Surroundings,
): FunctionNode {
  const scope = Scope.of({
    ...fn,
    variables: Object.fromEntries(fn.parameters.map(({ name }) => [name, { ...fn.variables[name]!, mutable: false }])),
  })
  const body: Statement[] = [...guardsOf(fn, summaryOf)]
  const results = options.wrt.map((index) => {
    const tangent = callees.tangent(
      key,
      fn.parameters.map((_, i) => i === index),
    )
    const made = scope.fresh(`${fn.name}_dual`, callees.function(tangent).result)
    body.push({
      kind: 'call',
      result: made,
      callee: tangent,
      arguments: [...fn.parameters.map(({ name }) => variable(name)), number(1)],
    })
    return variable(made)
  })
  const loss = (part: 'value' | 'tangent', i: number): Expression => {
    const whole = field(results[i]!, part)
    return options.hasAux ? field(whole, '0') : whole
  }
  const NUMBER: Type = { kind: 'number' }
  const slopes = results.map((_, i) => loss('tangent', i))
  const type = options.asList ? tupleOf(slopes.map(() => NUMBER)) : NUMBER
  const gradient: Expression = options.asList ? { kind: 'record', type: type as RecordType, values: slopes } : slopes[0]!
  const parts: { name: string; value: Expression; type: Type }[] = [
    ...(options.withValue ? [{ name: 'value', value: loss('value', 0), type: NUMBER }] : []),
    { name: 'grad', value: gradient, type },
    ...(options.hasAux && fn.result.kind === 'record'
      ? [{ name: 'aux', value: field(field(results[0]!, 'value'), '1'), type: fn.result.fields[1]!.type }]
      : []),
  ]
  const record: RecordType = { kind: 'record', tuple: false, fields: parts.map(({ name, type }) => ({ name, type })) }
  const value: Expression = parts.length === 1 ? gradient : { kind: 'record', type: record, values: parts.map(({ value }) => value) }
  return {
    name: options.name,
    parameters: fn.parameters,
    variables: scope.variables,
    result: parts.length === 1 ? type : record,
    body: [...body, { kind: 'return', value }],
    ...(fn.origin && { origin: fn.origin }),
  }
}
