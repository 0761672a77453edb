/** What an optimiser may ask for. */
export interface Problem {
  readonly name: string
  readonly start: Float64Array
  readonly value: (x: Float64Array) => number
  readonly valueAndGradient: (x: Float64Array) => { value: number; grad: Float64Array }
  /** The product of the Hessian at `x` with `v`. */
  readonly timesHessian: (x: Float64Array, v: Float64Array) => Float64Array
}

export interface Counts {
  readonly values: number
  readonly gradients: number
  readonly products: number
}

/** The same problem, which counts what is asked of it. */
export function counted(problem: Problem): { readonly problem: Problem; readonly counts: () => Counts } {
  let [values, gradients, products] = [0, 0, 0]
  return {
    counts: () => ({ values, gradients, products }),
    problem: {
      ...problem,
      value: (x) => {
        values++
        return problem.value(x)
      },
      valueAndGradient: (x) => {
        gradients++
        return problem.valueAndGradient(x)
      },
      timesHessian: (x, v) => {
        products++
        return problem.timesHessian(x, v)
      },
    },
  }
}
