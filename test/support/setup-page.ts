import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './install.ts'

/** A section of a page of the guide, as something that can be done. */
export interface Section {
  /** Texts of the files that the section shows: a block of code after a line such as `app.ts`. */
  readonly files: Readonly<Record<string, string>>
  /** Its commands, without those that install packages. */
  readonly commands: readonly string[]
  /** What the last command prints. */
  readonly output: string
}

export function sectionOf(heading: string, name = 'setup'): Section {
  const page = readFileSync(join(root, `docs/${name}.md`), 'utf8')
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`docs/${name}.md has no section "${heading}".`)
  const blocks = [...section.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)[^\n]*\n([^]*?)^```$/gm)]
  const files = blocks.flatMap(([, name, , text]) => (name === undefined ? [] : [[name, text!] as const]))
  const texts = (language: string): readonly string[] => blocks.filter((block) => block[2] === language).map((block) => block[3]!)
  return {
    files: Object.fromEntries(files),
    commands: texts('sh').flatMap((text) => text.split('\n').filter((line) => line !== '' && !line.startsWith('npm '))),
    output: texts('text').at(-1) ?? '',
  }
}
