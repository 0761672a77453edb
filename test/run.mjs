// The test command: every check in turn, then one line that sums up. Exits 1 if any check failed.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'

const report = '.cache/vitest.json'
mkdirSync('.cache', { recursive: true })
let passed = 0
let failed = 0

function check(name, command, args) {
  process.stdout.write(`\n== ${name}\n`)
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status === 0) passed++
  else failed++
}

check('types', 'npx', ['tsc', '-p', 'tsconfig.json'])
check('tests', 'npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile=${report}`])
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
passed += numPassedTests
failed += numFailedTests
process.stdout.write(`\n${String(passed)} passed, ${String(failed)} failed\n`)
process.exit(failed === 0 ? 0 : 1)
