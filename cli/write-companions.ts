/** Writes companion files, all of them or none. */

import { existsSync, readFileSync } from 'node:fs'
import { createDiagnostic, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { shown } from './paths.ts'
import { replaceFiles } from './replace-files.ts'
import { reasonOf } from './write-output.ts'

export async function writeCompanions(files: ReadonlyMap<string, string>): Promise<readonly Diagnostic[]> {
  const { COMPANION_MARK } = await import('../compiler/index.ts')
  let current = ''
  try {
    const foreign = [...files.keys()].filter((path) => {
      current = path
      return existsSync(path) && !readFileSync(path, 'utf8').startsWith(COMPANION_MARK)
    })
    if (foreign.length > 0) return foreign.map((path) => createDiagnostic('CT5011', nowhere, { path: shown(path) }))
  } catch (error) {
    return [createDiagnostic('CT5004', nowhere, { path: shown(current), reason: reasonOf(error) })]
  }
  return replaceFiles(files)
}
