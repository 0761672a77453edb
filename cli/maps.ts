import type { Command } from 'commander'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { createDiagnostic, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { shown } from './paths.ts'
import { examples } from './project.ts'
import type { Terminal } from './terminal.ts'

export function addMaps(program: Command, terminal: Terminal): void {
  program
    .command('maps')
    .summary('lead the source maps of built JavaScript to the sources')
    .description(
      `Lead the source maps of JavaScript that was compiled from the output of cotangent build to the sources of the program.
The output has maps of its own, x.ts.map beside x.ts, if the tsconfig.json asks for sourceMap or inlineSourceMap.`,
    )
    .argument('<folder>', 'where tsc, or a bundler, wrote the JavaScript')
    .addHelpText('after', examples('cotangent build --out-dir gen && tsc -p gen && cotangent maps dist'))
    .action(async (folder: string) => {
      await terminal.report(await join(resolve(terminal.folder, folder), terminal))
    })
}

/** Nothing is written unless every map can be read. */
async function join(folder: string, terminal: Terminal): Promise<readonly Diagnostic[]> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return [createDiagnostic('CT5013', nowhere, { path: shown(folder) })]
  const { joinMaps } = await import('./join-maps.ts')
  const { files, found, diagnostics } = joinMaps(folder)
  if (diagnostics.length > 0) return diagnostics
  if (found === 0) return [createDiagnostic('CT5013', nowhere, { path: shown(folder) })]
  const { replaceFiles } = await import('./replace-files.ts')
  const failures = replaceFiles(files)
  if (failures.length === 0) terminal.print(`Joined ${String(files.size)} of ${String(found)} source maps.`)
  return failures
}
