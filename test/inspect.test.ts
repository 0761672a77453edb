import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { createCompiler, type Inspection, type InspectOptions, type Part } from '../compiler/index.ts'
import { parse } from '../compiler/ir/parse.ts'
import { show } from '../compiler/ir/show.ts'
import { functionOf, load } from './support/load.ts'

const main = `import { enableGrad, hook, noGrad, setGradEnabled, stopGradient } from 'cotangent'
import { scaled } from './other.ts'

export function decay(x: number, steps: number): number {
  let y = x
  for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
  return y * y
}

export function marks(w: Float64Array, n: number, on: boolean): number {
  const size = w.length
  const name = \`\${n}\`
  const counts = new Int32Array(size)
  counts[0] = w[0]!
  const unused = w[1]! * 3
  const floor = Math.floor(w[0]!)
  const low = w[0]! | 0
  const k = noGrad(() => Math.exp(w[0]!))
  noGrad(() => {
    const inner = w[0]! * 2
    console.log(inner, unused, name)
  })
  const held = stopGradient(w[1]!) * w[0]!
  const mode = setGradEnabled(on, () => w[1]! * w[1]!)
  let sum = 0
  for (let i = 0; i < n; i++) sum += scaled(w[0]!, k) * floor
  if (sum > 0) sum *= 2
  return sum + held + low + mode
}

export function loops(x: Float64Array, n: number): number {
  const u = x.slice()
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < 3; j++) u[j] = u[j]! * u[j]!
  }
  let z = u[0]!
  while (z > 1) z = Math.sqrt(z) * z
  for (let i = 0; i < n; i++) {
    if (z > 100) break
    z = Math.exp(z)
  }
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.sin(x[i]!)
  return sum + z
}

export function triangle(x: Float64Array): number {
  let at = 0
  let sum = 0
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j <= i; j++) sum += x[at++]! * x[j]!
  }
  return sum * sum
}

export function nested(x: number, n: number, m: number): number {
  let y = x
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) y = Math.sin(y) * y
    for (let j = 0; j < i; j++) y = Math.cos(y) * y
  }
  return y
}

export function power(x: number, n: number): number {
  if (n <= 0) return 1
  return x * power(x, n - 1)
}

export function refused(x: number): number {
  return Number(x.toFixed(2))
}

export function kept(x: Float64Array): Float64Array {
  const y = new Float64Array(x.length)
  for (let i = 0; i < y.length; i++) y[i] = x[i]! * x[i]!
  return y
}

export const aux = (x: number, y: number): [number, number] => [x * y, y]
const inside = (x: number): number => enableGrad(() => hook(x, (g) => 2 * g))
export const hidden = 3
void inside
`
const other = `export function scaled(x: number, k: number): number {
  const e = Math.exp(x)
  return e * k
}
`
const compiler = createCompiler({ files: { '/main.ts': main, '/other.ts': other } })

function inspect(name: string, options: InspectOptions = {}): Inspection {
  const { inspection, diagnostics } = compiler.inspectFunction('/main.ts', name, options)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return inspection!
}

const partOf = (name: string, options?: InspectOptions): Part => inspect(name, options).parts[0]!

/** A line by a part of its text. */
function lineIn({ lines }: Part, text: string): { readonly activity: string; readonly why: readonly string[] } {
  const { activity, why } = lines.find((line) => line.text.includes(text))!
  return { activity, why }
}

