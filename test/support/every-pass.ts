import type { Step } from '../../compiler/index.ts'
import type { FunctionNode } from '../../compiler/ir/nodes.ts'
import { parse } from '../../compiler/ir/parse.ts'
import { show } from '../../compiler/ir/show.ts'
import { findProblems } from '../../compiler/ir/verify.ts'

/** What a pass breaks: what `verify` promises of every function, and that its printed form comes back as it was. */
export function problemsAfter({ pass, subject, functions, pending }: Step): readonly string[] {
  return functions.flatMap((fn) => {
    const problems = [...findProblems(fn, undefined, pending), ...changedByPrinting(fn)]
    return problems.map((problem) => `${subject} after ${pass}: ${problem}`)
  })
}

function changedByPrinting(fn: FunctionNode): readonly string[] {
  const text = show(fn, { origins: true })
  return show(parse(text), { origins: true }) === text ? [] : [`another function comes back from\n${text}`]
}
