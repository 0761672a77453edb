import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkGradients } from '../../runtime/testing.ts'
import { folders, strictConfig, type Folder } from '../support/command.ts'
import { root, tool } from '../support/install.ts'
import { sectionOf } from '../support/setup-page.ts'
import { functionOf, load } from '../support/load.ts'

const inFolder = folders()
const execute = promisify(execFile)

const model = `/** Not exported: derivatives repeat it. */
const OFFSET = 2.5
const weights: readonly number[] = [1, 2, 3]
export const shared = { k: 2 }
export interface Params {
  readonly a: number
  b: Float64Array
}
export function helper(x: number, k = OFFSET): number {
  return x * k + weights[1]!
}
`
const loss = `import { helper, shared, type Params } from './model.ts'

const POWER = 3

/**
 * How far off it is.
 * @differentiable wrt=x,y
 */
export function loss(x: Float64Array, y: number, _unused = false): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.sin(x[i]! * y) * helper(x[i]!)
  return sum
}

/** @differentiable grad hvp vjp jvp hessian jacobian */
export const decay = (x: number, steps: number): number => {
  let y = x
  for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
  return y * y
}

/** @differentiable wrt=p */
export function scaled(p: Params, n = POWER): Float64Array {
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) out[i] = p.a * p.b[i]! * shared.k
  return out
}

/** @differentiable */
function power(x: number, n: number): number {
  if (n <= 0) return 1
  return x * power(x, n - 1)
}
export { power }

export function plain(x: number, scale = shared.k): number {
  return x * x * scale
}
`

