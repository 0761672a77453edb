import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startChromium } from './support/chromium.ts'
import { compile } from './support/compile.ts'
import { putApart } from './support/graph-process.ts'
import { functionOf, load } from './support/load.ts'

/** A graph saved in Node loads in Chromium and gives the same bits, and the other way round. */

/**
 * One program for both sides. Its two halves use nothing but + - * / and comparisons, whose results IEEE 754 fixes to the last bit: the claim is about saving
 * and loading, while `Math.sin` and its like may differ between the engines' versions.
 */
const program = `import { vjp } from 'cotangent'
import { CotangentError, loadGraph, saveGraph } from 'cotangent/graph'

interface Grid { cells: Float64Array; rows: number[][]; label: string }

function relax(grid: Grid, rate: number, steps: number): Float64Array {
  const { cells, rows } = grid
  const flows: number[] = []
  for (let step = 0; step < steps; step++) {
    for (let i = 1; i + 1 < cells.length; i++) {
      const flow = cells[i - 1]! - 2 * cells[i]! + cells[i + 1]!
      if (flow > 1) continue
      if (flow > 0) cells[i] = cells[i]! + rate * flow * cells[i]!
      else cells[i] = cells[i]! / (1 + flow * flow)
      flows.push(flow * rate)
    }
    for (const row of rows) {
      let sum = 0
      for (const weight of row) sum += weight * cells[step % cells.length]!
      row[0] = sum / (1 + sum * sum)
    }
  }
  let total = grid.label === 'half' ? 0.5 : 1
  for (const flow of flows) total *= 1 + flow * flow
  return new Float64Array([cells[1]!, cells[2]! * total, rows[0]![0]!, rows[1]![0]! / total])
}

const relaxed = vjp(relax, { wrt: [0, 1] })
type Pull = ReturnType<typeof relaxed>['pullback']

/** A row each for a call of the pullback; the last with the smallest and with large numbers. */
const cotangents = [[1, 0, -0, 0], [0.1, -2.5, 1 / 3, 7], [5e-324, 1e300, -1e-310, 1e-3]]
const gradients = (pullback: Pull): number[][] =>
  cotangents.map((cotangent) => {
    const [{ cells, rows }, rate] = pullback(new Float64Array(cotangent))
    return [...new Uint8Array(new Float64Array([...cells, ...rows.flat(), rate]).buffer)]
  })

/** From here each of the three branches on the flow is taken several times. */
export function save(steps: number): { file: number[]; gradients: number[][] } {
  const grid = { cells: new Float64Array([0.5, 0.25, 0.7, 1.5, -0.4, 0.9, 2.1, 0.1]), rows: [[0.1, 0.2, -1.7], [-0.7, 1.3]], label: 'half' }
  const { pullback } = relaxed(grid, 0.3, steps)
  return { file: [...saveGraph(pullback)], gradients: gradients(pullback) }
}

export function load(file: Uint8Array): number[][] {
  return gradients(loadGraph(relaxed, file))
}

export function refusal(file: Uint8Array): string {
  try {
    loadGraph(relaxed, file)
    return 'none'
  } catch (error) {
    return error instanceof CotangentError ? error.code : String(error)
  }
}
`
const origin = 'http://cotangent.test'

interface Saved {
  readonly file: readonly number[]
  readonly gradients: readonly (readonly number[])[]
}

const { code, diagnostics } = compile(program)
const here = load({ '/main.ts': code }, '/main.ts')
const saveHere = functionOf(here, 'save') as (steps: number) => Saved
const loadHere = functionOf(here, 'load') as (file: Uint8Array) => Saved['gradients']

test('the program gives finite gradients for three cotangents, in Node', () => {
  expect(diagnostics).toEqual([])
  // Counts of iterations are made with these, and they are exact.
  expect(code.replaceAll(/Math\.(ceil|max)\b/g, '')).not.toContain('Math.')
  const found = saveHere(5).gradients.map((bytes) => new Float64Array(Uint8Array.from(bytes).buffer))
  expect(found.map((gradient) => gradient.length)).toEqual([14, 14, 14])
  expect(found.every((gradient) => gradient.some((g) => g !== 0) && gradient.every(Number.isFinite))).toBe(true)
})

const browser = await startChromium()

describe.skipIf(browser === undefined)('graphs in Chromium', () => {
  let page: Page
  beforeAll(async () => {
    page = await browser!.newPage()
    await serve(page, putApart('graph-browser', { 'main.ts': code }))
    await page.goto(origin)
  })
  afterAll(() => browser?.close())

  /** The result of an expression in the page, where `main` is the program and `file` what was fetched. */
  async function inPage<R>(expression: string, file: Uint8Array = new Uint8Array()): Promise<R> {
    await page.route(`${origin}/step.graph`, (route) => route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from(file) }))
    return page.evaluate<R>(`(async () => {
      const main = await import('/main.js')
      const file = new Uint8Array(await (await fetch('/step.graph')).arrayBuffer())
      return ${expression}
    })()`)
  }

  test('saved in Node, loaded in the page: the same bit for bit', async () => {
    const { file, gradients } = saveHere(5)
    expect(await inPage('main.load(file)', Uint8Array.from(file))).toEqual(gradients)
  })

  test('saved in the page, loaded in Node: the same bit for bit, and the same file', async () => {
    const there = await inPage<Saved>('main.save(7)')
    expect(loadHere(Uint8Array.from(there.file))).toEqual(there.gradients)
    expect(there).toEqual(saveHere(7))
    expect(there.gradients).not.toEqual(saveHere(5).gradients)
  })

  test.each([
    ['its last byte', -1],
    ['its last number', -16],
    ['half of its header', 100],
  ])('a file without %s is refused in the page', async (_, end) => {
    expect(await inPage('main.refusal(file)', Uint8Array.from(saveHere(5).file).subarray(0, end))).toBe('CT0012')
  })

  test('the whole file is not refused', async () => {
    expect(await inPage('main.refusal(file)', Uint8Array.from(saveHere(5).file))).toBe('none')
  })
})

/** Answers whatever the page asks for from a folder: there is no server, and nothing goes to the network. */
async function serve(page: Page, folder: string): Promise<void> {
  await page.route('**/*', async (route) => {
    const url = new URL(route.request().url())
    if (url.origin !== origin) await route.abort()
    else if (url.pathname === '/') await route.fulfill({ contentType: 'text/html', body: html() })
    else await route.fulfill({ path: join(folder, url.pathname) })
  })
}

/** The page finds the package as Node does: by the `exports` of its package.json. */
function html(): string {
  const text = readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8')
  const { exports } = JSON.parse(text) as { readonly exports: Readonly<Record<string, string>> }
  const path = (key: string): string => exports[key]!.replace('.', '/node_modules/cotangent')
  const imports = { cotangent: path('.'), 'cotangent/runtime': path('./runtime'), 'cotangent/graph': path('./graph') }
  return `<!doctype html><title>Cotangent</title><script type="importmap">${JSON.stringify({ imports })}</script>`
}