describe('lines', () => {
  const part = partOf('marks')
  test.each([
    ['function marks', 'none', []],
    ['const size', 'inactive', ['a length carries no derivative']],
    ['const name', 'inactive', ['`name` is a `string`, which carries no derivative']],
    ['counts[0] =', 'varied', ['`counts` is an `Int32Array`, which carries no derivative']],
    ['const unused', 'varied', ['`unused` depends on `w`, but no derivative flows from it into the result']],
    ['const floor', 'useful', ['`Math.floor` has derivative zero']],
    ['const low', 'useful', ['`|` gives an integer, which carries no derivative']],
    ['const k', 'useful', ['a region without gradients gives constants']],
    ['const inner', 'inactive', ['it stands in a region without gradients']],
    ['console.log', 'control', []],
    ['const held', 'active', ['`w[1]` is held constant by `stopGradient`']],
    ['const mode', 'active', ['a part of it stands in a region without gradients']],
    ['let sum = 0', 'useful', ['what `sum` is given here does not depend on `w`']],
    ['scaled(w[0]!, k)', 'active', []],
    ['if (sum > 0)', 'active', []],
    ['return sum + held', 'active', []],
  ])('%s is %s', (text, activity, why) => {
    const line = lineIn(part, text)
    expect(line.activity).toBe(activity)
    if (why.length > 0) expect(line.why).toEqual(why)
  })

  test('of functions that stand in the place of their calls follow', () => {
    expect(part.lines.filter(({ file }) => file === '/other.ts').map(({ line, activity }) => [line, activity])).toEqual([[2, 'active']])
  })

  test('depend on the arguments that are asked for', () => {
    expect(lineIn(partOf('aux', { operator: 'grad', wrt: 1, hasAux: true }), 'const aux').activity).toBe('active')
    expect(inspect('aux', { operator: 'valueAndGrad', wrt: [1, 0], hasAux: true }).wrt).toEqual([
      { index: 1, name: 'y' },
      { index: 0, name: 'x' },
    ])
    expect(inspect('decay', { operator: 'jvp' }).wrt.map(({ name }) => name)).toEqual(['x', 'steps'])
  })
})

describe('loops', () => {
  test('are told apart by how they are reversed', () => {
    const { loops } = partOf('loops')
    expect(loops.map(({ kind, trips, tapes, why }) => ({ kind, trips, tapes, why }))).toEqual([
      {
        kind: 'untaped',
        trips: 'ceil(n)',
        tapes: [],
        why: '`u[j]`, which it writes at line 34, lives on after it',
      },
      { kind: 'reserved', trips: '3', tapes: ['u_was_tape'], why: 'what surrounds it is reversed later' },
      { kind: 'growing', trips: null, tapes: ['z_tape_2', 'sqrt_1_tape'], why: 'each iteration hands `z` on to the next' },
      { kind: 'sized', trips: 'ceil(n)', tapes: ['z_tape'], why: 'it may end early' },
      { kind: 'fused', trips: 'x.length', tapes: [], why: null },
    ])
  })

  test('say why they are not fused', () => {
    expect(partOf('decay').loops[0]!.why).toBe('each iteration hands `y` on to the next')
    expect(partOf('kept', { operator: 'vjp' }).loops[0]).toMatchObject({ kind: 'untaped', why: 'what surrounds it is reversed later' })
  })

  test('can be run again in their own order', () => {
    const [, inner] = partOf('triangle').loops
    expect(inner).toMatchObject({ kind: 'replayed', carried: ['at'], tapes: [] })
  })
})

describe('values', () => {
  test('are in scope, computed again or stored, with the bytes that takes', () => {
    const stored = partOf('decay').values.find(({ source }) => source === 'stored')!
    expect(stored).toEqual({
      file: '/main.ts',
      line: 6,
      value: 'y',
      when: 'as an iteration begins',
      source: 'stored',
      from: null,
      storage: { kind: 'tape', name: 'y_tape', holds: 'value', bytesEach: '8', bytes: '8 * ceil(steps)', grows: false },
      why: '`y` takes several values',
    })
    const marked = partOf('loops').values
    expect(marked.find(({ value }) => value === 'u[j]')).toMatchObject({
      when: 'before line 34 overwrites it',
      storage: { name: 'u_was_tape', bytes: '24 * ceil(n)', grows: true },
      why: 'it is overwritten, and the reverse sweep puts it back',
    })
    expect(marked.find(({ value }) => value === 'Math.sqrt(z)')).toMatchObject({
      storage: { bytes: '8 * (iterations of the loop at line 37)' },
      why: '`Math.sqrt` costs more than a tape',
    })
  })

  test('of nested loops multiply, where the inner one runs equally often each time', () => {
    const bytes = partOf('nested').values.flatMap(({ storage }) => (storage?.kind === 'tape' ? [storage.bytes] : []))
    expect(new Set(bytes)).toEqual(new Set(['8 * ceil(n) * ceil(m)', '8 * (iterations of the loop at line 60)']))
  })

  test('of a pullback are fields of what the forward half keeps, and copies of what its caller can change', () => {
    const { values } = partOf('kept', { operator: 'vjp' })
    expect(values.find(({ value }) => value === 'x')).toMatchObject({
      source: 'stored',
      storage: { kind: 'residual', name: 'x', holds: 'copy', bytes: '8 * x.length' },
    })
  })
})

