/** What the passes gave, as text. */

import type { StepReport } from '../compiler/index.ts'

export function listSteps(steps: readonly StepReport[]): string {
  const rows = steps.map(({ pass, subject, functions }) => {
    const count = functions.reduce((sum, { statements }) => sum + statements, 0)
    return [pass, `${String(count)} ${count === 1 ? 'statement' : 'statements'}`, subject] as const
  })
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map(([pass, size, subject]) => `${pass.padEnd(widths[0]!)}  ${size.padStart(widths[1]!)}  ${subject}`).join('\n')
}

/** A pass that did not run is said so: which ones do depends on the function and on the operator. */
export function showSteps(steps: readonly StepReport[], wanted: readonly string[]): string {
  const missing = wanted.filter((name) => steps.every(({ pass }) => pass !== name)).map((name) => `// ${name} did not run`)
  const texts = steps.map(({ pass, subject, functions }, i) => {
    const again = steps.slice(0, i).filter((earlier) => earlier.pass === pass && earlier.subject === subject).length
    const times = again === 0 ? '' : `, time ${String(again + 1)}`
    return [`// after ${pass}${times}: ${subject}`, ...functions.map(({ text }) => text)].join('\n')
  })
  return [...texts, ...missing].join('\n\n')
}
