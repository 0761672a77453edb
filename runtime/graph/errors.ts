import { CotangentError } from '../errors.ts'

/** CT0008: something was given that is no pullback or operator that can be saved and loaded. */
export function notSavable(called: string, given: string): CotangentError {
  return new CotangentError(
    'CT0008',
    `\`${called}\` was given ${given}. It takes what \`vjp(f)\` gives, from a file that the compiler has seen together with the import of ` +
      "`cotangent/graph`. Where these two are in different programs, add `import 'cotangent/graph'` to the file that calls `vjp`.",
  )
}

/** CT0009: a saved value of a pullback is of a kind that a file can't hold. */
export function unsavable(name: string, field: string, found: string): CotangentError {
  return new CotangentError(
    'CT0009',
    `The pullback of \`${name}\` can not be saved: \`${field}\` is ${found}. Numbers, strings, booleans, arrays, typed arrays, plain objects, ` +
      'maps and sets can be. Take what the function needs out of it before the call.',
  )
}

/** CT0010: bytes that are no saved graph at all. */
export function notAGraph(found: string): CotangentError {
  return new CotangentError('CT0010', `This is no saved graph: ${found}. Give \`loadGraph\` the bytes that \`saveGraph\` gave.`)
}

/** CT0011: a file of another version of the format. */
export function otherFormat(actual: number, expected: number): CotangentError {
  return new CotangentError(
    'CT0011',
    `The graph was saved in version ${String(actual)} of the format, and this version of cotangent reads version ${String(expected)}. ` +
      'Read it with the version that wrote it, or save it again.',
  )
}

/** CT0012: a file that is not as it was written. */
export function corrupt(found: string): CotangentError {
  return new CotangentError('CT0012', `The saved graph is damaged: ${found}. Nothing of it was used. Save it again.`)
}

/** CT0013: a graph of another function. */
export function otherFunction(actual: string, expected: string): CotangentError {
  return new CotangentError(
    'CT0013',
    `The graph is of the function \`${actual}\`, and was to be loaded for \`${expected}\`. Give \`loadGraph\` the \`vjp\` of \`${actual}\`.`,
  )
}

/** CT0014: a graph of the same function, whose code was another one when it was saved. */
export function otherCode(name: string, what: string): CotangentError {
  return new CotangentError(
    'CT0014',
    `The graph of \`${name}\` was saved by other code: ${what}. What it holds would be misunderstood. ` +
      'Load it with the program that saved it, or run the function again.',
  )
}
