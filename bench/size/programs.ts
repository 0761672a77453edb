import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const request = "import { valueAndGrad } from 'cotangent'\n"
const ask = '\nexport const gradient = valueAndGrad(f)\n'

/** Gradients of functions of numbers: straight, with a loop that keeps what it overwrites, with one that ends by itself, and by recursion. */
export const scalars: Readonly<Record<string, string>> = {
  'a formula': `${request}
export function f(x: number, y: number): number {
  return Math.sin(x) * Math.exp(-y) + x / (1 + y * y)
}
${ask}`,
  'a loop': `${request}
export function f(x: number, y: number): number {
  let z = x
  for (let i = 0; i < 100; i++) z = Math.cos(z) + y * z
  return z
}
${ask}`,
  'a loop that ends by itself': `${request}
export function f(x: number, y: number): number {
  let z = x
  while (Math.abs(z * z - x) > 1e-9) z = 0.5 * (z + x / z)
  return z * y
}
${ask}`,
  recursion: `${request}
export function f(x: number, y: number): number {
  return y > 100 ? x : f(x * Math.sin(y), y + x * x) + x
}
${ask}`,
}

/** The benchmarks' own files that ask for a gradient of the first order. */
export function gradientFiles(bench: string): string[] {
  return ['requests', 'language/programs'].flatMap((folder) =>
    readdirSync(join(bench, folder))
      .sort()
      .map((file) => join(bench, folder, file)),
  )
}
