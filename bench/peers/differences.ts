import { centralDifferences } from '../harness/differences.ts'
import { leastSquares } from '../gradbench/llsq.ts'
import { logSumExp } from '../problems/log-sum-exp.ts'
import { logLikelihood } from '../problems/mixture.ts'
import { rosenbrock } from '../problems/rosenbrock.ts'
import type { Peer } from './peer.ts'

/** Central differences, the way without derivatives. */
export const differences: Peer = {
  name: 'differences',
  tolerance: 1e-6,
  gradients: {
    rosenbrock: () => centralDifferences(rosenbrock, 1),
    'log-sum-exp': (x: Float64Array) => (x.length > 1000 ? 'half a minute a call' : centralDifferences(logSumExp, 1)),
    llsq: () => centralDifferences(leastSquares, 1),
    mixture: () => centralDifferences(logLikelihood, 4),
  },
}
