import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const fixtureFolder = fileURLToPath(new URL('../../fixtures', import.meta.url))

/** One function of a fixture and how to differentiate it. Written as a comment line; see `fixtures/README.md`. */
export interface Check {
  readonly name: string
  /** `@grad`: a scalar function. `@vjp`: any differentiable result. */
  readonly scalar: boolean
  readonly wrt: readonly number[]
  /** As written in the request: `wrt=0` asks for one gradient, `wrt=0,1` or `wrt=[0]` for a list. */
  readonly wrtText: string
  /** `order=1` leaves out the second order, where the function is not smooth enough or the program too large. */
  readonly second: boolean
  /** `single`: the function rounds to single precision on the way, so that neither differences nor derivatives are better than that. */
  readonly single: boolean
  readonly points: readonly (readonly unknown[])[]
}

export interface Fixture {
  readonly name: string
  readonly path: string
  readonly text: string
  /** The files that it imports, by virtual path. */
  readonly others: Readonly<Record<string, string>>
  readonly checks: readonly Check[]
}

/** Virtual files live in this folder, so that no path of the machine can get into a golden file. */
export const virtualFolder = '/fixtures'

const directive = /^\/\/ @(grad|vjp) (\w+)((?: [\w=,[\]]+)*) at (.*)$/

export function readFixtures(): Fixture[] {
  const only = process.env.FIXTURE
  return readdirSync(fixtureFolder)
    .filter((file) => file.endsWith('.ts') && !/\.(adjoint|tangent)\.ts$/.test(file))
    .filter((file) => only === undefined || file.includes(only))
    .sort()
    .map(readFixture)
}

function readFixture(file: string): Fixture {
  const text = readFileSync(posix.join(fixtureFolder, file), 'utf8')
  const path = posix.join(virtualFolder, file)
  return { name: file.slice(0, -'.ts'.length), path, text, others: importedFiles(text, path), checks: readChecks(text, file) }
}

function readChecks(text: string, file: string): Check[] {
  const checks = new Map<string, Check>()
  for (const line of text.split('\n')) {
    if (!line.startsWith('// @')) continue
    const match = directive.exec(line)
    if (match === null) throw new Error(`${file}: not a directive: ${line}`)
    const [, kind, name, words, args] = match as unknown as [string, string, string, string, string]
    const settings = words.trim().split(' ').filter(Boolean)
    const wrtText = settings.find((word) => word.startsWith('wrt='))?.slice('wrt='.length) ?? '0'
    const key = [kind, name, ...settings].join(' ')
    const point = new Function(`return ${args}`)() as unknown[]
    const known = checks.get(key)
    checks.set(key, {
      name,
      scalar: kind === 'grad',
      wrt: wrtText.replace(/[[\]]/g, '').split(',').map(Number),
      wrtText: wrtText.includes(',') && !wrtText.startsWith('[') ? `[${wrtText.replaceAll(',', ', ')}]` : wrtText,
      second: !settings.includes('order=1'),
      single: settings.includes('single'),
      points: [...(known?.points ?? []), point],
    })
  }
  if (checks.size === 0) throw new Error(`${file}: no directive such as "// @grad f wrt=0 at [1]".`)
  return [...checks.values()]
}

/** The relative imports of a file, followed to the end. */
function importedFiles(text: string, path: string, found: Record<string, string> = {}): Record<string, string> {
  for (const [, specifier] of text.matchAll(/from '(\.[^']+)'/g)) {
    const imported = posix.join(posix.dirname(path), specifier!)
    if (imported in found) continue
    found[imported] = readFileSync(posix.join(fixtureFolder, posix.relative(virtualFolder, imported)), 'utf8')
    importedFiles(found[imported], imported, found)
  }
  return found
}

/** The source as it stands in a golden file: without the directives, so that it reads as a user's file. */
export function sourceOf(fixture: Fixture): string {
  return fixture.text.replace(/^\/\/ @.*\n/gm, '')
}
