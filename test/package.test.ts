import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'

/** The package as its users get it: built, put into a `node_modules`, and imported by programs of other TypeScript versions. */

const root = fileURLToPath(new URL('..', import.meta.url))
const project = join(root, '.cache/package-test')
const installed = join(project, 'node_modules/cotangent')
const run = promisify(execFile)

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string>
  files: readonly string[]
  bin: Record<string, string>
  dependencies: Record<string, string>
}

const program = `import { grad, valueAndGrad, vjp } from 'cotangent'
import { tapePool } from 'cotangent/runtime'
import { checkGradients } from 'cotangent/testing'
export const gradient: Float64Array = grad((x: Float64Array) => x[0] ?? 0)(new Float64Array(1))
export const list: [number] = valueAndGrad((x: number) => x, { wrt: [0] })(1).grad
export const pulled: number = vjp((x: number) => x)(1).pullback(1)
// @ts-expect-error: a string has no gradient
grad((x: string) => x.length)
export const used = [tapePool, checkGradients]
`

beforeAll(async () => {
  rmSync(project, { recursive: true, force: true })
  mkdirSync(installed, { recursive: true })
  await run(process.execPath, [tsc('typescript'), '-p', join(root, 'tsconfig.build.json'), '--outDir', join(installed, 'dist')])
  for (const file of ['package.json', ...manifest.files.filter((name) => /\.(?:cjs|json)$/.test(name))])
    cpSync(join(root, file), join(installed, file))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(project, 'program.ts'), program)
})

function tsc(version: string): string {
  return join(root, 'node_modules', version, 'bin/tsc')
}

test.each([...Object.values(manifest.exports), ...Object.values(manifest.bin)])('%s is built', (target) => {
  expect(existsSync(join(installed, target))).toBe(true)
})

test('the entry points that are modules can be imported', async () => {
  const names = ['cotangent', 'cotangent/runtime', 'cotangent/testing', 'cotangent/graph', 'cotangent/hooks', 'cotangent/compiler']
  const script = `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(await import(name)).length > 0)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: project })
  expect(stdout.trim().split('\n')).toEqual(names.map((name) => `${name} true`))
})

test.each(
  ['typescript-5.9', 'typescript', 'typescript-7'].flatMap((version) =>
    [['nodenext', 'nodenext'] as const, ['esnext', 'bundler'] as const].map((modules) => [version, ...modules] as const),
  ),
)('%s reads the declarations (%s, %s)', async (version, module, moduleResolution) => {
  // A name of its own for each, because these run side by side. Declarations are checked too: no skipLibCheck.
  const config = join(project, `tsconfig.${version}.${module}.json`)
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'es2022',
    types: [],
    module,
    moduleResolution,
  }
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ['program.ts'] }))
  const { stdout } = await run(process.execPath, [tsc(version), '-p', config]).catch((error: unknown) => error as { stdout: string })
  expect(stdout).toBe('')
})
