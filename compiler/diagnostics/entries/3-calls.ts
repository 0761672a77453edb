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
  CT3005: {
    severity: 'error',
    title: 'Too much code for one derivative',
    message: '`{root}` with all that it calls is too large where it calls `{function}`',
    hint: 'differentiate parts of it by themselves, or make `{function}` a loop',
    text: `
Calls are put in the place of their callee's body. Functions that call each other many times over, each from several places, double at every level; a loop or a
table of functions does not.`,
  },
  CT3006: {
    severity: 'error',
    title: 'A method that several classes have',
    message: '`{text}` may be the method of any of `{classes}`, so its derivative is not known when compiling',
    hint: 'take a parameter of the class that is meant, or test with a field of your own and call a function for each case',
    text: `
Which version of a method runs depends on the class of the object. Where the compiler sees the object being made, or nothing extends its class, it is known.`,
  },
  CT3007: {
    severity: 'error',
    title: 'A function of the runtime',
    message: '`{name}` of `cotangent/runtime` can not be differentiated in this form',
    hint: 'differentiate the function that the code was made from',
    text: `
Emitted code uses functions of \`cotangent/runtime\` in forms that the compiler can read again. Other uses of them are not followed.`,
  },
  CT3008: {
    severity: 'error',
    title: 'A function value in a recursive function',
    message: '`{function}` is not inlined, and `{name}` in it is {what}',
    hint: 'pass one known function, or a number that says which function to call',
    text: `
A function that calls itself stays a function in the derivative. The functions that it uses are bound in it for good, so each must be one known function.`,
  },
  CT3009: {
    severity: 'error',
    title: 'An argument that is left out',
    message: 'a call of `{function}` leaves out `{name}`, which has no default',
    hint: 'give every argument, or declare a default: `{name} = 0`',
    text: `
The derivative of a function that is not inlined has parameters after those of the function itself, so every argument must be there.`,
  },
  CT3010: {
    severity: 'error',
    title: 'A function that a module makes when it is loaded',
    message: '`{text}` makes a function that keeps storage, or something that changes, from one call to the next',
    hint: 'write a function that makes what it needs each time it is called',
    text: `
Some modules call a function when they are loaded, and keep the function that this gives. That is followed where all that is kept are numbers, truth values and other
functions. An array that every call writes into is state: a derivative would have to use the module's own, which nothing outside can reach.`,
  },
  CT3011: {
    severity: 'error',
    title: 'A package with minified code',
    message: 'the source of `{callee}` in `{module}` is minified',
    hint: 'use a version or an entry of the package that is not minified, or write the function out in TypeScript',
    text: `
Functions of packages are read from the JavaScript that runs. Of minified code, nobody could read the derivative, so it is not followed.`,
  },
  CT3012: {
    severity: 'error',
    title: 'A package without a source',
    message: 'no JavaScript in which `{callee}` could be read is found for `{module}`',
    hint: 'write the function out in TypeScript, or call it within `noGrad(() => ...)` if its result is meant to be a constant',
    text: `
Functions of packages are read from the JavaScript that runs: what \`exports\`, \`module\` or \`main\` of the package.json lead to. A package may be native code or
WebAssembly, may not be installed, or may export a function in a way that can not be seen without running it.`,
  },
} as const satisfies Record<string, Entry>
