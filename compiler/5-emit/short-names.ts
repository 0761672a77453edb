/**
 * Within the compiler every variable has a name of its own. On paper a name may be declared again in another scope: the counters of two loops are both
 * `i`, and the value that a tape brings back has the name of the variable that it is the value of.
 *
 * Needs: names are unique. Promises: each name means in every scope what it meant before; no name from outside is hidden. Costs: for each numbered
 * name a look at the scope that declares it.
 */

import type { FunctionNode, Statement } from '../ir/nodes.ts'
import { blocksOf, declaredBy, expressionsOf, variablesIn } from '../ir/walk.ts'

/** Gives the printed name of each variable. `outside` are the names that the function means by a declaration of its file. */
export function shortNames(fn: FunctionNode, outside: ReadonlySet<string>): (name: string) => string {
  const top = scopeOf(
    fn.body,
    fn.parameters.map(({ name }) => name),
  )
  const shown = new Map<string, string>()
  const nameOf = (name: string): string => shown.get(name) ?? name
  const parameters = new Set(fn.parameters.map(({ name }) => name))
  visitScopes(top, (scope, counters) => {
    for (const name of scope.declared) {
      if (parameters.has(name)) continue
      // Two nested loops that count with one name are allowed, and a trap.
      const isTrap = (base: string): boolean => counters.some((counter) => nameOf(counter) === base)
      const short = basesOf(name, fn).find((base) => !outside.has(base) && !isTrap(base) && isFree(base, name, scope, nameOf))
      if (short !== undefined) shown.set(name, short)
    }
  })
  return nameOf
}

interface Scope {
  readonly declared: Set<string>
  /** What its statements mention, those of inner scopes included. */
  readonly mentioned: Set<string>
  readonly inner: Scope[]
  /** Whether it is that of a loop's counter. */
  readonly isCounter: boolean
}

function scopeOf(block: readonly Statement[], declared: readonly string[] = []): Scope {
  const scope: Scope = { declared: new Set(declared), mentioned: new Set(declared), inner: [], isCounter: false }
  for (const statement of block) {
    for (const expression of expressionsOf(statement)) variablesIn(expression, scope.mentioned)
    if (statement.kind === 'loop' && statement.exit !== undefined) scope.mentioned.add(statement.exit)
    const name = declaredBy(statement)
    if (name !== undefined) scope.declared.add(name)
    const counter = statement.kind === 'loop' ? statement.counter : undefined
    const inner = blocksOf(statement).map((nested) => scopeOf(nested))
    // A counter has a scope of its own around the body.
    if (counter) scope.inner.push(around([counter.name], inner))
    else scope.inner.push(...inner)
  }
  for (const inner of scope.inner) for (const name of inner.mentioned) scope.mentioned.add(name)
  for (const name of scope.declared) scope.mentioned.add(name)
  return scope
}

function around(declared: readonly string[], inner: readonly Scope[]): Scope {
  return {
    declared: new Set(declared),
    mentioned: new Set([...declared, ...inner.flatMap(({ mentioned }) => [...mentioned])]),
    inner: [...inner],
    isCounter: true,
  }
}

/** `counters`: those of the loops around. */
function visitScopes(scope: Scope, f: (scope: Scope, counters: readonly string[]) => void, counters: readonly string[] = []): void {
  f(scope, counters)
  const around = scope.isCounter ? [...counters, ...scope.declared] : counters
  for (const inner of scope.inner) visitScopes(inner, f, around)
}

/** Shorter names, the shortest first: numbers at the end only tell a name from others of the function, or were given to an operation's value. */
function basesOf(name: string, { variables }: FunctionNode): readonly string[] {
  const bases: string[] = []
  for (let base = name; ;) {
    const [, shorter] = /^(.+)_\d+$/.exec(base) ?? []
    if (shorter === undefined) break
    base = shorter
    if (Object.hasOwn(variables, base) || operationNames.test(base) || sweepNames.test(base)) bases.unshift(base)
  }
  return bases
}

/** What the compiler calls the values of operations that the author did not name. */
const operationNames =
  /^(?:sum|difference|product|quotient|power|remainder|negated|value|test|index|end|a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log10|log2|log1p|sqrt|cbrt|abs|max|min|hypot|pow)$/

/** What it calls what is kept between the sweeps, and what counts there: some names went to attempts that came to nothing. */
const sweepNames = /_(?:tape|call|kept|bars)$|^(?:trips?|slot)$/

/** Whether the scope that declares a variable, and those within, mean nothing else by a name. */
function isFree(short: string, name: string, scope: Scope, nameOf: (name: string) => string): boolean {
  for (const other of scope.mentioned) {
    if (other === name || nameOf(other) !== short) continue
    // Declared further in: it may hide this one where this one is not meant.
    if (!hides(scope, other, name)) continue
    return false
  }
  return true
}

/** Whether `other` is declared outside a scope's inner scopes, or in one of them that mentions `name`. */
function hides(scope: Scope, other: string, name: string): boolean {
  if (scope.declared.has(other)) return true
  const home = scope.inner.find((inner) => declares(inner, other))
  if (!home) return true
  return home.mentioned.has(name) && hides(home, other, name)
}

const declares = (scope: Scope, name: string): boolean => scope.declared.has(name) || scope.inner.some((inner) => declares(inner, name))
