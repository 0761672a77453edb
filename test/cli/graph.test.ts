import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileGraph, createCompiler, type ProgramGraph } from '../../compiler/index.ts'
import { folders, strictConfig, type Folder } from '../support/command.ts'
import { root } from '../support/install.ts'
import { functionOf, load } from '../support/load.ts'

const inFolder = folders()

const loss = `import { Body } from './body.ts'

let calls = 0

export function decay(x: number, steps: number): number {
  let y = x
  for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
  return y * y
}

export const made = (mass: number): Body => new Body(mass * mass)

export function counted(x: number): number {
  calls++
  return x * calls
}

export function refused(x: number): number {
  return Number(x.toFixed(2))
}
`

describe('cotangent graph', () => {
  let folder: Folder
  beforeAll(() => {
    folder = inFolder({
      'tsconfig.json': strictConfig,
      'package.json': '{ "type": "module" }',
      'src/loss.ts': loss,
      'src/body.ts': 'export class Body {\n  constructor(readonly mass: number) {}\n}\n',
    })
  })
  const run = (...args: string[]): ReturnType<Folder['run']> => folder.run(args)
  const output = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }
  const inside = (path: string): string => join(folder.path, path)

  test('prints each format', async () => {
    const svg = await output('graph', 'src/loss.ts#decay')
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^]*<\/svg>\n$/)
    expect(svg).toContain('stored: y, 8 * ceil(steps) bytes')
    expect(svg).toContain('<text class="title" x="24" y="38">src/loss.ts#decay: grad with respect to x</text>')
    const mermaid = await output('graph', 'src/loss.ts#decay', '--format', 'mermaid')
    expect(mermaid).toContain('["7: y -= 0.1 #42; Math.sin(y)"]')
    const graph = JSON.parse(await output('graph', 'src/loss.ts#decay', '--format', 'json', '--operator', 'vjp')) as ProgramGraph
    expect(graph).toMatchObject({ version: 1, file: 'src/loss.ts', function: 'decay', operator: 'vjp' })
    expect(JSON.stringify(graph)).not.toContain(folder.path)
  })

  test('writes files, whose names say the format', async () => {
    for (const [name, start] of [
      ['a.svg', '<svg'],
      ['b.mmd', '---'],
      ['c.json', '{'],
    ] as const) {
      expect(await output('graph', 'src/loss.ts#decay', '-o', `out/${name}`)).toBe(`${join('out', name)}\n`)
      expect(readFileSync(inside(`out/${name}`), 'utf8').startsWith(start)).toBe(true)
    }
  })

  test('and the derivative is emitted from it where the source is not', async () => {
    await output('graph', 'src/loss.ts#decay', '-o', 'elsewhere/decay.graph.json')
    const other = inFolder({ 'decay.graph.json': readFileSync(inside('elsewhere/decay.graph.json'), 'utf8') })
    expect(await other.run(['emit', 'decay.graph.json'])).toEqual({ code: 0, stdout: 'decay.grad.ts\n', stderr: '' })
    const code = readFileSync(join(other.path, 'decay.grad.ts'), 'utf8')
    expect(code.split('\n')[0]).toBe('// Written by `cotangent emit` from decay.graph.json. Change that file, and run the command again.')
    const own = functionOf(load({ '/f.ts': code }, '/f.ts'), 'decay_grad')
    const steps = 5
    const value = (x: number): number => {
      let y = x
      for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
      return y * y
    }
    expect(own(0.7, steps)).toBeCloseTo((value(0.7 + 1e-5) - value(0.7 - 1e-5)) / 2e-5, 8)
    // Again, over what it wrote.
    expect((await other.run(['emit', 'decay.graph.json', '--out-dir', '.'])).code).toBe(0)
  })

  test('with modules that stand elsewhere', async () => {
    await output('graph', 'src/loss.ts#made', '--operator', 'vjp', '-o', 'made.graph.json')
    const failed = await run('emit', 'made.graph.json')
    expect(failed).toMatchObject({ code: 2, stdout: '' })
    expect(failed.stderr).toContain('CT5015')
    expect(existsSync(inside('made.grad.ts'))).toBe(false)
    expect(await output('emit', 'made.graph.json', '--module', './body.ts=./src/body.ts')).toBe('made.grad.ts\n')
    expect(readFileSync(inside('made.grad.ts'), 'utf8')).toContain("import { Body } from './src/body.ts'")
  })

  test('a graph that can only be looked at says so when it is emitted', async () => {
    await output('graph', 'src/loss.ts#counted', '-o', 'counted.graph.json')
    const { code, stderr } = await run('emit', 'counted.graph.json')
    expect(code).toBe(2)
    expect(stderr).toContain('CT5016')
  })

  test.each<[readonly string[], number, string]>([
    [['src/loss.ts#refused'], 1, 'CT3001'],
    [['src/loss.ts#nothing'], 2, 'its functions are: '],
    [['src/loss.ts'], 2, 'names no function'],
    [['src/none.ts#decay'], 2, 'CT5005'],
    [['src/loss.ts#decay', '--format', 'png'], 2, 'svg, mermaid, json'],
    [['src/loss.ts#decay', '-o', 'src/loss.ts'], 2, 'has the name of a source file'],
    [['src/loss.ts#decay', '--wrt', 'x'], 2, "'--wrt x' is not an index"],
    [['src/loss.ts#decay', '--operator', 'jvp', '--wrt', '0'], 2, "'--wrt' does not go with jvp"],
    [['src/loss.ts#decay', '-o', 'src'], 2, 'CT5004'],
    [[], 2, "missing required argument 'target'"],
  ])('%j fails with %i', async (args, code, text) => {
    const ran = await run('graph', ...args)
    expect(ran.stderr).toContain(text)
    expect(ran.stderr).not.toMatch(/\n\s+at /)
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(readFileSync(inside('src/loss.ts'), 'utf8')).toBe(loss)
  })

  test.each<[string, string, string]>([
    ['not JSON', 'export {}', 'it is not JSON'],
    ['cut', '{"format":"cotangent-program-graph","ver', 'it is not JSON'],
    ['of another version', '{"format":"cotangent-program-graph","version":9}', 'it has version 9'],
  ])('emit refuses a graph that is %s, and writes nothing of the others either', async (_, text, reason) => {
    await output('graph', 'src/loss.ts#decay', '-o', 'good.graph.json')
    mkdirSync(inside('bad'), { recursive: true })
    writeFileSync(inside('bad/bad.json'), text)
    const ran = await run('emit', 'good.graph.json', 'bad/bad.json')
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain(reason)
    expect(existsSync(inside('good.grad.ts'))).toBe(false)
    expect(existsSync(inside('bad/bad.grad.ts'))).toBe(false)
  })

  test('emit says what is wrong with its words', async () => {
    expect((await run('emit', 'none.graph.json')).stderr).toContain('no such file')
    expect(await run('emit', 'none.graph.json')).toMatchObject({ code: 2 })
    expect((await run('emit', 'good.graph.json', '--module', './a')).stderr).toContain('does not say where a module is')
  })
})

