import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCompiler, type Compiler } from 'cotangent/compiler'
import { generateProject } from './generate.ts'

/** One function whose derivative is emitted again after each edit. */
export interface EditTimes {
  readonly name: string
  /** Of the function as it is written and of what is emitted for it, with the request's file around both. */
  readonly lines: { readonly written: number; readonly emitted: number }
  /** Milliseconds of the edits, in order of size. */
  readonly elapsed: readonly number[]
  readonly worked: readonly number[]
}

interface Edited {
  readonly name: string
  readonly compiler: Compiler
  /** The file that asks for the derivative, and the one with the function. */
  readonly asks: string
  readonly path: string
  /** What is edited: a constant is put before it. */
  readonly at: string
}

/** Times `updateFile` and `compileFile` together in this process, after as many edits that warm it up. A project is written into the folder. */
export function timeEdits(bench: string, folder: string, count: number): EditTimes[] {
  const { files, lines } = generateProject(folder)
  const model = join(folder, 'src', 'model25.ts')
  return [
    alone('Rosenbrock', bench, 'rosenbrock', 'sum += a * a'),
    alone('log-sum-exp', bench, 'log-sum-exp', 'sum += Math.exp'),
    alone('n-body', bench, 'n-body', 'error += d * d'),
    {
      name: `a model of ${files} files, ${lines.toLocaleString('en')} lines`,
      compiler: createCompiler({ tsconfig: join(folder, 'tsconfig.json') }),
      asks: model,
      path: model,
      at: 'total += weight * squared',
    },
  ].map((each) => time(each, count))
}

/** A problem and its request as the only files of a program. */
function alone(name: string, bench: string, file: string, at: string): Edited {
  const [asks, path] = [join(bench, 'requests', `${file}.ts`), join(bench, 'problems', `${file}.ts`)]
  const files = Object.fromEntries([asks, path].map((path) => [path, readFileSync(path, 'utf8')]))
  return { name, compiler: createCompiler({ files }), asks, path, at }
}

function time({ name, compiler, asks, path, at }: Edited, count: number): EditTimes {
  const text = readFileSync(path, 'utf8')
  const before = compiler.compileFile(asks).code
  const elapsed: number[] = []
  const worked: number[] = []
  for (let edit = 1; edit <= 2 * count; edit++) {
    const now = text.replace(at, at.replace('+= ', `+= ${String(edit / 64)} * `))
    const start = performance.now()
    const used = process.cpuUsage()
    compiler.updateFile(path, now)
    const { code, diagnostics } = compiler.compileFile(asks)
    const { user, system } = process.cpuUsage(used)
    if (edit > count) elapsed.push(performance.now() - start)
    if (edit > count) worked.push((user + system) / 1e3)
    if (diagnostics.length > 0 || code === before || !code.includes(String(edit / 64)))
      throw new Error(`${name}: the edit did not come out.`)
  }
  compiler.updateFile(path, text)
  const linesOf = (text: string): number => text.trimEnd().split('\n').length
  const sorted = (times: number[]): number[] => times.sort((a, b) => a - b)
  return { name, lines: { written: linesOf(text), emitted: linesOf(before) }, elapsed: sorted(elapsed), worked: sorted(worked) }
}
