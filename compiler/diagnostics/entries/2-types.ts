import type { Entry } from '../entry.ts'

/** 2xxx: types, aliasing, activity, state. */
export const typeEntries = {
  CT2001: {
    severity: 'error',
    title: 'An argument without a gradient',
    message: 'argument {index}, `{name}`, of `{function}` has type `{type}`, which carries no gradient',
    hint: 'differentiate with respect to another argument with `wrt`, or make it a `number`, a `Float64Array`, a `Float32Array` or a `number[]`',
    text: `
Gradients exist for numbers, \`Float64Array\`, \`Float32Array\`, \`number[]\`, and for objects and tuples that contain them. Strings,
booleans, functions and integer arrays have none.`,
  },
  CT2002: {
    severity: 'error',
    title: 'The result is not a number',
    message: '`{operator}` needs `{function}` to return a number, and it returns `{type}`',
    hint: 'return one number (a loss), or use `vjp` for a result of any shape',
    text: `
A gradient is the derivative of one number. For several results use \`vjp(f)\`, which takes a cotangent for each; for a loss with
something beside it use \`hasAux: true\`.`,
  },
  CT2003: {
    severity: 'error',
    title: 'Aliasing that can not be followed',
    message: '`{first}` and `{second}` may share storage, and which one is written can not be followed',
    hint: 'make a copy first: `const copy = {second}.slice()`',
    text: `
Each array has a shadow that holds its gradient, and writes and views must reach the same shadow. Where two names may or may not mean the
same storage, depending on run-time values, the gradient would land in the wrong place. A copy makes it certain.`,
  },
  CT2004: {
    severity: 'error',
    title: 'A type that can not be followed',
    message: '`{name}` has type `{type}`, and a derivative can not be followed through it',
    hint: 'keep active values in numbers, `Float64Array`, `Float32Array` or `number[]`',
    text: `
A value that depends on what is differentiated must stay in storage that has a gradient. Put into a \`Map\`, a \`Set\`, a string or a value of
type \`any\`, it would be lost, and the gradient would silently miss a part.`,
  },
  CT2006: {
    severity: 'error',
    title: 'State of another module that is not exported',
    message: '`{function}` uses `{name}` of `{module}`, which is not exported and can not be copied',
    hint: 'export `{name}`, or pass it as a parameter',
    text: `
The derivative is put into the file that asks for it, so it must reach what the function uses. Exported names are imported and pure
constants are copied; a variable with a state exists once, and only its own module can reach it.`,
  },
  CT2007: {
    severity: 'error',
    title: 'The result has no cotangent',
    message: '`{operator}` needs `{function}` to return numbers or arrays of numbers, and it returns `{type}`',
    hint: 'return a number, a `Float64Array`, a `Float32Array`, a `number[]` or a tuple of them',
    text: `
A cotangent has the shape of the result. A result of another type has none, and one whose keys are known only at run time has no fixed shape.`,
  },
  CT2008: {
    severity: 'error',
    title: 'A captured variable that can not be captured',
    message: '`{function}` uses `{name}` of the function around it, which can not be followed from where `{operator}` is called',
    hint: 'pass `{name}` as a parameter',
    text: `
A function literal may use variables of the function around it. Where those are assigned again by the literal itself, or are no longer in
scope at the request, they must be parameters.`,
  },
  CT2009: {
    severity: 'error',
    title: 'An active value in an unknown place',
    message: '`{text}` writes a value that is being differentiated where it can not be followed',
    hint: 'write it into an array that the function made or was given',
    text: `
What is written into a string, a \`Map\`, a field of an unknown object or a global is out of sight, and so is whatever reads it.`,
  },
  CT2010: {
    severity: 'error',
    title: 'The result of a recursive function can not be followed',
    message: '`{function}` calls itself, and its result has type `{type}`',
    hint: 'let it return numbers, arrays of numbers or objects of these, or write what it finds into an array that it is given',
    text: `
A function that calls itself stays a function in the derivative, with a forward and a backward half. What passes between them must have a known shape.`,
  },
  CT2011: {
    severity: 'error',
    title: 'A cotangent without an end',
    message: '`{function}` returns storage of type `{type}`, which contains itself, and a cotangent of it has no fixed shape',
    hint: 'return the numbers in an array, or differentiate a loss with `grad`',
    text: `
A pullback takes a cotangent of the shape of the result. The shape of a list or a tree is known only at run time.`,
  },
  CT2012: {
    severity: 'error',
    title: 'A captured variable that stands for two',
    message: '`{name}` would have to be two variables at the same time in `{function}`, which is not inlined',
    hint: 'pass `{name}` as a parameter',
    text: `
A function that calls itself, and one whose derivative is called, stays a function, and the variables that it uses of the functions around it become
parameters. Functions that are given to it and come from different calls may each have their own variable of one name; only one of them can be such a parameter.`,
  },
  CT2013: {
    severity: 'error',
    title: 'A number that an argument may lack',
    message:
      '`{text} = ...` in `{function}` gives an argument a number that may not have been there, and whose derivative would have no place',
    hint: 'read it into a variable, and assign that',
    text: `
The gradient with respect to an object has the fields that the object has. Where the function itself fills a field, or an element, that is missing, what
comes back to that number would have to be kept where the gradient has nothing.`,
  },
  CT2020: {
    severity: 'error',
    title: 'Constants that can not be told apart',
    message:
      '`{name}` in `{function}` refers to storage whose content is constant there (`stopGradient`, `noGrad`) and to storage that is followed, or is written',
    hint: 'give each a variable of its own, or copy the constant storage with `.slice()` first',
    text: `
\`stopGradient(x)\` of an array is the same array, whose elements are constants where they are read through that reference. A variable that sometimes
holds such a reference and sometimes another one, a place in another array or object that it is put into, and a write through it can not be followed.`,
  },
  CT2040: {
    severity: 'error',
    title: 'An instance that the derivative can not make',
    message:
      'an instance of `{name}` is seen outside of `{function}`, and the derivative, which stands outside the class, can not make or read one',
    hint: 'export `{name}` and make its `#` fields `private`, or pass and return the numbers it holds',
    text: `
Fields with a \`#\` exist within the class alone, and so do the instances of a class that its module does not export. Within a differentiated function such
instances are followed all the same: they are made there, their methods are called, and they are forgotten. An argument, a result, an instance that is
given to other code or tested with \`instanceof\` would have to be a real one.`,
  },
  CT2041: {
    severity: 'error',
    title: 'JavaScript whose types do not fit',
    message: 'the JavaScript that `{function}` calls uses a value as what it is not: {problem}',
    hint: 'give the package what it expects, or write the function out in TypeScript',
    text: `
Functions of packages are read from JavaScript, in which a variable may hold a number now and an array later, and a comment may say anything of a parameter. What
counts is what the call gives. Where that does not fit together, the function is refused.`,
  },
  CT2042: {
    severity: 'error',
    title: 'Storage of a module that may keep something',
    message: '`{function}` puts what is being differentiated into `{name}`, which `{module}` keeps from one call to the next: {reason}',
    hint: 'make a new object where it is needed',
    text: `
A module may hold an object that its functions use to put aside what they compute. That is followed where each call gives the object a value before it reads
it, and keeps it to itself: then it is as good as an object of the call's own. Anything else is state, through which one call has an influence on another.`,
  },
  CT2043: {
    severity: 'error',
    title: 'A gradient of an object whose numbers its type does not show',
    message: 'a gradient for `{type}` would have `{field}`, of which the type of the package says nothing',
    hint: 'let the function take numbers, and make the object within it',
    text: `
A gradient has the fields of the object that it is for. Those of some classes of packages have other names in the source than in the declarations: a \`Quaternion\` of
three.js has \`_x\`, and \`x\` is a getter. Within a function they are followed; what goes in and comes out of a derivative has to have the fields that its type says.`,
  },
  CT2044: {
    severity: 'error',
    title: 'A tangent of a function with a reverse rule',
    message: '`{function}` has a reverse rule by `customVjp`, and a tangent of it is asked for',
    hint: "ask for `grad` or `vjp`, or give `jacobian` the option `mode: 'reverse'`; second derivatives of the rule are taken",
    text: `
A rule that takes cotangents to gradients says nothing of tangents: the derivative of the function itself may be another one, which is why there is a rule. So
\`jvp\`, and \`jacobian\` by columns, have nothing to go by. \`hvp\` and \`hessian\` have: they are the tangent of the gradient, which is the rule's code.`,
  },
  CT2045: {
    severity: 'error',
    title: 'A rule without the gradient of an argument',
    message: 'argument `{name}` of `{function}` is being differentiated, and its rule gives no gradient of it',
    hint: 'let the pullback give a list with a gradient for each argument, or pass `stopGradient({name})`',
    text: `
An argument for which the rule of \`customVjp\` gives no gradient is a constant to the rule. If it moves, its gradient would silently lack a part.`,
  },
  CT2046: {
    severity: 'error',
    title: 'A function that can not be run again',
    message: '`{function}` is to be run again in the reverse sweep by `checkpoint`, and {reason}',
    hint: 'pass in what changes as an argument, and return what is new instead of changing what was given',
    text: `
\`checkpoint\` keeps the arguments only, and runs the function again to have its intermediates. That must give the same: no random numbers, no variables that are
assigned elsewhere. Flat arrays that it changes are copied before each call; other storage that was there before must stay as it is.`,
  },
  CT2047: {
    severity: 'error',
    title: 'A rule that changes what it was given',
    message: 'the rule of `{function}` {reason}',
    hint: 'work on a copy: `x.slice()`',
    text: `
The reverse sweep puts back what the function changes by itself; what the rule of \`customVjp\` changes it knows nothing of. So a rule changes nothing that was there
before it, and its value is new: a number, or storage that it made.`,
  },
} as const satisfies Record<string, Entry>
