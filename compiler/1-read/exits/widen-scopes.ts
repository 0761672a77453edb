/**
 * A function that is made in a block and called behind it still sees the constants of that block: `if (n === 0) return () => 0; const m = 2 * n; return (x) => m * x`.
 * Those are declared around both.
 *
 * Needs: structured statements, unique names. Promises: each name is seen wherever it is used, but for those given back: what a loop makes in each of its iterations
 * is no single value behind it. Costs: a visit; one more for each block that such a name leaves.
 */

import { assign, declare, variable } from '../../ir/build.ts'
import type { Expression, Statement, Type } from '../../ir/nodes.ts'
import { noValue } from '../../ir/missing.ts'
import { placeholder } from '../../ir/placeholder.ts'
import { blocksOf, declaredBy, expressionsOf, mapBlocksOf, variablesIn } from '../../ir/walk.ts'

type Block = readonly Statement[]

/** Where a statement stands: the lists around it, from the outermost, and in each the statement that leads to it. */
type Path = readonly { readonly block: Block; readonly at: Statement }[]

export interface Widened {
  readonly body: Block
  readonly unseen: ReadonlySet<string>
}

export function widenScopes(body: Block, typeOf: (name: string) => Type): Widened {
  const declared = new Map<string, Path>()
  const strays = new Map<string, Path[]>()
  const visit = (block: Block, around: Path, outer: ReadonlySet<string>): void => {
    const seen = new Set(outer)
    for (const statement of block) {
      const path = [...around, { block, at: statement }]
      const used = new Set<string>()
      for (const expression of expressionsOf(statement)) variablesIn(expression, used)
      for (const name of used) if (declared.has(name) && !seen.has(name)) strays.set(name, [...(strays.get(name) ?? []), path])
      const name = declaredBy(statement)
      if (name !== undefined) {
        seen.add(name)
        declared.set(name, path)
      }
      for (const inner of blocksOf(statement)) visit(inner, path, seen)
    }
  }
  visit(body, [], new Set())
  const unseen = new Set<string>()
  /** What is declared before a statement. */
  const before = new Map<Statement, string[]>()
  for (const [name, uses] of strays) {
    const own = declared.get(name)!
    const depth = own.findIndex((step, i) => uses.some((use) => use[i]?.block !== step.block)) - 1
    const isMadeOften = own.slice(depth, -1).some(({ at }) => at.kind === 'loop')
    if (depth < 0 || isMadeOften || own.at(-1)!.at.kind !== 'declare') unseen.add(name)
    else before.set(own[depth]!.at, [...(before.get(own[depth]!.at) ?? []), name])
  }
  const moved = new Set([...before.values()].flat())
  if (moved.size === 0) return { body, unseen }
  const rewrite = (block: Block): Block =>
    block.flatMap((statement): Block => {
      const made = (before.get(statement) ?? []).map((name) => declare(name, placeholder(typeOf(name), nothing)))
      return [...made, ...(given(statement, moved) ?? [mapBlocksOf(statement, rewrite)])]
    })
  return { body: rewrite(body), unseen }
}

/** What is left of a declaration that stands elsewhere now. */
function given(statement: Statement, moved: ReadonlySet<string>): Block | undefined {
  if (statement.kind !== 'declare' || !moved.has(statement.name)) return undefined
  const { name, value, origin } = statement
  return value ? [assign(variable(name), value, origin)] : []
}

function nothing(type: Type): Expression | undefined {
  if (type.kind === 'array') return { kind: 'list', type, elements: [] }
  if (type.kind === 'keyed') return { kind: 'keyed', type }
  return type.kind === 'opaque' ? noValue(type) : undefined
}
