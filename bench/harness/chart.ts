import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { EChartsOption } from 'echarts'

// Required, it is one file; imported, it is hundreds, which take five times as long to load.
const { init } = createRequire(import.meta.url)('echarts') as typeof import('echarts')

/** Colours apart from each other also for those who tell few colours (Okabe and Ito 2008). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']

/** Named values for each label: nothing where there is none. */
export interface Chart {
  readonly title: string
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | undefined)[] }[]
  /** What the values are. */
  readonly unit: string
  readonly scale: 'linear' | 'log'
  /** A value that all are held against. */
  readonly line?: { readonly at: number; readonly name: string }
}

/** Values as horizontal bars, the first label at the top: from zero, or in powers of ten as points, since bars have no start there. */
export function comparisonChart({ title, labels, series, unit, scale, line }: Chart): string {
  const height = 110 + labels.length * (scale === 'log' ? 52 : 16 + 22 * series.length)
  const reference = line && {
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: '#555555', type: 'dashed' as const },
      label: { formatter: line.name, color: '#555555', position: 'start' as const },
      data: [{ xAxis: line.at }],
    },
  }
  return drawing({ width: 900, height }, title, {
    legend: { show: series.length > 1, bottom: 0 },
    grid: { left: 230, right: 60, top: 60, bottom: series.length > 1 ? 70 : 45 },
    yAxis: { type: 'category', data: [...labels], inverse: true, axisTick: { show: false } },
    xAxis: { type: scale === 'log' ? 'log' : 'value', name: unit, nameLocation: 'middle', nameGap: 26, axisLabel: { formatter: plain } },
    series: series.map(({ name, values }, i) => {
      const data = values.map((value) => value ?? '-')
      const held = i === 0 ? reference : undefined
      if (scale === 'log') return { ...held, name, data, type: 'scatter' as const, symbol: symbols[i % symbols.length]!, symbolSize: 13 }
      const label = { show: true, position: 'right' as const, formatter: ({ value }: { value?: unknown }) => Number(value).toFixed(2) }
      return { ...held, name, data, type: 'bar' as const, barMaxWidth: 18, label }
    }),
  })
}

/** Values over a number, as lines. */
export function curveChart(chart: Chart & { readonly at: readonly number[]; readonly atUnit: string }): string {
  const { title, series, unit, at, atUnit, scale } = chart
  return drawing({ width: 720, height: 420 }, title, {
    legend: { bottom: 0 },
    grid: { left: 80, right: 40, top: 60, bottom: 80 },
    xAxis: { type: 'value', name: atUnit, nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: scale === 'log' ? 'log' : 'value', name: unit },
    series: series.map(({ name, values }) => ({
      name,
      type: 'line' as const,
      symbolSize: 8,
      data: values.map((value, i) => [at[i]!, value ?? '-']),
    })),
  })
}

export function writeChart(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${text.trimEnd()}\n`)
}

const symbols = ['circle', 'diamond', 'rect', 'triangle', 'roundRect', 'emptyCircle', 'emptyTriangle']

/** ECharts makes the text itself, without a browser. */
function drawing(size: { width: number; height: number }, title: string, option: EChartsOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: colours,
    textStyle: { fontFamily: 'Helvetica, Arial, DejaVu Sans, sans-serif' },
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    ...option,
  })
  const text = chart.renderToSVGString()
  chart.dispose()
  // What answers to a pointer is of no use in a page that shows a picture, and its names differ from one drawing to the next.
  return text
    .replace(/<style[^]*?<\/style>\s*/g, '')
    .replace(/ class="[^"]*"/g, '')
    .replace(/zr\d+-/g, 'zr-')
}

function plain(value: number): string {
  return value >= 1 ? value.toLocaleString('en') : String(Number(value.toPrecision(2)))
}
