import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { folders, type Folder } from '../support/command.ts'

const inFolder = folders()

const config = (options: object): string =>
  JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', module: 'esnext', types: [], ...options }, include: ['src'] })

const sources = {
  'src/app.ts': `import { grad } from 'cotangent'
import { square } from './lib/square'
export const slope = grad((x: number) => Math.sin(square(x)))(2)
`,
  'src/lib/square.ts': `// Not changed by the command.
export function square(x: number): number {
  if (x > 9) throw new Error('too large')
  return x * x
}
`,
}

const project = (options: object): Folder => inFolder({ ...sources, 'tsconfig.json': config(options) })
const read = ({ path }: Folder, file: string): string => readFileSync(join(path, file), 'utf8')
const written = ({ path }: Folder): readonly string[] => readdirSync(join(path, 'gen'), { recursive: true }).map(String).sort()

/** What `tsc` would write of the output, without the time it takes to read its library. */
function transpile(folder: Folder, file: string, compilerOptions: ts.CompilerOptions): void {
  const name = file.replace(/\.ts$/, '')
  const made = ts.transpileModule(read(folder, `gen/${file}`), {
    fileName: `../gen/${file}`,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, ...compilerOptions },
  })
  const map = made.sourceMapText && { ...(JSON.parse(made.sourceMapText) as object), sources: [`../gen/${file}`] }
  writeFileSync(join(folder.path, `dist/${name}.js`), made.outputText)
  if (map) writeFileSync(join(folder.path, `dist/${name}.js.map`), JSON.stringify(map))
}

function placeOf(code: string, map: string, piece: string): string {
  const lines = code.split('\n')
  const row = lines.findIndex((line) => line.includes(piece))
  const { source, line } = originalPositionFor(new TraceMap(map), { line: row + 1, column: lines[row]!.indexOf(piece) })
  return `${String(source)}:${String(line)}`
}

describe('cotangent build', () => {
  test('writes maps for those who ask for them', async () => {
    const folder = project({ sourceMap: true })
    expect(await folder.run(['build', '--out-dir', 'gen'])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(written(folder).filter((name) => name.endsWith('.map'))).toEqual(['src/app.ts.map', 'src/lib/square.ts.map'])
    expect(read(folder, 'gen/tsconfig.json')).not.toContain('.map')
    expect(read(folder, 'gen/src/app.ts')).not.toContain('sourceMappingURL')
    const map = read(folder, 'gen/src/app.ts.map')
    expect((JSON.parse(map) as { sources: string[] }).sources).toEqual(['../../src/app.ts', '../../src/lib/square.ts'])
    const code = read(folder, 'gen/src/app.ts')
    expect(placeOf(code, map, 'Math.cos')).toBe('../../src/app.ts:3')
    expect(placeOf(code, map, 'throw new')).toBe('../../src/lib/square.ts:3')
    const same = read(folder, 'gen/src/lib/square.ts')
    expect(same).toBe(sources['src/lib/square.ts'])
    expect(placeOf(same, read(folder, 'gen/src/lib/square.ts.map'), 'too large')).toBe('../../../src/lib/square.ts:3')
  })

  test('writes none for others, and takes away those of before', async () => {
    const folder = project({ inlineSourceMap: true })
    await folder.run(['build', '--out-dir', 'gen'])
    expect(written(folder)).toContain('src/app.ts.map')
    writeFileSync(join(folder.path, 'tsconfig.json'), config({}))
    expect(await folder.run(['build', '--out-dir', 'gen'])).toMatchObject({ code: 0 })
    expect(written(folder).filter((name) => name.endsWith('.map'))).toEqual([])
  })
})

describe('cotangent maps', () => {
  const built = async (options: ts.CompilerOptions): Promise<Folder> => {
    const folder = inFolder({ ...sources, 'tsconfig.json': config({ sourceMap: true, rootDir: 'src' }), 'dist/lib/.keep': '' })
    await folder.run(['build', '--out-dir', 'gen'])
    transpile(folder, 'app.ts', options)
    return folder
  }

  test('joins maps in files of their own', async () => {
    const folder = await built({ sourceMap: true })
    expect(await folder.run(['maps', 'dist'])).toEqual({ code: 0, stdout: 'Joined 1 of 1 source maps.\n', stderr: '' })
    const [code, map] = [read(folder, 'dist/app.js'), read(folder, 'dist/app.js.map')]
    expect(placeOf(code, map, 'Math.cos')).toBe('../src/app.ts:3')
    expect(placeOf(code, map, 'throw new')).toBe('../src/lib/square.ts:3')
    expect(await folder.run(['maps', 'dist'])).toMatchObject({ code: 0, stdout: 'Joined 0 of 1 source maps.\n' })
    expect(read(folder, 'dist/app.js.map')).toBe(map)
  })

  test('joins maps of several sources, as bundlers write them, and leaves what is not ours', async () => {
    const folder = await built({ sourceMap: true })
    const map = {
      version: 3,
      names: [],
      sources: ['../gen/app.ts', 'other.ts', '../gen/lib/square.ts'],
      sourcesContent: ['a', 'other', 'b'],
      mappings: 'AAEA,ACAA,ACAA',
    }
    writeFileSync(join(folder.path, 'dist/app.js.map'), JSON.stringify(map))
    expect(await folder.run(['maps', 'dist'])).toMatchObject({ code: 0, stdout: 'Joined 1 of 1 source maps.\n' })
    const joined = JSON.parse(read(folder, 'dist/app.js.map')) as { sources: string[]; sourcesContent: string[] }
    expect([...joined.sources].sort()).toEqual(['../src/app.ts', '../src/lib/square.ts', 'other.ts'])
    expect(joined.sourcesContent[joined.sources.indexOf('other.ts')]).toBe('other')
    expect(joined.sourcesContent[joined.sources.indexOf('../src/app.ts')]).toBe(sources['src/app.ts'])
  })

  test('says what is wrong, and then writes nothing', async () => {
    const folder = await built({ sourceMap: true })
    const before = read(folder, 'dist/app.js.map')
    writeFileSync(join(folder.path, 'dist/broken.js.map'), '{')
    const broken = await folder.run(['maps', 'dist'])
    expect(broken.code).toBe(2)
    expect(broken.stderr).toContain('error CT5012: `dist/broken.js.map` has no source map that can be read')
    expect(read(folder, 'dist/app.js.map')).toBe(before)
    for (const empty of ['nowhere', 'src', 'tsconfig.json']) {
      const { code, stderr } = await folder.run(['maps', empty])
      expect(code).toBe(2)
      expect(stderr).toContain(`error CT5013: \`${empty}\` is no folder with source maps in it`)
    }
    expect((await folder.run(['maps'])).code).toBe(2)
  })
})
