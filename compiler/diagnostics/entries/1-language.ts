import type { Entry } from '../entry.ts'

const onlyDifferentiated =
  'The compiler only refuses this inside functions that are being differentiated: the rest of the program may use it freely.'

/** 10xx: syntax that the compiler cannot differentiate. */
export const languageEntries = {
  CT1001: {
    severity: 'error',
    title: 'Async function',
    message: '`{function}` is async, and an async function has no derivative',
    hint: 'await what it needs first, then differentiate a plain function of the results',
    text: `
A derivative is that of one run from start to end. An async function is suspended, and other code may change what it read meanwhile.
${onlyDifferentiated}`,
  },
  CT1002: {
    severity: 'error',
    title: 'Generator',
    message: '`{function}` is a generator, and a generator has no derivative',
    hint: 'fill an array in a plain function and return it, or write the loop where the values are used',
    text: `
A generator is suspended at each \`yield\`, and its caller decides how often it goes on; there is no single run to reverse.
${onlyDifferentiated}`,
  },
  CT1003: {
    severity: 'error',
    title: 'eval',
    message: '`{callee}` runs code that is not in the program',
    hint: 'write the code out as a function',
    text: `
Cotangent differentiates ahead of time, so it has to see all of the code. \`eval\` and \`new Function\` make code at run time.
${onlyDifferentiated}`,
  },
  CT1004: {
    severity: 'error',
    title: 'with statement',
    message: 'a `with` statement makes it unknowable which variable `{function}` reads',
    hint: 'name the object: `object.field` instead of `field`',
    text: `
${onlyDifferentiated}`,
  },
  CT1005: {
    severity: 'error',
    title: 'arguments',
    message: '`arguments` in `{function}` hides which parameters are read',
    hint: 'name the parameters, or take an array',
    text: `
\`arguments\` gives access to parameters by number and also to ones that were never declared, so their gradients have no place to go.
${onlyDifferentiated}`,
  },
  CT1006: {
    severity: 'error',
    title: 'Spread',
    message: 'the spread `{text}` has a length that is not known when compiling',
    hint: 'use a loop over the array, or name the elements',
    text: `
In \`Math.max(...x)\`, \`f(...args)\` and \`[...x]\` the number of values is known only at run time. A loop says the same and can be reversed:

    let max = -Infinity
    for (let i = 0; i < x.length; i++) max = Math.max(max, x[i])

For a copy use \`x.slice()\`. ${onlyDifferentiated}`,
  },
  CT1007: {
    severity: 'error',
    title: 'delete',
    message: '`delete {text}` changes the shape of a value that is being differentiated',
    hint: 'build a new object without the field, or keep the field and ignore it',
    text: `
The gradient of an object has the shape of the object. ${onlyDifferentiated}`,
  },
  CT1008: {
    severity: 'error',
    title: 'Dynamic import',
    message: '`import({text})` is resolved at run time',
    hint: 'use an import declaration at the top of the file',
    text: `
What a dynamic import gives is known only at run time, and it is asynchronous. ${onlyDifferentiated}`,
  },
  CT1009: {
    severity: 'error',
    title: 'Class feature',
    message: '{feature} in `{function}` can not be differentiated yet',
    hint: 'move the computation to a plain function that takes the fields it reads as parameters',
    text: `
Classes with accessors, \`super\`, private names, decorators or inheritance dispatch at run time, so the compiler can not see which code runs.
${onlyDifferentiated}`,
  },
  CT1010: {
    severity: 'error',
    title: 'try and finally',
    message: '`{function}` runs `finally` after exceptions, so which of its statements ran before is not known',
    hint: 'test the condition with `if` before, or add a `catch`, which says what happens then',
    text: `
What is thrown within \`try\`, there or in a function that is followed, goes on in its \`catch\`, and is differentiated there. What code throws that is not followed
leaves the derivative. A \`finally\` without a \`catch\` would run after an unknown part of the block.
${onlyDifferentiated}`,
  },
  CT1011: {
    severity: 'error',
    title: 'Unsupported loop',
    message: 'this {construct} goes over `{text}`, whose order and length are not known when compiling',
    hint: 'use `for (let i = 0; i < x.length; i++)` over an array',
    text: `
\`for-in\`, \`for await\` and \`for-of\` over anything but an array call code that the compiler does not see. ${onlyDifferentiated}`,
  },
  CT1012: {
    severity: 'error',
    title: 'Unsupported pattern',
    message: 'the pattern `{text}` can not be followed',
    hint: 'take the values out one by one: `const a = pair[0]`',
    text: `
Rest elements, computed names and defaults that depend on other values have no fixed shape. ${onlyDifferentiated}`,
  },
  CT1013: {
    severity: 'error',
    title: 'this',
    message: '`this` in `{function}` is not known when compiling',
    hint: 'pass the object as a parameter',
    text: `
What \`this\` is depends on how the function is called. ${onlyDifferentiated}`,
  },
  CT1014: {
    severity: 'error',
    title: 'Effect inside an expression',
    message: '`{text}` has an effect in a place where it is not known whether and when it runs',
    hint: 'make it a statement of its own before this one',
    text: `
Reversing a program needs its effects in order. ${onlyDifferentiated}`,
  },
  CT1015: {
    severity: 'error',
    title: 'Rest parameter',
    message: 'the rest parameter `{name}` of `{function}` has no fixed number of values',
    hint: 'take an array as an ordinary parameter',
    text: `
A gradient has the shape of its argument, and the arguments are counted from the parameters. ${onlyDifferentiated}`,
  },
  CT1016: {
    severity: 'error',
    title: 'Jump that can not be reversed',
    message: 'this `{construct}` leaves a place that can not be reversed',
    hint: 'set a flag, and test it with `if` after the loop',
    text: `
Cotangent turns every \`break\`, \`continue\` and \`return\` into structured code that reverses back to front. This one it can't yet.
${onlyDifferentiated}`,
  },
  CT1017: {
    severity: 'error',
    title: 'A method of arrays in a form that can not be followed',
    message: '`{method}` can not be followed here: {reason}',
    hint: 'write it as a loop: `for (let i = 0; i < x.length; i++)`',
    text: `
The methods of arrays become loops, in which the function that they are given stands in its place. That needs a known function, the usual arguments, and a
result of numbers or of arrays and objects of numbers. A loop that does the same can always be differentiated.
${onlyDifferentiated}`,
  },
  CT1099: {
    severity: 'error',
    title: 'Unsupported syntax',
    message: '{construct} in `{function}` can not be differentiated',
    hint: 'use plain loops, branches, assignments and calls, or move it out of the differentiated function',
    text: `
The compiler reads numbers, arrays of numbers, all arithmetic, assignments, branches, loops and calls. ${onlyDifferentiated}`,
  },
  CT1018: {
    severity: 'error',
    title: 'A loop that can not be checkpointed',
    message: 'this loop can not be checkpointed: {reason}',
    hint: 'let it count up to a bound that is known before it begins, hand numbers and arrays that are changed in place from one iteration to the next, or drop the annotation',
    text: `
\`/** @checkpoint every=K */\` and \`/** @checkpoint binomial */\` above a loop say that the reverse sweep runs its iterations again, from states that are kept now and
then. So the number of iterations has to be known before the first, and the state is what they hand on: numbers, and flat arrays that they change in place.`,
  },
  CT1019: {
    severity: 'error',
    title: 'An annotation that is not understood',
    message: '`@checkpoint {words}` is not understood',
    hint: 'write `@checkpoint every=100`, `@checkpoint binomial` or `@checkpoint binomial=20` above a loop',
    text: `
Above a loop, \`@checkpoint\` says how often its state is kept: before every so many iterations, or by the binomial schedule, with so many states at one time.`,
  },
} as const satisfies Record<string, Entry>
