import { describe, expect, it } from 'vitest'
import { createCompiler, type CompilerOptions } from '../compiler/index.ts'

/** After a file has changed, all is compiled as by a compiler that never saw the file as it was. */
describe('updateFile', () => {
  const main = (body: string, imports = ''): string =>
    `import { grad } from 'cotangent'\n${imports}\nfunction f(x: number): number {\n  return ${body}\n}\nexport const g = grad(f)\n`
  const start: Readonly<Record<string, string>> = {
    '/main.ts': main('square(x)', "import { square } from './helper.ts'"),
    '/helper.ts': 'export const square = (x: number): number => x * x\n',
  }

  /** Each step is given to one compiler that has compiled all before, and to one of its own. */
  function agree(steps: readonly Readonly<Record<string, string>>[], options: CompilerOptions = {}): void {
    let files = start
    const warm = createCompiler({ ...options, files })
    warm.compileFile('/main.ts')
    for (const step of steps) {
      files = { ...files, ...step }
      for (const [path, text] of Object.entries(step)) warm.updateFile(path, text)
      const fresh = createCompiler({ ...options, files })
      expect(warm.compileFile('/main.ts')).toEqual(fresh.compileFile('/main.ts'))
      expect(warm.check()).toEqual(fresh.check())
      expect([...warm.files()].sort()).toEqual([...fresh.files()].sort())
    }
  }

  it('sees another body, there and in what is called', () => {
    agree([
      { '/main.ts': main('square(x) + x', "import { square } from './helper.ts'") },
      { '/helper.ts': 'export const square = (x: number): number => 2 * x * x\n' },
      { '/main.ts': main('Math.sin(x)') },
      { '/main.ts': main('square(x)', "import { square } from './helper.ts'") },
    ])
  })

  it('sees another type', () => {
    agree([
      { '/helper.ts': 'export const square = (x: string): string => x + x\n' },
      { '/helper.ts': 'export function square(x: number): number { return x ** 3 }\n' },
    ])
  })

  it('finds a file that comes later', () => {
    agree([
      { '/main.ts': main('cube(x)', "import { cube } from './other.ts'") },
      { '/other.ts': 'export const cube = (x: number): number => x ** 3\n' },
      { '/other.ts': "import { square } from './helper.ts'\nexport const cube = (x: number): number => x * square(x)\n" },
    ])
  })

  it('sees that a body is gone and comes back', () => {
    agree([
      { '/main.ts': main('Math.sin(x) * x') },
      {
        '/main.ts': main('clamp(x)', "import { clamp } from './helper.ts'"),
        '/helper.ts': 'export declare function clamp(x: number): number\n',
      },
      { '/helper.ts': 'export const clamp = (x: number): number => Math.min(1, x)\n' },
    ])
  })
})
