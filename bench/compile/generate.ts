import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const files = 50

/**
 * Writes a project of 50 files and 5,000 lines as a fitting or simulation library might have it: types, helpers, models that call
 * helpers of the file before, and in each file one request for a gradient. Nothing in it is random, and no two files are the same.
 */
export function generateProject(folder: string): { files: number; lines: number } {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'src'), { recursive: true })
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      module: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: [],
      allowImportingTsExtensions: true,
    },
    include: ['src'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), `${JSON.stringify(config, null, 2)}\n`)
  let lines = 0
  for (let index = 0; index < files; index++) {
    const text = moduleText(index)
    lines += text.split('\n').length - 1
    writeFileSync(join(folder, 'src', `${moduleName(index)}.ts`), text)
  }
  return { files, lines }
}

function moduleName(index: number): string {
  return `model${String(index).padStart(2, '0')}`
}

function moduleText(index: number): string {
  const before = index === 0 ? undefined : index - 1
  const smooth = before === undefined ? 'relu' : `soften${before}`
  const constant = (scale: number): string => (((index * 37 + 11) % 89) / scale + 0.1).toFixed(3)
  return `import { valueAndGrad } from 'cotangent'
${before === undefined ? '' : `import { soften${before}, type Settings${before} } from './${moduleName(before)}.ts'\n`}
/** What the model is fitted with. */
export interface Settings${index} {
  readonly rate: number
  readonly rounds: number
  readonly label: string
${before === undefined ? '' : `  readonly parent?: Settings${before}\n`}}

const stiffness = ${constant(20)}
const damping = ${constant(90)}
${before === undefined ? `\nexport function relu(x: number): number {\n  return x > 0 ? x : 0\n}\n` : ''}
/** A smooth step, which the next module builds on. */
export function soften${index}(x: number): number {
  if (x > 20) return x
  return Math.log1p(Math.exp(x)) * ${constant(60)}
}

function weightOf(distance: number, scale: number): number {
  const z = distance / (scale * scale + 1)
  return Math.exp(-0.5 * z * z)
}

function dot(a: Float64Array, b: Float64Array, offset: number): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[offset + i]!
  return sum
}

function normalise(x: Float64Array): void {
  let norm = 0
  for (let i = 0; i < x.length; i++) norm += x[i]! * x[i]!
  norm = Math.sqrt(norm + 1e-9)
  for (let i = 0; i < x.length; i++) x[i]! /= norm
}

/** The energy of a chain of springs after some steps in place. */
function relax(start: Float64Array, steps: number): number {
  const x = start.slice()
  const v = new Float64Array(x.length)
  for (let step = 0; step < steps; step++) {
    for (let i = 1; i + 1 < x.length; i++) {
      const force = stiffness * (x[i - 1]! - 2 * x[i]! + x[i + 1]!)
      v[i] = (1 - damping) * v[i]! + 0.01 * force
    }
    for (let i = 0; i < x.length; i++) x[i]! += 0.01 * v[i]!
  }
  let energy = 0
  for (let i = 0; i < x.length; i++) {
    if (Math.abs(v[i]!) < 1e-12) continue
    energy += 0.5 * v[i]! * v[i]!
  }
  return energy
}

export function loss${index}(weights: Float64Array, samples: Float64Array, targets: Float64Array): number {
  const direction = weights.slice()
  normalise(direction)
  let total = 0
  for (let row = 0; row < targets.length; row++) {
    const offset = row * weights.length
    const score = dot(direction, samples, offset)
    const error = ${smooth}(score) - targets[row]!
    const weight = weightOf(error, ${constant(50)})
    const squared = error * error
    if (row % ${2 + (index % 5)} === 0) {
      total += weight * squared
    } else if (row % ${3 + (index % 7)} === 1) {
      total += weight * Math.abs(error)
    } else {
      total += weight * Math.tanh(${constant(40)} * squared)
    }
    if (total > 1e6) return total
  }
  return total + ${constant(70)} * relax(weights, 4)
}

/** What the fitted model says of each sample. */
export function predict${index}(weights: Float64Array, samples: Float64Array): number[] {
  const predictions: number[] = []
  for (let offset = 0; offset + weights.length <= samples.length; offset += weights.length) {
    predictions.push(${smooth}(dot(weights, samples, offset)))
  }
  return predictions
}

export const gradient${index} = valueAndGrad(loss${index})

export function fit${index}(weights: Float64Array, samples: Float64Array, targets: Float64Array, settings: Settings${index}): number {
  let last = Infinity
  for (let round = 0; round < settings.rounds; round++) {
    const { value, grad } = gradient${index}(weights, samples, targets)
    for (let i = 0; i < weights.length; i++) weights[i]! -= settings.rate * grad[i]!
    if (Math.abs(last - value) < 1e-12) break
    last = value
  }
  return last
}
`
}
