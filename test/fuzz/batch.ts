import fc from 'fast-check'
import { createCompiler, type Compiler } from '../../compiler/index.ts'
import { load } from '../support/load.ts'
import { checkProgram, requestText, type Ask, type Outcome } from './check.ts'
import { program, type GeneratedProgram } from './program.ts'
import { reduce } from './reduce.ts'

const decisions = fc.array(fc.nat(65535), { maxLength: 400, size: 'max' })
/** A sum takes many of them. */
const manyDecisions = fc.array(fc.nat(65535), { minLength: 200, maxLength: 900, size: 'max' })

/** From this seed on, programs have records, classes, closures, lists that grow and `switch` too. */
export const RICH = 1_000_000
/** And from this one on, numbers by keys and lists whose elements move. */
export const KEYED = 2_000_000

/** And from this one on, loops that are checkpointed, where they can be. */
export const CHECKPOINTED = 3_000_000

/** And from this one on, loops that add up, with scratch arrays and numbers that are declared outside of them. */
export const SUMMED = 4_000_000

/** And from this one on, functions that call themselves over arrays. */
export const WALKS = 5_000_000

export function programOfSeed(seed: number): GeneratedProgram {
  if (seed >= WALKS) return program(decisionsOfSeed(seed, manyDecisions), `p${String(seed)}`, { keyed: false, summed: false, walks: true })
  if (seed >= SUMMED) return program(decisionsOfSeed(seed, manyDecisions), `p${String(seed)}`, { keyed: false, summed: true })
  if (seed >= CHECKPOINTED) return withCheckpoints(program(decisionsOfSeed(seed), `p${String(seed)}`), seed)
  return program(decisionsOfSeed(seed), `p${String(seed)}`, seed >= RICH ? { keyed: seed >= KEYED, summed: false } : undefined)
}

function decisionsOfSeed(seed: number, from = decisions): readonly number[] {
  return fc.sample(from, { seed, numRuns: 1 })[0]!
}

/** Every other loop is annotated, but for those that are left early. */
function withCheckpoints(read: GeneratedProgram, seed: number): GeneratedProgram {
  const kinds = ['every=1', 'every=2', 'binomial', 'binomial=1', 'every=50']
  let at = seed
  const lines = read.text.split('\n')
  const text = lines.map((line, i) => {
    const [, indent] = /^(\s*)for \(/.exec(line) ?? []
    if (indent === undefined || at++ % 2 === 0) return line
    const end = lines.findIndex((other, j) => j > i && other === `${indent}}`)
    if (lines.slice(i, end).some((inner) => /\b(?:break|return|continue)\b/.test(inner))) return line
    return `${indent}/** @checkpoint ${kinds[at % kinds.length]!} */\n${line}`
  })
  return { ...read, text: text.join('\n') }
}

export interface Fuzzer {
  /** Which of the operators the compiler has: what it refuses for the simplest function takes no part. */
  supported(wanted: readonly Ask[]): Ask[]
  /** Checks many programs with one compilation, since most of its time goes into binding TypeScript's library. */
  check(programs: readonly GeneratedProgram[], asks: readonly Ask[]): Outcome[]
}

/** All batches go through one compiler, whose file is replaced each time. */
export function createFuzzer(): Fuzzer {
  const compiler = createCompiler({ files: { [path]: '' } })
  const check = (programs: readonly GeneratedProgram[], asks: readonly Ask[]): Outcome[] => {
    if (programs.length === 0) return []
    try {
      const { code, refusals, compiled } = compileTexts(compiler, programs, asks)
      const original = load({ [path]: withFuel(programs.map(({ text }) => text).join('\n\n')) }, path)
      const emitted = load({ [path]: code }, path)
      return programs.map((one) => {
        if (!compiled.includes(one)) return { kind: 'refused', reason: refusals.get(one) ?? 'no reason given' }
        return guarded(() => checkProgram(one, original, emitted, asks))
      })
    } catch (error) {
      // One program brought the compiler down, or its emitted text is no program at all: halve until it is alone.
      if (programs.length === 1)
        return [{ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }]
      const half = programs.length >> 1
      return [...check(programs.slice(0, half), asks), ...check(programs.slice(half), asks)]
    }
  }
  const simplest = program([], 'simplest')
  return { check, supported: (wanted) => wanted.filter((ask) => compileTexts(compiler, [simplest], [ask]).refusals.size === 0) }
}

const path = '/batch.ts'

/** A program may push onto the list that it goes over. One that does not end is told by an exception, before what was made of it runs. */
function withFuel(text: string): string {
  const counted = text
    .replaceAll(/^(\s*(?:\w+: )?(?:(?:for|while) \(.*\)|do) \{)$/gm, "$1 if (++spent > 1e5) throw new Error('endless');")
    .replaceAll(/^(export function .*\{)$/gm, '$1 spent = 0;')
  return `let spent = 0\n${counted}`
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
function compileTexts(compiler: Compiler, programs: readonly GeneratedProgram[], asks: readonly Ask[]): BatchResult {
  const refusals = new Map<GeneratedProgram, string>()
  for (let attempt = 0; ; attempt++) {
    const compiled = programs.filter((one) => !refusals.has(one))
    const texts = compiled.map((one) => `${one.text}\n${asks.map((ask) => requestText(one, ask)).join('\n')}\n`)
    const head = "import { grad, jvp, valueAndGrad, vjp } from 'cotangent'\n"
    compiler.updateFile(path, head + texts.join('\n'))
    const { code, diagnostics } = compiler.compileFile(path)
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

/** A small program that fails in the same way. */
export function shrink(
  seed: number,
  fuzzer: Fuzzer,
  asks: readonly Ask[],
  milliseconds: number,
): { readonly text: string; readonly reason: string } {
  const smallest = reduce(programOfSeed(seed), (programs) => fuzzer.check(programs, asks), milliseconds)
  const [outcome] = fuzzer.check([smallest], asks)
  return {
    text: `${smallest.text}\n// wrt ${String(smallest.wrt)} at ${show(smallest.args())}`,
    reason: outcome?.kind === 'failed' ? outcome.reason : 'no longer',
  }
}

function show(args: readonly unknown[]): string {
  return `[${args.map((arg) => (typeof arg === 'number' ? String(arg) : `new Float64Array([${String(arg)}])`)).join(', ')}]`
}
