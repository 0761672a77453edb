import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folders, type Ran } from '../support/command.ts'

/** `build` and `check` on projects with something wrong: a diagnostic with its place, the right exit code, and nothing half-written. */

const inFolder = folders()
const config = (options: object = {}): string =>
  JSON.stringify({ compilerOptions: { target: 'es2022', module: 'nodenext', types: [], strict: true, ...options }, include: ['src'] })
const good = `import { grad } from 'cotangent'
export function f(x: number): number {
  return x * x
}
export const df = grad(f)
`
const refused = `import { grad } from 'cotangent'
declare function measure(x: number): number
export function g(x: number): number {
  return 2 * measure(x)
}
export const dg = grad(g)
`
const mistyped = `import { grad } from 'cotangent'
export function h(x: number): number {
  const label: string = x
  return x * label.length
}
export const dh = grad(h)
`

const isClean = ({ stderr, stdout }: Ran): void => {
  expect(stderr + stdout).not.toMatch(/\n {4}at |CT9001/)
}

describe.each(['build', 'check'])('%s', (command) => {
  const args = command === 'build' ? ['build', '--out-dir', 'gen'] : ['check']

  test('without a configuration', async () => {
    const folder = inFolder({ 'src/main.ts': good })
    const ran = await folder.run(args)
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/CT5001[\s\S]*hint: name the configuration/)])
    expect(existsSync(join(folder.path, 'gen'))).toBe(false)
    isClean(ran)
  })

  test('with one that is not there where it was named', async () => {
    const ran = await inFolder({ 'tsconfig.json': config(), 'src/main.ts': good }).run([...args, '-p', 'other.json'])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/CT5001.*other\.json/)])
  })

  test.each([
    ['is not JSON', '{ "compilerOptions": {'],
    ['has an unknown option', '{ "compilerOptions": { "target": "es1800" } }'],
    ['extends nothing', '{ "extends": "./missing.json" }'],
  ])('with one that %s', async (_, text) => {
    const folder = inFolder({ 'tsconfig.json': text, 'src/main.ts': good })
    const ran = await folder.run(args)
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/CT5002[\s\S]*hint: /)])
    expect(existsSync(join(folder.path, 'gen'))).toBe(false)
    isClean(ran)
  })

  test('with a type error in a file that asks', async () => {
    const folder = inFolder({ 'tsconfig.json': config(), 'src/main.ts': good, 'src/typed.ts': mistyped })
    const ran = await folder.run(args)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/src\/typed\.ts:3:9 - error CT5003: TypeScript reports TS2322/)
    expect(ran.stderr).toContain('3   const label: string = x')
    expect(existsSync(join(folder.path, 'gen'))).toBe(false)
  })

  test('with a function that has no derivative', async () => {
    const folder = inFolder({ 'tsconfig.json': config(), 'src/main.ts': good, 'src/refused.ts': refused })
    const ran = await folder.run(args)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/src\/refused\.ts:4:\d+ - error CT3001: `measure` is given `x`/)
    expect(ran.stderr).toContain('because grad(g) is asked for here')
    expect(ran.stderr).toContain('Found 1 error and 0 warnings.')
    expect(existsSync(join(folder.path, 'gen'))).toBe(false)
  })

  test('with such a function that nobody differentiates', async () => {
    const elsewhere = refused.replace('export const dg = grad(g)', 'export const dg = grad((x: number) => x)')
    const ran = await inFolder({ 'tsconfig.json': config(), 'src/main.ts': good, 'src/refused.ts': elsewhere }).run(args)
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining('error')])
  })
})

describe('check', () => {
  test('writes nothing', async () => {
    const folder = inFolder({ 'tsconfig.json': config(), 'src/main.ts': good })
    expect((await folder.run(['check'])).code).toBe(0)
    expect(readdirSync(folder.path).sort()).toEqual(['src', 'tsconfig.json'])
  })
})

describe('the output folder', () => {
  const project = { 'tsconfig.json': config({ rootDir: 'src' }), 'src/main.ts': good, 'src/deep/other.ts': 'export const k = 2\n' }

  test('holds the whole program', async () => {
    const folder = inFolder(project)
    const ran = await folder.run(['build', '--out-dir', 'gen'])
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining('error')])
    expect(readFileSync(join(folder.path, 'gen/main.ts'), 'utf8')).toContain('function f_grad(')
    expect(existsSync(join(folder.path, 'gen/deep/other.ts'))).toBe(true)
  })

  test('that is a file', async () => {
    const folder = inFolder({ ...project, gen: 'mine\n' })
    const ran = await folder.run(['build', '--out-dir', 'gen'])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/CT5004.*gen[\s\S]*hint: name a folder/)])
    expect(readFileSync(join(folder.path, 'gen'), 'utf8')).toBe('mine\n')
    expect(readdirSync(folder.path).sort()).toEqual(['gen', 'src', 'tsconfig.json'])
    isClean(ran)
  })

  test('that is within a file', async () => {
    const ran = await inFolder({ ...project, gen: 'mine\n' }).run(['build', '--out-dir', 'gen/deeper'])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('CT5004')])
    isClean(ran)
  })

  test('in which a folder stands in the place of a file', async () => {
    const folder = inFolder(project)
    mkdirSync(join(folder.path, 'gen/main.ts'), { recursive: true })
    const ran = await folder.run(['build', '--out-dir', 'gen'])
    expect(ran.code).toBe(2)
    expect(existsSync(join(folder.path, 'gen/deep/other.ts'))).toBe(false)
    isClean(ran)
  })

  test('with a file that somebody else wrote', async () => {
    const folder = inFolder({ ...project, 'gen/main.ts': '// mine\n' })
    const ran = await folder.run(['build', '--out-dir', 'gen'])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('CT5010')])
    expect(readFileSync(join(folder.path, 'gen/main.ts'), 'utf8')).toBe('// mine\n')
  })

  test('that is the one of the sources', async () => {
    const folder = inFolder(project)
    const ran = await folder.run(['build', '--out-dir', 'src'])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('CT5006')])
    expect(readFileSync(join(folder.path, 'src/main.ts'), 'utf8')).toBe(good)
  })

  test('of a project with sources outside of its root', async () => {
    const folder = inFolder({
      'app/tsconfig.json': config({ rootDir: 'src' }),
      'app/src/main.ts': "import { k } from '../../shared/k.ts'\nexport const twice = 2 * k\n" + good,
      'shared/k.ts': 'export const k = 2\n',
    })
    const ran = await folder.run(['build', '-p', 'app/tsconfig.json', '--out-dir', 'gen'])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('CT5009')])
    expect(existsSync(join(folder.path, 'gen'))).toBe(false)
  })

  test('is left as it was by a build that is refused later', async () => {
    const folder = inFolder(project)
    await folder.run(['build', '--out-dir', 'gen'])
    const before = readFileSync(join(folder.path, 'gen/main.ts'), 'utf8')
    writeFileSync(join(folder.path, 'src/main.ts'), refused)
    const ran = await folder.run(['build', '--out-dir', 'gen'])
    expect(ran.code).toBe(1)
    expect(readFileSync(join(folder.path, 'gen/main.ts'), 'utf8')).toBe(before)
  })
})
