import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as ease from 'd3-ease'
import * as interpolate from 'd3-interpolate'
import * as matrices from 'gl-matrix'
import * as statistics from 'simple-statistics'
import { describe, expect, test } from 'vitest'
import { createCompiler, type Compiler } from '../compiler/index.ts'
import { compare, describe as explain } from './oracle/compare.ts'
import { gradient } from './oracle/differences.ts'
import { flatten } from './oracle/leaves.ts'
import { functionOf, load } from './support/load.ts'

/** Functions of packages, as they are published: their derivatives against differences of the functions themselves. */

const packages: Readonly<Record<string, unknown>> = {
  'd3-ease': ease,
  'd3-interpolate': interpolate,
  'gl-matrix': matrices,
  'simple-statistics': statistics,
}

/** A file that stands where the packages are found. */
const path = fileURLToPath(new URL('packages-main.ts', import.meta.url)).replaceAll('\\', '/')
let compiler: Compiler | undefined

interface Program {
  readonly imports: string
  readonly f: string
  readonly args: readonly (readonly unknown[])[]
  /** Where the function rounds to single precision, its differences say no more than this. */
  readonly tolerance?: number
}

function compile(text: string): ReturnType<Compiler['compileFile']> {
  compiler ??= createCompiler({ files: { [path]: '' } })
  compiler.updateFile(path, text)
  return compiler.compileFile(path)
}

function check({ imports, f, args, tolerance }: Program): void {
  const { code, diagnostics, dependencies } = compile(`import { grad } from 'cotangent'
    ${imports}
    export ${f}
    export const df = grad(f)`)
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  expect(dependencies.some((file) => file.includes('/node_modules/'))).toBe(true)
  const module = load({ [path]: code }, path, packages)
  const original = functionOf(module, 'f') as (...args: never[]) => number
  for (const given of args) {
    if (tolerance !== undefined) {
      const differences = gradient(original, given).slice(0, flatten(given[0]).length)
      const found = flatten(functionOf(module, 'df')(...given))
      const scale = Math.max(...differences.map(({ value }) => Math.abs(value)))
      found.forEach((value, i) => expect(Math.abs(value - differences[i]!.value) / scale).toBeLessThan(tolerance))
      continue
    }
    const verdict = compare(flatten(functionOf(module, 'df')(...given)), gradient(original, given).slice(0, flatten(given[0]).length))
    expect(explain(verdict), JSON.stringify(given)).toBe('equal')
  }
}

const codesOf = (text: string): readonly string[] => compile(text).diagnostics.map(({ code }) => code)

describe('d3-ease', () => {
  const names = Object.keys(ease).filter((name) => name.startsWith('ease'))
  test.each(names)('%s', (name) => {
    const args = [[0.13], [0.31], [0.72], [0.93]]
    check({ imports: `import { ${name} } from 'd3-ease'`, f: `const f = (t: number): number => 3 * ${name}(t * t)`, args })
  })

  test('a function that a call of it makes is refused, and so is what nobody can follow', () => {
    const text = `import { grad } from 'cotangent'
      import { easePolyIn } from 'd3-ease'
      const f = (t: number): number => easePolyIn.exponent(4)(t)
      export const df = grad(f)`
    expect(codesOf(text).every((code) => code === 'CT3002')).toBe(true)
  })

  test('what it emits does not change the package', () => {
    const text = `import { grad } from 'cotangent'
      import { easeCubic } from 'd3-ease'
      export const df = grad((t: number): number => easeCubic(t))`
    const { code, dependencies } = compile(text)
    expect(code).toContain("import { easeCubic } from 'd3-ease'")
    expect(dependencies.map((file) => posix.basename(file))).toEqual(['d3-ease.mjs'])
    expect(compiler!.files().filter((file) => !file.endsWith('.d.ts'))).toEqual([path])
  })
})

