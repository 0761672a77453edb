import { Argument, Option, type Command } from 'commander'
import type { Inspection, PassName } from '../compiler/index.ts'
import { passNames } from '../compiler/pass.ts'
import { operators, readAsked, type AskedOptions } from './asked.ts'
import { shown } from './paths.ts'
import { examples } from './project.ts'
import { listSteps, showSteps } from './show-steps.ts'
import { showInspection } from './show-inspection.ts'
import { openPrograms, targetsIn } from './targets.ts'
import type { Terminal } from './terminal.ts'

interface Options extends AskedOptions {
  readonly project?: string
  readonly pass: readonly string[]
  readonly passes?: boolean
  readonly json?: boolean
}

export function addInspect(program: Command, terminal: Terminal): void {
  program
    .command('inspect')
    .summary('show what is decided about the derivative of a function')
    .description(
      `Show what the compiler decides about the derivative of a function: which lines are active and why others are not, how each loop is reversed,
and what the reverse sweep reads: what is still there, what is computed again, what is stored and how many bytes that takes.
Nothing is written, and the program need not ask for that derivative.`,
    )
    .addArgument(new Argument('<target>', 'file.ts#name, a function of the top level of a file; file.ts lists those that there are'))
    .addOption(new Option('--operator <operator>', 'the derivative').choices(operators).default('grad'))
    .option('--wrt <indices>', 'with respect to which arguments, from 0: 1, or 0,1 (default: 0)')
    .option('--has-aux', 'the function returns [loss, aux]')
    .addOption(
      new Option('--pass <name>', 'print the function after this pass instead; may be repeated')
        .argParser((name: string, before: readonly string[]) => [...before, name])
        .default([], 'none'),
    )
    .option('--passes', 'list the passes that ran, with the sizes of what they gave')
    .option('--json', 'print all of it as JSON; with --pass, the texts of these passes too')
    .option('-p, --project <tsconfig>', 'the configuration of the program; the nearest tsconfig.json above the file if left out')
    .addHelpText(
      'after',
      `
Passes:
  ${passNames
    .join(' ')
    .replaceAll(/(.{1,96})(?: |$)/g, '$1\n  ')
    .trimEnd()}
${examples(
  'cotangent inspect src/loss.ts',
  'cotangent inspect src/loss.ts#loss',
  'cotangent inspect src/loss.ts#loss --operator vjp --wrt 0,1',
  'cotangent inspect src/loss.ts#loss --pass name-versions --pass reverse',
  'cotangent inspect src/loss.ts#loss --json',
)}`,
    )
    .action(async (target: string, options: Options, command: Command) => {
      const wrong = (text: string): never => command.error(text, { exitCode: 2 })
      const unknown = options.pass.find((name) => !isPass(name))
      if (unknown !== undefined) wrong(`error: there is no pass '${unknown}'\nThe passes are ${passNames.join(', ')}.`)
      const asked = readAsked(options)
      if (typeof asked === 'string') return wrong(asked)
      const targets = targetsIn([target], terminal.folder)
      if (typeof targets === 'string') return wrong(targets)
      const { programs, diagnostics } = await openPrograms(targets, options.project, terminal)
      await terminal.report(diagnostics)
      for (const { compiler, targets: own } of programs) {
        for (const { path, names } of own) {
          if (names.length === 0) await list(compiler.functionsIn(path), path, terminal)
          for (const name of names) {
            const { inspection, diagnostics: found } = compiler.inspectFunction(path, name, asked)
            await terminal.report(found)
            if (inspection) terminal.print(textOf(inspection, options))
          }
        }
      }
    })
}

const isPass = (name: string): name is PassName => (passNames as readonly string[]).includes(name)

type Functions = ReturnType<Awaited<ReturnType<typeof openPrograms>>['programs'][number]['compiler']['functionsIn']>

async function list(functions: Functions, path: string, terminal: Terminal): Promise<void> {
  if ('code' in functions) return terminal.report([functions])
  for (const name of functions) terminal.print(`${shown(path)}#${name}`)
  if (functions.length === 0) terminal.note(`${shown(path)} has no function at its top level.`)
}

function textOf(inspection: Inspection, { json, pass, passes }: Options): string {
  const chosen = inspection.steps.filter((step) => pass.includes(step.pass))
  if (json) {
    const steps = inspection.steps.map((step) =>
      pass.includes(step.pass) ? step : { ...step, functions: step.functions.map(withoutText) },
    )
    return JSON.stringify({ ...inspection, steps }, undefined, 2)
  }
  if (passes) return listSteps(inspection.steps)
  return pass.length > 0 ? showSteps(chosen, pass) : showInspection(inspection)
}

function withoutText({ name, statements, variables }: Inspection['steps'][number]['functions'][number]): object {
  return { name, statements, variables }
}
