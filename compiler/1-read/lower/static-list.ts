/** The methods of lists that hold functions: what they do for each element is written out, since each element is known when compiling. */

import type ts from '#typescript'
import { number } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { textOf } from '../session.ts'
import { arrayOf } from '../types.ts'
import type { Given } from './arguments.ts'
import { apply } from './call.ts'
import { refuse, temporary, type Binding, type Context } from './context.ts'
import { VOID_VALUE, type Site } from './inline.ts'
import type { ListMethodValue, ObjectValue, StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

const followed = ['forEach', 'map', 'reduce', 'reduceRight', 'at', 'slice', 'concat'] as const
type Method = (typeof followed)[number] | 'push'

/** Whether a method of a list that does not change is known here. */
export const isFollowed = (name: string): boolean => followed.some((one) => one === name)

/** A member of such a list that is none of its elements. */
export function listMethod(c: Context, node: ts.Node, list: ObjectValue, name: string): StaticValue {
  const method = name === 'push' ? name : followed.find((one) => one === name)
  if (!method)
    return refuse(c, node, 'CT1017', {
      method: textOf(node),
      reason: `of the methods of a list of functions, only ${followed.join(', ')} and push are`,
    })
  return { kind: 'listMethod', list, method }
}

/** A call of one. */
export function callListMethod(c: Context, site: Site, { list, method }: ListMethodValue, args: Given): Binding {
  const members = [...list.members.values()]
  const fail = (reason: string): never => refuse(c, site.node, 'CT1017', { method, reason })
  const numberAt = (i: number, otherwise: number): number => {
    const given = args.list[i]
    if (!given) return otherwise
    if (given.kind !== 'expression' || given.expression.kind !== 'number')
      return fail('where it begins and ends is not known when compiling')
    return given.expression.value
  }
  if (args.rest) return fail('it is given arguments whose number is not known when compiling')
  switch (method as Method) {
    case 'push':
      // What is in it must be known without knowing which way the program went.
      if (list.home !== c.f.out) return fail('it is called in a branch or a loop, or for a list that is not a literal')
      for (const given of args.list) list.members.set(String(list.members.size), held(c, given))
      return { kind: 'expression', expression: number(list.members.size) }
    case 'at':
      return members.at(numberAt(0, 0)) ?? { kind: 'static', value: { kind: 'undefined' } }
    case 'slice':
      return listOf(members.slice(numberAt(0, 0), numberAt(1, members.length)))
    case 'concat': {
      const others = args.list.flatMap((given) => {
        if (given.kind === 'expression') return fail('it is given a list whose length is not known when compiling')
        return given.value.kind === 'object' && given.value.isArray ? [...given.value.members.values()] : [given]
      })
      return listOf([...members, ...others])
    }
    case 'reduce':
    case 'reduceRight': {
      const parts = members.map((member, i) => ({ member, i }))
      if (method === 'reduceRight') parts.reverse()
      const start = args.list[1] ?? parts.shift()?.member
      if (!start) return fail('an empty list has nothing to begin with')
      return parts.reduce((sum, { member, i }) => each(c, site, args, [sum, member, index(i)]), held(c, start))
    }
    case 'forEach':
      members.forEach((member, i) => each(c, site, args, [member, index(i)]))
      return VOID_VALUE
    case 'map': {
      const results = members.map((member, i) => held(c, each(c, site, args, [member, index(i)])))
      const values = results.flatMap((result) => (result.kind === 'expression' ? [result.expression] : []))
      if (values.length === 0) return listOf(results)
      if (values.length < results.length) return fail('its results are of several kinds')
      return {
        kind: 'expression',
        expression: { kind: 'list', type: arrayOf('Array', typeOfExpression(c.f.variables, values[0]!)), elements: values },
      }
    }
  }
}

/** A call of the function that the method is given. */
function each(c: Context, site: Site, { list: [fn] }: Given, list: readonly Binding[]): Binding {
  if (fn?.kind !== 'static') return refuse(c, site.node, 'CT3002', { text: textOf(site.node), function: textOf(site.node) })
  return apply(c, { ...site, returned: { kind: 'opaque', text: 'any' } }, fn.value, { list })
}

/** What the next function is given is computed once. */
function held(c: Context, value: Binding): Binding {
  if (value.kind === 'static' || isAtom(value.expression)) return value
  return { kind: 'expression', expression: temporary(c, 'value', typeOfExpression(c.f.variables, value.expression), value.expression) }
}

const isAtom = ({ kind }: Expression): boolean => kind === 'number' || kind === 'boolean' || kind === 'variable'
const index = (i: number): Binding => ({ kind: 'expression', expression: number(i) })
/** A list of what is known when compiling. */
export const listOf = (members: readonly Binding[]): Binding => ({
  kind: 'static',
  value: { kind: 'object', members: new Map(members.map((member, i) => [String(i), member])), isArray: true },
})
