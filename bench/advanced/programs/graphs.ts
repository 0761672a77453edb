/** A pullback that keeps a number for each of many steps, as bytes and back. */

import { vjp } from 'cotangent'
import { loadGraph, saveGraph } from 'cotangent/graph'

function waves(x: number, steps: number): number {
  let y = x
  for (let i = 0; i < steps; i++) y = Math.sin(y) + 0.1 * x * y
  return y
}

const operator = vjp(waves)

export function pulled(steps: number): ReturnType<typeof operator>['pullback'] {
  return operator(0.7, steps).pullback
}

export function saved(pullback: ReturnType<typeof operator>['pullback']): Uint8Array {
  return saveGraph(pullback)
}

export function loaded(bytes: Uint8Array): ReturnType<typeof operator>['pullback'] {
  return loadGraph(operator, bytes)
}

// What is timed gives a number.
export function save(pullback: ReturnType<typeof operator>['pullback'], _bytes: Uint8Array): number {
  return saveGraph(pullback).length
}

export function load(_pullback: ReturnType<typeof operator>['pullback'], bytes: Uint8Array): number {
  return loadGraph(operator, bytes).length
}

export function copy(_pullback: ReturnType<typeof operator>['pullback'], bytes: Uint8Array): number {
  return bytes.slice().length
}
