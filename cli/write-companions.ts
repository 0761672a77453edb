/** Writes companion files, all of them or none. */

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createDiagnostic, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { shown } from './paths.ts'
import { makeFolder, reasonOf } from './write-output.ts'

export async function writeCompanions(files: ReadonlyMap<string, string>): Promise<readonly Diagnostic[]> {
  const { COMPANION_MARK } = await import('../compiler/index.ts')
  const undo: (() => void)[] = []
  let current = ''
  try {
    const foreign = [...files.keys()].filter((path) => existsSync(path) && !readFileSync(path, 'utf8').startsWith(COMPANION_MARK))
    if (foreign.length > 0) return foreign.map((path) => createDiagnostic('CT5011', nowhere, { path: shown(path) }))
    const staged = [...files].map(([path, text]) => {
      current = path
      const beside = `${path}.${String(process.pid)}.tmp`
      makeFolder(dirname(path), undo)
      undo.push(() => rmSync(beside, { force: true }))
      writeFileSync(beside, text, { flag: 'wx' })
      return [beside, path] as const
    })
    for (const [beside, path] of staged) {
      current = path
      const before = existsSync(path) ? readFileSync(path) : undefined
      renameSync(beside, path)
      undo.push(() => (before === undefined ? rmSync(path, { force: true }) : writeFileSync(path, before)))
    }
    return []
  } catch (error) {
    for (const step of undo.reverse()) step()
    return [createDiagnostic('CT5004', nowhere, { path: shown(current), reason: reasonOf(error) })]
  }
}
