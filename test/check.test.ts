import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { createCompiler } from '../compiler/index.ts'
import { compileFiles } from './support/compile.ts'
import { fixtureFolder, readFixtures, sourceOf, virtualFolder } from './support/fixture.ts'
import { withRequests } from './support/requests.ts'

/** Checking makes less than compiling does, and must say the same. */
test('checking says what compiling says', () => {
  const files: Record<string, string> = {}
  for (const name of readdirSync(posix.join(fixtureFolder, 'errors')).filter((file) => file.endsWith('.ts')))
    files[posix.join(virtualFolder, `errors-${name}`)] = readFileSync(posix.join(fixtureFolder, 'errors', name), 'utf8')
  for (const fixture of readFixtures().filter((_, i) => i % 8 === 0)) {
    Object.assign(files, fixture.others)
    const text = withRequests(sourceOf(fixture), 'adjoint', fixture.checks)
    if (text !== undefined) files[posix.join(virtualFolder, `${fixture.name}.ts`)] = text
  }
  const compiler = createCompiler({ files })
  const compiled = compiler.files().flatMap((file) => compiler.compileFile(file).diagnostics)
  expect(createCompiler({ files }).check()).toEqual(compiled)
  expect(compiled.length).toBeGreaterThan(20)
})

test('operators are found under any name that they are passed on by', () => {
  const files = {
    '/ops.ts': "export { grad as slope, vjp as default } from 'cotangent'\nimport { jvp } from 'cotangent'\nexport { jvp as forwards }\n",
    '/all.ts': "export * as all from './ops.ts'\n",
    '/main.ts': `import { slope, forwards as onwards } from './ops.ts'
import backwards from './ops.ts'
import * as ops from './ops.ts'
import { all } from './all.ts'
const f = (x: number): number => x * x
const { slope: mine } = { slope: (f: (x: number) => number) => f }
export const a = slope(f), b = onwards(f), c = backwards(f), d = ops.slope(f), e = all.default(f), own = mine(f)
`,
  }
  const { code, diagnostics } = compileFiles(files, ['/main.ts']).get('/main.ts')!
  expect(diagnostics).toEqual([])
  expect(code).toContain('export const a = f_grad, b = f_jvp, c = f_vjp, d = f_grad, e = f_vjp, own = mine(f)')
})
