/**
 * What is emitted so that pullbacks can be saved and loaded: the function's name, a hash of its code, its backward half, and the values around it. Only
 * where a program uses `cotangent/graph`: elsewhere emitted code says nothing of it.
 */

import { createHash } from 'node:crypto'
import { identifiers } from './5-emit/avoid-names.ts'
import { printFunction } from './5-emit/print-function.ts'
import { printKey, quote } from './5-emit/print-type.ts'
import { linkMentions, mentionedIn, mentionsIn } from './ir/mention.ts'
import { someType } from './ir/named-type.ts'
import type { Expression, Field, FunctionNode, Opaque, Type } from './ir/nodes.ts'
import { typeOf } from './ir/types.ts'
import { childrenOf, expressionsOf, mapAllExpressions, mapExpression, visitExpression, visitStatements } from './ir/walk.ts'
import { calledIn, reachedFrom } from './reached.ts'
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

/** `graphOf(f_vjp, f_backward, 'f', '1f0c...', { around: () => ({ TABLE }) })`. */
export function graphText(
  { forward, backward }: PullbackMade,
  derivations: Derivations,
  names: { readonly graphOf: string; readonly operator: string; readonly backward: string; readonly function: string },
): string {
  const hooks = hooksKept({ forward, backward }, derivations)
  const code = codeOf([forward, backward.replace(/:backward$/, ':unhooked')], new Set(hooks.values()), derivations)
  const reached = [...reachedFrom(backward, (key) => derivations.finished(key)).values()]
  const around = placesAround(reached).map((place) => (/^[\w$]+$/.test(place) ? place : `${printKey(place)}: ${place}`))
  const parts = [
    ...(around.length > 0 ? [`around: () => ({ ${around.join(', ')} })`] : []),
    ...(hooks.size > 0 ? [`hooks: { ${[...hooks].map(([name, text]) => `${printKey(name)}: () => ${text}`).join(', ')} }`] : []),
    ...(keepsOpaque(forward, hooks, derivations) || reached.some(asksForClass) ? ['isOpaque: true'] : []),
  ]
  const rest = parts.length > 0 ? `, { ${parts.join(', ')} }` : ''
  return `${names.graphOf}(${names.operator}, ${names.backward}, ${quote(names.function)}, ${quote(code)}${rest})`
}

/**
 * A hash of functions and of all that they call. It depends neither on where the program is, nor on comments, nor on what else is in the file: not on
 * the names that this leaves for types and functions.
 */
function codeOf(keys: readonly string[], hooks: ReadonlySet<string>, derivations: Derivations): string {
  const order: string[] = []
  const numberOf = (key: string): string => {
    if (!order.includes(key)) order.push(key)
    return `${derivations.function(key).name}#${String(order.indexOf(key))}`
  }
  keys.forEach(numberOf)
  const texts: string[] = []
  for (let i = 0; i < order.length; i++) {
    const { text } = printFunction(withoutTexts(derivations.finished(order[i]!), hooks), { nameOf: numberOf })
    const plain = linkMentions(text, numberOf).replaceAll(/^ *\/\/.*\n/gm, '')
    texts.push(plain.replaceAll(/(_Residuals)_\d+\b/g, '$1'))
  }
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 32)
}

const withoutTexts = (fn: FunctionNode, texts: ReadonlySet<string>): FunctionNode =>
  texts.size === 0
    ? fn
    : {
        ...fn,
        body: mapAllExpressions(fn.body, (expression) =>
          mapExpression(expression, (node) => (texts.has(closedText(node) ?? '') ? { ...(node as Opaque), parts: ['hook'] } : node)),
        ),
      }

/** The text of a function value that mentions nothing of the function that it stands in. */
function closedText(node: Expression): string | undefined {
  if (node.kind !== 'opaque' || node.type.kind !== 'opaque' || !node.parts.every((part) => typeof part === 'string')) return undefined
  const text = node.parts.join('')
  return text.includes('cotangent') || isPlain(node.type) ? undefined : text
}

/** Hooks that a forward half evaluates and keeps, and that can be evaluated anywhere else as well: their texts, by field. */
function hooksKept({ forward, backward }: PullbackMade, derivations: Derivations): ReadonlyMap<string, string> {
  const called = hooksCalled(derivations.function(backward))
  const found = new Map<string, string>()
  visitStatements(derivations.function(forward).body, (statement) => {
    if (statement.kind !== 'declare' || !statement.value || !called.has(statement.name)) return
    const text = closedText(statement.value)
    if (text !== undefined) found.set(statement.name, text)
  })
  return found
}

/** What a backward half calls as hooks, by the names of variables or of what was kept. */
function hooksCalled({ body }: FunctionNode): ReadonlySet<string> {
  const called = new Set<string>()
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        const [start, fn] = node.kind === 'opaque' ? node.parts : []
        if (typeof start !== 'string' || !/^cotangent#(?:hooked(?:Into)?|observed)\($/.test(start) || typeof fn !== 'object') return
        if (fn.kind === 'variable' || fn.kind === 'field') called.add(fn.name)
      })
  })
  return called
}

function keptBy({ result }: FunctionNode): readonly Field[] {
  const kept = result.kind === 'record' ? result.fields.find(({ name }) => name === 'kept')?.type : undefined
  return kept?.kind === 'record' ? kept.fields : []
}

/** Whether objects are kept that the compiler knows nothing of. */
const keepsOpaque = (forward: string, hooks: ReadonlyMap<string, string>, derivations: Derivations): boolean =>
  keptBy(derivations.function(forward)).some(
    ({ name, type }) => !hooks.has(name) && someType(type, (part) => part.kind === 'opaque' && !isPlain(part)),
  )

/** Whether a function asks an object for its class. */
const asksForClass = (fn: FunctionNode): boolean => /\binstanceof\b|\.constructor\b/.test(printFunction(fn).text)

/** Strings, and what else is no object. */
const isPlain = (type: Type): boolean =>
  type.kind === 'opaque' && /^(\s|\||"[^"]*"|'[^']*'|-?[\d.]+|\b(string|number|boolean|null|undefined|true|false)\b)+$/.test(type.text)

/** Numbers and storage around a backward half that it reads where it runs: these must be the same where a graph is loaded. */
function placesAround(halves: readonly FunctionNode[]): readonly string[] {
  const places = new Set<string>()
  for (const fn of halves) {
    const visit = (expression: Expression): void => {
      const place = placeText(expression)
      if (place === undefined) return childrenOf(expression).forEach(visit)
      if (isData(expression, fn) && !global.has(place.split('.')[0]!)) places.add(place)
    }
    visitStatements(fn.body, (statement) => expressionsOf(statement).forEach(visit))
  }
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
