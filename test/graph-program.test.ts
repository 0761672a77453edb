import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { toMermaid } from '../cli/graph/mermaid.ts'
import { toSvg } from '../cli/graph/svg.ts'
import { compileGraph, createCompiler, type CompiledGraph, type InspectOptions, type ProgramGraph } from '../compiler/index.ts'
import { functionOf, load } from './support/load.ts'
import { nastyPrograms } from './support/nasty-programs.ts'

const annotated = (operator: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(nastyPrograms).map(([name, { text }]) => [
      `/${operator}/${name.replaceAll(' ', '-')}.ts`,
      text.replace('export function f(', `/** @differentiable ${operator} */\nexport function f(`),
    ]),
  )
const operators = ['grad', 'vjp'] as const
const compiler = createCompiler({ files: Object.assign({}, ...operators.map(annotated)) as Record<string, string> })
const pathOf = (name: string, operator = 'grad'): string => `/${operator}/${name.replaceAll(' ', '-')}.ts`

function graphOf(path: string, name: string, options: InspectOptions = {}, from = compiler): ProgramGraph {
  const { graph, diagnostics } = from.graphFunction(path, name, options)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return graph!
}

function emitted(graph: ProgramGraph, modules = {}): CompiledGraph {
  const compiled = compileGraph(JSON.stringify(graph), { modules })
  expect(compiled.diagnostics.map(({ message }) => message)).toEqual([])
  return compiled
}

const withoutFirstLine = (text: string): string => text.slice(text.indexOf('\n') + 1)

const schema = JSON.parse(readFileSync(new URL('../docs/graph.schema.json', import.meta.url), 'utf8')) as object
const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(schema)

