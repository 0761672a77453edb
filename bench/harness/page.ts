import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import prettier from 'prettier'
import { replaceSection } from './sections.ts'

/** Replaces a section of `bench/README.md`, or adds it at the end. */
export async function writeSection(bench: string, heading: string, text: string): Promise<void> {
  const path = join(bench, 'README.md')
  const page = replaceSection(readFileSync(path, 'utf8'), heading, text)
  writeFileSync(path, await prettier.format(page, { parser: 'markdown', printWidth: 140 }))
  console.log(`\nWritten to ${relative(process.cwd(), path)}`)
}
