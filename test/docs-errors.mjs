/** `npm run docs:errors`: writes the pages of `docs/errors` from the catalogue. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/error-pages.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, UPDATE_GOLDENS: '1' },
})
process.exit(status ?? 1)
