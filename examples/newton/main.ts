/**
 * Second-order optimisation: truncated Newton, whose steps come from products with the Hessian (`hvp`), against gradient descent.
 *
 * Two fits: Thurber's data of NIST, with certified parameters as the reference, and logistic regression on Fisher's irises.
 * `thurber.ts` and `flowers.ts` hold the losses and ask for their derivatives; `minimise.ts` the two methods.
 */
import { print } from '../iris/show.ts'
import { colours, draw, power } from '../shared/drawing.ts'
import { textChart } from '../shared/text-chart.ts'
import { compare, excess, firstWithin, type Comparison, type Run } from './compare.ts'
import { flowers } from './flowers.ts'
import { certified, digitsOf, parametersOf, thurber } from './thurber.ts'

const target = 1e-6
const digits = 1e-12

const [maxIterations = '5000', times = '5'] = process.argv.slice(2)
const comparisons = [thurber, flowers(1e-3)].map((problem) => compare(problem, Number(maxIterations), Number(times)))

for (const { problem, runs, lowest } of comparisons) {
  print.title(`${problem.name}: ${problem.start.length} parameters`)
  for (const run of runs) print.fact(run.method, account(run, lowest))
  const [newton, descent] = runs.map((run) => firstWithin(target, run, lowest))
  if (newton && descent) print.fact('', `Newton is there in ${((100 * newton.seconds) / descent.seconds).toPrecision(2)} % of the time`)
}

print.title('Excess over the minimum by gradients and products')
for (const comparison of comparisons) {
  const curves = comparison.runs.map((run) => ({ name: run.method, points: curve(run, comparison.lowest) }))
  print.text(textChart(curves, { title: comparison.problem.name, height: 9, logarithmic: { x: true, y: true } }))
}
print.fact('drawing', draw(import.meta.dirname, 'convergence.svg', drawingOf(comparisons), { width: 1000, height: 460 }))

const best = comparisons[0]!.runs[0]!.minimum
const parameters = parametersOf(best.x)
print.fact('certified', `the parameters agree with NIST's to ${digitsOf(parameters).toFixed(1)} digits`)
print.fact('', `sum of squares ${best.value.toPrecision(11)}, certified ${certified.sumOfSquares.toPrecision(11)}`)

if (!(digitsOf(parameters) > 7) || comparisons.some(({ runs }) => !runs[0]!.minimum.converged)) {
  print.text('Something is wrong: Newton should have converged, and to 7 certified digits at least.')
  process.exitCode = 1
}

function account(run: Run, lowest: number): string {
  const { gradients, products } = run.counts
  const there = firstWithin(target, run, lowest)
  if (there === undefined) {
    const above = excess(run.minimum.value, lowest).toPrecision(2)
    return `${run.minimum.iterations} steps, ${gradients} gradients: still ${above} above the minimum (relative)`
  }
  const milliseconds = (1000 * there.seconds).toPrecision(2)
  const asked = products > 0 ? `${gradients} gradients and ${products} products` : `${gradients} gradients`
  return `${run.minimum.iterations} steps with ${asked}; 6 digits after ${there.work} of them, ${milliseconds} ms`
}

/** Up to where rounding leaves nothing to see. */
function curve({ moments }: Run, lowest: number): [number, number][] {
  const points = moments.map(({ work, value }): [number, number] => [work, Math.max(excess(value, lowest), digits)])
  const end = points.findIndex(([, above]) => above === digits)
  return end < 0 ? points : points.slice(0, end + 1)
}

function drawingOf(all: readonly Comparison[]) {
  const width = 100 / all.length
  return {
    title: all.map(({ problem }, i) => ({ text: problem.name, left: `${(i + 0.54) * width}%`, top: 16, textAlign: 'center' as const })),
    legend: { bottom: 6, itemGap: 30, data: all[0]!.runs.map(({ method }) => method) },
    grid: all.map((_, i) => ({ left: `${i * width + 8}%`, width: `${width - 10}%`, top: 60, bottom: 84 })),
    xAxis: all.map((_, gridIndex) => ({
      type: 'log' as const,
      gridIndex,
      name: 'gradients and products with the Hessian',
      nameLocation: 'middle' as const,
      nameGap: 28,
      axisLabel: { formatter: power },
    })),
    yAxis: all.map((_, gridIndex) => ({
      type: 'log' as const,
      gridIndex,
      min: digits,
      max: 1e6,
      interval: 3,
      name: gridIndex === 0 ? 'excess over the minimum, relative' : '',
      nameLocation: 'middle' as const,
      nameGap: 46,
      axisLabel: { formatter: power },
    })),
    series: all.flatMap(({ runs, lowest }, i) =>
      runs.map((run, which) => ({
        type: 'line' as const,
        name: run.method,
        xAxisIndex: i,
        yAxisIndex: i,
        color: colours[which]!,
        symbol: run.moments.length < 50 ? 'circle' : 'none',
        symbolSize: 5,
        data: thinned(curve(run, lowest)),
      })),
    ),
  }
}

/** On a logarithmic axis only so many points can be told apart. */
function thinned(points: readonly [number, number][]): [number, number][] {
  let next = 0
  return points.filter(([work], i) => {
    if (work < next && i < points.length - 1) return false
    next = 1.01 * work
    return true
  })
}