describe('docs/program-graph.md', () => {
  const page = readFileSync(join(root, 'docs/program-graph.md'), 'utf8')
  const block = (info: string): string => new RegExp(`^\`\`\`${info}\\n([^]*?)^\`\`\`$`, 'm').exec(page)![1]!
  const files = { 'tsconfig.json': strictConfig, 'package.json': '{ "type": "module" }', 'src/loss.ts': block('ts') }

  test('shows what is printed', async () => {
    const folder = inFolder(files)
    const { code, stdout, stderr } = await folder.run(['graph', 'src/loss.ts#loss', '--format', 'mermaid'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(block('mermaid')).toBe(stdout)
    for (const line of block('sh').trim().split('\n')) {
      const words = line
        .replace(/#\s.*$/, '')
        .trim()
        .split(/\s+/)
        .slice(2)
      expect(await folder.run(words), line).toMatchObject({ code: 0, stderr: '' })
    }
    expect((await folder.run(['emit', 'loss.graph.json'])).stdout).toBe('loss.grad.ts\n')
  })

  test('has a program that works', () => {
    const { path } = inFolder(files)
    const before = process.cwd()
    process.chdir(path)
    try {
      const packages = { 'cotangent/compiler': { compileGraph, createCompiler }, 'node:path': { resolve } }
      const made = load({ '/x.ts': `${block('ts fragment')}\nexport { code, names, diagnostics }` }, '/x.ts', packages)
      expect(made).toMatchObject({ names: ['loss_grad', 'loss_gradInto'], diagnostics: [] })
    } finally {
      process.chdir(before)
    }
  })
})
