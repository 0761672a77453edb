import type { Entry } from '../entry.ts'

/** 0xxx: thrown while a program runs. `runtime/` imports nothing of ours, so it carries these texts itself. */
export const runtimeEntries = {
  CT0001: {
    severity: 'error',
    title: 'An operator was reached uncompiled',
    message: '`{operator}` was called in code that the Cotangent compiler has not rewritten',
    hint: 'run the program with `node --import cotangent/register`, or what `cotangent build -p tsconfig.json --out-dir gen` writes',
    text: `
\`grad\`, \`vjp\` and the other operators are requests to the compiler. They have no behaviour of their own: compiled code no longer
contains them. Reaching one means that the file was run as it was written.

Run the program with \`node --import cotangent/register app.ts\`, compile it by \`tspc\` of ts-patch with the plugin \`cotangent/tsc\`,
or rewrite the sources with
\`cotangent build -p tsconfig.json --out-dir gen\`, then compile and run what was written. \`docs/setup.md\` shows each way.`,
  },
  CT0002: {
    severity: 'error',
    title: 'A pullback was called or saved after its release',
    message: 'the values saved for this pullback were released',
    hint: 'call `release()` after the last call of the pullback',
    text: `
\`pullback.release()\` gives the memory of the saved values back. Calling the pullback afterwards can't give a right answer, so it throws.`,
  },
  CT0003: {
    severity: 'error',
    title: 'A buffer does not have the shape of the gradient',
    message: 'the buffer given to `{operator}` has length {actual}, the gradient has length {expected}',
    hint: 'make the buffer with `new Float64Array(x.length)`, of the storage type of the argument',
    text: `
\`.into(out, ...args)\` and pullbacks write into the caller's buffers, which must have exactly the shape of the gradient.`,
  },
  CT0004: {
    severity: 'error',
    title: 'Arguments of a derivative share memory',
    message: '`{written}` and `{other}` share memory in a call of a derivative of `{function}`, which writes to `{written}`',
    hint: 'give one of them a copy, such as `x.slice()`',
    text: `
A derivative gives every argument a gradient of its own. Where the function writes to an array, and another argument is the same array or
a view of the same elements, there is only one set of numbers, and the two gradients would both be wrong. The check is made when the
derivative is called, and only where the function writes to an argument.

The buffers given to \`.into(out, ...args)\` are written too: they must be apart from all arguments and from each other. Views that lie
beside each other in one buffer are fine, and so is the same array twice where nothing is written to it.`,
  },
  CT0005: {
    severity: 'error',
    title: 'A hook gave something of another shape',
    message: 'the hook on {where} gave {actual} for a gradient that is {expected}',
    hint: 'give a value of the same shape, or nothing to keep the gradient as it is',
    text: `
A hook is called with the gradient of a value. What it gives replaces the gradient, so it must be a number for a number, and an array of the same type and
length for an array. \`undefined\` keeps the gradient.`,
  },
  CT0006: {
    severity: 'error',
    title: 'An array would get places that hold nothing',
    message: 'an array of length {length} that is being differentiated would get the length {wanted}, with places that hold nothing',
    hint: 'fill it in order, or make it with `new Array(n).fill(0)`',
    text: `
\`a.length = n\` with a larger \`n\`, and \`a[i] ??= x\` with \`i\` beyond the end, leave places that read as \`undefined\`. They have no gradient. One
element at the end is fine: the array becomes longer by it, as it does by \`push\`.`,
  },
  CT0007: {
    severity: 'error',
    title: 'A derivative was not handed over',
    message: '`{operator}` of `{name}` was asked for, and its derivative was not handed over with it',
    hint: 'compile the file that passes the function too, and pass a function that is known when compiling',
    text: `
A function may ask for the derivative of one that it is given: \`grad(f)\` of a parameter \`f\`. Which function that is, its callers know, so
the compiler makes them hand over the derivative with the function. A caller that was not compiled, or one that is not seen as a call of
it (\`const solve = table[method]\`), passes the function alone.`,
  },
  CT0008: {
    severity: 'error',
    title: 'Something was to be saved or loaded that is no pullback',
    message: '`{called}` was given {given}, which is no pullback or `vjp(f)` that can be saved and loaded',
    hint: "give it what `vjp(f)` gives, and add `import 'cotangent/graph'` to the file that calls `vjp`",
    text: `
\`saveGraph\` takes the pullback that \`vjp(f)(...)\` gave, and \`loadGraph\` takes \`vjp(f)\` itself: the function, not a wrapper around it. The compiler adds what
they need where it sees that files belong together: one imports \`cotangent/graph\`, and imports the other or is imported by it, directly or through further
files. Where the file that calls \`vjp\` is compiled without them, as in a library, it imports \`cotangent/graph\` itself.`,
  },
  CT0009: {
    severity: 'error',
    title: 'A value can not be saved',
    message: 'the pullback of `{function}` can not be saved: `{field}` is {found}',
    hint: 'take what the function needs out of it before the call',
    text: `
A file holds numbers, strings, booleans, \`null\` and \`undefined\`, arrays, typed arrays, plain objects, maps and sets, shared in any way. It does not hold
functions, dates or symbols, and instances of classes only where nothing but their fields is read: what they do can't be written down, and a pullback that
lost it would be wrong. The message names the
place within what the pullback keeps, or of a value around the function that its derivative reads.`,
  },
  CT0010: {
    severity: 'error',
    title: 'The bytes are no saved graph',
    message: 'this is no saved graph: {found}',
    hint: 'give `loadGraph` the bytes that `saveGraph` gave',
    text: `
A saved graph begins with eight bytes of its own: 89 43 54 47 0D 0A 1A 0A. Bytes that went through text on the way, in an encoding such as UTF-8, have lost them.`,
  },
  CT0011: {
    severity: 'error',
    title: 'The graph was saved in another version of the format',
    message: 'the graph was saved in version {actual} of the format, and this version of cotangent reads version {expected}',
    hint: 'read it with the version that wrote it, or save it again',
    text: `
The version stands in the file, and changes when a reader of the old format would misunderstand the new one.`,
  },
  CT0012: {
    severity: 'error',
    title: 'The saved graph is damaged',
    message: 'the saved graph is damaged: {found}',
    hint: 'save it again',
    text: `
The file was cut off, has bytes that were changed, or describes what \`saveGraph\` never writes. A checksum over the whole file is compared before anything of it
is used, and every length is compared with the bytes that are there before memory is asked for.

The checksum finds accidents. It is no signature: who can write the file can make its checksum fit, and choose the numbers that the pullback works with. Nothing of a
file is ever run as code.`,
  },
  CT0013: {
    severity: 'error',
    title: 'The graph is of another function',
    message: 'the graph is of the function `{actual}`, and was to be loaded for `{expected}`',
    hint: 'give `loadGraph` the `vjp` of the function that was saved',
    text: `
A file names the function whose pullback it holds. \`describeGraph(bytes)\` tells which one that is.`,
  },
  CT0014: {
    severity: 'error',
    title: 'The graph was saved by other code',
    message: 'the graph of `{function}` was saved by other code: {what}',
    hint: 'load it with the program that saved it, or run the function again',
    text: `
What a pullback keeps means something to the code that kept it. A file has a hash of the derivative's code, over both halves and all that they call, and checksums of the numbers
and arrays around the function that its backward half reads. When the function was changed since, or compiled by a version of Cotangent that emits
other code, or such a value is another one, the graph is refused. Comments, other code of the file, and where it stands make no difference.`,
  },
  CT0015: {
    severity: 'error',
    title: 'A rule gave a gradient of another shape',
    message: 'the rule of `{function}` gave a gradient of length {actual} for an argument of length {expected}',
    hint: 'let the pullback give a gradient of the shape of the argument',
    text: `
What the pullback of a rule (\`customVjp\`) gives is added to the gradient of the argument, element by element. Were it shorter or longer, some of it would be lost.`,
  },
  CT0018: {
    severity: 'error',
    title: 'A change that nobody has seen',
    message: '`{callee}`, called within `noGrad`, changed an array or object that is being differentiated',
    hint: 'give it a copy, or write the function out in TypeScript',
    text: `
Within \`noGrad\` any function may be called. What the region writes into arrays and objects is a constant from there on, so it must be known what that is: of a function
whose source is not read it is not. The derivative compares what such a function is given before and after the call. The original function does not.`,
  },
} as const satisfies Record<string, Entry>
