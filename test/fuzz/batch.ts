import fc from 'fast-check'
import { compileFiles } from '../support/compile.ts'
import { load } from '../support/load.ts'
import { checkProgram, requestText, type Ask, type Outcome } from './check.ts'
import { program, type GeneratedProgram } from './program.ts'

const decisions = fc.array(fc.nat(65535), { maxLength: 400, size: 'max' })

export function programOfSeed(seed: number): GeneratedProgram {
  return program(decisionsOfSeed(seed), `p${String(seed)}`)
}

function decisionsOfSeed(seed: number): readonly number[] {
  return fc.sample(decisions, { seed, numRuns: 1 })[0]!
}

/** Which of the operators the compiler has: what it refuses for the simplest function takes no part. */
export function supportedAsks(wanted: readonly Ask[]): Ask[] {
  const simplest = program([], 'simplest')
  return wanted.filter((ask) => compileTexts([simplest], [ask]).refusals.size === 0)
}

/** Checks many programs with one compilation, since most of its time goes into reading TypeScript's library. */
export function checkBatch(programs: readonly GeneratedProgram[], asks: readonly Ask[]): Outcome[] {
  try {
    const { code, refusals, compiled } = compileTexts(programs, asks)
    const original = load({ '/batch.ts': programs.map(({ text }) => text).join('\n\n') }, '/batch.ts')
    const emitted = load({ '/batch.ts': code }, '/batch.ts')
    return programs.map((one) => {
      if (!compiled.includes(one)) return { kind: 'refused', reason: refusals.get(one) ?? 'no reason given' }
      return guarded(() => checkProgram(one, original, emitted, asks))
    })
  } catch (error) {
    // One program brought the compiler down, or its emitted text is no program at all: halve until it is alone.
    if (programs.length === 1) return [{ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }]
    const half = programs.length >> 1
    return [...checkBatch(programs.slice(0, half), asks), ...checkBatch(programs.slice(half), asks)]
  }
}

function guarded(check: () => Outcome): Outcome {
  try {
    return check()
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}

interface BatchResult {
  readonly code: string
  readonly compiled: readonly GeneratedProgram[]
  readonly refusals: ReadonlyMap<GeneratedProgram, string>
}

/** Compiles the programs that are not refused; an error in one of them would keep the whole file from being emitted. */
function compileTexts(programs: readonly GeneratedProgram[], asks: readonly Ask[]): BatchResult {
  const refusals = new Map<GeneratedProgram, string>()
  for (let attempt = 0; ; attempt++) {
    const compiled = programs.filter((one) => !refusals.has(one))
    const texts = compiled.map((one) => `${one.text}\n${asks.map((ask) => requestText(one, ask)).join('\n')}\n`)
    const head = "import { grad, jvp, valueAndGrad } from 'cotangent'\n"
    const { code, diagnostics } = compileFiles({ '/batch.ts': head + texts.join('\n') }, ['/batch.ts']).get('/batch.ts')!
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.length === 0) return { code, compiled, refusals }
    for (const { start, code, message, hint } of errors) {
      let end = head.length
      const at = texts.findIndex((text) => (end += text.length + 1) > start)
      const one = compiled[at]
      if (one === undefined || attempt > 5) throw new Error(`A diagnostic outside of every program: ${code} ${message}`)
      refusals.set(one, `${code}: ${message} (${hint})`)
    }
  }
}

/** A smaller program that fails too, if fast-check finds one in the time given. */
export function shrink(seed: number, asks: readonly Ask[], milliseconds: number): { readonly text: string; readonly reason: string } {
  const prefix = `p${String(seed)}`
  const fails = (list: readonly number[]): string | undefined => {
    const [outcome] = checkBatch([program(list, prefix)], asks)
    return outcome?.kind === 'failed' ? outcome.reason : undefined
  }
  let smallest = decisionsOfSeed(seed)
  const property = fc.property(decisions, (list) => {
    const reason = fails(list)
    if (reason !== undefined) smallest = list
    return reason === undefined
  })
  fc.check(property, { examples: [[[...smallest]]], numRuns: 1, interruptAfterTimeLimit: milliseconds })
  return { text: program(smallest, prefix).text, reason: fails(smallest) ?? 'no longer' }
}
