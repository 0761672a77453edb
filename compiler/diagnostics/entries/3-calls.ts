import type { Entry } from '../entry.ts'

/** 3xxx: calls without a rule. */
export const callEntries = {
  CT3001: {
    severity: 'error',
    title: 'Call of an unknown function',
    message: '`{callee}` is given `{argument}`, which is being differentiated, and has neither a source in the program nor a rule',
    hint: 'write the function out in TypeScript, or call it within `noGrad(() => ...)` if its result is meant to be a constant',
    text: `
The derivative of a function without source is unknown. Taking it for zero would give a wrong gradient without a word, so this is an error.`,
  },
  CT3002: {
    severity: 'error',
    title: 'Call of a function value that can not be traced',
    message: '`{text}` may be any function, so its derivative is not known when compiling',
    hint: 'call a function by name, or pass a function literal where `{function}` is called',
    text: `
A function value is fine where the compiler can trace it to one known function: a parameter whose arguments are known, a \`const\`.`,
  },
  CT3003: {
    severity: 'error',
    title: 'Method without a rule',
    message: 'the method `{method}` of `{type}` has no derivative rule',
    hint: 'write it as a loop over the elements',
    text: `
Reading, writing, \`length\`, \`fill\`, \`set\`, \`subarray\` and \`slice\` are known. A loop over the elements can always be differentiated.`,
  },
  CT3004: {
    severity: 'error',
    title: 'A written argument of an unknown function',
    message: '`{callee}` may write to `{argument}`, whose values are being differentiated',
    hint: 'write the function out in TypeScript, or call it within `noGrad(() => ...)` if its result is meant to be a constant',
    text: `
A function without source that is given an array may change it, and then the values that the reverse sweep needs are lost.`,
  },
} as const satisfies Record<string, Entry>
