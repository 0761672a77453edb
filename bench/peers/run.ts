/**
 * Times the gradients of peers beside the emitted ones, and rewrites the section of `bench/README.md` with its chart. `--quick` only prints; a name measures only
 * the problems whose names contain it.
 */

import { join } from 'node:path'
import { createOut } from '../cases.ts'
import { createEmitter } from '../harness/emit.ts'
import { createBatch, measure, type Batch } from '../harness/measure.ts'
import { writeSections } from '../harness/page.ts'
import { compileC, runC } from './c.ts'
import { createPeerCases, peers, type PeerCase } from './cases.ts'
import { createGradient } from './peer.ts'
import { peersSection, printPeerRow, type PeerRow } from './report.ts'

// Compiled, this file is bench/gen/js/peers/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const [only = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
const [rounds, milliseconds] = quick ? [3, 20] : [7, 100]
const emit = createEmitter(bench)
const c = compileC(bench, join(bench, 'gen', 'c'))

const rows: PeerRow[] = []
for (const example of createPeerCases().filter(({ name }) => name.includes(only))) {
  const row = await run(example)
  rows.push(row)
  console.log(printPeerRow(row))
}
if (only === '' && !quick) await writeSections(bench, [peersSection(rows)])

async function run(example: PeerCase): Promise<PeerRow> {
  const { name, args, request } = example
  const emitted = await emit(request)
  if (emitted.kind === 'refused') throw new Error(emitted.reasons.join('\n'))
  const wanted = createOut(example)
  const value = emitted.call(...([wanted, ...args] as never[]))
  const expected = flat(wanted)
  const batches: Record<string, Batch> = { ours: createBatch(emitted.call, [createOut(example), ...args], `${name}, ours`) }
  const missing: Record<string, string> = {}
  for (const peer of peers) {
    const gradient = await createGradient(peer, request, args)
    if (typeof gradient === 'string') missing[peer.name] = gradient
    else {
      const out = createOut(example)
      verify(
        `${peer.name}, ${name}`,
        { value: gradient(...([out, ...args] as never[])), gradient: flat(out) },
        { value, gradient: expected },
        peer.tolerance,
      )
      batches[peer.name] = createBatch(gradient, [createOut(example), ...args], `${name}, ${peer.name}`)
    }
  }
  const timings = await measure(batches, { rounds, milliseconds, iterations: quick ? 1 : 5 })
  if (c === undefined) missing.C = 'there is no C compiler'
  else {
    const found = runC(c, request, args, rounds, milliseconds)
    verify(`C, ${name}`, found, { value, gradient: expected }, 1e-9)
    timings.C = found.timing
  }
  return { name, timings, missing }
}

interface Answer {
  readonly value: number
  readonly gradient: readonly number[]
}

/** Only right code is timed. */
function verify(what: string, found: Answer, wanted: Answer, tolerance: number): void {
  const size = wanted.gradient.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const off = found.gradient.reduce((most, x, i) => Math.max(most, Math.abs(x - wanted.gradient[i]!) / size), 0)
  if (!(off < tolerance && Math.abs(found.value - wanted.value) <= tolerance * Math.abs(wanted.value)))
    throw new Error(
      `${what}: the gradient is off by ${String(off)}, the value is ${String(found.value)} instead of ${String(wanted.value)}.`,
    )
}

function flat(out: unknown): number[] {
  return out instanceof Float64Array ? [...out] : (out as Float64Array[]).flatMap((part) => [...part])
}
