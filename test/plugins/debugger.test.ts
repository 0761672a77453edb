import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { installPackage, runNode, writeFiles } from '../support/install.ts'

/** What a debugger does that speaks Chromium's protocol: it stops and steps in emitted code, and shows the lines that the user wrote. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const app = `import { grad } from 'cotangent'

function loss(x: Float64Array): number {
  let y = 1
  for (let i = 0; i < x.length; i++) {
    y *= Math.sin(x[i]!)
  }
  return y * y
}

grad(loss)(new Float64Array([1, 2]))
`

/** Stops where lines of `app.ts` have become something, steps from there on or goes on, and tells the lines where it stopped. */
const client = `import { Session } from 'node:inspector'
import { allGeneratedPositionsFor, LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

const [stops, command] = process.argv.slice(2)
const session = new Session()
session.connect()
const lines = []
let map
session.on('Debugger.scriptParsed', ({ params: { url, scriptId, sourceMapURL } }) => {
  if (!url.endsWith('/app.ts')) return
  map = new TraceMap(JSON.parse(Buffer.from(sourceMapURL.split(',')[1], 'base64').toString()))
  const placesOf = (line) => allGeneratedPositionsFor(map, { source: map.sources[0], line: Number(line), column: 0, bias: LEAST_UPPER_BOUND })
  const places = stops.split(',').flatMap(placesOf)
  const rows = new Set(places.map((place) => place.line - 1))
  for (const lineNumber of rows) session.post('Debugger.setBreakpoint', { location: { scriptId, lineNumber } })
})
session.on('Debugger.paused', ({ params: { callFrames: [{ functionName, location }] } }) => {
  if (functionName !== 'loss_grad') return session.post('Debugger.resume')
  lines.push(originalPositionFor(map, { line: location.lineNumber + 1, column: location.columnNumber }).line)
  session.post('Debugger.' + command)
})
session.post('Debugger.enable')
await import('./app.ts')
console.log(lines.filter((line, i) => line !== lines[i - 1]).join(' '))
`

let installed = ''

beforeAll(async () => {
  installed = await installPackage('debugger')
  writeFiles(join(installed, 'app'), { 'package.json': '{ "type": "module" }', 'app.ts': app, 'client.js': client })
})

afterAll(() => rmSync(installed, { recursive: true, force: true }))

const debug = (...args: readonly string[]) => runNode(join(installed, 'app'), ['--import', 'cotangent/register', 'client.js', ...args])

test('it steps through the function forwards, then backwards', async () => {
  expect(await debug('4', 'stepOver')).toEqual({ code: 0, stderr: '', stdout: '4 5 6 5 6 5 8 5 6 5 6 5\n' })
})

test('a breakpoint stands for every place that the line has become', async () => {
  expect(await debug('6,8', 'resume')).toEqual({ code: 0, stderr: '', stdout: '6 8 6\n' })
})
