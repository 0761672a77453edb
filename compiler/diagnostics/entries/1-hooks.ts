import type { Entry } from '../entry.ts'

/** 13xx: gradient hooks. */
export const hookEntries = {
  CT1301: {
    severity: 'error',
    title: 'A hook on something that is not a variable',
    message: '`{text}` does not name a variable whose gradient the hook could be given',
    hint: 'give the value a name first: `const y = ...; hook(y, fn)`',
    text: `
\`hook(x, fn)\` calls \`fn\` with the gradient of the value that the variable \`x\` has there, and \`hook(x, 'name')\` makes a slot that a request binds. The
first argument is the name of a local variable or a parameter, the second a function or a literal name. It stands as a statement of its own.`,
  },
  CT1302: {
    severity: 'error',
    title: 'A hook away from where its variable gets its value',
    message: 'the hook on `{name}` stands in another block than what gives `{name}` its value, or uses what is computed in between',
    hint: 'write the hook directly after the statement that gives `{name}` its value, and let the function decide: `g => flag ? f(g) : g`',
    text: `
A hook runs once, when the gradient of the value is complete: just before the statement that made the value is reversed. A hook within a branch or a
loop, on a value from outside of it, would run several times or not at all, with part of the gradient.`,
  },
  CT1303: {
    severity: 'error',
    title: 'Unknown hook slot',
    message: "`{operator}` binds the hook `{name}`, but `{function}` has no `hook(..., '{name}')`",
    hint: 'the slots are: {known}',
    text: `
\`opts.hooks\` binds functions to the slots that \`hook(x, 'name')\` makes in the differentiated function and in what it calls.`,
  },
  CT1304: {
    severity: 'error',
    title: 'A hook slot bound to what is only visible here',
    message: 'the function bound to the hook `{name}` uses `{local}`, which is only visible where the derivative is asked for',
    hint: 'bind a function of the module, or pass `{local}` to the function as an argument and hook within it',
    text: `
Emitted derivatives stand at the end of the file. What is bound to a slot can use imports and the module's own functions and constants.`,
  },
  CT1305: {
    severity: 'error',
    title: 'A hook that can not be differentiated',
    message: 'the hook on `{name}` is part of a derivative that is differentiated in turn, and its own derivative is not known',
    hint: 'hook numbers with a function that the program contains, or use `clamp`, `scale` or `reverse` of `cotangent/hooks`; a hook that gives nothing is always possible',
    text: `
Under a second derivative (\`grad(grad(f))\`, \`hvp\`, \`hessian\`, or a gradient within a differentiated function) a hook is part of the program that is differentiated. That is
known of functions of numbers whose source is read, of \`clamp\`, \`scale\` and \`reverse\` where they stand as calls, and of hooks that give nothing. A function of an array, or
one that is a parameter, may do anything with what it is given. A slot (\`hook(y, 'name')\`) that the inner derivative leaves unbound costs nothing and is differentiated like no hook at all.`,
  },
} as const satisfies Record<string, Entry>
