/**
 * Times the gradients of one peer, or ours, for all problems, and prints that as JSON. A process of its own, as a user's would be: once WebAssembly has replaced its
 * memory by a larger one, V8 checks at every access of an array that its buffer is still there, and what has nothing to do with it takes up to twice as long.
 */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createOut, type Timed } from '../cases.ts'
import { createBatch, measure, type Timing } from '../harness/measure.ts'
import { loadPeer } from './all.ts'
import { createGradient, OURS } from './peer.ts'
import { createPeerCases, type PeerCase } from './problems.ts'

const [name = '', only = '', rounds = '3', milliseconds = '100', iterations = '3'] = process.argv.slice(2)
const settings = { rounds: Number(rounds), milliseconds: Number(milliseconds), iterations: Number(iterations) }
const timings: Record<string, Timing> = {}
for (const example of createPeerCases().filter((one) => one.name.includes(only))) {
  const gradient = name === OURS ? await emitted(example) : await createGradient(await loadPeer(name), example.request, example.args)
  if (typeof gradient === 'string') continue
  const batch = createBatch(gradient, [createOut(example), ...example.args], `${name}, ${example.name}`)
  timings[example.name] = (await measure({ batch }, settings)).batch
}
console.log(JSON.stringify(timings))

/** What was emitted stands where the request was compiled to. Compiled, this file is bench/gen/js/peers/one.js. */
async function emitted({ request }: PeerCase): Promise<Timed> {
  const script = join(import.meta.dirname, '..', 'requests', `${request}.js`)
  return ((await import(pathToFileURL(script).href)) as { gradient: Timed }).gradient
}
