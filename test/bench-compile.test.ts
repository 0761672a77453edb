import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { timeEdits } from '../bench/compile/edits.ts'
import { manyFunctions } from '../bench/compile/many-functions.ts'
import { createCompiler } from '../compiler/index.ts'

/** What the compile time is measured on: edits that come out, programs that compile as a whole. */
describe('the compile time of the benchmarks', () => {
  it('emits a function again after each edit', () => {
    const bench = fileURLToPath(new URL('../bench/', import.meta.url))
    for (const { elapsed, worked, lines } of timeEdits(bench, mkdtempSync(join(tmpdir(), 'edits-')), 2)) {
      expect(elapsed).toHaveLength(2)
      expect(worked).toHaveLength(2)
      expect(lines.emitted).toBeGreaterThan(lines.written)
    }
  })

  it('compiles as many functions as it says', () => {
    for (const files of [1, 3]) {
      const texts = manyFunctions(6, files)
      expect(Object.keys(texts)).toHaveLength(files)
      const compiler = createCompiler({ files: texts })
      const found = Object.keys(texts).map((path) => compiler.compileFile(path))
      expect(found.flatMap(({ diagnostics }) => diagnostics)).toEqual([])
      expect(found.flatMap(({ code }) => [...code.matchAll(/^function energy\d+_grad\(/gm)])).toHaveLength(6)
    }
  })
})
