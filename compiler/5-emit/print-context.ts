import type { Variables } from './type-of.ts'

/** What printing needs to know beyond the function itself. */
export interface PrintContext {
  readonly variables: Variables
  /** The printed name of another function of the program. */
  readonly nameOf: (key: string) => string
  /** The printed name of a variable. */
  readonly shown: (name: string) => string
  /** The constant that holds the function's reused buffers. */
  readonly pool: string
  /** The constant that holds its reused arrays of exact lengths. */
  readonly arrays: string
  /** Variables that a path may reach before they have a value. */
  readonly unproven: ReadonlySet<string>
  /** Lines are broken where they would be longer. */
  readonly width: number
}
