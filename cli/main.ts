#!/usr/bin/env node
/** The command. Exit codes: 0 for success, 1 for errors in the program, 2 for wrong usage or a project that can't be read. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { createCompiler, type Compiler, type Diagnostic } from '../compiler/index.ts'

const program = new Command('cotangent').description('Derivatives of ordinary TypeScript, ahead of time.').exitOverride()

program
  .command('build')
  .description('write the whole program with its derivatives as plain TypeScript')
  .option('-p, --project <tsconfig>', 'the project', 'tsconfig.json')
  .requiredOption('--out-dir <folder>', 'where to write')
  .addHelpText('after', '\nExample:\n  cotangent build -p tsconfig.json --out-dir gen')
  .action((options: { project: string; outDir: string }) => build(options.project, options.outDir))

program
  .command('check')
  .description('print the diagnostics only')
  .option('-p, --project <tsconfig>', 'the project', 'tsconfig.json')
  .addHelpText('after', '\nExample:\n  cotangent check -p tsconfig.json')
  .action((options: { project: string }) => finish(open(options.project).check()))

/** Nothing is written unless the whole program compiles. */
function build(project: string, outDir: string): void {
  const compiler = open(project)
  const root = dirname(resolve(project))
  const results = compiler.files().map((file) => ({ file, result: compiler.compileFile(file) }))
  finish(results.flatMap(({ result }) => result.diagnostics))
  if (process.exitCode === 1) return
  for (const { file, result } of results) {
    const target = join(resolve(outDir), relative(root, file))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, result.code)
  }
}

function open(project: string): Compiler {
  return createCompiler({ tsconfig: resolve(project) })
}

function finish(diagnostics: readonly Diagnostic[]): void {
  for (const { severity, code, message, hint, file, start } of diagnostics) {
    process.stderr.write(`${file ? `${relative(process.cwd(), file)}:${String(start)}: ` : ''}${severity} ${code}: ${message}\n  ${hint}\n`)
  }
  if (diagnostics.some(({ severity }) => severity === 'error')) process.exitCode = 1
}

try {
  program.parse()
} catch (error) {
  const { code, message } = error as { code?: string; message?: string }
  if (!code?.startsWith('commander.')) process.stderr.write(`cotangent: ${message ?? String(error)}\n`)
  if (code !== 'commander.helpDisplayed' && code !== 'commander.version') process.exitCode = 2
}
