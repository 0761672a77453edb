/** A pullback that outlives its process, part two: load the graph, and ask for gradients of whatever one would like to know. */
import { dirname, join } from 'node:path'
import { loadGraph } from 'cotangent/graph'
import { distance } from '../iris/measure.ts'
import { print } from '../iris/show.ts'
import { draw } from '../shared/drawing.ts'
import { textChart } from '../shared/text-chart.ts'
import { differencesAt, largest } from './differences.ts'
import { drawingOf } from './fields.ts'
import { cotangentOf, objectivesOf, settled } from './land.ts'
import { spreadWithPullback } from './spread.ts'
import { retrieve } from './store.ts'

const [file = join(import.meta.dirname, 'graphs.sqlite')] = process.argv.slice(2)

const stored = await retrieve(file)
const { plan, history } = stored
const start = performance.now()
const pullback = loadGraph(spreadWithPullback, stored.graph)
const loading = performance.now() - start

print.title('Second process: load the graph, and ask')
print.fact('loaded', `in ${loading.toFixed(0)} ms; nothing is simulated again`)
const answers = objectivesOf(plan).map((objective) => {
  const { name, place, year } = objective
  const asked = performance.now()
  const [land, settlers] = pullback(cotangentOf(history, plan, place, year))
  const milliseconds = performance.now() - asked
  const live = stored.gradients.find((gradient) => gradient.objective === name)!
  const isSame = same(land, live.land) && same(settlers, live.settlers)
  const cells = largest(land, 6)
  const apart = distance(
    Float64Array.from(cells, (cell) => land[cell]!),
    differencesAt(cells, objective, plan),
  )
  print.fact(
    name,
    `in year ${year}: settled ${settled(history, plan, place, year).toFixed(3)}; its gradient took ${milliseconds.toFixed(0)} ms`,
  )
  print.fact(
    '',
    `${isSame ? 'equal bit for bit to' : 'NOT equal to'} that of the first process, ${apart.toExponential(0)} from central differences`,
  )
  return { objective, land, isRight: isSame && apart < 1e-6 }
})

const years = Array.from({ length: history.length / plan.side ** 2 }, (_, snapshot) => (snapshot + 1) * plan.every)
const curves = answers.map(({ objective: { name, place } }) => ({
  name,
  points: years.map((year) => [year, settled(history, plan, place, year)] as const),
}))
print.text(`\n${textChart(curves, { title: 'settled by years' })}`)
print.fact('drawing', draw(dirname(file), 'sensitivities.svg', drawingOf(plan, history, answers), { width: 1080, height: 800 }))

if (answers.some(({ isRight }) => !isRight)) {
  print.text('Something is wrong: gradients should equal those of the first process, and agree with differences to 1e-6.')
  process.exitCode = 1
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, i) => Object.is(x, b[i]))
}
