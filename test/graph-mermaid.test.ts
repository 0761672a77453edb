import { Window } from 'happy-dom'
import type { Mermaid } from 'mermaid'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { toMermaid } from '../cli/graph/mermaid.ts'
import { createCompiler } from '../compiler/index.ts'
import { nastyPrograms } from './support/nasty-programs.ts'

/** Mermaid's own parser takes what is written for it. It looks for the document of a page, in which nothing is drawn here. */

const files = Object.entries(nastyPrograms).map(([name, { text }]) => [`/${name.replaceAll(' ', '-')}.ts`, text] as const)
const compiler = createCompiler({ files: Object.fromEntries(files) })
let mermaid: Mermaid

beforeAll(async () => {
  const window = new Window()
  vi.stubGlobal('window', window)
  vi.stubGlobal('document', window.document)
  mermaid = (await import('mermaid')).default
})

afterAll(() => void vi.unstubAllGlobals())

test.each(files.map(([path]) => path))('%s', async (path) => {
  const { graph } = compiler.graphFunction(path, 'f')
  expect(await mermaid.parse(toMermaid(graph!))).toMatchObject({ diagramType: 'flowchart-v2' })
})

test('what is not escaped is refused by it', async () => {
  await expect(mermaid.parse('flowchart TB\n  a["x" y"]\n')).rejects.toThrow()
})
