/**
 * Hyper-parameters by their gradient: the learning rate, the ridge and the momentum of a training, tuned for the loss on other flowers.
 *
 * `train.ts` holds the training, a loop whose body asks for the gradient of the loss, and asks for the derivative of what comes out of it;
 * `tune.ts` follows that, and compares it with a grid search; `path.ts` draws both.
 */
import { print } from '../iris/show.ts'
import { draw } from '../shared/drawing.ts'
import { textChart } from '../shared/text-chart.ts'
import { drawingOf } from './path.ts'
import { lowestOf, tune, type Place } from './tune.ts'

const [steps = '100', cells = '41'] = process.argv.slice(2)
const { grid, lowest, paths, all, gradients, fromDifferences } = tune(Number(steps), Number(cells))
const two = lowestOf(paths.map((path) => path.at(-1)!))
const three = all.at(-1)!

print.title(`Loss on 75 flowers after ${steps} steps of training with 25`)
print.fact('at first', paths.map(([start]) => start!.value.toFixed(4)).join(', '))
print.fact('grid', `${described(lowest)}, the lowest of ${Number(cells) ** 2} trainings`)
print.fact('gradient', `${described(two)}, the best of three paths`)
print.fact('', `${described(three)}, with the momentum tuned too`)
print.fact('', `${gradients} gradients for all of that`)
const curves = [...paths, all].map((path, i) => ({
  name: i < paths.length ? `path ${i + 1}` : 'all three',
  points: path.map(({ value }, step) => [step, value] as const),
}))
print.text(`\n${textChart(curves, { title: 'loss by steps', logarithmic: { y: true } })}`)
print.fact('drawing', draw(import.meta.dirname, 'path.svg', drawingOf(grid, lowest, paths), { width: 900, height: 620 }))
print.fact('distance', `${fromDifferences.toExponential(0)} of the gradients at the starts from central differences`)

if (!(two.value <= lowest.value && three.value <= two.value && fromDifferences < 1e-7)) {
  print.text('Something is wrong: the gradient should lead to a loss that is no higher than that of the grid.')
  process.exitCode = 1
}

function described({ governing: [rate, ridge, momentum], value }: Place): string {
  const share = 1 / (1 + Math.exp(-momentum!))
  return `${value.toFixed(5)} at rate ${Math.exp(rate!).toFixed(3)}, ridge ${Math.exp(ridge!).toFixed(5)}, momentum ${share.toFixed(3)}`
}
