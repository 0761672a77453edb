import { readFlowers } from './data.ts'
import { crossEntropyGradient } from './hand.ts'
import { lbfgs, type Objective } from './lbfgs.ts'
import { centralDifferences, distance, extrapolatedDifferences, timeInTurn } from './measure.ts'
import { crossEntropy, lossAndGradient, predict } from './model.ts'
import { chart, createProgress, emittedFunction, microseconds, print } from './show.ts'

const { names, features, columns, labels } = readFlowers()
const classes = names.length
const ridge = 1e-4
const loss = (weights: Float64Array): number => crossEntropy(weights, features, labels, classes, ridge)
const emitted: Objective = (weights) => lossAndGradient(weights, features, labels, classes, ridge)
const byHand: Objective = (weights) => crossEntropyGradient(weights, features, labels, classes, ridge)
const byDifferences: Objective = (weights) => ({ value: loss(weights), grad: centralDifferences(loss, weights) })

print.title(`Iris: ${labels.length} flowers, ${columns} measurements, ${classes} species (${names.join(', ')})`)
const losses: number[] = []
const start = new Float64Array(classes * (columns + 1))
const progress = createProgress()
const { x: weights } = lbfgs(emitted, start, {
  tolerance: 1e-5,
  onStep: ({ iteration, value, slope }) => {
    losses.push(value)
    progress.step(iteration, value, slope)
  },
})
progress.done()
print.text(chart(losses, 'loss (logarithmic) by iteration of L-BFGS'))

let right = 0
for (let flower = 0; flower < labels.length; flower++) if (predict(weights, features, flower, classes) === labels[flower]) right++

// At the minimum every gradient is nearly zero, so the comparison is made on the way there.
const midway = weights.map((weight) => weight / 2)
const { grad } = emitted(midway)
const fromDifferences = distance(grad, extrapolatedDifferences(loss, midway))
const fromHand = distance(grad, byHand(midway).grad)

print.fact('accuracy', `${((100 * right) / labels.length).toFixed(1)} % (${right} of ${labels.length} flowers)`)
print.fact('adjoint', emittedFunction(import.meta.dirname))
print.fact('distance', `${fromDifferences.toExponential(0)} from extrapolated differences, ${fromHand.toExponential(0)} from hand-written`)

print.wait('timing ...')
const [own, hand, differences] = timeInTurn([emitted, byHand, byDifferences].map((objective) => () => objective(midway).value))
print.fact('time', `${microseconds(own!)} for the loss and its gradient, as compiled`)
print.fact('', `${microseconds(hand!)} written by hand: compiled takes ${(own! / hand!).toFixed(2)} times that`)
print.fact('', `${microseconds(differences!)} by central differences: compiled is ${(differences! / own!).toFixed(0)} times as fast`)

if (right / labels.length < 0.97 || !(fromDifferences < 1e-8)) {
  print.text('Something is wrong: the accuracy should be at least 97 %, the distance below 1e-8.')
  process.exitCode = 1
}
