import type { Origin } from '../ir/nodes.ts'

/** Thrown where something can't be differentiated; the pipeline turns it into a diagnostic with the request's chain. */
export class Refusal extends Error {
  readonly code: string
  readonly origin: Origin | undefined
  readonly details: Readonly<Record<string, string>>

  constructor(code: string, origin: Origin | undefined, details: Readonly<Record<string, string>>) {
    super(`${code}: ${JSON.stringify(details)}`)
    this.name = 'Refusal'
    this.code = code
    this.origin = origin
    this.details = details
  }
}