describe('a file with annotations', () => {
  let folder: Folder
  let text = ''

  beforeAll(async () => {
    folder = inFolder({ 'tsconfig.json': strictConfig, 'package.json': '{ "type": "module" }', 'src/loss.ts': loss, 'src/model.ts': model })
    expect(await folder.run(['emit', 'src/loss.ts', 'src/loss.ts#plain'])).toEqual({ code: 0, stdout: 'src/loss.grad.ts\n', stderr: '' })
    text = readFileSync(join(folder.path, 'src/loss.grad.ts'), 'utf8')
  })

  test('gets a companion that exports what was asked for, with plain numbers of the original', () => {
    const files = { '/src/model.ts': model, '/src/loss.ts': loss, '/src/loss.grad.ts': text }
    const original = load(files, '/src/loss.ts')
    const made = load(files, '/src/loss.grad.ts')
    expect(Object.keys(made).sort()).toEqual(
      [
        ...['loss_grad', 'loss_gradInto', 'loss_valueAndGrad', 'loss_valueAndGradInto'],
        ...['decay_grad', 'decay_hvp', 'decay_vjp', 'decay_jvp', 'decay_hessian', 'decay_jacobian'],
        ...['scaled_vjp', 'power_grad', 'power_valueAndGrad', 'plain_grad', 'plain_valueAndGrad'],
      ].sort(),
    )
    const x = new Float64Array([0.3, -1.2])
    const first = (...args: unknown[]): Float64Array => (functionOf(made, 'loss_grad')(...args) as [Float64Array, number])[0]
    checkGradients(
      (some: Float64Array) => functionOf(original, 'loss')(some, 0.7) as number,
      (some: Float64Array) => first(some, 0.7),
      [x],
    )
    const out: [Float64Array, number] = [new Float64Array(2), 0]
    expect(functionOf(made, 'loss_valueAndGradInto')(out, x, 0.7)).toBe(functionOf(original, 'loss')(x, 0.7))
    expect(out).toEqual(functionOf(made, 'loss_grad')(x, 0.7))
    checkGradients(
      functionOf(original, 'decay') as (x: number, n: number) => number,
      functionOf(made, 'decay_grad') as (x: number) => number,
      [1.1, 9],
    )
    expect(functionOf(made, 'power_grad')(2, 5)).toBe(80)
    expect(functionOf(made, 'plain_grad')(3)).toBe(12)
    const { value, pullback } = functionOf(made, 'scaled_vjp')({ a: 2, b: new Float64Array([1, 2, 3]) }) as {
      value: Float64Array
      pullback: (cotangent: Float64Array) => unknown
    }
    expect([...value]).toEqual([4, 8, 12])
    expect(pullback(new Float64Array([1, 0, 1]))).toEqual({ a: 8, b: new Float64Array([4, 0, 4]) })
  })

  test('imports what the functions use and nothing else', () => {
    expect(text.split('\n')[0]).toBe('// Written by `cotangent emit` from loss.ts. Change that file, and run the command again.')
    expect(text.match(/^import .*$/gm)).toEqual([
      "import { shared } from './model.ts'",
      "import { storageGuard, wrongLength, tapePool, pullback, copyOf, arrayPool } from 'cotangent/runtime'",
    ])
    expect(text).toContain(
      '/** The gradient of `loss` with respect to `x`, `y`. */\nexport function loss_grad(x: Float64Array, y: number, _unused',
    )
  })

  test.each(['typescript-5.9', 'typescript', 'typescript-7'])('passes %s under strict options', async (version) => {
    const linked = join(folder.path, 'node_modules/cotangent')
    if (!existsSync(linked)) {
      mkdirSync(linked, { recursive: true })
      // Declarations as users have them, made of the sources.
      writeFileSync(join(linked, 'package.json'), '{ "type": "module", "exports": { "./runtime": "./dist/runtime.js" } }')
      const options = [
        '--declaration',
        '--emitDeclarationOnly',
        '--noCheck',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--types',
        'node',
      ]
      const paths = ['--typeRoots', tool('@types'), '--rewriteRelativeImportExtensions', '--outDir', join(linked, 'dist')]
      await execute(process.execPath, [
        tool('typescript/bin/tsc'),
        '--ignoreConfig',
        ...options,
        ...paths,
        join(root, 'runtime/runtime.ts'),
      ])
    }
    const { stdout } = await execute(process.execPath, [tool(`${version}/bin/tsc`), '-p', folder.path]).catch(
      (error: unknown) => error as { stdout: string },
    )
    expect(stdout).toBe('')
  })

  test('is replaced by the next run, and the project with it still passes the check', async () => {
    const other = await folder.run(['emit'])
    expect(other).toEqual({ code: 0, stdout: 'src/loss.grad.ts\n', stderr: '' })
    expect(readFileSync(join(folder.path, 'src/loss.grad.ts'), 'utf8')).not.toContain('plain_grad')
    expect(await folder.run(['check'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

test('does what the setup page shows', async () => {
  const { files, commands, output } = sectionOf('Write derivatives beside the source')
  const folder = inFolder(files)
  expect(commands).toHaveLength(1)
  expect(await folder.run(commands[0]!.split(' ').slice(2))).toEqual({ code: 0, stdout: output, stderr: '' })
  const shown = readFileSync(join(root, 'docs/setup.md'), 'utf8')
  const text = readFileSync(join(folder.path, 'src/line.grad.ts'), 'utf8')
  expect(shown).toContain(text.split('\n').slice(0, 4).join('\n'))
})

describe('elsewhere', () => {
  const simple = '/** @differentiable */\nexport const square = (x: number): number => x * x\n'

  test('a folder of its own is written to with --out-dir, and needs no configuration', async () => {
    const folder = inFolder({
      'a.ts': `import { two } from './b'\n${simple.replace('x * x', 'x * two()')}`,
      'b.ts': 'export const two = () => 2\n',
    })
    expect(await folder.run(['emit', 'a.ts', '--out-dir', 'deep/gen'])).toEqual({ code: 0, stdout: 'deep/gen/a.grad.ts\n', stderr: '' })
    expect(readFileSync(join(folder.path, 'deep/gen/a.grad.ts'), 'utf8')).toContain('export function square_grad(')
    expect(readdirSync(folder.path).sort()).toEqual(['a.ts', 'b.ts', 'deep'])
  })

  test('a file that somebody else wrote is left alone', async () => {
    const folder = inFolder({ 'a.ts': simple, 'a.grad.ts': 'export {}\n' })
    const { code, stderr } = await folder.run(['emit', 'a.ts'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error CT5011: `a\.grad\.ts` is there already/)
    expect(readFileSync(join(folder.path, 'a.grad.ts'), 'utf8')).toBe('export {}\n')
  })

  test('nothing is written where one of several can not be, and nothing is left behind', async () => {
    const folder = inFolder({ 'tsconfig.json': strictConfig, 'src/a.ts': simple, 'src/b.ts': simple, taken: 'a file\n' })
    const { code, stderr } = await folder.run(['emit', '--out-dir', 'taken/gen'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error CT5004: `taken\/gen\/a\.grad\.ts` can not be written: /)
    expect(readdirSync(join(folder.path, 'src')).sort()).toEqual(['a.ts', 'b.ts'])
    writeFileSync(join(folder.path, 'src/b.ts'), simple.replace('x * x', 'eval("x")'))
    const refused = await folder.run(['emit'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('src/b.ts:2:')
    expect(readdirSync(join(folder.path, 'src')).sort()).toEqual(['a.ts', 'b.ts'])
  })
})

describe('what is wrong with an annotation', () => {
  const bad = `/** @differentiable grad hesian */
export function one(x: number): number { return x }
/** @differentiable wrt=x,z */
export function two(x: number, y: number): number { return x * y }
/** @differentiable */
function three(x: number): number { return x }
export class Four {
  /** @differentiable */
  method(x: number): number { return three(x) }
}
/** @differentiable wrt=label */
export function five(label: string, x: number): number { return x * label.length }
/** @differentiable grad */
export function six(x: Float64Array): Float64Array { return x.slice() }
/** @differentiable */
export async function seven(x: number): Promise<number> { return x }
/** @differentiable grad */
export function eight(x: number): number { return outer(x) }
function outer(x: number): number { return eval('x') + x }
export function nobody(x: Map<string, number>): number { return x.size }
`
  test('is found by check too, each at its place, with the annotation as the reason', async () => {
    const folder = inFolder({ 'tsconfig.json': strictConfig, 'src/bad.ts': bad })
    for (const args of [['check'], ['emit']]) {
      const { code, stderr, stdout } = await folder.run(args)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr.match(/^src\S+ - error CT\d+/gm)?.sort()).toEqual(
        [
          'src/bad.ts:1:26 - error CT1201',
          'src/bad.ts:3:21 - error CT1202',
          'src/bad.ts:6:10 - error CT1203',
          'src/bad.ts:8:7 - error CT1204',
          'src/bad.ts:12:17 - error CT2001',
          'src/bad.ts:14:17 - error CT2002',
          'src/bad.ts:16:23 - error CT1001',
          'src/bad.ts:19:44 - error CT1003',
        ].sort(),
      )
      expect(stderr).toContain('because grad(eight) is asked for here')
      expect(stderr).toContain('and eight calls outer here')
      expect(stderr.match(/ {2}hint: /g)).toHaveLength(8)
    }
    expect(readdirSync(join(folder.path, 'src'))).toEqual(['bad.ts'])
  })

  test('or with the command line', async () => {
    const folder = inFolder({ 'src/plain.ts': 'export function f(x: number): number { return x }\n' })
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['emit', 'src/none.ts'], 'error CT5005: there is no TypeScript file `src/none.ts`'],
      [['emit', 'src/plain.ts'], 'error CT5008: `src/plain.ts` has no function with a `@differentiable` annotation'],
      [['emit', 'src/plain.ts#g'], 'src/plain.ts:1:1 - error CT5007: `plain.ts` has no function `g`'],
      [['emit'], 'error CT5001: there is no `tsconfig.json`'],
      [['emit', '#f'], "error: '#f' is not a file, nor a function of one"],
      [['emit', '--nothing'], "error: unknown option '--nothing'"],
    ]
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await folder.run(args)
      expect([code, stdout], args.join(' ')).toEqual([2, ''])
      expect(stderr).toContain(message)
    }
  })
})
