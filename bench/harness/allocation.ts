import type { Batch } from './measure.ts'

/**
 * Bytes that a call takes from the heap, array buffers included, in steady state. The memory in use only grows between two collections, so the growth over a short run of calls is what they allocated;
 * runs that a collection fell into shrink instead, and don't count.
 */
export function bytesPerCall(batch: Batch, calls = 10_000): number {
  batch(calls)
  const runs = Math.min(100, calls)
  const each = Math.floor(calls / runs)
  const own = growth(() => 0, runs, 0)
  const grown = growth(batch, runs, each)
  return Math.max(0, (grown - own) / each)
}

/** The median growth of a run. */
function growth(batch: Batch, runs: number, calls: number): number {
  const samples: number[] = []
  for (let run = 0; run < runs; run++) {
    const before = used()
    batch(calls)
    const grown = used() - before
    if (grown >= 0) samples.push(grown)
  }
  samples.sort((a, b) => a - b)
  return samples[samples.length >> 1] ?? 0
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
