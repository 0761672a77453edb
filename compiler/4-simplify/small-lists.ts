/**
 * Arrays of a few elements that never leave the function become tuples, which `scalar-records` takes apart: `[a, b].map(f)`, a vector written as `[x, v]`, a list
 * of objects of several classes. Loops over their elements are unrolled where that is little code.
 *
 * Such an array has the same length wherever it comes from, and nothing is done with it but reading and writing elements, asking for the length, and copying
 * the reference to variables of which the same holds.
 *
 * Needs: unique names. Promises: the same values; arrays that would not come apart stay what they are. Costs: a few visits, twice where some arrays stay.
 */

import { field, number } from '../ir/build.ts'
import type { Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { showType } from '../ir/parse-type.ts'
import { Scope } from '../ir/scope.ts'
import {
  expressionsOf,
  mapAllExpressions,
  mapBlocksOf,
  mapExpression,
  mapExpressionsOf,
  visitExpression,
  visitStatements,
} from '../ir/walk.ts'
import { isUpwards, type CountedLoop } from './loop-product.ts'
import { scalarRecords } from './scalar-records.ts'
import { findSeparable } from './separable.ts'
import { findSmallLists } from './small-list-groups.ts'
import { unrolled } from './unroll.ts'

/** The statements that unrolling one loop may give. */
const MOST_STATEMENTS = 48

export function smallLists(fn: FunctionNode, except: ReadonlySet<string> = new Set()): FunctionNode {
  const lengths = findSmallLists(fn, except)
  if (lengths.size === 0) return fn
  const scope = Scope.of(fn)
  const counted = mapAllExpressions(fn.body, (expression) =>
    mapExpression(expression, (node) => {
      const known = node.kind === 'length' && node.array.kind === 'variable' ? lengths.get(node.array.name) : undefined
      return known === undefined ? node : number(known)
    }),
  )
  const flat = { ...fn, body: unrollOver(counted, lengths, scope), variables: scope.variables }
  const stay = notConstant(flat, lengths)
  const made = stay.size > 0 ? flat : asTuples(flat, lengths)
  const { separable } = stay.size > 0 ? { separable: new Map() } : findSeparable(made)
  for (const name of lengths.keys()) if (stay.size === 0 && !separable.has(name)) stay.add(name)
  if (stay.size === 0) for (const name of notAlike(flat, made, lengths)) stay.add(name)
  // What stays may be why others do; each round leaves some out.
  return stay.size === 0 ? made : smallLists(fn, new Set([...except, ...stay]))
}

/** Without the loops that count through one of the arrays. */
function unrollOver(block: readonly Statement[], lengths: ReadonlyMap<string, number>, scope: Scope): readonly Statement[] {
  return block.flatMap((original): readonly Statement[] => {
    const statement = mapBlocksOf(original, (inner) => unrollOver(inner, lengths, scope))
    if (!isUpwards(statement) || statement.counter.to.kind !== 'number') return [statement]
    const times = statement.counter.to.value
    return countsThrough(statement, lengths) && times * sizeOf(statement) <= MOST_STATEMENTS
      ? unrolled(statement, times, scope)
      : [statement]
  })
}

function countsThrough({ counter, body }: CountedLoop, lengths: ReadonlyMap<string, number>): boolean {
  let found = false
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind !== 'element' || node.array.kind !== 'variable' || !lengths.has(node.array.name)) return
        visitExpression(node.index, (part) => {
          if (part.kind === 'variable' && part.name === counter.name) found = true
        })
      })
  })
  return found
}

function sizeOf({ body }: CountedLoop): number {
  let count = 0
  visitStatements(body, ({ kind }) => {
    if (kind !== 'comment') count++
  })
  return count
}

/** The arrays of which an element is meant that is not known, or that is not there. */
function notConstant({ body }: FunctionNode, lengths: ReadonlyMap<string, number>): Set<string> {
  const found = new Set<string>()
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        const length = node.kind === 'element' && node.array.kind === 'variable' ? lengths.get(node.array.name) : undefined
        if (length === undefined || node.kind !== 'element' || node.array.kind !== 'variable') return
        const { index } = node
        if (index.kind !== 'number' || !Number.isInteger(index.value) || index.value < 0 || index.value >= length)
          found.add(node.array.name)
      })
  })
  return found
}

