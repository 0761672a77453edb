import type { Entry } from '../entry.ts'

/** 11xx: requests (`grad(f)` and its kin). 12xx: `@differentiable` annotations. */
export const requestEntries = {
  CT1101: {
    severity: 'error',
    title: 'The function can not be found',
    message: '`{operator}` is asked for the derivative of `{text}`, and which function that is can not be known when compiling',
    hint: 'pass a function by name: a declaration, a `const` arrow function, an import, or a function literal',
    text: `
Derivatives are made ahead of time, from source. The function must lead to a known declaration: a function declaration, a \`const\`
arrow function, an import, a function literal, or the result of another operator. A \`let\`, a field of an object, an element of
an array or the result of an unknown call may be any function.`,
  },
  CT1102: {
    severity: 'error',
    title: 'The function has no source',
    message: '`{function}` is only declared, its source is not in the program',
    hint: 'include its TypeScript source in the program, or write the function out',
    text: `
A declaration file says what a function takes and gives, not what it computes.`,
  },
  CT1103: {
    severity: 'error',
    title: 'An operator used as a value',
    message: '`{operator}` is used as a value, not called',
    hint: 'call it where the derivative is wanted: `const df = {operator}(f)`',
    text: `
The operators are requests to the compiler, replaced where they are called. Kept in a variable, passed on or re-exported as a value
there would be nothing to replace. An import under another name is fine.`,
  },
  CT1104: {
    severity: 'error',
    title: 'Wrong number of arguments',
    message: '`{operator}` takes {expected}, and is given {actual}',
    hint: 'write `{operator}(f)` or `{operator}(f, {{ wrt: 0 }})`',
    text: `
The arguments of the function itself are given to the result: \`grad(f)(x)\`, not \`grad(f, x)\`.`,
  },
  CT1105: {
    severity: 'error',
    title: 'Options are not literal',
    message: 'the options of `{operator}` must be written out, and `{text}` is not a literal',
    hint: 'write the value in the call: `{{ wrt: [0, 1] }}`',
    text: `
The options decide which code is emitted, so they must be known when compiling: an object literal with literal values.`,
  },
  CT1106: {
    severity: 'error',
    title: 'Unknown option',
    message: '`{operator}` has no option `{name}`',
    hint: 'the options are {known}',
    text: `
An option that is not known is never ignored: it would be taken for one that works.`,
  },
  CT1107: {
    severity: 'error',
    title: 'wrt out of range',
    message: '`wrt` names argument {index}, and `{function}` has {count}',
    hint: 'count the arguments from 0',
    text: `
\`wrt\` is the index of an argument, or a list of different indices, counted from 0.`,
  },
  CT1108: {
    severity: 'error',
    title: 'wrt is not an index',
    message: '`wrt: {text}` is not an index of an argument, nor a list of different ones',
    hint: 'write `wrt: 0` or `wrt: [0, 1]`',
    text: `
\`wrt\` is the index of an argument, or a list of different indices, counted from 0. Not negative, not a fraction, not empty.`,
  },
  CT1109: {
    severity: 'error',
    title: 'hasAux without an auxiliary result',
    message: '`hasAux` needs `{function}` to return `[loss, aux]`, and it returns `{type}`',
    hint: 'return a pair from every `return`, or leave `hasAux` out',
    text: `
With \`hasAux: true\` the first element of the result is differentiated and the second one is handed through.`,
  },
  CT1110: {
    severity: 'error',
    title: 'Option does not apply',
    message: '`{operator}` takes no option `{name}` here',
    hint: 'leave it out',
    text: `
The option exists, but not for this operator.`,
  },
  CT1111: {
    severity: 'error',
    title: 'A derivative within a differentiated function, in a form that has none',
    message: '{what} can not be part of `{function}`, which is differentiated in turn',
    hint: 'call `grad(f)(...)` directly and with all arguments, or compute it before and pass it as a parameter',
    text: `
Within a differentiated function \`grad\`, \`valueAndGrad\`, \`hvp\`, \`hessian\`, \`jvp\` with literal lists and \`vjp\` are differentiated as executed, where they
are called on the spot. Other forms are not followed. A derivative that does not depend on what moves can be computed outside, or in \`noGrad(() => ...)\`.`,
  },
  CT1112: {
    severity: 'error',
    title: 'A gradient that has no buffer',
    message: '`.into` writes into flat arrays of numbers, and the gradient of `{function}` with respect to `{names}` is none',
    hint: 'call the derivative without `.into`, or take the numbers in a `Float64Array`',
    text: `
\`grad(f).into(out, ...args)\` writes into buffers that the caller keeps. A gradient that is one number, an object, a tuple or a nested array has no such buffer.`,
  },
  CT1113: {
    severity: 'error',
    title: 'A pullback without its cotangent',
    message: '`{text}` calls a pullback with something else than one cotangent',
    hint: 'give it one value of the shape of the result: `pullback(1)` for a number',
    text: `
A pullback takes the cotangent of the result and gives the gradient. Within a differentiated function the cotangent must be there as an argument of its own.`,
  },
  CT1114: {
    severity: 'error',
    title: 'A grad mode without a function',
    message: '`{mode}` is called without the function that it is about',
    hint: 'write `noGrad(() => ...)`, `enableGrad(() => ...)` or `setGradEnabled(flag, () => ...)`',
    text: `
A grad mode is a region of the program: what the function literal does is done in that mode.`,
  },
  CT1115: {
    severity: 'error',
    title: 'A matrix of derivatives that has no rows',
    message: '`{operator}` of `{function}` is not possible: {reason}',
    hint: 'differentiate a function of one `number` or `Float64Array`, which writes to a copy: `const y = x.slice()`',
    text: `
The rows of a Jacobian or a Hessian are flat arrays, one for each number of the argument or of the result. Several arguments can be put into one array. The
function is run once for each direction, so it must find its arguments as they were.`,
  },
  CT1201: {
    severity: 'error',
    title: 'Unknown word in an annotation',
    message: '`{word}` is not known in `@differentiable`',
    hint: 'write `@differentiable`, `@differentiable wrt=x,y` or name the operators: {known}',
    text: `
\`/** @differentiable wrt=x,y grad */\` above an exported function asks \`cotangent emit\` for its derivatives.`,
  },
  CT1202: {
    severity: 'error',
    title: 'Unknown parameter in an annotation',
    message: '`wrt={name}` in the annotation of `{function}` is not one of its parameters',
    hint: 'its parameters are {known}',
    text: `
\`wrt\` in an annotation names parameters, separated by commas and without blanks.`,
  },
  CT1203: {
    severity: 'error',
    title: 'An annotated function is not exported',
    message: '`{function}` is to be differentiated in a file of its own, and is not exported, so no other file can use it',
    hint: 'write `export` before it',
    text: `
\`cotangent emit\` writes derivatives to a companion file, which imports what it needs of the function's own file. So a function that is annotated
\`@differentiable\`, or named on the command line, must be exported.`,
  },
  CT1204: {
    severity: 'error',
    title: 'An annotation on what is not a function',
    message: '`@differentiable` stands on something that is not a function of the top level of the file',
    hint: 'write it directly above a function declaration, or above `export const f = ...` with a function literal',
    text: `
\`cotangent emit\` differentiates functions that other files can import: function declarations and constants that hold a function literal. A method, a
local function or a type has no derivative of this kind, and an annotation that is not read would be taken for one that works.`,
  },
  CT1116: {
    severity: 'error',
    title: 'A rule that can not be followed',
    message: 'the rule `{text}` of `customVjp` can not be followed: {reason}',
    hint: 'write it as `(x) => {{ ...; return {{ value, pullback: (cotangent) => ... }} }}`, where the pullback gives the gradient, or a list of one for each argument',
    text: `
The rule is given what the function is given. It gives the value of the function, and a pullback that takes the cotangent of the value to the gradient of the only
argument (or the first), or to a list of the gradients of all arguments, with \`undefined\` for those that have none. The pullback may use all that the rule has
computed; it may be called any number of times, so it does not assign variables of the rule.`,
  },
} as const satisfies Record<string, Entry>
