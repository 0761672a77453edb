/**
 * Verifies and times one case in a process of its own, and prints the result as JSON: beside a compiler's heap, every collection of garbage would take longer
 * than it does where programs run.
 */

import { pathToFileURL } from 'node:url'
import { createBatch, measure, type Timing } from '../harness/measure.ts'
import { createCases, type Exports } from './cases.ts'

export interface Timed {
  /** What is wrong about the results. Only right code is timed. */
  readonly reasons: readonly string[]
  readonly timings: Readonly<Record<string, Timing>>
}

const [script = '', name = '', rounds = '9', milliseconds = '200'] = process.argv.slice(2)
const example = createCases().find((one) => one.name === name)
if (!example) throw new Error(`There is no case ${name}.`)
const exports = (await import(pathToFileURL(script).href)) as Exports
console.log(JSON.stringify(await timed()))

async function timed(): Promise<Timed> {
  const reasons = example!.differences(exports)
  if (reasons.length > 0) return { reasons, timings: {} }
  const args = example!.args(exports)
  const batches = Object.entries(example!.calls(exports)).map(([key, call]) => [key, createBatch(call, args, `${name}, ${key}`)] as const)
  const timings = await measure(Object.fromEntries(batches), { rounds: Number(rounds), milliseconds: Number(milliseconds) })
  return { reasons: [], timings }
}