/** The lists of objects of several types that would not come apart with the list: what reads them as one type would find another. */
function notAlike(fn: FunctionNode, made: FunctionNode, lengths: ReadonlyMap<string, number>): readonly string[] {
  const listed = new Map<string, readonly string[]>()
  visitStatements(fn.body, (statement) => {
    const name = givenBy(statement)
    const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
    const type = name === undefined ? undefined : fn.variables[name]!.type
    if (name === undefined || !lengths.has(name) || value?.kind !== 'list' || type?.kind !== 'array' || type.element.kind !== 'record')
      return
    const whole = showType(type.element)
    const own = value.elements.map((one) => (one.kind === 'variable' ? one.name : ''))
    const differ = value.elements.some((one) => {
      const given = one.kind === 'variable' ? fn.variables[one.name]!.type : one.kind === 'record' ? one.type : undefined
      return !given || showType(given) !== whole
    })
    if (differ) listed.set(name, own)
  })
  if (listed.size === 0) return []
  const apart = scalarRecords(made).variables
  const isClass = (name: string): boolean => {
    const type = fn.variables[name]?.type
    return type?.kind === 'record' && type.class !== undefined && !Object.hasOwn(apart, name)
  }
  return [...listed].flatMap(([name, own]) => (own.every(isClass) ? [] : [name]))
}

function asTuples(fn: FunctionNode, lengths: ReadonlyMap<string, number>): FunctionNode {
  const created = new Map<string, (Expression & { readonly kind: 'list' })[]>()
  visitStatements(fn.body, (statement) => {
    const name = givenBy(statement)
    const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
    if (name !== undefined && lengths.has(name) && value?.kind === 'list') created.set(name, [...(created.get(name) ?? []), value])
  })
  const typeOf = (name: string): RecordType => {
    const type = fn.variables[name]!.type as Type & { readonly kind: 'array' }
    const only = fn.variables[name]!.mutable ? undefined : created.get(name)?.[0]
    const fields = Array.from({ length: lengths.get(name)! }, (_, i) => {
      const element = only?.elements[i]
      // An object of a list of several classes has a class of its own.
      const own = element?.kind === 'variable' && type.element.kind === 'record' ? fn.variables[element.name]!.type : type.element
      return { name: String(i), type: own }
    })
    return { kind: 'record', tuple: true, fields }
  }
  const types = new Map([...lengths.keys()].map((name) => [name, typeOf(name)]))
  const read = (expression: Expression): Expression =>
    mapExpression(expression, (node) =>
      node.kind === 'element' && node.array.kind === 'variable' && types.has(node.array.name) && node.index.kind === 'number'
        ? field(node.array, String(node.index.value))
        : node,
    )
  const rewrite = (block: readonly Statement[]): readonly Statement[] =>
    block.map((original): Statement => {
      const name = givenBy(original)
      const type = name === undefined ? undefined : types.get(name)
      const statement = mapExpressionsOf(mapBlocksOf(original, rewrite), read)
      if (statement.kind === 'assign' && statement.target.kind === 'element') {
        const target = read(statement.target)
        return target.kind === 'field' ? { ...statement, target } : statement
      }
      if (!type || (statement.kind !== 'declare' && statement.kind !== 'assign') || !statement.value) return statement
      return { ...statement, value: tupleOf(statement.value, type) }
    })
  const variables = Object.fromEntries(
    Object.entries(fn.variables).map(([name, info]) => [name, { ...info, type: types.get(name) ?? info.type }]),
  )
  return { ...fn, body: rewrite(fn.body), variables }
}

function tupleOf(value: Expression, type: RecordType): Expression {
  if (value.kind === 'list') return { kind: 'record', type, values: value.elements }
  return value.kind === 'zeros' ? { kind: 'record', type, values: type.fields.map(() => number(0)) } : value
}

function givenBy(statement: Statement): string | undefined {
  if (statement.kind === 'declare') return statement.name
  return statement.kind === 'assign' && statement.target.kind === 'variable' ? statement.target.name : undefined
}
