/** A broken promise within the compiler, never the author's fault. It is reported as CT9001 with the message given here. */
export class InternalError extends Error {
  readonly code = 'CT9001'

  constructor(message: string) {
    super(message)
    this.name = 'InternalError'
  }
}
