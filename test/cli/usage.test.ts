import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalog } from '../../compiler/diagnostics/catalog.ts'
import { folders } from '../support/command.ts'
import { root } from '../support/install.ts'

/** How the command is used, whatever the program: help, mistakes in the call, colours, exit codes. */

const inFolder = folders()
const escape = String.fromCharCode(27)
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string }

describe('what is asked for is printed, and is no error', () => {
  test.each([
    ['--help', /Usage: cotangent \[options\] \[command\][\s\S]*build[\s\S]*emit[\s\S]*check[\s\S]*explain[\s\S]*Exit codes/],
    ['build --help', /Usage: cotangent build[\s\S]*--out-dir[\s\S]*cotangent build -p/],
    ['check --help', /Usage: cotangent check[\s\S]*--project/],
    ['emit --help', /Usage: cotangent emit/],
    ['explain --help', /Usage: cotangent explain[\s\S]*cotangent explain CT1001/],
    ['help check', /Usage: cotangent check/],
  ])('%s', async (args, text) => {
    const { code, stdout, stderr } = await inFolder({}).run(args.split(' '))
    expect(stdout).toMatch(text)
    expect([code, stderr]).toEqual([0, ''])
  })

  test('--version', async () => {
    const { code, stdout } = await inFolder({}).run(['--version'])
    expect([code, stdout.trim()]).toEqual([0, version])
  })
})

describe('a mistake in the call says what is wrong, and ends with 2', () => {
  test.each([
    ['bulid', /unknown command 'bulid'[\s\S]*Did you mean build/],
    ['check --projct x', /unknown option '--projct'[\s\S]*Did you mean --project/],
    ['build --out-dir', /argument missing/],
    ['check extra', /too many arguments/],
    ['explain CT1O01', /there is no diagnostic 'CT1O01'[\s\S]*CT1001/],
    ['explain CT7777', /there is no diagnostic 'CT7777'/],
    ['emit missing.ts', /CT5005[\s\S]*missing\.ts/],
  ])('%s', async (args, text) => {
    const { code, stdout, stderr } = await inFolder({}).run(args.split(' '))
    expect(stderr).toMatch(text)
    expect(stderr).not.toMatch(/\n {4}at /)
    expect([code, stdout]).toEqual([2, ''])
  })

  test('without a command there is help', async () => {
    const { code, stdout, stderr } = await inFolder({}).run([])
    expect(stdout + stderr).toContain('Usage: cotangent')
    expect(code).toBe(2)
  })
})

describe('explain', () => {
  test('tells all that is known of a code, however it is written', async () => {
    const { code, stdout } = await inFolder({}).run(['explain', 'ct2003', '1017'])
    expect(code).toBe(0)
    expect(stdout).toContain('CT2003: Aliasing that can not be followed')
    expect(stdout).toContain(catalog.CT2003.text.trim())
    expect(stdout).toMatch(/CT1017: .*\n=+\n/)
    expect(stdout).toContain('`<method>` can not be followed here: <reason>')
  })

  test('lists every code', async () => {
    const { stdout } = await inFolder({}).run(['explain'])
    for (const code of Object.keys(catalog)) expect(stdout).toContain(`${code}  `)
  })

  test('explains every code without holes', async () => {
    const { code, stdout } = await inFolder({}).run(['explain', ...Object.keys(catalog)])
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/<undefined>|\[object/)
  })
})

describe('colours', () => {
  const broken = "import { grad } from 'cotangent'\ndeclare const f: (x: number) => number\nexport const df = grad(f)\n"
  const files = { 'tsconfig.json': '{ "compilerOptions": { "types": [], "skipLibCheck": true }, "include": ["*.ts"] }', 'main.ts': broken }
  const isColoured = async (options: { readonly env?: NodeJS.ProcessEnv; readonly isTTY?: boolean }): Promise<boolean> =>
    (await inFolder(files).run(['check'], options)).stderr.includes(escape)

  test('are for terminals, unless somebody says otherwise', async () => {
    expect(await isColoured({ isTTY: false })).toBe(false)
    expect(await isColoured({ isTTY: true })).toBe(true)
    expect(await isColoured({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false)
    expect(await isColoured({ isTTY: false, env: { FORCE_COLOR: '1' } })).toBe(true)
  })
})

describe('as a process', () => {
  const run = (...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, [`${root}/dist/cli/main.js`, ...args], { encoding: 'utf8', cwd: inFolder({}).path })

  test('the exit code is that of the command', () => {
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
    expect(run('explain', 'CT9999').status).toBe(2)
    const { status, stderr } = run('check')
    expect([status, stderr]).toEqual([2, expect.stringContaining('CT5001')])
    expect(stderr).not.toContain(escape)
  })

  test.skipIf(process.platform === 'win32')('a reader that stops reading is no error', () => {
    // The names of all passes are printed after the reader is gone.
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `set -o pipefail; "$0" "$1" --help | true`, process.execPath, `${root}/dist/cli/main.js`],
      {
        encoding: 'utf8',
      },
    )
    expect([status, stderr]).toEqual([0, ''])
  })
})
