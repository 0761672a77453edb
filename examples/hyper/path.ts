import { colours, type Drawing } from '../shared/drawing.ts'
import type { Grid, Place } from './tune.ts'

/** Above this, the loss is that of no training at all or worse: all of it in one colour. */
const highest = 0.5

/** The loss over rate and ridge as a map, and the ways that the gradient led. */
export function drawingOf({ rates, ridges, losses }: Grid, lowest: Place, paths: readonly (readonly Place[])[]): Drawing {
  const edges = (at: readonly number[]): { min: number; max: number } => {
    const half = (at[1]! - at[0]!) / 2
    return { min: at[0]! - half, max: at.at(-1)! + half }
  }
  const label = { formatter: (x: number) => Math.exp(x).toPrecision(2) }
  const middle = { nameLocation: 'middle' as const, splitLine: { show: false } }
  return {
    title: { text: 'Loss on other flowers, by what the training is governed by', left: 'center', top: 14, textStyle: { fontSize: 15 } },
    grid: { left: 90, right: 130, top: 56, bottom: 64 },
    xAxis: [
      { type: 'category', show: false, data: [...rates] },
      { type: 'value', position: 'bottom', name: 'learning rate', nameGap: 30, axisLabel: label, ...middle, ...edges(rates) },
    ],
    yAxis: [
      { type: 'category', show: false, data: [...ridges] },
      { type: 'value', position: 'left', name: 'ridge', nameGap: 62, axisLabel: label, ...middle, ...edges(ridges) },
    ],
    legend: { right: 10, top: 60, orient: 'vertical', data: [...paths.map((_, i) => `path ${i + 1}`), 'grid search'] },
    visualMap: {
      type: 'continuous',
      seriesIndex: 0,
      min: Math.log(lowest.value),
      max: Math.log(highest),
      right: 20,
      bottom: 64,
      itemHeight: 200,
      calculable: false,
      text: [`${highest} or more`, lowest.value.toFixed(3)],
      inRange: { color: ['#2d3a8c', '#4f86c6', '#a8d5ba', '#f4e9b0', '#fbfbf5'] },
    },
    series: [
      {
        type: 'heatmap',
        silent: true,
        progressive: 0,
        data: losses.flatMap((row, y) => row.map((loss, x) => [x, y, Math.log(Math.min(loss, highest))])),
      },
      ...paths.map((path, i) => ({
        type: 'line' as const,
        name: `path ${i + 1}`,
        xAxisIndex: 1,
        yAxisIndex: 1,
        color: [colours[1], colours[3], '#222222'][i]!,
        symbol: 'circle',
        symbolSize: 6,
        data: path.map(({ governing }) => [governing[0]!, governing[1]!]),
      })),
      {
        type: 'scatter',
        name: 'grid search',
        xAxisIndex: 1,
        yAxisIndex: 1,
        z: 6,
        symbol: 'diamond',
        symbolSize: 14,
        color: '#ffd400',
        itemStyle: { borderColor: '#222222', borderWidth: 1 },
        data: [[lowest.governing[0]!, lowest.governing[1]!]],
      },
    ],
  }
}
