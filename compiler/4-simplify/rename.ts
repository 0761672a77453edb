import { variable } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { mapBlocksOf, mapExpression, mapExpressionsOf } from '../ir/walk.ts'

/** Gives every declaration the name that `fresh` says, where it is seen; `outer` are the names from outside. */
export function rename(
  block: readonly Statement[],
  outer: ReadonlyMap<string, Expression>,
  fresh: (name: string) => Expression,
): readonly Statement[] {
  const names = new Map(outer)
  const nameOf = (name: string): string => {
    const renamed = names.get(name)
    return renamed?.kind === 'variable' ? renamed.name : name
  }
  const read = (expression: Expression): Expression =>
    mapExpression(expression, (node) => (node.kind === 'variable' ? (names.get(node.name) ?? node) : node))
  const declared = (name: string): string => {
    names.set(name, fresh(name))
    return nameOf(name)
  }
  return block.map((original): Statement => {
    const statement = mapExpressionsOf(original, read)
    switch (statement.kind) {
      case 'declare':
        return { ...statement, name: declared(statement.name) }
      case 'call':
        return statement.result === undefined ? statement : { ...statement, result: declared(statement.result) }
      case 'assign':
        return statement.target.kind === 'variable' ? { ...statement, target: variable(nameOf(statement.target.name)) } : statement
      case 'reserve':
      case 'release':
        return { ...statement, tape: nameOf(statement.tape) }
      case 'loop': {
        const { counter, exit } = statement
        const inner = new Map(names)
        const counted = counter && fresh(counter.name)
        if (counted) inner.set(counter.name, counted)
        return {
          ...statement,
          ...(counter && counted?.kind === 'variable' && { counter: { ...counter, name: counted.name } }),
          ...(exit !== undefined && { exit: nameOf(exit) }),
          body: rename(statement.body, inner, fresh),
        }
      }
      default:
        return mapBlocksOf(statement, (nested) => rename(nested, names, fresh))
    }
  })
}
