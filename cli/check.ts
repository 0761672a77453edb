import type { Command } from 'commander'
import { examples, openChecker, projectOption, type ProjectOptions } from './project.ts'
import type { Terminal } from './terminal.ts'

export function addCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .summary('print everything that can not be differentiated')
    .description('Print everything that can not be differentiated, in one run, and write nothing.')
    .addOption(projectOption())
    .addHelpText('after', examples('cotangent check', 'cotangent check -p packages/model'))
    .action(async (options: ProjectOptions) => {
      const checker = await openChecker(options, terminal)
      await terminal.report(checker.check())
    })
}
