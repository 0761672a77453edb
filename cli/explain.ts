import type { Command } from 'commander'
import { catalog, entryOf, isCode, type Code } from '../compiler/diagnostics/catalog.ts'
import { examples } from './project.ts'
import type { Terminal } from './terminal.ts'

export function addExplain(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .summary('tell what a diagnostic means and what to do')
    .description('Tell what a diagnostic means and what to do about it. Without a code, list all of them.')
    .argument('[codes...]', 'codes such as CT1001')
    .addHelpText('after', examples('cotangent explain CT1001', 'cotangent explain'))
    .action((codes: readonly string[], _options: unknown, command: Command) => {
      if (codes.length === 0) for (const code of allCodes) terminal.print(`${code}  ${entryOf(code).title}`)
      const known = codes.map((text) => {
        const code = normalise(text)
        return isCode(code) ? code : command.error(unknown(text, code), { exitCode: 2 })
      })
      terminal.print(known.map(explanation).join('\n\n'))
    })
}

const allCodes = Object.keys(catalog) as readonly Code[]

function explanation(code: Code): string {
  const { title, severity, message, hint, text } = entryOf(code)
  const heading = `${code}: ${title}${severity === 'warning' ? ' (warning)' : ''}`
  return [heading, '='.repeat(heading.length), '', readable(message), `  hint: ${readable(hint)}`, '', text.trim()].join('\n')
}

/** A template as a reader sees it: `{name}` is what stands there in a message. */
function readable(template: string): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (hole, name: string | undefined) => (name === undefined ? hole.slice(1) : `<${name}>`))
}

/** `ct1001` and `1001` are understood too. */
function normalise(text: string): string {
  const code = text.trim().toUpperCase()
  return /^\d+$/.test(code) ? `CT${code.padStart(4, '0')}` : code
}

function unknown(text: string, code: string): string {
  const [first, ...others] = allCodes.filter((candidate) => differences(candidate, code) <= 1)
  const guess = first === undefined ? 'Run `cotangent explain` to list them.' : `Did you mean ${[first, ...others].slice(0, 5).join(', ')}?`
  return `error: there is no diagnostic '${text}'\n${guess}`
}

/** How many places differ, also after a digit was left out or typed twice. */
function differences(a: string, b: string): number {
  const [long, short] = a.length > b.length ? [a, b] : [b, a]
  const places = Array.from({ length: long.length }, (_, i) => i)
  if (long.length === short.length) return places.filter((i) => long[i] !== short[i]).length
  return places.some((i) => long.slice(0, i) + long.slice(i + 1) === short) ? 1 : Infinity
}
