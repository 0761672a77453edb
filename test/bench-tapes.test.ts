import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createTapeCases } from '../bench/tapes/cases.ts'
import { bytesLeft, predict } from '../bench/tapes/measure.ts'
import { createCompiler } from '../compiler/index.ts'
import { load } from './support/load.ts'

const bench = fileURLToPath(new URL('../bench/', import.meta.url))
const compiler = createCompiler({ tsconfig: `${bench}tsconfig.programs.json` })

/** Large enough that what else the process does is nothing beside the tapes. */
it.each(createTapeCases(200_000, 200_000, 5000))('$name: tapes take what inspect says', (example) => {
  const entry = `${bench}${example.request}.ts`
  const file = `${bench}${example.file}`
  const texts = { [file]: readFileSync(file, 'utf8'), [entry]: compiler.compileFile(entry).code }
  const exports = load(texts, entry) as Parameters<typeof example.take>[0]
  const { predicted, grows } = predict(compiler, bench, example)
  const ratio = bytesLeft(example.take(exports), example.args) / predicted
  expect(predicted).toBeGreaterThan(1e5)
  expect(ratio).toBeGreaterThan(0.9)
  expect(ratio).toBeLessThan(grows ? 2.2 : 1.1)
})
