import { table } from '../harness/format.ts'
import type { Section } from '../report.ts'
import type { Sized, Sizes } from './measure.ts'

/** What the runtime may take, in gzipped bytes. */
const scalarTarget = 1000
const gradientTarget = 3000

export function printSizes({ scalars, gradients, together }: Sizes): string {
  return [...scalars, largest(gradients), together]
    .map(({ name, imports, bytes }) => `${name}: ${bytes} bytes for ${imports.join(', ') || 'nothing'}`)
    .join('\n')
}

/** The section of `bench/README.md`. */
export function sizeSection({ scalars, gradients, together }: Sizes): Section {
  const heading = '## Size of the runtime'
  const row = ({ name, imports, bytes }: Sized, target: number): string[] => [
    name,
    imports.map((name) => `\`${name}\``).join(', ') || 'nothing',
    String(bytes),
    String(target),
    bytes < target ? 'met' : 'missed',
  ]
  const most = largest(gradients)
  const text = `${heading}

What emitted code takes along from \`cotangent/runtime\`: bundled and minified by Rolldown, gzipped, in bytes, without the emitted code itself. Gradients of functions of numbers
(\`size/programs.ts\`), then the ${gradients.length} files of the benchmarks that ask for a gradient of the first order (\`requests/\`, \`language/programs/\`).

${table(
  ['gradient', 'imports', 'bytes', 'target', ''],
  [
    ...scalars.map((one) => row({ ...one, name: `of numbers: ${one.name}` }, scalarTarget)),
    row({ ...most, name: `the largest of the benchmarks, \`${most.name}\`` }, gradientTarget),
    row({ ...together, name: `all ${gradients.length} together` }, gradientTarget),
  ],
)}

To measure it again, and to rewrite this section: \`npm run bench:size\`; with \`-- --quick\` it only prints.
`
  return { heading, text }
}

function largest(gradients: readonly Sized[]): Sized {
  return gradients.reduce((most, one) => (one.bytes > most.bytes ? one : most))
}
