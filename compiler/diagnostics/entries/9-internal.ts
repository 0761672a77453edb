import type { Entry } from '../entry.ts'

/** 9xxx: our own fault. */
export const internalEntries = {
  CT9001: {
    severity: 'error',
    title: 'Internal error',
    message: 'Cotangent failed on this: {reason}',
    hint: 'please report it, with the function that was compiled',
    text: `
This is a mistake in Cotangent, never in your program. Nothing was written. A report with the smallest function that shows it is the best help.`,
  },
} as const satisfies Record<string, Entry>
