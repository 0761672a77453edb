/**
 * Compiles a program of many functions in this process, and prints as JSON how long that took: elapsed, and worked by the processors, in milliseconds. It says how many
 * functions there are, and in how many files.
 */

import { createCompiler } from 'cotangent/compiler'
import { manyFunctions } from './many-functions.ts'

const [functions = 0, files = 1] = process.argv.slice(2).map(Number)
const texts = manyFunctions(functions, files)
const start = performance.now()
const compiler = createCompiler({ files: texts })
let bytes = 0
for (const path of Object.keys(texts)) {
  const { code, diagnostics } = compiler.compileFile(path)
  if (diagnostics.length > 0) throw new Error(diagnostics[0]!.message)
  bytes += code.length
}
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ elapsed: performance.now() - start, worked: (user + system) / 1e3, bytes }))
