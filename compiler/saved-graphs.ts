/**
 * What is emitted so that pullbacks can be saved and loaded: the function's name, a hash of its code, its backward half, and the values around it. Only
 * where a program uses `cotangent/graph`: elsewhere emitted code says nothing of it.
 */

import { createHash } from 'node:crypto'
import { identifiers } from './5-emit/avoid-names.ts'
import { printFunction } from './5-emit/print-function.ts'
import { printKey, quote } from './5-emit/print-type.ts'
import { linkMentions, mentionedIn, mentionsIn } from './ir/mention.ts'
import type { Expression, FunctionNode, Opaque } from './ir/nodes.ts'
import { typeOf } from './ir/types.ts'
import { childrenOf, expressionsOf, mapAllExpressions, visitExpression, visitStatements } from './ir/walk.ts'
import { calledIn } from './reached.ts'
import type { Derivations } from './requests.ts'

/** The halves of a function that gives a pullback. */
export interface PullbackMade {
  readonly forward: string
  readonly backward: string
}

const isPullback = (node: Expression): node is Opaque => node.kind === 'opaque' && node.parts[0] === 'cotangent#pullback('

/** `, cotangent@{key})`. */
function lastOf({ parts }: Opaque): string {
  const last = parts.at(-1)
  return typeof last === 'string' ? last : ''
}

/** The halves of what a request of `vjp` became, or nothing for any other function. */
export function pullbackOf({ body }: FunctionNode): PullbackMade | undefined {
  let backward: string | undefined
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (isPullback(node)) backward = mentionsIn(lastOf(node))[0]
      })
  })
  const [forward] = calledIn(body)
  return backward !== undefined && forward !== undefined ? { forward, backward } : undefined
}

/** The same function, whose pullback knows the graph of that name. */
export function withGraph(fn: FunctionNode, graph: string): FunctionNode {
  const add = (expression: Expression): Expression => {
    if (!isPullback(expression)) return expression.kind === 'record' ? { ...expression, values: expression.values.map(add) } : expression
    return { ...expression, parts: [...expression.parts.slice(0, -1), lastOf(expression).replace(/\)$/, `, ${graph})`)] }
  }
  return { ...fn, body: mapAllExpressions(fn.body, add) }
}

/** `graphOf(f_vjp, f_backward, 'f', '1f0c...', () => ({ TABLE }))`. */
export function graphText(
  { forward, backward }: PullbackMade,
  derivations: Derivations,
  names: { readonly graphOf: string; readonly operator: string; readonly backward: string; readonly function: string },
): string {
  const code = codeOf([forward, backward.replace(/:backward$/, ':unhooked')], derivations)
  const around = placesAround(backward, derivations)
  const entries = around.map((place) => (/^[\w$]+$/.test(place) ? place : `${printKey(place)}: ${place}`))
  const values = entries.length === 0 ? '' : `, () => ({ ${entries.join(', ')} })`
  return `${names.graphOf}(${names.operator}, ${names.backward}, ${quote(names.function)}, ${quote(code)}${values})`
}

/**
 * A hash of functions and of all that they call. It depends neither on where the program is, nor on comments, nor on what else is in the file: not on
 * the names that this leaves for types and functions.
 */
function codeOf(keys: readonly string[], derivations: Derivations): string {
  const order: string[] = []
  const numberOf = (key: string): string => {
    if (!order.includes(key)) order.push(key)
    return `${derivations.function(key).name}#${String(order.indexOf(key))}`
  }
  keys.forEach(numberOf)
  const texts: string[] = []
  for (let i = 0; i < order.length; i++) {
    const { text } = printFunction(derivations.finished(order[i]!), { nameOf: numberOf })
    const plain = linkMentions(text, numberOf).replaceAll(/^ *\/\/.*\n/gm, '')
    texts.push(plain.replaceAll(/(_Residuals)_\d+\b/g, '$1'))
  }
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 32)
}

/** Numbers and storage around a backward half that it reads where it runs: these must be the same where a graph is loaded. */
function placesAround(backward: string, derivations: Derivations): readonly string[] {
  const places = new Set<string>()
  const seen = new Set<string>()
  const visitFunction = (key: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    const fn = derivations.finished(key)
    const visit = (expression: Expression): void => {
      const place = placeText(expression)
      if (place === undefined) return childrenOf(expression).forEach(visit)
      if (isData(expression, fn) && !global.has(place.split('.')[0]!)) places.add(place)
    }
    visitStatements(fn.body, (statement) => expressionsOf(statement).forEach(visit))
    calledIn(fn.body).forEach(visitFunction)
  }
  visitFunction(backward)
  return [...places].filter((place) => ![...places].some((other) => place.startsWith(`${other}.`)))
}

const global: ReadonlySet<string> = new Set(['Infinity', 'Math', 'NaN', 'Number', 'undefined'])

function isData(expression: Expression, fn: FunctionNode): boolean {
  const { kind } = typeOf(expression, fn.variables)
  return kind !== 'opaque' && kind !== 'void'
}

/** `cfg.rates` where `cfg` is a name around the function. */
function placeText(expression: Expression): string | undefined {
  if (expression.kind === 'field') {
    const record = placeText(expression.record)
    return record === undefined ? undefined : `${record}.${expression.name}`
  }
  if (expression.kind !== 'opaque' || expression.effects || expression.parts.length !== 1) return undefined
  const [text] = expression.parts
  const isName = typeof text === 'string' && mentionedIn(text) === undefined && /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(text)
  return isName && text.match(identifiers)!.length === 1 ? text : undefined
}
