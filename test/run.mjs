// The test command: every check in turn, then one line that sums up. Exits 1 if any check failed. `npm test -- types tests` runs some of them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const report = '.cache/vitest.json'
const isWindows = process.platform === 'win32'
const wanted = process.argv.slice(2)
const broken = []
let passed = 0
let failed = 0

function run(command, args) {
  return spawnSync(command, args, { stdio: 'inherit', shell: isWindows }).status === 0
}

// Tools are started by their own files: several versions of `tsc` are installed, and which one `npx` finds is a matter of luck.
const tool = (file, ...args) => run(process.execPath, [`node_modules/${file}`, ...args])

function check(name, holds) {
  if (wanted.length > 0 && !wanted.includes(name)) return
  process.stdout.write(`\n== ${name}\n`)
  const start = performance.now()
  const ok = holds()
  process.stdout.write(`== ${name}: ${ok ? 'ok' : 'FAILED'} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`)
  if (ok) passed++
  else {
    failed++
    broken.push(name)
  }
}

/** Every test counts on its own; the check itself counts once more, so that a run that collects nothing fails. */
function tests() {
  mkdirSync('.cache', { recursive: true })
  rmSync(report, { force: true })
  const ok = tool('vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile=${report}`)
  if (!existsSync(report)) return false
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  passed += numPassedTests
  failed += numFailedTests
  return ok && numPassedTests > 0
}

/** The tests of `cotangent/register` run on a later Node too. Without one they would prove half of what they claim, so it is a check. */
function laterNode() {
  const folder = 'test/support/node-lts'
  const binary = `${folder}/node_modules/node/bin/node${isWindows ? '.exe' : ''}`
  return existsSync(binary) || (run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund']) && existsSync(binary))
}

check('later-node', laterNode)
check('types', () => tool('typescript/bin/tsc', '-p', 'tsconfig.json'))
check('build', () => run('npm', ['run', '--silent', 'build']))
// The example imports the built package, so its types are only known after the build.
check('lint', () => tool('eslint/bin/eslint.js', '.') && tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'))
check('tests', tests)
check('example', () => run('npm', ['start', '--silent']))

if (broken.length > 0) process.stdout.write(`\nFailed: ${broken.join(', ')}\n`)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
