import { Option, type Command } from 'commander'
import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { examples } from './project.ts'
import { shown } from './paths.ts'
import { openPrograms, targetsIn, type Target } from './targets.ts'
import type { Terminal } from './terminal.ts'
import { writeCompanions } from './write-companions.ts'
import { reasonOf } from './write-output.ts'

interface EmitOptions {
  readonly project?: string
  readonly outDir?: string
  readonly module: readonly string[]
}

export function addEmit(program: Command, terminal: Terminal): void {
  program
    .command('emit')
    .summary('write the derivatives of annotated functions beside their files')
    .description(
      `Write the derivatives of functions that are annotated /** @differentiable */ into a file beside their own: src/loss.grad.ts for src/loss.ts.
The file is plain TypeScript and imports nothing but what the functions use, and cotangent/runtime where it is needed.`,
    )
    .argument(
      '[files...]',
      'source files, or file.ts#name for a function without annotation, or graphs that `cotangent graph` wrote as JSON; all annotated files of the project if left out',
    )
    .option('-p, --project <tsconfig>', 'the configuration of the program; the nearest tsconfig.json above each file if left out')
    .option('--out-dir <folder>', 'where to write, instead of beside each file')
    .addOption(
      new Option('--module <from=to>', 'where a module is that a graph mentions: ./loss.ts=../model/loss.ts; may be repeated')
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([], 'none'),
    )
    .addHelpText(
      'after',
      `
Annotations:
  /** @differentiable */                 grad and valueAndGrad of a function that gives a number, vjp of any other
  /** @differentiable wrt=x,y grad hvp */ with respect to which parameters, and what is wanted:
                                         grad, valueAndGrad, vjp, jvp, hvp, hessian, jacobian

loss.grad.ts then exports loss_grad, loss_gradInto (which writes into a buffer of the caller's), loss_hvp, ...

A graph needs no source: loss.graph.json gives loss.grad.ts. It is program text, to be trusted as a source file is.
${examples('cotangent emit src/loss.ts', 'cotangent emit src/loss.ts#loss --out-dir gen', 'cotangent emit -p tsconfig.json', 'cotangent emit loss.graph.json')}`,
    )
    .action(async (files: readonly string[], options: EmitOptions, command: Command) => {
      const isGraph = (file: string): boolean => file.endsWith('.json')
      const targets = targetsIn(
        files.filter((file) => !isGraph(file)),
        terminal.folder,
      )
      if (typeof targets === 'string') return command.error(targets, { exitCode: 2 })
      const modules = modulesIn(options.module)
      if (typeof modules === 'string') return command.error(modules, { exitCode: 2 })
      const graphs = files.filter(isGraph).map((file) => resolve(terminal.folder, file))
      await terminal.report(await emit({ targets, graphs, modules }, options, terminal))
    })
}

/** A text says what is wrong. */
function modulesIn(texts: readonly string[]): Readonly<Record<string, string>> | string {
  const pairs = texts.map((text) => /^([^=]+)=([^='"`\\\s]+)$/.exec(text))
  const wrong = pairs.findIndex((pair) => pair === null)
  if (wrong >= 0) return `error: '--module ${texts[wrong]!}' does not say where a module is\nWrite --module ./loss.ts=../model/loss.ts.`
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]))
}

interface Emission {
  readonly targets: readonly Target[]
  /** Paths of graphs. */
  readonly graphs: readonly string[]
  readonly modules: Readonly<Record<string, string>>
}

/** Nothing is written unless all of it compiles. */
async function emit(
  { targets, graphs, modules }: Emission,
  { project, outDir }: EmitOptions,
  terminal: Terminal,
): Promise<readonly Diagnostic[]> {
  // Without any file, all annotated ones are meant.
  const isOfGraphs = targets.length === 0 && graphs.length > 0
  const { programs, diagnostics: unopened } = isOfGraphs
    ? { programs: [], diagnostics: [] }
    : await openPrograms(targets, project, terminal)
  if (hasErrors(unopened)) return unopened
  const { companionOf, compileGraph } = await import('../compiler/index.ts')
  const placeOf = (beside: string): string => (outDir === undefined ? beside : join(resolve(terminal.folder, outDir), basename(beside)))
  const written = new Map<string, string>()
  const diagnostics: Diagnostic[] = []
  for (const { compiler, targets: own } of programs) {
    for (const { path, names } of own) {
      const out = placeOf(companionOf(path))
      const compiled = compiler.compileCompanion(path, out, names)
      diagnostics.push(...compiled.diagnostics)
      if (compiled.names.length > 0) written.set(out, compiled.code)
      else if (!hasErrors(compiled.diagnostics)) diagnostics.push(createDiagnostic('CT5008', nowhere, { path: shown(path) }))
    }
    if (own.length === 0) diagnostics.push(createDiagnostic('CT5008', nowhere, { path: shown(compiler.project?.path ?? terminal.folder) }))
  }
  for (const path of graphs) {
    const text = readText(path)
    if (typeof text !== 'string') {
      diagnostics.push(text)
      continue
    }
    const compiled = compileGraph(text, { path: shown(path), modules })
    diagnostics.push(...compiled.diagnostics)
    written.set(placeOf(path.replace(/(?:\.graph)?\.json$/, '.grad.ts')), compiled.code)
  }
  if (hasErrors(diagnostics)) return diagnostics
  const failures = await writeCompanions(written)
  if (failures.length === 0) for (const path of written.keys()) terminal.print(shown(path))
  return [...diagnostics, ...failures]
}

function readText(path: string): string | Diagnostic {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return createDiagnostic('CT5014', nowhere, { path: shown(path), reason: reasonOf(error) })
  }
}
