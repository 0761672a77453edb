import { hvp, valueAndGrad } from 'cotangent'
import { readFlowers } from '../iris/data.ts'
import { crossEntropy } from '../iris/model.ts'
import type { Problem } from './problem.ts'

const lossAndGradient = valueAndGrad(crossEntropy)
const curvatureAlong = hvp(crossEntropy)

/** Multinomial logistic regression on Fisher's irises: a convex problem, so that there is one minimum. */
export function flowers(ridge: number): Problem {
  const { names, features, columns, labels } = readFlowers()
  const classes = names.length
  return {
    name: 'iris',
    start: new Float64Array(classes * (columns + 1)),
    value: (w) => crossEntropy(w, features, labels, classes, ridge),
    valueAndGradient: (w) => lossAndGradient(w, features, labels, classes, ridge),
    timesHessian: (w, v) => curvatureAlong(w, v, features, labels, classes, ridge),
  }
}
