/** Programs that have something of everything, for whatever carries a program to another place. Each has a function `f` of numbers or arrays. */
export interface NastyProgram {
  readonly text: string
  /** A point to differentiate at, where that is to be run. */
  readonly point?: readonly unknown[]
}

export const nastyPrograms: Readonly<Record<string, NastyProgram>> = {
  'nested loops that end early': {
    text: `export function f(x: Float64Array, n: number): number {
  let sum = 0
  outer: for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      if (sum > 50) break outer
      if (x[j]! < 0) continue
      sum += Math.exp(x[j]!) * sum + x[i]!
      if (sum > 20) break
    }
  }
  return sum * sum
}
`,
    point: [[0.5, -1, 0.25], 3],
  },
  'a loop of unknown length': {
    text: `export function f(x: number, most: number): number {
  let y = x
  let turns = 0
  while (Math.abs(y) > 0.01 && turns < most) {
    y = Math.sin(y) * 0.9
    turns++
  }
  do {
    y = y * y + x
  } while (y < 0.5)
  return y
}
`,
    point: [0.7, 20],
  },
  'a switch that falls through': {
    text: `export function f(x: number, way: number): number {
  let y = x
  switch (way) {
    case 0:
      y *= x
    case 1:
      y += Math.cos(x)
      break
    case 2: {
      const z = y * 3
      y = z * z
      break
    }
    default:
      return x ** 3
  }
  return y * y
}
`,
    point: [1.2, 0],
  },
  closures: {
    text: `const apply = (g: (v: number) => number, v: number): number => g(g(v))

export function f(x: number, k: number): number {
  const scaled = (v: number): number => v * k * x
  let total = 0
  const add = (v: number): void => {
    total += scaled(v)
  }
  for (const v of [1, 2, 3]) add(v * x)
  return apply(scaled, total)
}
`,
    point: [0.8, 1.5],
  },
  recursion: {
    text: `export function count(n: number): number {
  return n <= 0 ? 0 : 1 + count(n - 2)
}

function power(x: number, n: number): number {
  if (n <= 0) return 1
  return x * power(x, n - 1)
}

function even(x: number, n: number): number {
  return n === 0 ? x : odd(Math.sin(x), n - 1)
}

function odd(x: number, n: number): number {
  return n === 0 ? 1 : even(x * x, n - 1)
}

export function f(x: number, n: number): number {
  return power(x, n) * count(n) + even(x, 4)
}
`,
    point: [1.1, 5],
  },
  records: {
    text: `export interface Body {
  readonly mass: number
  position: [number, number]
  velocity: { x: number; y: number }
}
interface List {
  readonly value: number
  readonly next?: List
}

function total(list: List | undefined): number {
  return list === undefined ? 0 : list.value * list.value + total(list.next)
}

export function f(body: Body, dt: number): number {
  const { mass, position, velocity } = body
  const moved: Body = { mass, position: [position[0] + dt * velocity.x, position[1] + dt * velocity.y], velocity }
  moved.position[0] *= moved.position[1]
  const list: List = { value: moved.position[0], next: { value: mass } }
  return 0.5 * mass * (velocity.x ** 2 + velocity.y ** 2) + total(list)
}
`,
    point: [{ mass: 2, position: [1, 3], velocity: { x: 0.5, y: -1 } }, 0.1],
  },
  'two arrays that are written': {
    text: `const TABLE = [0.5, 0.25, 0.125]
const LABEL = 'a "quoted" \\\\ text'

export function f(a: Float64Array, b: number[]): number {
  const work = a.slice()
  const grown: number[] = []
  for (let i = 0; i < work.length; i++) {
    work[i] = work[i]! * b[i]! + TABLE[i % 3]!
    if (i > 0) work[i] = work[i - 1]! * work[i]!
    grown.push(work[i]! + LABEL.length)
  }
  work.fill(1, 0, 1)
  let sum = 0
  for (const g of grown) sum += g * work[1]!
  return sum
}
`,
    point: [
      [1, 2, 3],
      [0.5, 0.25, 2],
    ],
  },
  hooks: {
    text: `import { hook, stopGradient } from 'cotangent'

export function f(x: number): number {
  const y = x * x
  hook(y, (g) => Math.min(g, 10))
  const z = y + stopGradient(x)
  hook(z, (g) => g * 2)
  return z * y
}
`,
    point: [1.5],
  },
  'a region without gradients': {
    text: `import { noGrad } from 'cotangent'

export function f(w: Float64Array): number {
  const scale = noGrad(() => Math.sqrt(w[0]! + w[1]!))
  noGrad(() => {
    const inner = w[0]! * 2
    console.log(\`<svg onload="x">&amp; \${inner}\`, "it's \\\\ %%{init} #quot;")
  })
  return w[1]! * scale * w[0]!
}
`,
  },
  'texts of all kinds': {
    text: `export function f(x: number, name: string, kinds: Map<string, number>): number {
  const label = \`<b>"\${name}"</b> & 'more' \\\\ ]]> --> end\`
  const test = /["<>&]/.test(label) && name !== '</title><script>'
  const k = kinds.get('a"b<c>&\\\\') ?? 2
  if (label.includes("\`")) throw new Error('no "way" <here> & there')
  return test ? x * x * k : Math.sin(x)
}
`,
    point: [0.3, 'n', new Map()],
  },
  'a derivative within': {
    text: `import { grad } from 'cotangent'

const potential = (q: number, k: number): number => 0.5 * k * q * q + Math.cos(q)

export function f(q: number, k: number): number {
  const force = grad(potential)(q, k)
  return force * force + q
}
`,
    point: [0.4, 3],
  },
  'functions that are run again, and rules': {
    text: `import { checkpoint, customVjp } from 'cotangent'
const damped = checkpoint((x: number, n: number): number => {
  let y = x
  for (let i = 0; i < n; i++) y = Math.sin(y) + 0.1 * y * y
  return y
})
const squared = customVjp((x: number) => x * x, (x) => ({ value: x * x, pullback: (g) => 2 * g * x }))
export function f(x: number, n: number): number {
  let y = x
  /** @checkpoint every=3 */
  for (let i = 0; i < n; i++) y = damped(squared(y), 4) + x
  return y
}
`,
    point: [0.7, 7],
  },
}
