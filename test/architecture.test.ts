import { readFileSync } from 'node:fs'
import { posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

/** The import walls and the size of files, as the architecture promises them. An exception is named here with its reason, or it is a failure. */

const root = fileURLToPath(new URL('..', import.meta.url))
const CEILING = 300

/** Tables and vocabularies: one list that reads worse when it is cut. */
const longFiles = new Set([
  'compiler/ir/nodes.ts', // the nodes of the intermediate representation with what each promises: half of it is comment
])

/** What every phase may import besides itself. */
const common = ['ir', 'rules', 'diagnostics']

/** A phase that asks another one, and why. */
const between: Readonly<Record<string, readonly string[]>> = {
  '3-differentiate': ['2-analyze'], // asks for activity and regions of what it is about to reverse
  '4-simplify': ['2-analyze'], // asks for regions and writes, to move statements past each other
}

/** Where `typescript` is met. Everything else sees the compiler's own data. */
const typescriptDoors = [
  /^compiler\/1-read\//,
  /^compiler\/host\b/,
  /^compiler\/diagnostics\/format\.ts$/,
  /^compiler\/5-emit\/splice\b/,
  /^plugins\//,
  /^cli\//,
]

interface Source {
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly string[]
}

const sources: readonly Source[] = globSync(['{compiler,runtime,cli,plugins}/**/*.{ts,cts,mts}'], {
  cwd: root,
  ignore: '**/node_modules/**',
})
  .map((path) => path.split(sep).join('/'))
  .sort()
  .map(read)

function read(path: string): Source {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports: string[] = []
  visit(tree, (node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
      imports.push(node.moduleSpecifier.text)
    const isCall =
      ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText(tree) === 'require')
    if (isCall && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) imports.push(node.arguments[0].text)
  })
  // Relative imports as paths from the root, so that walls can be stated on them.
  return { path, text, tree, imports: imports.map((name) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name)) }
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => visit(child, see))
}

const isOurs = (name: string): boolean =>
  /^(compiler|runtime|cli|plugins|test|bench|examples)\//.test(name) || /^cotangent(\/|$)/.test(name)
const folder = (path: string): string => path.split('/')[1]!
const isPhase = (path: string): boolean => /^compiler\/\d-/.test(path)

/** Every import that a rule forbids, as `file -> import`. */
function offenders(from: (path: string) => boolean, allowed: (name: string, path: string) => boolean): string[] {
  return sources
    .filter(({ path }) => from(path))
    .flatMap(({ path, imports }) => imports.filter((name) => !allowed(name, path)).map((name) => `${path} -> ${name}`))
}

test('there is something to check', () => {
  expect(sources.length).toBeGreaterThan(40)
})

describe('import walls', () => {
  test('the runtime imports nothing but itself', () => {
    expect(
      offenders(
        (path) => path.startsWith('runtime/'),
        (name) => name.startsWith('runtime/'),
      ),
    ).toEqual([])
  })

  test('the compiler imports neither the runtime nor what is built on it', () => {
    expect(
      offenders(
        (path) => path.startsWith('compiler/'),
        (name) => name.startsWith('compiler/') || !isOurs(name),
      ),
    ).toEqual([])
  })

  test('a phase imports the intermediate representation, rules, diagnostics and itself', () => {
    const allowed = (name: string, path: string): boolean =>
      !isOurs(name) || [folder(path), ...common, ...(between[folder(path)] ?? [])].includes(folder(name))
    expect(offenders(isPhase, allowed)).toEqual([])
  })

  test('typescript is met at the doors only', () => {
    expect(
      offenders(
        (path) => !typescriptDoors.some((door) => door.test(path)),
        (name) => name !== '#typescript',
      ),
    ).toEqual([])
  })

  test('typescript is loaded through its door, which is several times faster', () => {
    expect(
      offenders(
        () => true,
        (name) => name !== 'typescript',
      ),
    ).toEqual([])
  })

  test('magic-string is met in splice only', () => {
    expect(
      offenders(
        (path) => !/^compiler\/5-emit\/splice\b/.test(path),
        (name) => name !== 'magic-string',
      ),
    ).toEqual([])
  })

  test('plugins reach the compiler through its front door', () => {
    const allowed = (name: string): boolean =>
      !name.startsWith('compiler/') || name === 'compiler/index.ts' || name.startsWith('compiler/diagnostics/')
    expect(offenders((path) => path.startsWith('plugins/'), allowed)).toEqual([])
  })

  test('the folders of the compiler form no cycle', () => {
    const edges = new Map<string, Set<string>>()
    for (const { path, imports } of sources)
      for (const name of imports)
        if (inFolder(path) && inFolder(name) && folder(path) !== folder(name))
          edges.set(folder(path), (edges.get(folder(path)) ?? new Set()).add(folder(name)))
    expect(cycleIn(edges)).toBeUndefined()
  })
})

describe('files', () => {
  test(`are at most ${CEILING} lines long`, () => {
    const long = sources.filter(({ path, text }) => text.split('\n').length - 1 > CEILING && !longFiles.has(path)).map(({ path }) => path)
    expect(long).toEqual([])
  })

  test('that are excepted are still there and still long', () => {
    for (const path of longFiles)
      expect(sources.find((source) => source.path === path)?.text.split('\n').length, path).toBeGreaterThan(CEILING)
  })

  test('use no any', () => {
    expect(places((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([])
  })

  test('keep no state in a module', () => {
    expect(places((node) => ts.isVariableStatement(node) && ts.isSourceFile(node.parent) && !isConstant(node))).toEqual([])
  })
})

function inFolder(path: string): boolean {
  return path.startsWith('compiler/') && path.split('/').length > 2
}

function isConstant(node: ts.VariableStatement): boolean {
  const isAmbient = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true
  return isAmbient || (node.declarationList.flags & ts.NodeFlags.Const) !== 0
}

function places(is: (node: ts.Node) => boolean): string[] {
  const found: string[] = []
  for (const { path, tree } of sources)
    visit(tree, (node) => {
      if (is(node)) found.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`)
    })
  return found
}

function cycleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const done = new Set<string>()
  const follow = (name: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(name)) return [...trail, name].join(' -> ')
    if (done.has(name)) return undefined
    for (const next of edges.get(name) ?? []) {
      const found = follow(next, [...trail, name])
      if (found !== undefined) return found
    }
    done.add(name)
    return undefined
  }
  for (const name of edges.keys()) {
    const found = follow(name, [])
    if (found !== undefined) return found
  }
  return undefined
}
