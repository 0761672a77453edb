/** The command: a table of subcommands, each in a file of its own. */

import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { createTerminal, type Streams, type Terminal } from './terminal.ts'

type Add = (program: Command, terminal: Terminal) => void

/** What `cotangent --help` lists, in its order. The files of those that nobody asks for are not loaded. */
const subcommands: Readonly<Record<string, () => Promise<Add>>> = {
  build: async () => (await import('./build.ts')).addBuild,
  maps: async () => (await import('./maps.ts')).addMaps,
  emit: async () => (await import('./emit.ts')).addEmit,
  check: async () => (await import('./check.ts')).addCheck,
  inspect: async () => (await import('./inspect.ts')).addInspect,
  graph: async () => (await import('./graph.ts')).addGraph,
  explain: async () => (await import('./explain.ts')).addExplain,
}

/** Gives the exit code. Nothing is thrown, whatever happens. */
export async function runCommand(args: readonly string[], streams: Streams): Promise<number> {
  const terminal = createTerminal(streams)
  const program = new Command('cotangent')
    .description('Derivatives of ordinary TypeScript, ahead of time.')
    .version(versionOf(new URL(import.meta.url)))
    .showHelpAfterError('Run `cotangent --help` to see what there is.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
      getOutHasColors: () => terminal.color,
      getErrHasColors: () => terminal.color,
    })
    .addHelpText(
      'after',
      `
Exit codes:
  0  success
  1  the program has errors
  2  wrong usage, or a configuration, file or folder that can not be used`,
    )
  const [name = ''] = args
  const asked = Object.hasOwn(subcommands, name) ? [subcommands[name]!] : Object.values(subcommands)
  for (const load of asked) (await load())(program, terminal)
  for (const subcommand of program.commands) subcommand.copyInheritedSettings(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return terminal.exitCode()
  } catch (error) {
    return error instanceof CommanderError ? usageCode(error) : terminal.fail(error)
  }
}

/** Commander has printed what is wrong by then; help and version, which were asked for, end like this too. */
function usageCode({ exitCode }: CommanderError): number {
  return exitCode === 0 ? 0 : 2
}

/** From source and built, the manifest stands above by a different number of folders. */
function versionOf(from: URL): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(path, from), 'utf8')) as { version: string }).version
    } catch {
      continue
    }
  }
  return 'unknown'
}
