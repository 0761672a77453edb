/**
 * A pullback that outlives its process, part one: simulate for long, ask for some gradients, and store the pullback's graph in a database.
 *
 * `spread.ts` holds the simulation, `land.ts` where it takes place and what is asked, `store.ts` the database; `ask.ts` is the second process.
 */
import { join } from 'node:path'
import { describeGraph, saveGraph } from 'cotangent/graph'
import { print } from '../iris/show.ts'
import { cotangentOf, landOf, objectivesOf, settlersOf } from './land.ts'
import { spreadWithPullback } from './spread.ts'
import { store } from './store.ts'

const [file = join(import.meta.dirname, 'graphs.sqlite'), side = '48', years = '100'] = process.argv.slice(2)
const plan = { side: Number(side), years: Number(years), every: 5 }

const start = performance.now()
const { value: history, pullback } = spreadWithPullback(landOf(plan.side), settlersOf(plan.side), plan)
const milliseconds = performance.now() - start

const gradients = objectivesOf(plan).map(({ name, place, year }) => {
  const [land, settlers] = pullback(cotangentOf(history, plan, place, year))
  return { objective: name, land, settlers }
})

const graph = saveGraph(pullback)
await store(file, { plan, graph, history, gradients }, describeGraph(graph))

print.title('First process: simulate, and store the graph')
print.fact(
  'simulated',
  `${plan.years} years on ${plan.side} x ${plan.side} cells, in ${milliseconds.toFixed(0)} ms with what its derivative needs`,
)
print.fact('graph', `${(graph.length / 1e6).toFixed(1)} MB, of \`${describeGraph(graph).function}\``)
