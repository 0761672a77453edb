import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { installPackage, root, runNode, tool, writeFiles } from '../support/install.ts'
import { sectionOf } from '../support/setup-page.ts'

/** The ways in, as real processes that use the built package, each in a folder of its own. */

// Each test starts processes that read TypeScript and its library anew.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let installed = ''

beforeAll(async () => {
  installed = await installPackage('ways-in')
})

afterAll(() => rmSync(installed, { recursive: true, force: true }))

function project(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(installed, name)
  mkdirSync(folder)
  writeFiles(folder, { 'package.json': '{ "type": "module" }\n', ...files })
  return folder
}

const nodes = {
  'this Node': process.execPath,
  'a later Node': join(root, 'test/support/node-lts/node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node'),
}

describe.each(Object.entries(nodes))('cotangent/register on %s', (name, node) => {
  const register = (folder: string, ...args: string[]) => runNode(folder, ['--import', 'cotangent/register', ...args], node)

  test('runs the program of the setup page', async () => {
    const { files, commands, output } = sectionOf('Run a program with Node')
    const folder = project(`${name} page`, files)
    expect(commands).toHaveLength(1)
    const [program, ...args] = commands[0]!.split(' ')
    expect(program).toBe('node')
    expect(await runNode(folder, args, node)).toMatchObject({ code: 0, stdout: output })
  })

  test('reads the nearest tsconfig.json, finds imports as TypeScript does, and keeps places in the source', async () => {
    const folder = project(`${name} imports`, {
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "nodenext", "verbatimModuleSyntax": true }, "include": ["*.ts"] }',
      'app.ts': `import { ops } from './ops'
import { where } from './lib/where.js'
import { old } from './old.cjs'
interface Shape { x: number }
const shape: Shape = { x: 3 }
console.log(ops.grad((x: number) => x * x * x)(shape.x), where(), old)
`,
      'ops.ts': `import { grad } from 'cotangent'
export const ops = { grad: (f: (x: number) => number) => (x: number) => f(x) + grad((y: number) => y * y)(x) }
`,
      'lib/where.ts': `import { vjp } from 'cotangent'

interface Unused {
  a: number
}
export const where = (): string => {
  const { value } = vjp((x: number) => x * x)(3); const stack = new Error('x').stack as string
  return \`\${value} \${/where.ts:\\d+:\\d+/.exec(stack)?.[0]}\`
}
`,
      'old.cts': 'export const old: string = typeof module\n',
    })
    expect(await register(folder, '--enable-source-maps', 'app.ts')).toMatchObject({ code: 0, stdout: '33 9 where.ts:7:65 object\n' })
  })

  test('fails with the diagnostic where a request can not be answered', async () => {
    const folder = project(`${name} refused`, {
      'app.ts': `import { grad } from 'cotangent'
console.log('never reached', grad((x: number) => eval('x'))(1))
`,
    })
    const { code, stdout, stderr } = await register(folder, 'app.ts')
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/app\.ts:2:\d+ - error CT\d{4}: /)
    expect(stderr).toContain('hint: ')
  })
})

describe('cotangent/tsc', () => {
  const tspc = (folder: string, ...args: string[]) => runNode(folder, [tool('ts-patch/bin/tspc.js'), ...args])
  const page = sectionOf('Compile with tsc')
  const config = page.files['tsconfig.json']!

  test('compiles the program of the setup page', async () => {
    const folder = project('tsc page', { ...sectionOf('Run a program with Node').files, ...page.files })
    expect(page.commands).toEqual(['npx tspc -p tsconfig.json', 'node out/app.js'])
    expect(await tspc(folder, '-p', 'tsconfig.json')).toMatchObject({ code: 0, stdout: '' })
    expect(await runNode(folder, ['out/app.js'])).toMatchObject({ code: 0, stdout: page.output })
  })

  test('reports type errors and refusals at their places in the source, and fails', async () => {
    const folder = project('tsc refused', {
      'tsconfig.json': config,
      'app.ts': `import { grad } from 'cotangent'
const name: string = 1
export const first = grad((x: number) => x * x)
export const second = grad((x: number) => eval('x'))
export { name }
`,
    })
    const { code, stdout } = await tspc(folder)
    expect(code).toBeGreaterThan(0)
    expect(stdout.split('\n')[0]).toMatch(/^app\.ts\(2,7\): error TS2322: /)
    expect(stdout.split('\n')[1]).toMatch(/^app\.ts\(4,43\): error TS\d+: CT1003: /)
  })

  test('builds incrementally what depends on the body of another file, without errors of its own, and maps to the source', async () => {
    const loss = (factor: number): string => `export const loss = (x: number): number => x * ${factor}\n`
    const folder = project('tsc incremental', {
      'tsconfig.json': config.replace('"strict": true', '"strict": true, "noUnusedLocals": true, "sourceMap": true, "incremental": true'),
      'loss.ts': loss(2),
      'app.ts': `import { vjp } from 'cotangent'
import { loss } from './loss.ts'

console.log(vjp(loss)(1).pullback(1), /app.ts:\\d+/.exec(new Error().stack ?? '')?.[0])
`,
    })
    for (const factor of [2, 3]) {
      writeFiles(folder, { 'loss.ts': loss(factor) })
      expect(await tspc(folder)).toMatchObject({ code: 0, stdout: '' })
      const { stdout } = await runNode(folder, ['--enable-source-maps', 'out/app.js'])
      expect(stdout).toBe(`${factor} app.ts:4\n`)
    }
  })
})
