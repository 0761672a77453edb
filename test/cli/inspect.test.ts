import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Inspection } from '../../compiler/index.ts'
import { folders, strictConfig, type Folder } from '../support/command.ts'
import { root } from '../support/install.ts'

const inFolder = folders()

const loss = `import { noGrad } from 'cotangent'
import { twice } from './twice.ts'

export function decay(x: number, steps: number): number {
  let y = x
  for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
  return y * y
}

const scaled = (w: Float64Array, n: number): number => {
  const scale = noGrad(() => Math.exp(w[0]!))
  const rest = w[1]! * 3
  let sum = 0
  for (let i = 0; i < n; i++) sum += twice(w[i]!) * scale
  return rest > 0 ? sum : 0
}

export const both = (x: number, y: number): [number, number] => [x * y, scaled(new Float64Array([y]), 1)]

export function refused(x: number): number {
  return Number(x.toFixed(2))
}
`
const twice = `export function twice(x: number): number {
  const e = Math.exp(x)
  return 2 * e
}
`

describe('cotangent inspect', () => {
  let folder: Folder
  beforeAll(() => {
    folder = inFolder({
      'tsconfig.json': strictConfig,
      'package.json': '{ "type": "module" }',
      'src/loss.ts': loss,
      'src/twice.ts': twice,
      'src/empty.ts': 'export const a = 1\n',
    })
  })
  const run = (...args: string[]): ReturnType<Folder['run']> => folder.run(['inspect', ...args])
  const output = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }

  test('shows lines, loops, and what the reverse sweep reads', async () => {
    expect(await output('src/loss.ts#decay')).toBe(`src/loss.ts#decay: grad with respect to x

By a forward and a reverse sweep; x moves

Lines
  4               export function decay(x: number, steps: number): number {
  5  active         let y = x
  6  active         for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
  7  active         return y * y
  8               }

Loops
  line 6: counted: tapes made once, before it: y_tape; ceil(steps) iterations
          not on the spot, because each iteration hands \`y\` on to the next

What the reverse sweep reads
  4  steps                      still there: it is an argument
  6  y, after line 6            still there: the reverse sweep follows in the same scope
  6  y, as an iteration begins  stored: the value in y_tape, 8 bytes a trip, in all 8 * ceil(steps) bytes
                                because \`y\` takes several values
`)
  })

  test('says why lines are not active, and shows those of functions that were put in the place of their calls', async () => {
    const text = await output('src/loss.ts#scaled')
    expect(text).toContain(`
  11  useful only    const scale = noGrad(() => Math.exp(w[0]!))
                     ^ a region without gradients gives constants
  12  varied only    const rest = w[1]! * 3
                     ^ \`rest\` depends on \`w\`, but no derivative flows from it into the result
`)
    expect(text).toContain(`
  in the place of a call, from src/twice.ts:
   2  active         const e = Math.exp(x)
`)
  })

  test('lists functions without a name', async () => {
    expect(await output('src/loss.ts')).toBe(['decay', 'scaled', 'both', 'refused'].map((name) => `src/loss.ts#${name}\n`).join(''))
    expect(await run('src/empty.ts')).toMatchObject({ code: 0, stdout: '', stderr: 'src/empty.ts has no function at its top level.\n' })
  })

  test('takes operators, arguments and auxiliary results', async () => {
    const heading = async (...args: string[]): Promise<string> => (await output(...args)).split('\n')[0]!
    expect(await heading('src/loss.ts#both', '--has-aux', '--wrt', '1,0')).toBe(
      'src/loss.ts#both: grad with respect to y, x, with an auxiliary result',
    )
    expect(await heading('src/loss.ts#decay', '--operator', 'jvp')).toBe('src/loss.ts#decay: jvp')
    expect(await output('src/loss.ts#decay', '--operator', 'vjp')).toContain(
      'stored: the value in the field steps of what the forward half keeps',
    )
    expect(await output('src/loss.ts#decay', '--operator', 'hessian')).toContain('by tangents, in one sweep; x moves')
  })

  test('prints what passes gave', async () => {
    const text = await output('src/loss.ts#decay', '--pass', 'name-versions', '--pass', 'print', '--pass', 'tangent')
    expect(text).toContain(
      '// after name-versions: src/loss.ts#decay|root grad:wrt=0\nfunction decay(x: "number", steps: "number"): number\n',
    )
    expect(text).toContain('    const y_3 = y\n')
    expect(text).toContain('function decay_grad(x: number, steps: number): number {\n')
    expect(text).toContain('// tangent did not run\n')
    const repeated = await output('src/loss.ts#decay', '--pass', 'remove-dead')
    expect(repeated).toContain('// after remove-dead, time 2: ')
  })

  test('lists passes with their sizes', async () => {
    const lines = (await output('src/loss.ts#decay', '--passes')).split('\n')
    expect(lines[0]).toMatch(/^read +4 statements {2}src\/loss\.ts#decay$/)
    expect(lines.at(-2)).toMatch(/^print +14 statements {2}src\/loss\.ts#decay\|root grad:wrt=0$/)
  })

  test('prints JSON', async () => {
    const inspection = JSON.parse(await output('src/loss.ts#decay', '--json', '--pass', 'read')) as Inspection
    expect(inspection).toMatchObject({ version: 1, function: 'decay', operator: 'grad', wrt: [{ index: 0, name: 'x' }], hasAux: false })
    expect(inspection.parts[0]!.loops[0]).toMatchObject({ line: 6, kind: 'sized', trips: 'ceil(steps)', tapes: ['y_tape'] })
    const texts = inspection.steps.flatMap(({ pass, functions }) => functions.map((fn) => [pass, typeof fn.text] as const))
    expect(texts.filter(([pass]) => pass === 'read').map(([, type]) => type)).toContain('string')
    expect(texts.filter(([pass]) => pass !== 'read').every(([, type]) => type === 'undefined')).toBe(true)
  })

  test.each<[readonly string[], number, string]>([
    [['src/loss.ts#refused'], 1, 'CT3001'],
    [['src/loss.ts#decay', '--wrt', '2'], 1, 'CT1107'],
    [['src/loss.ts#scaled', '--has-aux'], 1, 'CT1109'],
    [['src/loss.ts#nothing'], 2, 'its functions are: `decay`, `scaled`, `both`, `refused`'],
    [['src/none.ts#decay'], 2, 'CT5005'],
    [['src/none.ts'], 2, 'CT5005'],
    [['src/loss.ts#'], 2, 'is not a file, nor a function of one'],
    [['src/loss.ts#decay', '-p', 'none.json'], 2, 'CT5001'],
    [['src/loss.ts#decay', '--wrt', 'x'], 2, "'--wrt x' is not an index"],
    [['src/loss.ts#decay', '--wrt', '0,0'], 2, "'--wrt 0,0' is not an index"],
    [['src/loss.ts#decay', '--operator', 'jvp', '--wrt', '0'], 2, "'--wrt' does not go with jvp"],
    [['src/loss.ts#decay', '--operator', 'gradient'], 2, 'grad, valueAndGrad'],
    [['src/loss.ts#decay', '--pass', 'gone'], 2, "there is no pass 'gone'"],
    [[], 2, "missing required argument 'target'"],
  ])('%j fails with %i', async (args, code, text) => {
    const ran = await run(...args)
    expect(ran.stdout).toBe('')
    expect(ran.stderr).toContain(text)
    expect(ran.stderr).not.toMatch(/\n\s+at /)
    expect(ran.code).toBe(code)
  })

  test('has help with examples', async () => {
    const help = await output('--help')
    expect(help).toContain('cotangent inspect src/loss.ts#loss --operator vjp --wrt 0,1')
    expect(help).toContain('name-versions')
  })
})

describe('docs/inspect.md', () => {
  test('shows what is printed', async () => {
    const page = readFileSync(join(root, 'docs/inspect.md'), 'utf8')
    const [program, output] = ['ts', 'text'].map((language) => new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(page)![1]!)
    const folder = inFolder({ 'tsconfig.json': strictConfig, 'package.json': '{ "type": "module" }', 'src/loss.ts': program! })
    const { code, stdout, stderr } = await folder.run(['inspect', 'src/loss.ts#loss'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(output).toBe(stdout)
  })
})
