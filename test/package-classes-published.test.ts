import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createCompiler, type Compiler } from '../compiler/index.ts'
import { compare, describe as explain } from './oracle/compare.ts'
import { gradient } from './oracle/differences.ts'
import { flatten } from './oracle/leaves.ts'
import { functionOf, load } from './support/load.ts'

/** Classes of packages, as they are published, where they are installed: derivatives of programs that use them, against differences of the programs. */

const names = ['three', 'cannon-es'] as const
const published: Record<string, unknown> = {}
for (const name of names) published[name] = await import(name).catch(() => undefined)

/** A file that stands where the packages are found. */
const place = fileURLToPath(new URL('package-classes-main.ts', import.meta.url)).replaceAll('\\', '/')
let compiler: Compiler | undefined

interface Program {
  readonly imports: string
  readonly f: string
  readonly at: readonly (readonly unknown[])[]
}

function checkPublished(name: string, { imports, f, at }: Program): void {
  compiler ??= createCompiler({ files: { [place]: '' } })
  const text = `import { grad } from 'cotangent'\nimport { ${imports} } from '${name}'\nexport ${f}\nexport const df = grad(f)`
  compiler.updateFile(place, text)
  const { code, diagnostics, dependencies } = compiler.compileFile(place)
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  expect(dependencies.some((file) => file.includes(`/node_modules/${name}/`))).toBe(true)
  const module = load({ [place]: code }, place, published)
  const original = functionOf(module, 'f') as (...args: never[]) => number
  for (const given of at) {
    const found = flatten(functionOf(module, 'df')(...given))
    expect(explain(compare(found, gradient(original, given).slice(0, found.length))), JSON.stringify(given)).toBe('equal')
  }
}

