import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import type { EChartsOption } from 'echarts'

// Required, it is one file; imported, it is hundreds, which take five times as long to load.
const { init } = createRequire(import.meta.url)('echarts') as typeof import('echarts')

export type Drawing = EChartsOption

/** One colour for each thing that is drawn, apart from each other also for those who tell few colours (Okabe and Ito 2008). */
export const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const

export interface Size {
  readonly width: number
  readonly height: number
}

/** Writes a chart into a folder as a vector drawing, and gives its path as a place to click on. Without a browser: ECharts makes the text itself. */
export function draw(folder: string, name: string, option: Drawing, size: Size = { width: 900, height: 520 }): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: [...colours],
    textStyle: { fontFamily: 'Helvetica, Arial, DejaVu Sans, sans-serif' },
    ...option,
  })
  const path = join(folder, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, chart.renderToSVGString())
  chart.dispose()
  return relative(process.cwd(), path)
}

/** The label of a power of ten on a logarithmic axis. */
export function power(value: number): string {
  const exponent = Math.round(Math.log10(value))
  return exponent >= -2 && exponent <= 3 ? String(Number(value.toPrecision(2))) : `1e${exponent}`
}
