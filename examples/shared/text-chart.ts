import { blue, green, lightmagenta, plot, red, reset, yellow } from 'asciichart'
import colors from 'picocolors'

const width = 66
const inks = [blue, red, green, lightmagenta, yellow]

export interface Curve {
  readonly name: string
  /** Points from left to right. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface TextChartOptions {
  readonly title: string
  readonly height?: number
  /** Which scales are logarithmic. */
  readonly logarithmic?: { readonly x?: boolean; readonly y?: boolean }
}

/** Curves for the terminal's 80 columns, straight between their points; one that ends before the others stays where it ended. */
export function textChart(curves: readonly Curve[], { title, height = 10, logarithmic = {} }: TextChartOptions): string {
  const along = logarithmic.x ? Math.log : (x: number) => x
  const up = logarithmic.y ? Math.log : (y: number) => y
  const scaled = curves.map(({ points }) => points.map(([x, y]) => [along(x), up(y)] as const))
  const xs = scaled.flatMap((points) => points.map(([x]) => x))
  const [first, last] = [Math.min(...xs), Math.max(...xs)]
  const columns = scaled.map((points) =>
    Array.from({ length: width }, (_, column) => at(points, first + ((last - first) * column) / (width - 1))),
  )
  const all = columns.flat()
  const range = Math.max(...all) - Math.min(...all)
  const format = (y: number): string => tidy(logarithmic.y ? Math.exp(y) : Math.abs(y) < 1e-9 * range ? 0 : y).padStart(9)
  const area = plot(columns, { height, format, ...(colors.isColorSupported && { colors: inks }) })
  const names = curves.map(({ name }, i) => (colors.isColorSupported ? `${inks[i % inks.length]!}${name}${reset}` : name))
  const [left, right] = [first, last].map((x) => tidy(logarithmic.x ? Math.exp(x) : x))
  const axis = `${left!}${right!.padStart(width - left!.length)}`
  const margin = ''.padStart(11)
  return `${margin}${colors.bold(title)}: ${names.join(', ')}\n${area}\n${margin}${colors.dim(axis)}`
}

function at(points: readonly (readonly [number, number])[], x: number): number {
  const right = points.findIndex(([there]) => there >= x)
  if (right < 0) return points.at(-1)![1]
  const [x1, y1] = points[right]!
  if (right === 0) return y1
  const [x0, y0] = points[right - 1]!
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}

function tidy(x: number): string {
  if (x !== 0 && (Math.abs(x) < 1e-2 || Math.abs(x) >= 1e5)) return x.toExponential(0)
  return String(Number(x.toPrecision(3)))
}
