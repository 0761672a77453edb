import type { Drawing } from '../shared/drawing.ts'
import { landOf, type Objective } from './land.ts'
import type { Plan } from './spread.ts'

interface Field {
  readonly title: string
  readonly values: Float64Array
  /** From the lowest value to the highest. */
  readonly colours: readonly string[]
  readonly range: readonly [number, number]
  readonly place?: Objective['place']
}

const earth = ['#8c6d46', '#e8dcb5', '#7fb069', '#2d6a4f']
const people = ['#ffffff', '#c6dbef', '#4292c6', '#08306b']
const warm = ['#ffffff', '#fee391', '#fe9929', '#cc4c02', '#662506']

/** The land and who lives on it in two years, and below for each objective how much better land would change it, cell by cell. */
export function drawingOf(plan: Plan, history: Float64Array, answers: readonly { objective: Objective; land: Float64Array }[]): Drawing {
  const cells = plan.side ** 2
  const snapshotOf = (year: number): Float64Array => history.slice((year / plan.every - 1) * cells, (year / plan.every) * cells)
  const years = [0.4, 0.65].map((share) => Math.max(1, Math.round((share * plan.years) / plan.every)) * plan.every)
  return panels(plan.side, [
    { title: 'the land: growth by year', values: landOf(plan.side), colours: earth, range: [-0.6, 0.4] },
    ...years.map((year) => ({ title: `settled in year ${year}`, values: snapshotOf(year), colours: people, range: [0, 1] as const })),
    ...answers.map(({ objective, land }) => ({
      title: `what ${objective.name} owes to the land, year ${objective.year}`,
      values: land,
      colours: warm,
      range: [0, land.reduce((most, value) => Math.max(most, value))] as const,
      place: objective.place,
    })),
  ])
}

/** Fields as maps in two rows of three. */
function panels(side: number, fields: readonly Field[]): Drawing {
  const [width, height, gap] = [300, 300, 50]
  const axis = (gridIndex: number) => ({
    type: 'category' as const,
    gridIndex,
    show: false,
    data: Array.from({ length: side }, (_, i) => i),
  })
  const left = (i: number): number => 40 + (i % 3) * (width + gap)
  const top = (i: number): number => 50 + Math.floor(i / 3) * (height + 90)
  return {
    title: fields.map(({ title }, i) => ({ text: title, left: left(i) - 5, top: top(i) - 28, textStyle: { fontSize: 12 } })),
    grid: fields.map((_, i) => ({ left: left(i), top: top(i), width, height, show: true, borderWidth: 1, borderColor: '#999' })),
    xAxis: fields.map((_, i) => axis(i)),
    yAxis: fields.map((_, i) => ({ ...axis(i), inverse: true })),
    visualMap: fields.map(({ colours, range: [min, max] }, i) => ({
      type: 'continuous' as const,
      seriesIndex: i,
      min,
      max,
      orient: 'horizontal' as const,
      left: left(i) + 40,
      top: top(i) + height + 4,
      itemWidth: 10,
      itemHeight: 120,
      calculable: false,
      precision: 3,
      text: [Number(max.toPrecision(2)).toString(), Number(min.toPrecision(2)).toString()],
      textStyle: { fontSize: 11 },
      inRange: { color: [...colours] },
    })),
    series: fields.map(({ values, place }, i) => ({
      type: 'heatmap' as const,
      xAxisIndex: i,
      yAxisIndex: i,
      silent: true,
      progressive: 0,
      data: Array.from(values, (value, cell) => [cell % side, Math.floor(cell / side), value]),
      ...(place && place.reach < side / 2 && { markArea: outline(place) }),
    })),
  }
}

function outline({ row, column, reach }: Objective['place']) {
  return {
    silent: true,
    z: 5,
    itemStyle: { color: 'transparent', borderColor: '#0072b2', borderWidth: 2 },
    data: [
      [{ coord: [column - reach, row - reach] }, { coord: [column + reach, row + reach] }] as [{ coord: number[] }, { coord: number[] }],
    ],
  }
}
