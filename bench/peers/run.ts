/**
 * Times the gradients of peers beside the emitted ones, and rewrites the section of `bench/README.md` with its chart. `--quick` only prints; a name measures only
 * the problems whose names contain it.
 */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createOut } from '../cases.ts'
import { createEmitter } from '../harness/emit.ts'
import type { Timing } from '../harness/measure.ts'
import { writeSections } from '../harness/page.ts'
import { loadPeer, peerNames } from './all.ts'
import { compileC, runC } from './c.ts'
import { createGradient, OURS } from './peer.ts'
import { createPeerCases, type PeerCase } from './problems.ts'
import { peersSection, printPeerRow, type PeerRow } from './report.ts'

// Compiled, this file is bench/gen/js/peers/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const [only = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
const turns = quick ? 1 : 3
const [rounds, milliseconds, iterations] = quick ? [1, 30, 1] : [3, 100, 3]
const emit = createEmitter(bench)
const c = compileC(bench, join(bench, 'gen', 'c'))

const cases = createPeerCases().filter(({ name }) => name.includes(only))
const missing = new Map<string, Record<string, string>>()
for (const example of cases) missing.set(example.name, await verified(example))
const timings: ReadonlyMap<string, Record<string, Timing>> = new Map(cases.map(({ name }) => [name, {}]))
for (let turn = 0; turn < turns; turn++) {
  for (const peer of [OURS, ...peerNames]) for (const [name, timing] of Object.entries(timed(peer))) add(name, peer, timing)
  if (c !== undefined) for (const { name, request, args } of cases) add(name, 'C', runC(c, request, args, rounds, milliseconds).timing)
}
const rows: PeerRow[] = cases.map(({ name }) => ({ name, timings: timings.get(name)!, missing: missing.get(name)! }))
for (const row of rows) console.log(printPeerRow(row))
if (only === '' && !quick) await writeSections(bench, [peersSection(rows)])

/** All turns are one timing with more rounds. */
function add(name: string, peer: string, { min, medians }: Timing): void {
  const found = timings.get(name)!
  const before = found[peer]
  found[peer] = before ? { min: Math.min(before.min, min), medians: [...before.medians, ...medians] } : { min, medians }
}

function timed(peer: string): Readonly<Record<string, Timing>> {
  const args = ['--expose-gc', join(import.meta.dirname, 'one.js'), peer, only, rounds, milliseconds, iterations].map(String)
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Readonly<Record<string, Timing>>
}

/** Only right code is timed: why peers have no gradient of the problem, after those that they have have been compared with ours. */
async function verified(example: PeerCase): Promise<Record<string, string>> {
  const { name, args, request } = example
  const emitted = await emit(request)
  if (emitted.kind === 'refused') throw new Error(emitted.reasons.join('\n'))
  const answer = (gradient: (...all: never[]) => number): Answer => {
    const out = createOut(example)
    return { value: gradient(...([out, ...args] as never[])), gradient: flat(out) }
  }
  const wanted = answer(emitted.call)
  const missing: Record<string, string> = {}
  for (const peerName of peerNames) {
    const peer = await loadPeer(peerName)
    const gradient = await createGradient(peer, request, args)
    if (typeof gradient === 'string') missing[peerName] = gradient
    else compare(`${peerName}, ${name}`, answer(gradient), wanted, peer.tolerance)
  }
  if (c === undefined) missing.C = 'there is no C compiler'
  else compare(`C, ${name}`, runC(c, request, args, 0, 0), wanted, 1e-9)
  return missing
}

interface Answer {
  readonly value: number
  readonly gradient: readonly number[]
}

function compare(what: string, found: Answer, wanted: Answer, tolerance: number): void {
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
