import { createHash } from 'node:crypto'
import type { Step } from '../../compiler/index.ts'
import type { FunctionNode } from '../../compiler/ir/nodes.ts'
import { parse } from '../../compiler/ir/parse.ts'
import { show } from '../../compiler/ir/show.ts'
import { findProblems } from '../../compiler/ir/verify.ts'

/** What a pass breaks: what `verify` promises of every function, and that its printed form comes back as it was. */
export function problemsAfter({ pass, subject, functions, pending }: Step): readonly string[] {
  return functions.flatMap((fn) => {
    if (isAsBefore(fn, pending)) return []
    const problems = [...findProblems(fn, undefined, pending), ...changedByPrinting(fn)]
    return problems.map((problem) => `${subject} after ${pass}: ${problem}`)
  })
}

/** The functions that were looked at, by their bodies. */
const seen = new WeakMap<FunctionNode['body'], { readonly fn: FunctionNode; readonly pending: number }>()

/** Many passes leave most functions as they are. */
function isAsBefore(fn: FunctionNode, { size: pending }: Step['pending']): boolean {
  const before = seen.get(fn.body)
  seen.set(fn.body, { fn, pending })
  if (before?.pending !== pending || before.fn.parameters !== fn.parameters || before.fn.result !== fn.result) return false
  return Object.entries(fn.variables).every(([name, variable]) => before.fn.variables[name] === variable)
}

/** The printed forms that came back as they were: what is asked for of one function begins alike. */
const unchanged = new Set<string>()

function changedByPrinting(fn: FunctionNode): readonly string[] {
  const text = show(fn, { origins: true })
  // Each unit of a fixture is a file of its own, of the same lines.
  const key = createHash('md5')
    .update(text.replaceAll(/\.\w+\.ts/g, '.ts'))
    .digest('base64')
  if (unchanged.has(key)) return []
  if (show(parse(text), { origins: true }) !== text) return [`another function comes back from\n${text}`]
  unchanged.add(key)
  return []
}
