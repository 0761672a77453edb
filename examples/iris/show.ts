import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { plot } from 'asciichart'
import colors from 'picocolors'

const terminal = process.stdout.isTTY
const plotWidth = 66

export const print = {
  title(text: string): void {
    console.log(`\n${colors.bold(text)}\n`)
  },
  text(text: string): void {
    console.log(`${text}\n`)
  },
  fact(name: string, text: string): void {
    console.log(`${colors.cyan(name.padStart(10))}  ${text}`)
  },
  /** Stands until the next line is printed. */
  wait(text: string): void {
    if (terminal) process.stdout.write(`${' '.repeat(12)}${colors.dim(text)}\r`)
  },
}

/** One line for each step at first and for every fifth later; on a terminal a last line that keeps up with all of them. */
export function createProgress(): { step: (iteration: number, value: number, slope: number) => void; done: () => void } {
  console.log(colors.dim(`${'iteration'.padStart(10)}  ${'loss'.padEnd(12)}largest slope`))
  let last = ''
  let shown = true
  return {
    step(iteration, value, slope) {
      last = `${String(iteration).padStart(10)}  ${value.toFixed(8).padEnd(12)}${slope.toExponential(1).padStart(13)}`
      shown = iteration < 5 || iteration % 5 === 0
      if (shown) console.log(last)
      else if (terminal) process.stdout.write(`${last}\r`)
    },
    done() {
      console.log(shown ? '' : `${last}\n`)
    },
  }
}

/** A curve on a logarithmic scale that fills the terminal's 80 columns, whatever the number of points. */
export function chart(series: readonly number[], title: string): string {
  const stretched = Array.from({ length: plotWidth }, (_, column) => {
    const at = (column * (series.length - 1)) / (plotWidth - 1)
    const left = Math.floor(at)
    const right = Math.min(left + 1, series.length - 1)
    return Math.log(series[left]!) + (at - left) * Math.log(series[right]! / series[left]!)
  })
  const curve = plot(stretched, { height: 10, format: (y) => Math.exp(y).toFixed(2).padStart(9) })
  const axis = `${''.padStart(11)}0${String(series.length - 1).padStart(plotWidth - 1)}`
  return `${''.padStart(11)}${colors.bold(title)}\n${colors.isColorSupported ? colors.green(curve) : curve}\n${colors.dim(axis)}`
}

/** Where the compiler has put the gradient, as a place to click on. */
export function emittedFunction(folder: string): string {
  const file = join(folder, 'model.ts')
  const lines = readFileSync(file, 'utf8').split('\n')
  const line = lines.findIndex((text) => /function \w+_(valueAndGrad|grad)/.test(text))
  const path = relative(process.cwd(), file)
  return line < 0 ? `in memory only (npm start also writes it to a file)` : `${path}:${line + 1}`
}

export function microseconds(seconds: number): string {
  return `${(1e6 * seconds).toPrecision(3)} µs`.padStart(8)
}