describe.skipIf(!published.three)('three', () => {
  const programs: Readonly<Record<string, Program>> = {
    'a rotation of points': {
      imports: 'Quaternion, Vector3',
      f: `function f(x: number[]): number {
        const q = new Quaternion(x[0], x[1], x[2], x[3]).normalize()
        let sum = 0
        for (const [a, b, c] of [[1, 2, 3], [0, -1, 2]]) sum += new Vector3(a, b, c).applyQuaternion(q).dot(new Vector3(1, -1, 0.5))
        return sum * sum
      }`,
      at: [[[0.5, 0.25, -0.5, 0.75]]],
    },
    'by an axis and an angle, projected': {
      imports: 'Vector3',
      f: `function f(x: number[]): number {
        const v = new Vector3(1, 2, 3).applyAxisAngle(new Vector3(0, 1, 0), x[0]!).projectOnPlane(new Vector3(x[1], 1, 0))
        return v.reflect(new Vector3(0.6, 0.8, 0)).lengthSq() + v.x * v.y
      }`,
      at: [[[0.4, -0.3]]],
    },
    'by Euler angles, and back': {
      imports: 'Euler, Quaternion, Vector3',
      f: `function f(x: number[]): number {
        const q = new Quaternion().setFromEuler(new Euler(x[0], x[1], x[2]))
        const e = new Euler().setFromQuaternion(q.multiply(new Quaternion(0.5, 0.5, 0.5, 0.5)))
        return new Vector3(1, 2, 3).applyQuaternion(q).x * e.y + e.z + new Vector3(0, 1, 2).applyEuler(e).x
      }`,
      at: [[[0.15, 0.35, 0.2]]],
    },
    'between two rotations': {
      imports: 'Quaternion',
      f: `function f(x: number[]): number {
        const to = new Quaternion(x[0], x[1], 0, 1).normalize()
        const q = new Quaternion(0, 0, 0, 1).slerp(to, x[2]!)
        return q.x * q.w + q.angleTo(to)
      }`,
      at: [[[1.5, 0.35, 0.3]]],
    },
    'a chain of transforms': {
      imports: 'Matrix4, Vector3',
      f: `function f(x: number[]): number {
        const m = new Matrix4().makeRotationX(x[0]!).multiply(new Matrix4().makeTranslation(x[1]!, 2, 3))
        const v = new Vector3(1, 2, 3).applyMatrix4(m)
        return v.length() + m.determinant() + m.elements[13] * v.x
      }`,
      at: [[[0.5, 0.25]]],
    },
    'a transform that is put together and taken apart': {
      imports: 'Matrix4, Quaternion, Vector3',
      f: `function f(x: number[]): number {
        const m = new Matrix4().compose(new Vector3(x[0], x[1], x[2]), new Quaternion(0.5, 0.5, 0.5, x[3]), new Vector3(1, 2, 3))
        const [p, q, s] = [new Vector3(), new Quaternion(), new Vector3()]
        m.decompose(p, q, s)
        return p.x * q.x + s.y * q.w + p.z
      }`,
      at: [[[0.5, 0.25, 2, 0.5]]],
    },
    'the error of a reprojection': {
      imports: 'Matrix4, Quaternion, Vector3',
      f: `function f(x: number[]): number {
        const rotation = new Quaternion(x[3], x[4], x[5], 1).normalize()
        const view = new Matrix4().compose(new Vector3(x[0], x[1], x[2]), rotation, new Vector3(1, 1, 1)).invert()
        const projection = new Matrix4().makePerspective(-1, 1, 1, -1, 0.1, 100)
        let sum = 0
        for (const [a, b, c, u, v] of [[0, 0, -5, 0.1, 0.2], [1, 1, -6, 0.3, 0.1], [-1, 0.5, -4, -0.2, 0.2]]) {
          const p = new Vector3(a, b, c).applyMatrix4(view).applyMatrix4(projection)
          sum += (p.x - u!) ** 2 + (p.y - v!) ** 2
        }
        return sum
      }`,
      at: [[[0.1, 0.2, 0.3, 0.05, 0.02, 0.01]]],
    },
    'where a camera looks': {
      imports: 'Matrix4, Vector3',
      f: `function f(x: number[]): number {
        const m = new Matrix4().lookAt(new Vector3(x[0], x[1], x[2]), new Vector3(0, 0, 0), new Vector3(0, 1, 0))
        const v = new Vector3(1, 2, 3).applyMatrix4(m)
        return v.x * v.y + v.z
      }`,
      at: [[[0.5, 0.25, 2]]],
    },
    'distances of a plane': {
      imports: 'Plane, Vector3',
      f: `function f(x: number[]): number {
        const plane = new Plane().setFromCoplanarPoints(new Vector3(x[0], x[1], x[2]), new Vector3(1, 0, 0), new Vector3(0, 1, 0))
        return plane.distanceToPoint(new Vector3(3, 2, 1)) ** 2 + plane.projectPoint(new Vector3(1, 1, 1), new Vector3()).z
      }`,
      at: [[[0.5, 0.35, 2]]],
    },
    'rays, lines, boxes and triangles': {
      imports: 'Box3, Line3, Ray, Sphere, Triangle, Vector3',
      f: `function f(x: number[]): number {
        const point = new Vector3(x[0], x[1], x[2])
        const hit = new Ray(new Vector3(0, 0, 0), point.clone().normalize()).intersectSphere(new Sphere(new Vector3(1, 1, 4), 2), new Vector3())
        const line = new Line3(point, new Vector3(1, 2, 3)).closestPointToPoint(new Vector3(2, 0, 1), true, new Vector3())
        const box = new Box3(new Vector3(0, 0, 0), point)
        const triangle = new Triangle(point, new Vector3(1, 0, 0), new Vector3(0, 1, 0))
        const sum = line.x * line.y + box.distanceToPoint(new Vector3(5, 5, 5)) + box.getCenter(new Vector3()).x * triangle.getArea()
        return hit ? sum + hit.length() : sum
      }`,
      at: [[[0.5, 0.35, 2]]],
    },
    'a curve': {
      imports: 'CubicBezierCurve3, Vector3',
      f: `function f(x: number[]): number {
        const control = new Vector3(x[0], x[1], x[2])
        const p = new CubicBezierCurve3(new Vector3(0, 0, 0), control, new Vector3(2, 1, 0), new Vector3(3, 0, 0)).getPoint(0.4)
        return p.x * p.y + p.z
      }`,
      at: [[[1.5, 0.35, 0.2]]],
    },
    'vectors of two and four': {
      imports: 'Matrix3, Matrix4, Vector2, Vector3, Vector4',
      f: `function f(x: number[]): number {
        const a = new Vector2(x[0], x[1])
        const b = a.clone().rotateAround(new Vector2(1, 1), x[2]!)
        const v = new Vector4(x[0], x[1], x[2], 1).applyMatrix4(new Matrix4().makeRotationZ(0.3)).multiplyScalar(2)
        const m = new Matrix3().set(x[0]!, 1, 2, 3, x[1]!, 5, 6, 7, x[2]!)
        return a.dot(b) + b.angle() + a.cross(b) + v.x * v.w + m.determinant() + new Vector3(1, 2, 3).applyMatrix3(m.invert()).x
      }`,
      at: [[[0.5, 0.35, 2]]],
    },
    'points that are instances, in a class of the program': {
      imports: 'Vector3',
      f: `function f(x: number[]): number {
        const p = new Particle(new Vector3(), new Vector3(x[0], x[1], x[2]))
        for (let i = 0; i < 10; i++) p.step(0.1)
        return p.position.distanceTo(new Vector3(5, 0, 0))
      }
      class Particle {
        constructor(readonly position: Vector3, readonly velocity: Vector3) {}
        step(dt: number): void {
          this.velocity.addScaledVector(new Vector3(0, -9.8, 0), dt)
          this.position.addScaledVector(this.velocity, dt)
        }
      }`,
      at: [[[1.5, 0.35, 0.2]]],
    },
  }
  test.each(Object.entries(programs))('%s', (_, program) => {
    checkPublished('three', program)
  })
})