describe('gl-matrix', () => {
  const programs: Readonly<Record<string, Program>> = {
    'a vector': {
      imports: "import { vec3 } from 'gl-matrix'",
      f: `function f(x: number[]): number {
        const a = vec3.fromValues(x[0]!, x[1]!, x[2]!)
        const b = vec3.create()
        vec3.scale(b, a, 3)
        vec3.add(b, b, a)
        return vec3.dot(a, b) + vec3.length(b)
      }`,
      args: [[[0.3, -0.2, 1.5]]],
    },
    'a point through a chain of transforms, by the quaternion': {
      imports: "import { mat4, quat, vec3 } from 'gl-matrix'",
      f: `function f(q: [number, number, number, number]): number {
        const unit = quat.normalize(quat.create(), q)
        const first = mat4.fromRotationTranslation(mat4.create(), unit, [1, 2, 3])
        const second = mat4.rotateX(mat4.create(), first, 0.3)
        const whole = mat4.multiply(mat4.create(), first, second)
        const p = vec3.transformMat4(vec3.create(), [0.5, -1, 2], whole)
        vec3.transformQuat(p, p, unit)
        return vec3.squaredLength(p)
      }`,
      args: [[[0.5, 0.25, -0.5, 0.75]]],
    },
    'a quaternion between two': {
      imports: "import { mat4, quat, vec3 } from 'gl-matrix'",
      f: `function f(t: number): number {
        const a = quat.fromValues(0, 0, 0, 1)
        const b = quat.setAxisAngle(quat.create(), [0, 1, 0], 1.2)
        const m = mat4.fromQuat(mat4.create(), quat.slerp(quat.create(), a, b, t))
        const v = vec3.transformMat4(vec3.create(), [1, 2, 3], m)
        return v[0]! + 2 * v[1]! * v[2]!
      }`,
      args: [[0.4], [0.9]],
    },
    'a camera, and its inverse, which may be missing': {
      imports: "import { mat4, vec4 } from 'gl-matrix'",
      f: `function f(eye: number[]): number {
        const view = mat4.lookAt(mat4.create(), [eye[0]!, eye[1]!, eye[2]!], [0, 0, 0], [0, 1, 0])
        const projection = mat4.perspective(mat4.create(), 0.8, 1.5, 0.1, 100)
        const inverse = mat4.invert(mat4.create(), mat4.multiply(mat4.create(), projection, view))
        if (!inverse) return 0
        const v = vec4.transformMat4(vec4.create(), [0.1, 0.2, 0.3, 1], inverse)
        return v[0]! / v[3]! + v[1]! * v[2]!
      }`,
      args: [[[3, 2, 4]]],
    },
  }
  test.each(Object.entries(programs))('%s', (_, program) => {
    check({ ...program, tolerance: 1e-3 })
  })
})

describe('simple-statistics', () => {
  const args = [[[1, 2.2, 2.9, 4.3]]]
  const programs: Readonly<Record<string, Program>> = {
    'a regression': {
      imports: "import { linearRegression, linearRegressionLine } from 'simple-statistics'",
      f: `function f(y: number[]): number {
        return linearRegressionLine(linearRegression(y.map((v, i) => [i, v])))(7) ** 2
      }`,
      args,
    },
    'a density, with the kernel and the bandwidth that it has by itself': {
      imports: "import { kernelDensityEstimation } from 'simple-statistics'",
      f: `function f(y: number[]): number {
        const density = kernelDensityEstimation(y)
        return Math.log(density(1.5)) + density(3)
      }`,
      args,
    },
    'a density, with others': {
      imports: "import { kernelDensityEstimation } from 'simple-statistics'",
      f: `function f(y: number[]): number {
        const density = kernelDensityEstimation(y, (u) => (Math.abs(u) < 1 ? (1 - u * u) ** 2 : 0), 0.9)
        return Math.log(density(1.5)) * kernelDensityEstimation(y, 'gaussian', 0.7)(3)
      }`,
      args,
    },
    moments: {
      imports: "import * as s from 'simple-statistics'",
      f: `function f(y: number[]): number {
        return s.mean(y) * s.variance(y) + s.standardDeviation(y) + s.sampleSkewness(y) + s.rootMeanSquare(y) + s.max(y) + s.median(y)
      }`,
      args,
    },
    'correlations, means and quantiles': {
      imports: "import * as s from 'simple-statistics'",
      f: `function f(y: number[]): number {
        const x = [1, 3, 2, 5]
        return s.sampleCovariance(x, y) + s.sampleCorrelation(x, y) + s.harmonicMean(y) * s.geometricMean(y) + s.quantile(y, 0.3) * s.interquartileRange(y)
      }`,
      args,
    },
    'special functions': {
      imports: "import * as s from 'simple-statistics'",
      f: 'function f(y: number[]): number { return s.logit(y[0]! / 4) + s.errorFunction(y[1]! / 3) + s.probit(0.2 + y[0]! / 10) + s.gammaln(y[2]!) }',
      args,
    },
  }
  test.each(Object.entries(programs))('%s', (_, program) => {
    check(program)
  })
})

describe('d3-interpolate', () => {
  const programs: Readonly<Record<string, Program>> = {
    numbers: {
      imports: "import { interpolateNumber } from 'd3-interpolate'",
      f: 'function f(t: number): number { return interpolateNumber(2, 5 * t)(t) * 2 }',
      args: [[0.3]],
    },
    'a spline, by its points': {
      imports: "import { interpolateBasis, interpolateBasisClosed } from 'd3-interpolate'",
      f: 'function f(v: number[], t: number): number { return interpolateBasis(v)(t) + interpolateBasisClosed(v)(t * t) }',
      args: [[[1, 3, -2, 4], 0.37]],
    },
    'a zoom': {
      imports: "import { interpolateZoom } from 'd3-interpolate'",
      f: `function f(t: number): number {
        const [x, y, w] = interpolateZoom([30, 30, 40], [135, 85, 60])(t)
        return x * y + w
      }`,
      args: [[0.37]],
    },
  }
  test.each(Object.entries(programs))('%s', (_, program) => {
    check(program)
  })
})
