import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import prettier from 'prettier'
import type { Section } from '../report.ts'
import { writeChart } from './chart.ts'
import { replaceSection } from './sections.ts'

/** Replaces sections of `bench/README.md`, or adds them at the end, and writes their charts. */
export async function writeSections(bench: string, sections: readonly Section[]): Promise<void> {
  const path = join(bench, 'README.md')
  const page = sections.reduce((page, { heading, text }) => replaceSection(page, heading, text), readFileSync(path, 'utf8'))
  writeFileSync(path, await prettier.format(page, { parser: 'markdown', printWidth: 140 }))
  for (const { charts = {} } of sections) for (const [name, text] of Object.entries(charts)) writeChart(join(bench, 'charts', name), text)
  console.log(`\nWritten to ${relative(process.cwd(), path)}`)
}
