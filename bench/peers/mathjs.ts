import { createRequire } from 'node:module'
import type { EvalFunction, MathNode } from 'mathjs'
import type { Peer } from './peer.ts'

// Required, it is one file; imported, it is hundreds, which take ten times as long to load.
const { derivative, parse } = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as typeof import('mathjs')

/** So many unknowns that deriving and simplifying takes seconds; with twice as many it takes minutes. */
const most = 10

/** mathjs: symbolic derivatives of an expression, simplified as it does by itself, each compiled. */
export const mathjs: Peer = {
  name: 'mathjs',
  tolerance: 1e-9,
  gradients: {
    rosenbrock: (x: Float64Array) => {
      if (x.length > most) return 'deriving and simplifying the expression takes minutes'
      const names = Array.from(x, (_, i) => `x${i}`)
      const terms = names.slice(1).map((next, i) => `(1 - x${i})^2 + 100 * (${next} - x${i}^2)^2`)
      const f: MathNode = parse(terms.join(' + '))
      const value: EvalFunction = f.compile()
      const partials: EvalFunction[] = names.map((name) => derivative(f, name).compile())
      const scope = new Map<string, number>()
      return (out: Float64Array, x: Float64Array) => {
        for (let i = 0; i < x.length; i++) scope.set(names[i]!, x[i]!)
        for (let i = 0; i < x.length; i++) out[i] = partials[i]!.evaluate(scope) as number
        return value.evaluate(scope) as number
      }
    },
    'log-sum-exp': 'it derives expressions of single numbers, here 1,000 or more',
    llsq: 'it derives expressions of single numbers, here of 128',
    mixture: 'it derives expressions of single numbers, here of 325',
  },
}
