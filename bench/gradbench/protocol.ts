/** The messages of GradBench's protocol, as far as a tool reads them: each is a line of JSON, and each is answered by one. */
export type Message =
  | { readonly id: number; readonly kind: 'start' | 'analysis' }
  | { readonly id: number; readonly kind: 'define'; readonly module: string }
  | { readonly id: number; readonly kind: 'evaluate'; readonly module: string; readonly function: string; readonly input: unknown }

export interface Timing {
  readonly name: string
  readonly nanoseconds: number
}

export interface Response {
  readonly id: number
  readonly tool?: string
  readonly success?: boolean
  readonly output?: unknown
  readonly timings?: readonly Timing[]
  readonly error?: string
}

/** A function with its input read: what is timed, and what its last result is sent as. */
export interface Prepared<Result = unknown> {
  readonly run: () => Result
  readonly output: (result: Result) => unknown
}

/** The functions of each module, given their input as it was sent. */
export type Modules = Readonly<Record<string, Readonly<Record<string, (input: never) => Prepared>>>>

/** How often to run a function. Some inputs don't say, and are no objects. */
interface Runs {
  readonly min_runs: number
  readonly min_seconds: number
}

export function respond(modules: Modules, message: Message): Response {
  const { id } = message
  switch (message.kind) {
    case 'define':
      return Object.hasOwn(modules, message.module) ? { id, success: true } : { id, success: false, error: `no module ${message.module}` }
    case 'evaluate':
      try {
        return { id, success: true, ...evaluate(modules, message) }
      } catch (error) {
        return { id, success: false, error: error instanceof Error ? error.message : String(error) }
      }
    case 'start':
      return { id, tool: 'cotangent' }
    // Whatever else is sent is acknowledged.
    default:
      return { id }
  }
}

function evaluate(
  modules: Modules,
  { module, function: name, input }: { readonly module: string; readonly function: string; readonly input: unknown },
): { output: unknown; timings: Timing[] } {
  const prepare = modules[module]?.[name]
  if (!prepare) throw new Error(`no function ${name} in the module ${module}`)
  const { run, output } = prepare(input as never)
  const { min_runs: runs = 1, min_seconds: seconds = 0 } = (typeof input === 'object' ? input : {}) as Partial<Runs>
  const timings: Timing[] = []
  let result: unknown
  let total = 0
  do {
    const start = process.hrtime.bigint()
    result = run()
    const nanoseconds = Number(process.hrtime.bigint() - start)
    timings.push({ name: 'evaluate', nanoseconds })
    total += nanoseconds
  } while (timings.length < runs || total < seconds * 1e9)
  return { output: output(result), timings }
}
