import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { catalog, entryOf, type Code } from '../../compiler/diagnostics/catalog.ts'
import { fixtureFolder } from './fixture.ts'

/** The pages of `docs/errors`: what the catalogue says of each code, and a report of it as a user reads it, from the texts beside `fixtures/errors`. */

const folder = posix.join(fixtureFolder, 'errors')

const bands: readonly (readonly [RegExp, string])[] = [
  [/^CT0/, 'At run time'],
  [/^CT10/, 'The language'],
  [/^CT11/, 'What is asked for'],
  [/^CT12/, 'Annotations'],
  [/^CT13/, 'Hooks'],
  [/^CT2/, 'Types, aliasing, activity and state'],
  [/^CT3/, 'Calls'],
  [/^CT4/, 'Numbers (warnings)'],
  [/^CT5/, 'The project'],
  [/^CT9/, 'Our own fault'],
]

/** Every page of the folder by its name. */
export function errorPages(): ReadonlyMap<string, string> {
  const reports = shownReports()
  const codes = Object.keys(catalog).sort() as readonly Code[]
  return new Map([['README.md', indexOf(codes)], ...codes.map((code) => [`${code}.md`, pageOf(code, reports.get(code))] as const)])
}

function indexOf(codes: readonly Code[]): string {
  const sections = bands.map(([band, heading]) => {
    const lines = codes.filter((code) => band.test(code)).map((code) => `- [${code}](${code}.md): ${entryOf(code).title}`)
    return `## ${heading}\n\n${lines.join('\n')}\n`
  })
  return [
    '# Diagnostics\n',
    'What the compiler and the runtime refuse, by number. `npx cotangent explain CT2009` prints the same in a terminal.\n',
    ...sections,
  ].join('\n')
}

interface Report {
  readonly file: string
  readonly text: string
}

function pageOf(code: Code, report: Report | undefined): string {
  const { title, severity, message, hint, text } = entryOf(code)
  const parts = [
    `# ${code}: ${title}\n`,
    `${severity === 'warning' ? 'Warning' : 'Error'}: ${readable(message)}.\n`,
    `What helps: ${readable(hint)}.\n`,
  ]
  parts.push(`${text.trim()}\n`)
  if (report !== undefined) {
    const program = `[\`fixtures/errors/${report.file}\`](../../fixtures/errors/${report.file})`
    parts.push('## As it is reported\n', `In ${program}:\n`, `\`\`\`text\n${report.text.trimEnd()}\n\`\`\`\n`)
  }
  return parts.join('\n')
}

/** A template as a reader sees it: `{name}` is what stands there in a message. */
function readable(template: string): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (hole, name: string | undefined) => (name === undefined ? hole.slice(1) : `‹${name}›`))
}

/** The shortest report of each code. */
function shownReports(): ReadonlyMap<string, Report> {
  const shown = new Map<string, Report>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
    const reports = readFileSync(posix.join(folder, file), 'utf8').split(/^(?=\S+:\d+:\d+ - )/m)
    for (const text of reports) {
      const code = /^\S+ - \w+ (CT\d{4})/.exec(text)?.[1]
      if (code === undefined) continue
      const before = shown.get(code)
      if (before === undefined || text.length < before.text.length) shown.set(code, { file: file.replace(/txt$/, 'ts'), text })
    }
  }
  return shown
}
