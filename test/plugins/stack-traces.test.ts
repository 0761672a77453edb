import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { installPackage, root, runNode, tool, writeFiles, type Finished } from '../support/install.ts'
import { sectionOf } from '../support/setup-page.ts'

/** An error that is thrown by the user's own code within a derivative names the file and line that the user wrote, by every way in. */

// Each test starts processes that read TypeScript and its library anew.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const files = {
  'package.json': '{ "type": "module" }\n',
  'src/app.ts': `import { grad, valueAndGrad, hook } from 'cotangent'
import { checked } from './lib/checked.ts'

interface Limits {
  readonly most: number
}
const limits: Limits = { most: 3 }

function hooked(x: Float64Array): number {
  const y = x.slice()
  hook(y, (g) => {
    if (g.length > limits.most)
      throw new Error('too long')
    return g
  })
  let sum = 0
  for (let i = 0; i < y.length; i++) sum += y[i]! * y[i]!
  return sum
}

function hookedNumber(x: number): number {
  const y = x * x
  hook(y, (g) => {
    if (g > limits.most) throw new Error('too large')
    return g
  })
  return y * y
}

function inlined(x: Float64Array): number {
  let product = 1
  for (let i = 0; i < x.length; i++) product *= checked(x[i]!)
  return product
}

const slopes = (k: number) => grad((x: number) => {
  const y = checked(x)
  return k * y * y
})

/** Where an error was thrown, and the last place in this file on the way there: what is inlined has no place of its own. */
const placesOf = (ask: () => unknown): string => {
  try {
    return String(ask())
  } catch (error) {
    const places = (error as Error).stack!.match(/\\w+\\.[jt]s:\\d+/g) ?? []
    return [places[0], places.find((place) => place.startsWith('app.'))].join(' ')
  }
}
console.log(placesOf(() => grad(hooked)(new Float64Array(4))))
console.log(placesOf(() => grad(hookedNumber)(9)))
console.log(placesOf(() => valueAndGrad(inlined)(new Float64Array([1, -1]))))
console.log(placesOf(() => slopes(2)(-1)))
`,
  'src/lib/checked.ts': `/** The logarithm of what has one. */
export function checked(x: number): number {
  if (x <= 0)
    throw new RangeError(\`\${x} has none\`)
  return Math.log(x)
}
`,
}

const expected = ['app.ts:13 app.ts:13', 'app.ts:24 app.ts:24', 'checked.ts:4 app.ts:52', 'checked.ts:4 app.ts:53']

let installed = ''

beforeAll(async () => {
  installed = await installPackage('stack-traces')
})

afterAll(() => rmSync(installed, { recursive: true, force: true }))

function project(name: string, options: object): string {
  const compilerOptions = {
    ...{ strict: true, target: 'es2022', module: 'nodenext', rewriteRelativeImportExtensions: true, rootDir: 'src' },
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
    ...options,
  }
  const folder = join(installed, name)
  writeFiles(folder, { ...files, 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }) })
  return folder
}

function expectPlaces({ code, stdout, stderr }: Finished): void {
  expect({ code, stderr, lines: stdout.trim().split('\n') }).toEqual({ code: 0, stderr: '', lines: expected })
}

const nodes = {
  'this Node': process.execPath,
  'a later Node': join(root, 'test/support/node-lts/node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node'),
}

test.each(Object.entries(nodes))('cotangent/register on %s', async (name, node) => {
  const folder = project(`register on ${name}`, {})
  expectPlaces(await runNode(folder, ['--enable-source-maps', '--import', 'cotangent/register', 'src/app.ts'], node))
})

test('the trace that the page on debugging shows', async () => {
  const { files: shown, commands, output } = sectionOf('Read a stack trace', 'debugging')
  const folder = join(installed, 'page')
  writeFiles(folder, { ...shown, 'package.json': '{ "type": "module" }' })
  expect(commands).toHaveLength(1)
  const { code, stderr } = await runNode(folder, commands[0]!.split(' ').slice(1))
  expect(code).toBe(1)
  for (const line of output.trim().split('\n')) expect(stderr).toContain(line)
})

test.each([
  ['maps in files of their own', { sourceMap: true, sourceRoot: '../src' }],
  ['maps within the code', { inlineSourceMap: true, inlineSources: true }],
])('tspc, with %s', async (name, options) => {
  const folder = project(`tspc ${name}`, { ...options, outDir: 'out', plugins: [{ transform: 'cotangent/tsc', transformProgram: true }] })
  expect(await runNode(folder, [tool('ts-patch/bin/tspc.js'), '-p', '.'])).toMatchObject({ code: 0, stdout: '' })
  expectPlaces(await runNode(folder, ['--enable-source-maps', 'out/app.js']))
})

test('cotangent build, tsc of every version, and cotangent maps', async () => {
  const folder = project('build', { sourceMap: true, outDir: 'out' })
  const command = join(installed, 'node_modules/cotangent/dist/cli/main.js')
  expect(await runNode(folder, [command, 'build', '--out-dir', 'gen'])).toEqual({ code: 0, stdout: '', stderr: '' })
  for (const version of ['typescript-5.9', 'typescript', 'typescript-7']) {
    const out = `out-${version}`
    expect(await runNode(folder, [tool(`${version}/bin/tsc`), '-p', 'gen', '--outDir', out])).toMatchObject({ code: 0, stdout: '' })
    // The second time, there is nothing to join.
    for (const joined of [2, 0])
      expect(await runNode(folder, [command, 'maps', out])).toEqual({ code: 0, stdout: `Joined ${joined} of 2 source maps.\n`, stderr: '' })
    expectPlaces(await runNode(folder, ['--enable-source-maps', `${out}/app.js`]))
  }
})
