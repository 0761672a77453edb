/** What each pass gave, for those who want to read it. */

import { show } from '../ir/show.ts'
import type { FunctionNode } from '../ir/nodes.ts'
import { visitStatements } from '../ir/walk.ts'
import type { Step } from '../pass.ts'
import type { StepReport } from './inspection.ts'

export function reportStep({ pass, subject, functions, facts }: Step): StepReport {
  return {
    pass,
    subject,
    functions: functions.map((fn) => ({
      name: fn.name,
      statements: statementsIn(fn),
      variables: Object.keys(fn.variables).length,
      // The last pass gives TypeScript.
      text: facts.printed?.text ?? show(fn).trimEnd(),
    })),
  }
}

function statementsIn({ body }: FunctionNode): number {
  let count = 0
  visitStatements(body, () => count++)
  return count
}