describe.each(Object.keys(nastyPrograms))('%s', (name) => {
  test.each(operators)('is emitted from the graph of its %s as from its source', (operator) => {
    const path = pathOf(name, operator)
    const companion = compiler.compileCompanion(path, path.replace(/\.ts$/, '.grad.ts'))
    expect(companion.diagnostics).toEqual([])
    const graph = graphOf(path, 'f', { operator })
    expect(graph.whyNot).toEqual([])
    // What it imports of the source is where it was.
    const modules = Object.fromEntries(graph.program!.imports.map(({ module }) => [module, module]))
    expect(withoutFirstLine(emitted(graph, modules).code)).toBe(withoutFirstLine(companion.code))
  })

  test('follows the schema, and its parts belong together', () => {
    for (const operator of name === 'a loop of unknown length' ? (['grad', 'jvp', 'hessian'] as const) : operators) {
      const graph = graphOf(pathOf(name), 'f', { operator })
      isValid(JSON.parse(JSON.stringify(graph)))
      expect(isValid.errors ?? []).toEqual([])
      expect(graph.functions.length).toBeGreaterThan(0)
      for (const { primal, derivative } of graph.functions) {
        for (const { nodes, groups, edges } of [primal, derivative]) {
          const ids = new Set(nodes.map(({ id }) => id))
          expect(ids.size).toBe(nodes.length)
          const known = new Set(groups.map(({ id }) => id))
          expect([...nodes, ...groups].every(({ group }) => group === null || known.has(group))).toBe(true)
          expect(groups.every(({ head }) => ids.has(head))).toBe(true)
          expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true)
        }
        const primals = new Set(primal.nodes.map(({ id }) => id))
        expect(derivative.nodes.every(({ of }) => of.every((id) => primals.has(id)))).toBe(true)
        expect(primal.nodes.some(({ activity }) => activity === 'active')).toBe(true)
      }
    }
  })

  test('is drawn without any sign of its texts that means something there', () => {
    const graph = graphOf(pathOf(name), 'f')
    const svg = toSvg(graph)
    expect(svg).not.toMatch(/="[^"]*(?:NaN|undefined|Infinity)|cotangent[#!@]/)
    expect(misplacedIn(svg)).toEqual([])
    const mermaid = toMermaid(graph)
    const labels = mermaid
      .split('\n')
      .slice(4)
      .flatMap((line) => /"(.*)"/.exec(line)?.[1] ?? [])
    expect(labels.join('').replaceAll('<br/>', '')).not.toMatch(/["'<>&`%\\{}]/)
  })
})

/** Within the folder of the project, so that no path of the machine gets into a graph. */
const folder = process.cwd().replaceAll('\\', '/')
const others = createCompiler({
  files: {
    [`${folder}/src/lib.ts`]: 'export class Body {\n  constructor(readonly mass: number) {}\n}\nexport const G = { value: 9.81 }\n',
    [`${folder}/src/main.ts`]: `import { Body, G } from './lib.ts'

let calls = 0

export function weight(mass: number): number {
  return mass * G.value
}

export function counted(x: number): number {
  calls++
  return x * calls
}

export const made = (mass: number): Body => new Body(mass * mass)

export function decay(x: number, steps: number): number {
  let y = x
  for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
  return y * y
}

export function loss(a: number, b: number): [number, number] {
  return [a * a * b, b]
}
`,
  },
})
const of = (name: string, options?: InspectOptions): ProgramGraph => graphOf(`${folder}/src/main.ts`, name, options, others)

describe('what is emitted from a graph', () => {
  test.each(Object.entries(nastyPrograms).filter(([, { point }]) => point !== undefined))(
    'of %s runs as that from the source',
    (name, { point }) => {
      const arguments_ = (): readonly unknown[] =>
        structuredClone(point!).map((one, i) =>
          nastyPrograms[name]!.text.includes('Float64Array') && i === 0 && Array.isArray(one) ? Float64Array.from(one as number[]) : one,
        )
      const path = pathOf(name)
      const companion = compiler.compileCompanion(path, path.replace(/\.ts$/, '.grad.ts')).code
      const graph = graphOf(path, 'f')
      // Nothing is there to be imported.
      const code = emitted(graph).code
      const run = (text: string): unknown =>
        functionOf(
          load({ '/other/f.ts': text, [`/other/${path.split('/').at(-1)!}`]: nastyPrograms[name]!.text }, '/other/f.ts'),
          'f_grad',
        )(...arguments_())
      expect(run(code)).toEqual(run(companion))
      expect(JSON.stringify(run(code))).toMatch(/[1-9]/)
    },
  )

  test('has what was asked for: operators, arguments, an auxiliary result', () => {
    const graph = of('loss', { operator: 'valueAndGrad', wrt: [1, 0], hasAux: true })
    expect(graph.wrt).toEqual([
      { index: 1, name: 'b' },
      { index: 0, name: 'a' },
    ])
    const { code, names } = emitted(graph)
    expect(names).toEqual(['loss_valueAndGrad', 'loss_valueAndGradInto'])
    const result = functionOf(load({ '/f.ts': code }, '/f.ts'), 'loss_valueAndGrad')(3, 5) as object
    expect(Object.values(result)).toContainEqual([9, 30])
    for (const operator of ['vjp', 'jvp', 'hvp', 'hessian', 'jacobian'] as const)
      expect(emitted(of('decay', { operator })).names).toEqual([`decay_${operator}`])
  })

  test('says what it needs of modules that stood beside the source', () => {
    const graph = of('made', { operator: 'vjp' })
    const { code, diagnostics } = compileGraph(JSON.stringify(graph), { path: 'made.graph.json' })
    expect(code).toBe('')
    expect(diagnostics.map((one) => [one.code, one.message])).toEqual([
      ['CT5015', 'the derivative in `made.graph.json` imports `Body` of `./lib.ts`, which stood beside its source'],
    ])
    expect(emitted(graph, { './lib.ts': '../there/lib.ts' }).code).toContain("import { Body } from '../there/lib.ts'")
  })

  test('is nothing where the derivative could not stand in a file of its own', () => {
    const graph = of('counted')
    expect(graph.program).toBeNull()
    expect(graph.functions).toHaveLength(1)
    const { code, diagnostics } = compileGraph(JSON.stringify(graph), { path: 'counted.graph.json' })
    expect(code).toBe('')
    expect(diagnostics[0]).toMatchObject({ code: 'CT5016' })
    expect(diagnostics[0]!.message).toContain('uses `calls` of `main.ts`')
  })
})

describe('a graph that is not as it was written', () => {
  const graph = of('decay')
  const text = JSON.stringify(graph)
  const program = graph.program!
  const withProgram = (change: object): string => JSON.stringify({ ...graph, program: { ...program, ...change } })
  const [fn] = program.functions
  const withText = (from: string | RegExp, to: string): string => withProgram({ functions: [{ ...fn!, text: fn!.text.replace(from, to) }] })

  test.each<[string, string, string]>([
    ['nothing', '', 'it is not JSON'],
    ['a text', 'export const x = 1', 'it is not JSON'],
    ['cut', text.slice(0, -100), 'it is not JSON'],
    ['no object', '[1]', 'it does not say that it is a cotangent-program-graph'],
    ['null', 'null', 'it does not say that it is'],
    ['another format', '{"format":"elf","version":1}', 'it does not say that it is'],
    ['a later version', JSON.stringify({ ...graph, version: 2 }), 'it has version 2 of the format, and this release reads version 1'],
    ['no version', JSON.stringify({ ...graph, version: undefined }), 'it has no version of the format'],
    ['no program', JSON.stringify({ ...graph, program: undefined }), 'program is not an object'],
    ['a field of another type', withProgram({ functions: [{ key: 1 }] }), 'program.functions[0].key is not a text'],
    [
      'an unknown operator',
      withProgram({ request: { ...program.request, operator: 'integral' } }),
      'program.request.operator is not an operator',
    ],
    [
      'a name that is none',
      withProgram({ constants: [{ name: 'a = alert(1), b', text: '1' }] }),
      'program.constants[0].name is not a name',
    ],
    [
      'a module that is none',
      withProgram({ imports: [{ local: 'a', exported: 'b', module: "x'; alert(1); '", typeOnly: false }] }),
      'program.imports[0].module is not the name of a module',
    ],
    ['no such argument', withProgram({ request: { ...program.request, wrt: [7] } }), 'has no argument 7'],
    ['no such function', withProgram({ request: { ...program.request, function: 'gone' } }), 'it has no function gone'],
    ['no functions', withProgram({ functions: [] }), 'it has no function'],
    ['a function that is cut', withText(/\}\n$/, ''), 'Expected'],
    ['a function of another language', withText(/[^]*/, 'SELECT 1'), 'Expected "function"'],
    ['a variable that nobody declares', withText('return y * y', 'return y * z'), 'malformed'],
    ['a call that leads nowhere', withText('return y * y', 'const q = call "gone"(y)\n  return y * y'), 'malformed'],
    ['a prototype for a name', withText('let y: number', 'let __proto__: number'), 'malformed'],
    ['a type that nobody describes', withText('let y: number', 'let y: type Gone'), 'malformed'],
    ['a number that is a text', withText('0.1', '"0.1"'), 'Expected'],
    ['nested without end', withText('y * y', `${'('.repeat(20_000)}y${')'.repeat(20_000)}`), 'Maximum call stack'],
  ])('is refused: %s', (_, changed, reason) => {
    const { code, names, diagnostics } = compileGraph(changed, { path: 'loss.graph.json' })
    expect({ code, names }).toEqual({ code: '', names: [] })
    expect(diagnostics.map((one) => one.code)).toEqual(['CT5014'])
    expect(diagnostics[0]!.message).toContain(reason)
  })

  test('never gives half of a derivative when it is cut anywhere', () => {
    for (let length = 0; length < text.length; length += 97) expect(compileGraph(text.slice(0, length)).code).toBe('')
  })
})

test('graphs and drawings are the same each time', () => {
  const again = graphOf(pathOf('recursion'), 'f')
  const graph = graphOf(pathOf('recursion'), 'f')
  expect(graph).toEqual(again)
  expect(toSvg(graph)).toBe(toSvg(again))
})

test('a small graph as JSON and as Mermaid', async () => {
  const graph = of('decay')
  const golden = (name: string): string => new URL(`../fixtures/graphs/${name}`, import.meta.url).pathname
  await expect(`${JSON.stringify(graph, undefined, 2)}\n`).toMatchFileSnapshot(golden('decay.graph.json'))
  await expect(toMermaid(graph)).toMatchFileSnapshot(golden('decay.mmd'))
})

/** The elements of a drawing that are not closed in order, and signs that should have been escaped. */
function misplacedIn(svg: string): readonly string[] {
  const open: string[] = []
  const wrong: string[] = []
  const rest = svg
    .replace(/<style>.*<\/style>/, '')
    .replaceAll(/<(\/?)([a-z]+)((?: [\w-]+="[^"<>]*")*)(\/?)>/g, (_, end: string, name: string, __, single: string) => {
      if (end !== '' && open.pop() !== name) wrong.push(name)
      if (end === '' && single === '') open.push(name)
      return ''
    })
  return [...wrong, ...open, ...(rest.match(/[<>]|&(?!(?:amp|lt|gt|quot);)/g) ?? [])]
}
