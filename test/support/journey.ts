import { read } from '../../compiler/1-read/index.ts'
import { gradientOf } from '../../compiler/3-differentiate/gradient.ts'
import { prepare, type Surroundings } from '../../compiler/3-differentiate/prepare.ts'
import { simplify } from '../../compiler/4-simplify/index.ts'
import { polish } from '../../compiler/4-simplify/polish.ts'
import { createHost } from '../../compiler/host/program.ts'
import { show } from '../../compiler/ir/show.ts'
import { compile } from './compile.ts'

/** The example of `compiler/README.md` after each phase, by the name of the phase. */
export function journey(source: string, name: string): Readonly<Record<string, string>> {
  const text = `import { grad } from 'cotangent'\n${source}\nexport const derivative = grad(${name})\n`
  const path = '/decay.ts'
  const { program } = read({ program: createHost({ files: { [path]: text } }).program(), file: path })
  const [fn] = program.functions.values()
  if (!fn) throw new Error('The example was not read.')
  const around: Surroundings = {
    callees: {
      tangent: () => ask(),
      pair: () => ask(),
      function: () => ask(),
    },
    summaryOf: () => ({ meetings: [], written: [] }),
    lineOf: ({ origin }) => origin && `${String(origin.line - 1)}: ${text.slice(origin.start, origin.end)}`,
  }
  const options = { wrt: [0], asList: false, hasAux: false, withValue: false, into: false, name: `${name}_grad` }
  const prepared = prepare(fn, { independent: [fn.parameters[0]!.name], dependent: [] }, around).fn
  const assembled = gradientOf(fn, options, around)
  const { code } = compile(text)
  return {
    source,
    read: show(fn),
    prepared: show(prepared),
    assembled: show(assembled),
    polished: show(polish(simplify(assembled), around.summaryOf)),
    emitted: code.slice(code.indexOf(`function ${name}_grad`)),
  }
}

function ask(): never {
  throw new Error('The example calls no function.')
}