describe('parts', () => {
  test('are the functions that stay calls, too', () => {
    const { parts } = inspect('power')
    expect(parts.map(({ function: name, mode }) => [name, mode])).toEqual([
      ['power', 'reverse'],
      ['power', 'reverse'],
    ])
    expect(parts[1]!.subject).toBe(`${parts[0]!.subject.split('|')[0]!}|at-once:10`)
    expect(parts[1]!.values.every(({ storage }) => storage === null)).toBe(true)
    const halves = inspect('power', { operator: 'vjp' }).parts[1]!
    expect(halves.subject).toBe(`${parts[0]!.subject.split('|')[0]!}|pair:10:apart`)
    expect(halves.values.every(({ storage }) => storage === null || storage.kind === 'residual')).toBe(true)
  })

  test('of a Hessian are the gradient and its tangent', () => {
    expect(inspect('loops', { operator: 'hessian' }).parts.map(({ mode }) => mode)).toEqual(['reverse', 'forward'])
    expect(inspect('decay', { operator: 'jvp' }).parts.map(({ mode }) => mode)).toEqual(['forward'])
  })
})

describe('steps', () => {
  test('are those of the passes, in their order, as text that is read back', () => {
    const { steps } = inspect('decay')
    expect(steps[0]).toMatchObject({ pass: 'read', subject: expect.stringContaining('main.ts#decay') as string })
    expect(steps.at(-1)!.pass).toBe('print')
    for (const { pass, functions } of steps)
      for (const { text, statements } of functions) {
        expect(statements).toBeGreaterThan(0)
        if (pass !== 'print') expect(show(parse(`${text}\n`)).trimEnd()).toBe(text)
      }
    const emitted = compiler.compileFile('/main.ts').code
    expect(emitted).not.toContain('decay_grad')
  })
})

describe('what can not be inspected', () => {
  const codes = (name: string, options?: InspectOptions, path = '/main.ts'): readonly string[] => {
    const { inspection, diagnostics } = compiler.inspectFunction(path, name, options)
    expect(inspection).toBeUndefined()
    return diagnostics.filter(({ severity }) => severity === 'error').map(({ code, hint }) => `${code} ${hint}`)
  }

  test('is said with a diagnostic', () => {
    expect(codes('nothing')[0]).toContain('CT5007 its functions are: `decay`, `marks`, `loops`')
    expect(codes('hidden')[0]).toContain('CT5007')
    expect(codes('decay', {}, '/none.ts')[0]).toContain('CT5005')
    expect(codes('decay', { wrt: 2 })[0]).toContain('CT1107')
    expect(codes('refused')).toHaveLength(1)
    expect(codes('kept')[0]).toContain('CT2002')
    expect(codes('decay', { hasAux: true })[0]).toContain('CT1109')
  })

  test('a file lists its functions', () => {
    expect(compiler.functionsIn('/other.ts')).toEqual(['scaled'])
    expect(compiler.functionsIn('/none.ts')).toMatchObject({ code: 'CT5005' })
  })
})

