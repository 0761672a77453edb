import type { Command } from 'commander'
import { basename, join, resolve } from 'node:path'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { examples } from './project.ts'
import { shown } from './paths.ts'
import { openPrograms, targetsIn, type Target } from './targets.ts'
import type { Terminal } from './terminal.ts'
import { writeCompanions } from './write-companions.ts'

interface EmitOptions {
  readonly project?: string
  readonly outDir?: string
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
      'source files, or file.ts#name for a function without annotation; all annotated files of the project if left out',
    )
    .option('-p, --project <tsconfig>', 'the configuration of the program; the nearest tsconfig.json above each file if left out')
    .option('--out-dir <folder>', 'where to write, instead of beside each file')
    .addHelpText(
      'after',
      `
Annotations:
  /** @differentiable */                 grad and valueAndGrad of a function that gives a number, vjp of any other
  /** @differentiable wrt=x,y grad hvp */ with respect to which parameters, and what is wanted:
                                         grad, valueAndGrad, vjp, jvp, hvp, hessian, jacobian

loss.grad.ts then exports loss_grad, loss_gradInto (which writes into a buffer of the caller's), loss_hvp, ...
${examples('cotangent emit src/loss.ts', 'cotangent emit src/loss.ts#loss --out-dir gen', 'cotangent emit -p tsconfig.json')}`,
    )
    .action(async (files: readonly string[], options: EmitOptions, command: Command) => {
      const targets = targetsIn(files, terminal.folder)
      if (typeof targets === 'string') return command.error(targets, { exitCode: 2 })
      await terminal.report(await emit(targets, options, terminal))
    })
}

/** Nothing is written unless all of it compiles. */
async function emit(targets: readonly Target[], { project, outDir }: EmitOptions, terminal: Terminal): Promise<readonly Diagnostic[]> {
  const { programs, diagnostics: unopened } = await openPrograms(targets, project, terminal)
  if (hasErrors(unopened)) return unopened
  const { companionOf } = await import('../compiler/index.ts')
  const written = new Map<string, string>()
  const diagnostics: Diagnostic[] = []
  for (const { compiler, targets: own } of programs) {
    for (const { path, names } of own) {
      const beside = companionOf(path)
      const out = outDir === undefined ? beside : join(resolve(terminal.folder, outDir), basename(beside))
      const compiled = compiler.compileCompanion(path, out, names)
      diagnostics.push(...compiled.diagnostics)
      if (compiled.names.length > 0) written.set(out, compiled.code)
      else if (!hasErrors(compiled.diagnostics)) diagnostics.push(createDiagnostic('CT5008', nowhere, { path: shown(path) }))
    }
    if (own.length === 0) diagnostics.push(createDiagnostic('CT5008', nowhere, { path: shown(compiler.project?.path ?? terminal.folder) }))
  }
  if (hasErrors(diagnostics)) return diagnostics
  const failures = await writeCompanions(written)
  if (failures.length === 0) for (const path of written.keys()) terminal.print(shown(path))
  return [...diagnostics, ...failures]
}
