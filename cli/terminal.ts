/** What commands print, and the exit code that follows from it. */

import type { Diagnostic } from '../compiler/diagnostics/report.ts'

export interface Terminal {
  /** The folder that paths are shown and meant relative to. */
  readonly folder: string
  /** Whether what is reported is coloured. */
  readonly color: boolean
  /** What was asked for: a line on the standard output. */
  print(text: string): void
  /** What happened: a line on the standard error. */
  note(text: string): void
  /** Prints diagnostics with code frames, and counts them for the exit code. */
  report(diagnostics: readonly Diagnostic[]): Promise<void>
  /** An error that nobody expected. Gives the exit code. */
  fail(error: unknown): number
  exitCode(): number
}

/** What a process has, as far as the command needs it. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly env: NodeJS.ProcessEnv
  cwd(): string
}

export function createTerminal(streams: Streams): Terminal {
  const { stdout, stderr, env } = streams
  const color = wantsColor(env, stderr.isTTY === true)
  let code = 0
  return {
    folder: streams.cwd(),
    color,
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    async report(diagnostics) {
      if (diagnostics.length === 0) return
      const { formatDiagnostics } = await import('../compiler/diagnostics/format.ts')
      stderr.write(`${formatDiagnostics(diagnostics, { color, currentDirectory: streams.cwd() })}\n${summary(diagnostics)}\n`)
      code = Math.max(code, ...diagnostics.filter(({ severity }) => severity === 'error').map(codeOf))
    },
    fail(error) {
      stderr.write(`CT9001: Cotangent failed: ${error instanceof Error ? error.message : String(error)}\n  hint: please report it\n`)
      return 1
    },
    exitCode: () => code,
  }
}

/** https://no-color.org, and what most tools understand by FORCE_COLOR. */
function wantsColor({ NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0'
  return isTerminal
}

/** 5xxx is about what surrounds the program, except for its type errors. */
function codeOf({ code }: Diagnostic): number {
  return code.startsWith('CT5') && code !== 'CT5003' ? 2 : 1
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']): string => {
    const n = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return `${n} ${severity}${n === 1 ? '' : 's'}`
  }
  return `Found ${count('error')} and ${count('warning')}.`
}
