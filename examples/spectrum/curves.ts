import { colours, power, type Drawing } from '../shared/drawing.ts'
import type { Descent } from './study.ts'

/** Smaller ones are nothing that can be told from rounding. */
const smallest = 1e-6

/** On the left the top eigenvalue in each descent, and where stability ends for its rate; on the right all eigenvalues in the last one but one. */
export function drawingOf(descents: readonly Descent[]): Drawing {
  const shown = descents.at(-2)!
  const dots = shown.moments.flatMap(({ step, eigenvalues }) => eigenvalues.map((value) => [step, value] as const))
  const scatter = (name: string, color: string, sign: 1 | -1) => ({
    type: 'scatter' as const,
    name,
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbolSize: 2.4,
    color,
    data: dots.filter(([, value]) => sign * value > smallest).map(([step, value]) => [step, sign * value]),
  })
  const steps = shown.moments.at(-1)!.step
  const xAxis = (gridIndex: number) => ({
    type: 'value' as const,
    gridIndex,
    max: steps,
    name: 'steps of gradient descent',
    nameLocation: 'middle' as const,
    nameGap: 28,
  })
  return {
    title: [
      { text: 'Largest eigenvalue of the Hessian', left: '27%', top: 14, textAlign: 'center', textStyle: { fontSize: 15 } },
      { text: `All eigenvalues, at rate ${shown.rate}`, left: '77%', top: 14, textAlign: 'center', textStyle: { fontSize: 15 } },
    ],
    legend: [
      { left: '8%', bottom: 6, itemGap: 26, data: descents.map(({ rate }) => `rate ${rate}`) },
      { left: '68%', bottom: 6, itemGap: 26, data: ['positive', 'negative, without sign'] },
    ],
    grid: [
      { left: '6%', width: '42%', top: 50, bottom: 84 },
      { left: '57%', width: '40%', top: 50, bottom: 84 },
    ],
    xAxis: [xAxis(0), xAxis(1)],
    yAxis: [
      { type: 'value', gridIndex: 0 },
      { type: 'log', gridIndex: 1, min: smallest, axisLabel: { formatter: power } },
    ],
    series: [
      ...descents.map(({ rate, moments }, i) => ({
        type: 'line' as const,
        name: `rate ${rate}`,
        color: colours[i]!,
        symbol: 'none',
        lineStyle: { width: 1.6 },
        data: moments.map(({ step, eigenvalues }) => [step, eigenvalues[0]!]),
        // The rate of the lowest is far from its edge, which would only press the others together.
        ...(2 / rate < 6 && {
          markLine: {
            symbol: 'none',
            silent: true,
            lineStyle: { type: 'dashed' as const, color: colours[i]!, width: 1 },
            label: { formatter: '2 / rate', position: 'insideStartTop' as const, color: colours[i]! },
            data: [{ yAxis: 2 / rate }],
          },
        }),
      })),
      scatter('positive', colours[0], 1),
      scatter('negative, without sign', colours[1], -1),
    ],
  }
}
