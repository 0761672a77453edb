/**
 * Prints how many bytes one call of a gradient of `programs/simulation.ts` keeps at most: the largest size of the heap and of array buffers during the call, after
 * collections of garbage, less that before it. A process of its own, without a compiler, so that nothing but the call changes the heap; the samples are
 * taken in `Math.sin`, which every step calls.
 */

import { pathToFileURL } from 'node:url'

type Gradient = (out: Float64Array, x: Float64Array, steps: number) => number

const [script = '', name = '', steps = '0', interval = '1'] = process.argv.slice(2)
const collect = (globalThis as { gc?: () => void }).gc
if (!collect) throw new Error('Run with --expose-gc.')

function used(): number {
  collect!()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const { sin } = Math
let calls = 0
let most = 0
const sampled = (x: number): number => {
  if (++calls % Number(interval) === 0) most = Math.max(most, used())
  return sin(x)
}

const exports = (await import(pathToFileURL(script).href)) as Readonly<Record<string, Gradient>>
const gradient = exports[name]!
const [out, x] = [new Float64Array(3), new Float64Array([1, 0.2, 0.1])]
// The first calls and samples make what is made once, and short tapes.
Math.sin = sampled
for (let call = 0; call < 1000; call++) gradient(out, x, 100)
// What loading the module took goes away in time.
for (let collection = 0; collection < 20; collection++) {
  used()
  await new Promise((resolve) => setTimeout(resolve, 10))
}
const before = used()
most = 0
gradient(out, x, Number(steps))
console.log(most - before)
