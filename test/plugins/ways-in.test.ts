import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPackage, root, runNode, writeFiles } from '../support/install.ts'
import { sectionOf } from '../support/setup-page.ts'

/** The ways in, as real processes that use the built package, each in a folder of its own. */

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
