import type { Entry } from '../entry.ts'

/** 4xxx: warnings about numbers. */
export const numericEntries = {
  CT4001: {
    severity: 'warning',
    title: 'The result is constant',
    message: 'the result of `{function}` does not depend on `{names}`, so the gradient is always zero',
    hint: 'look for a `stopGradient`, a rounding or an integer operation on the way',
    text: `
\`Math.floor\`, \`Math.round\`, \`Math.sign\`, comparisons, \`| 0\` and \`stopGradient\` have derivative zero. If everything between an argument and the
result passes through one of them, the gradient is zero everywhere, which is seldom what was meant.`,
  },
  CT4002: {
    severity: 'warning',
    title: 'An argument is not used',
    message: '`{function}` does not use `{name}`, so its gradient is always zero',
    hint: 'leave it out of `wrt`',
    text: `
The gradient with respect to an argument that the function does not use is zeros of the shape of the argument. It is right, and probably a mistake.`,
  },
} as const satisfies Record<string, Entry>
