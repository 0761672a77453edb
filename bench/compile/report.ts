import { median, type Timing } from '../harness/measure.ts'
import type { CheckTimes, Comparison } from './time.ts'

export const heading = '## Compile time'

/** The section of `bench/README.md`, with what the numbers were measured on. */
export function checkSection({ files, lines, elapsed, worked }: CheckTimes, machine: string): string {
  const row = (what: string, of: (comparison: Comparison) => string): string => `| ${what} | ${of(elapsed)} | ${of(worked)} |`
  return `${heading}

\`cotangent check\` against \`tsc --noEmit\` on a project that \`compile/generate.ts\` writes: ${files} files, ${lines} lines, a request in each file.
Whole processes, run alternately, ${elapsed.tsc.medians.length} times each. The elapsed time suffers from whatever else the machine does; the work of the
processors, user and system on all threads, hardly. The ratio is that of the medians, with the smallest and the largest of any round.

${machine}

| | elapsed | worked |
| --- | --: | --: |
${row('`cotangent check`, median', ({ cotangent }) => seconds(middle(cotangent)))}
${row('`tsc --noEmit`, median', ({ tsc }) => seconds(middle(tsc)))}
${row('ratio', ({ cotangent, tsc, ratio }) => `${(middle(cotangent) / middle(tsc)).toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`)}

To measure it again, and to rewrite this section: \`npm run bench:check\`. It leaves the project in \`bench/gen/project\`; what takes the time there shows
\`node --cpu-prof dist/cli/main.js check -p bench/gen/project/tsconfig.json\`.
`
}

const middle = ({ medians }: Timing): number => median(medians.toSorted((a, b) => a - b))
const seconds = (nanoseconds: number): string => `${(nanoseconds / 1e9).toFixed(2)} s`