describe('bytes', () => {
  const programs = `
export function decay(x: number, steps: number): number {
  let y = x
  for (let i = 0; i < steps; i++) y -= 0.1 * Math.sin(y)
  return y * y
}
export function late(x: number, n: number): number {
  let y = x
  for (let i = 3; i <= n; i++) y = Math.sin(y) * y
  for (let i = 90; i > 1; i -= 0.5) y = Math.cos(y) * i
  return y
}
export function nested(x: number, n: number, m: number): number {
  let y = x
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) y = Math.sin(y) * y
    for (let j = 0; j < i; j++) y = Math.cos(y) * y
  }
  return y
}
export function exits(x: number, n: number): number {
  let y = x
  for (let i = 0; i < n; i++) {
    let k = 0
    while (k < 100) {
      y = Math.sin(y) + y
      k++
    }
    if (y > 1e300) break
  }
  return y
}
`
  /** A pool that makes tapes exactly as long as they are asked for, and tells how long they were in the end. */
  const recording = `export * from 'cotangent/runtime'
export const slots: number[] = []
export const tapePool = () => ({
  take: (length: number) => new Float64Array(length),
  give: (tape: Float64Array) => void slots.push(tape.length),
  grow(tape: Float64Array, length: number) {
    const longer = new Float64Array(length)
    longer.set(tape)
    return longer
  },
})
`
  // The second number is how often loops run of which that is not known before; all are more than the 64 slots that a tape begins with.
  test.each<[string, Readonly<Record<string, number>>, number]>([
    ['decay', { steps: 70.5 }, 0],
    ['late', { n: 81 }, 178],
    ['nested', { n: 16, m: 20 }, 120],
    ['exits', { n: 5 }, 500],
  ])('of %s are those of the tapes that are made', (name, given, iterations) => {
    const files = { '/main.ts': `import { grad } from 'cotangent'\n${programs}\nexport const derivative = grad(${name})\n` }
    const made = createCompiler({ files })
    const { values } = made.inspectFunction('/main.ts', name).inspection!.parts[0]!
    const wanted = values.flatMap(({ storage }) => (storage?.kind === 'tape' ? [bytesOf(storage.bytes, given, iterations)] : []))
    const code = made.compileFile('/main.ts').code.replace("'cotangent/runtime'", "'./recording.ts'")
    const texts = { '/main.ts': `${code}\nexport { slots } from './recording.ts'\n`, '/recording.ts': recording }
    const module = load(texts, '/main.ts')
    functionOf(module, 'derivative')(0.3, ...Object.values(given))
    const counted = (module.slots as readonly number[]).map((slots) => 8 * slots)
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.toSorted((a, b) => a - b)).toEqual(counted.toSorted((a, b) => a - b))
  })
})

/** A formula for some values of its variables. */
function bytesOf(formula: string, given: Readonly<Record<string, number>>, iterations: number): number {
  const text = formula.replace(/\(iterations of the loop at line \d+\)/, String(iterations))
  const value = new Function('ceil', 'floor', ...Object.keys(given), `return ${text}`) as (...args: unknown[]) => number
  return value(Math.ceil, Math.floor, ...Object.values(given))
}

describe('every fixture', () => {
  const root = fileURLToPath(new URL('../fixtures', import.meta.url))
  const files = Object.fromEntries(
    globSync('*.ts', { cwd: root, absolute: true, ignore: ['*.adjoint.ts', '*.tangent.ts'] }).map((path) => [
      `/${basename(path)}`,
      readFileSync(path, 'utf8'),
    ]),
  )
  const fixtures = createCompiler({ files })

  /** What is reported is what stands in the emitted code: no tape more, no tape less. */
  test('has the tapes that are reported', () => {
    let tapes = 0
    for (const path of Object.keys(files)) {
      for (const name of fixtures.functionsIn(path) as readonly string[]) {
        const { inspection } = fixtures.inspectFunction(path, name, { operator: 'vjp' })
        for (const { subject, loops, values } of inspection?.parts ?? []) {
          // A derivative that is differentiated in turn has tapes of its own.
          const before = inspection!.steps.find(({ pass, subject: by }) => pass === 'name-versions' && by === subject)
          if (before?.functions[0]!.text.includes('_tape')) continue
          // So has one that stands in the place of its call.
          const printed = inspection!.steps.filter(({ pass, subject: by }) => pass === 'print' && by === `${subject}:forward`)
          if (printed.length === 0) continue
          const text = printed.flatMap(({ functions }) => functions.map((fn) => fn.text)).join('\n')
          const emitted = new Set([...text.matchAll(/(?:const|let) (\w+_tape(?:_\d+)*)\b/g)].map(([, tape]) => tape))
          expect(new Set(loops.flatMap((loop) => loop.tapes)), `${subject}\n${text}`).toEqual(emitted)
          expect(new Set(values.flatMap(({ storage }) => (storage?.kind === 'tape' ? [storage.name] : [])))).toEqual(emitted)
          tapes += emitted.size
        }
      }
    }
    expect(tapes).toBeGreaterThan(50)
  }, 300_000)
})
