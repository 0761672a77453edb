import { Argument, Option, type Command } from 'commander'
import { extname, resolve } from 'node:path'
import { hasErrors } from '../compiler/diagnostics/report.ts'
import type { ProgramGraph } from '../compiler/index.ts'
import { operators, readAsked, type AskedOptions } from './asked.ts'
import { shown } from './paths.ts'
import { examples } from './project.ts'
import { replaceFiles } from './replace-files.ts'
import { openPrograms, targetsIn } from './targets.ts'
import type { Terminal } from './terminal.ts'

interface Options extends AskedOptions {
  readonly project?: string
  readonly format?: Format
  readonly output?: string
}

type Format = 'svg' | 'mermaid' | 'json'
const formats: readonly Format[] = ['svg', 'mermaid', 'json']

/** What a name of a file says of its format. */
const formatOf: Readonly<Record<string, Format>> = { '.svg': 'svg', '.mmd': 'mermaid', '.mermaid': 'mermaid', '.json': 'json' }

export function addGraph(program: Command, terminal: Terminal): void {
  program
    .command('graph')
    .summary('write the graph of a function and of its derivative')
    .description(
      `Write the graph of a function and of its derivative: each statement with its source line, whether it is active, what of it is stored or computed
again and how many bytes that takes, what flows where, and which adjoint belongs to which statement. As SVG to look at, as Mermaid for documents, or as
JSON, from which \`cotangent emit\` makes the same derivative where the source is not. The program need not ask for that derivative.`,
    )
    .addArgument(new Argument('<target>', 'file.ts#name, a function of the top level of a file'))
    .addOption(new Option('--format <format>', 'how to write it (default: by the name of the output, else svg)').choices(formats))
    .option('-o, --output <file>', 'where to write it (default: the standard output)')
    .addOption(new Option('--operator <operator>', 'the derivative').choices(operators).default('grad'))
    .option('--wrt <indices>', 'with respect to which arguments, from 0: 1, or 0,1 (default: 0)')
    .option('--has-aux', 'the function returns [loss, aux]')
    .option('-p, --project <tsconfig>', 'the configuration of the program; the nearest tsconfig.json above the file if left out')
    .addHelpText(
      'after',
      examples(
        'cotangent graph src/loss.ts#loss -o loss.svg',
        'cotangent graph src/loss.ts#loss --format mermaid',
        'cotangent graph src/loss.ts#loss --operator vjp -o loss.graph.json',
        'cotangent emit loss.graph.json',
      ),
    )
    .action(async (target: string, options: Options, command: Command) => {
      const wrong = (text: string): never => command.error(text, { exitCode: 2 })
      const asked = readAsked(options)
      if (typeof asked === 'string') return wrong(asked)
      const { output } = options
      if (output !== undefined && /\.[cm]?[jt]sx?$/.test(output))
        return wrong(`error: '${output}' has the name of a source file\nName a file that ends in .svg, .mmd or .json.`)
      const format = options.format ?? formatOf[extname(output ?? '')] ?? 'svg'
      const targets = targetsIn([target], terminal.folder)
      if (typeof targets === 'string') return wrong(targets)
      const [name] = targets[0]!.names
      if (name === undefined)
        return wrong(
          `error: '${target}' names no function\nWrite ${target}#name; \`cotangent inspect ${target}\` lists those that there are.`,
        )
      const { programs, diagnostics } = await openPrograms(targets, options.project, terminal)
      await terminal.report(diagnostics)
      for (const { compiler, targets: own } of programs) {
        const { graph, diagnostics: found } = compiler.graphFunction(own[0]!.path, name, asked)
        await terminal.report(found)
        if (!graph || hasErrors(found)) return
        const text = await textOf(graph, format)
        if (output === undefined) return terminal.print(text.trimEnd())
        const path = resolve(terminal.folder, output)
        const failures = replaceFiles(new Map([[path, text]]))
        await terminal.report(failures)
        if (failures.length === 0) terminal.print(shown(path))
      }
    })
}

/** What draws is loaded when it is needed. */
async function textOf(graph: ProgramGraph, format: Format): Promise<string> {
  if (format === 'json') return `${JSON.stringify(graph, undefined, 2)}\n`
  if (format === 'mermaid') return (await import('./graph/mermaid.ts')).toMermaid(graph)
  return (await import('./graph/svg.ts')).toSvg(graph)
}
