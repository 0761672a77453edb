import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fixtureFolder, type Fixture } from './fixture.ts'

/**
 * The emitted text as it is kept beside a fixture: real TypeScript, to be read in reviews. No number stands in it, and every number is checked by
 * differences, so that writing it anew can never bless a wrong one.
 *
 * A conflict in a golden file is never merged by hand: take either side, then write it anew with
 * `UPDATE_GOLDENS=1 npx vitest run test/fixtures`.
 */
export const goldens = ['adjoint', 'tangent'] as const
export type Golden = (typeof goldens)[number]

/** The fixtures that have golden files. `'all'`: a fixture without them fails. */
const withGoldens: 'all' | readonly string[] = 'all'

export function hasGoldens({ name }: Fixture): boolean {
  return withGoldens === 'all' || withGoldens.includes(name)
}

const isUpdating = process.env.UPDATE_GOLDENS !== undefined && process.env.UPDATE_GOLDENS !== ''

function pathOf({ name }: Fixture, golden: Golden): string {
  return posix.join(fixtureFolder, `${name}.${golden}.ts`)
}

/** What stands in the golden file, which is written first where that is asked for. `undefined`: there is no file. */
export function goldenText(fixture: Fixture, golden: Golden, emitted: string): string | undefined {
  const path = pathOf(fixture, golden)
  if (isUpdating) writeFileSync(path, emitted)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** A golden file of a fixture that is refused, or that is gone, says what is no longer so. */
export function hasStaleGolden(fixture: Fixture, golden: Golden): boolean {
  const path = pathOf(fixture, golden)
  if (isUpdating) rmSync(path, { force: true })
  return existsSync(path)
}
