/** Errors of the run-time band of the diagnostics catalogue, 0xxx. The texts stand here too, because the runtime imports nothing of ours. */
export class CotangentError extends Error {
  override readonly name = 'CotangentError'
  readonly code: string

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** CT0001: an operator was reached in code that the compiler has not seen. */
export function uncompiled(operator: string): CotangentError {
  return new CotangentError(
    'CT0001',
    `\`${operator}\` was called in code that the Cotangent compiler has not rewritten.
It is a request to the compiler and does nothing by itself. Use one of the ways in:
  node --import cotangent/register app.ts           to run the program directly
  "plugins": [{ "transform": "cotangent/tsc", "transformProgram": true }]    in tsconfig.json, to compile with tspc
  cotangent build -p tsconfig.json --out-dir gen    to write plain TypeScript, and compile and run that`,
  )
}

/** CT0002: a pullback was called or saved after its release. */
export function released(name?: string): CotangentError {
  const of = name === undefined ? '' : ` of \`${name}\``
  return new CotangentError(
    'CT0002',
    `The values saved for this pullback${of} were released. Call \`release()\` after the last call of the pullback.`,
  )
}

/** CT0003: a caller's buffer does not have the shape of the gradient. */
export function wrongLength(operator: string, actual: number, expected: number): CotangentError {
  return new CotangentError(
    'CT0003',
    `The buffer given to \`${operator}\` has length ${actual}, the gradient has length ${expected}. ` +
      'Make the buffer of the same storage type and length as the argument.',
  )
}

/** CT0004: an argument that the derivative writes shares memory with another one. */
export function sharedMemory(derived: string, written: string, other: string): CotangentError {
  return new CotangentError(
    'CT0004',
    `\`${written}\` and \`${other}\` share memory in a call of a derivative of \`${derived}\`, which writes to \`${written}\`. ` +
      'Each has a derivative of its own, so it would come out wrong. Give one of them a copy.',
  )
}

/** CT0005: a hook gave something of another shape than the gradient it was given. */
export function wrongHook(where: string, expected: string, actual: string): CotangentError {
  return new CotangentError(
    'CT0005',
    `The hook on ${where} gave ${actual} for a gradient that is ${expected}. ` +
      'Give a value of the same shape, or nothing to keep the gradient as it is.',
  )
}

/** CT0015: the rule of a function gave a gradient that does not have the length of its argument. */
export function wrongGradient(name: string, actual: number, expected: number): CotangentError {
  return new CotangentError(
    'CT0015',
    `The rule of \`${name}\` gave a gradient of length ${actual} for an argument of length ${expected}. ` +
      'Let the pullback give a gradient of the shape of the argument.',
  )
}

/** CT0007: the derivative of a function that was passed was not handed over with it. */
export function notHanded(operator: string, name: string | undefined): CotangentError {
  const of = name === undefined || name === '' ? 'a function that was passed' : `\`${name}\`, which was passed,`
  return new CotangentError(
    'CT0007',
    `\`${operator}\` of ${of} was asked for, and its derivative was not handed over with it. ` +
      'The call that passes it must be compiled too, and pass a function that is known when compiling.',
  )
}

/** CT0006: an array would get places that hold nothing. */
export function gap(length: number, wanted: number): CotangentError {
  return new CotangentError(
    'CT0006',
    `An array of length ${length} that is being differentiated would get the length ${wanted}, with places that hold nothing. ` +
      'Fill it in order, or make it with `new Array(n).fill(0)`.',
  )
}

/** CT0018: a function without source, called within `noGrad`, changed what is being differentiated. */
export function changedUnseen(callee: string): CotangentError {
  return new CotangentError(
    'CT0018',
    `\`${callee}\`, whose source the compiler has not read, was called within \`noGrad\` and changed an array or object that is being differentiated. ` +
      'Give it a copy, or write the function out in TypeScript.',
  )
}
