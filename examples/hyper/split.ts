import { readFlowers } from '../iris/data.ts'
import type { Sample } from './train.ts'

/** Every fourth flower to train with, of the two species that are hard to tell apart. With all products of two measurements as features there are enough weights to learn these by heart. */
export function readSplit(): { training: Sample; validation: Sample } {
  const { features, labels, columns } = readFlowers()
  const flowers = Array.from(labels.keys()).filter((flower) => labels[flower] !== 0)
  const sampleOf = (chosen: readonly number[]): Sample => ({
    rows: chosen.map((flower) => withProducts(features.subarray(flower * columns, (flower + 1) * columns))),
    signs: Float64Array.from(chosen, (flower) => (labels[flower] === 1 ? 1 : -1)),
  })
  return {
    training: sampleOf(flowers.filter((_, i) => i % 4 === 0)),
    validation: sampleOf(flowers.filter((_, i) => i % 4 !== 0)),
  }
}

function withProducts(x: Float64Array): Float64Array {
  const products = Array.from(x).flatMap((a, i) => Array.from(x.subarray(i), (b) => a * b))
  return Float64Array.of(1, ...x, ...products)
}
