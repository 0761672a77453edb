import { createCompiler, type Step } from '../../compiler/index.ts'
import type { PassName } from '../../compiler/pass.ts'
import { show } from '../../compiler/ir/show.ts'

/** The example of `compiler/README.md` after each phase, by the name of the phase. */
export function journey(source: string, name: string): Readonly<Record<string, string>> {
  // The request stands last, so that the example has the lines that a reader counts.
  const text = `${source}\n\nimport { grad } from 'cotangent'\nexport const derivative = (...args: Parameters<typeof ${name}>) => grad(${name})(...args)\n`
  const path = '/decay.ts'
  const steps: Step[] = []
  const { code } = createCompiler({ files: { [path]: text } }).compileFile(path, (step) => steps.push(step))
  const after = (pass: PassName): string => show(steps.findLast((step) => step.pass === pass)!.functions[0]!)
  return {
    source,
    read: after('read'),
    prepared: after('name-versions'),
    assembled: after('guard'),
    polished: after('remove-dead'),
    emitted: code.slice(code.indexOf(`function ${name}_grad`)),
  }
}
