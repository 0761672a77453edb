import type { Command } from 'commander'
import { resolve } from 'node:path'
import { hasErrors, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { outputOf } from './output.ts'
import { examples, openProject, projectOption, type ProjectOptions } from './project.ts'
import type { Terminal } from './terminal.ts'
import { writeOutput, writtenBefore } from './write-output.ts'

interface BuildOptions extends ProjectOptions {
  readonly outDir: string
  readonly debugNans?: boolean
}

export function addBuild(program: Command, terminal: Terminal): void {
  program
    .command('build')
    .summary('write the whole program with its derivatives as plain TypeScript')
    .description('Write the whole program with its derivatives as plain TypeScript, which any `tsc` from 5.9 on compiles: `tsc -p gen`.')
    .addOption(projectOption())
    .requiredOption('--out-dir <folder>', 'where to write; the files of an earlier run there are replaced')
    .option('--debug-nans', 'derivatives check every gradient on the way, and throw at the first one that is not finite')
    .addHelpText(
      'after',
      examples('cotangent build --out-dir gen', 'cotangent build -p tsconfig.json --out-dir gen && tsc -p gen && node dist/main.js'),
    )
    .action(async (options: BuildOptions) => {
      await terminal.report(await build(options, terminal))
    })
}

/** Nothing is written unless the whole program compiles. */
async function build(options: BuildOptions, terminal: Terminal): Promise<readonly Diagnostic[]> {
  const outDir = resolve(terminal.folder, options.outDir)
  const ignored = writtenBefore(outDir).map((file) => resolve(outDir, file))
  const compiler = await openProject(options, terminal, { ignored, debugNans: options.debugNans === true })
  const { files, diagnostics } = outputOf(compiler, outDir)
  return hasErrors(diagnostics) ? diagnostics : [...diagnostics, ...writeOutput(outDir, files)]
}
