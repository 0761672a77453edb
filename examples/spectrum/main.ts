/**
 * A study of convergence: how the curvature of a network's loss, all eigenvalues of its Hessian, changes while it is trained.
 *
 * Gradient descent can't converge where the curvature is above 2 / rate. It is seen to train on just there, at the "edge of stability"
 * (Cohen et al. 2021). `network.ts` holds the loss and asks for its derivatives, `study.ts` trains and measures, `chain.ts` is a case with known answers.
 */
import { readFlowers } from '../iris/data.ts'
import { print } from '../iris/show.ts'
import { draw } from '../shared/drawing.ts'
import { textChart } from '../shared/text-chart.ts'
import { errorOnChain } from './chain.ts'
import { drawingOf } from './curves.ts'
import { descend, edge } from './study.ts'

const [steps = '1500', every = '30'] = process.argv.slice(2)
const { names, features, labels, columns } = readFlowers()
const sample = { features, labels, columns, classes: names.length }
const descents = [0.2, 0.6, 0.8, 1.2].map((rate) => descend(sample, rate, Number(steps), Number(every)))

print.title(`The curvature of a network with ${descents[0]!.moments[0]!.eigenvalues.length} weights`)
for (const descent of descents) {
  const last = descent.moments.at(-1)!
  const where = `largest eigenvalue in the second half: ${edge(descent).toFixed(3)} times 2 / rate`
  print.fact(`rate ${descent.rate}`, `${where}; loss ${last.loss.toFixed(4)}`)
}
const curves = descents.map(({ rate, moments }) => ({
  name: `rate ${rate}`,
  points: moments.map(({ step, eigenvalues }) => [step, eigenvalues[0]!] as const),
}))
print.text(`\n${textChart(curves, { title: 'largest eigenvalue by steps', height: 12 })}`)
print.fact('drawing', draw(import.meta.dirname, 'spectrum.svg', drawingOf(descents), { width: 1080, height: 500 }))

const error = Math.max(...descents.map((descent) => descent.error))
const onChain = errorOnChain(30)
print.fact('agreement', `eigenvalues are ${error.toExponential(0)} off trace, Frobenius norm and Lanczos' method`)
print.fact('', `and ${onChain.toExponential(0)} off the known ones of a chain of springs`)

const atTheEdge = descents.slice(1).every((descent) => Math.abs(edge(descent) - 1) < 0.1)
if (!(error < 1e-8 && onChain < 1e-12 && atTheEdge && edge(descents[0]!) < 0.9)) {
  print.text('Something is wrong: eigenvalues should agree, and the larger rates be at the edge of stability.')
  process.exitCode = 1
}
