// npm run fuzz -- --seed N --count M [--shrink MS]: M random programs from seed N on, or those of --seeds N,M; prints the failing seeds and shrunk programs.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    seeds: { type: 'string' },
    shrink: { type: 'string', default: '20000' },
  },
})
const { status } = spawnSync('npx', ['vitest', 'run', 'test/fuzz/fuzz.test.ts'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    ...(values.seeds !== undefined && { FUZZ_SEEDS: values.seeds }),
    FUZZ_SEED: values.seed,
    FUZZ_PROGRAMS: values.count,
    FUZZ_SHRINK_MS: values.shrink,
    FUZZ_PROGRESS: '1',
  },
})
process.exit(status ?? 1)