describe.skipIf(!published['cannon-es'])('cannon-es', () => {
  const programs: Readonly<Record<string, Program>> = {
    vectors: {
      imports: 'Vec3',
      f: `function f(x: number[]): number {
        const [a, b] = [new Vec3(x[0], x[1], x[2]), new Vec3(1, 2, 3)]
        return a.vadd(b).cross(a).dot(b) + a.vsub(b).length() + a.scale(2).lengthSquared()
      }`,
      at: [[[0.5, 0.25, 2]]],
    },
    'rotations, by a target': {
      imports: 'Quaternion, Vec3',
      f: `function f(t: number): number {
        const q = new Quaternion().setFromAxisAngle(new Vec3(0, 1, 0), t)
        const r = q.mult(new Quaternion().setFromAxisAngle(new Vec3(1, 0, 0), 0.3 * t)).inverse()
        const out = new Vec3()
        r.vmult(new Vec3(1, 2, 3), out)
        return out.x * out.y + out.z
      }`,
      at: [[0.3]],
    },
    'the energy of springs': {
      imports: 'Vec3',
      f: `function f(x: Float64Array): number {
        const points: Vec3[] = []
        for (let i = 0; i < x.length; i += 3) points.push(new Vec3(x[i], x[i + 1], x[i + 2]))
        let energy = 0
        for (let i = 0; i + 1 < points.length; i++) energy += 5 * (points[i]!.distanceTo(points[i + 1]!) - 1) ** 2
        return energy
      }`,
      at: [[new Float64Array([0, 0, 0, 1, 1, 0, 2, 1, 1])]],
    },
    'a matrix': {
      imports: 'Mat3, Vec3',
      f: 'function f(x: number[]): number { return new Mat3([x[0]!, 1, 2, 3, x[1]!, 5, 6, 7, x[2]!]).vmult(new Vec3(1, 2, 3)).length() }',
      at: [[[0.5, 0.25, 2]]],
    },
  }
  test.each(Object.entries(programs))('%s', (_, program) => {
    checkPublished('cannon-es', program)
  })
})
