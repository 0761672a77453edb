/** Writes files, all of them or none. */

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createDiagnostic, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { shown } from './paths.ts'
import { makeFolder, reasonOf } from './write-output.ts'

/** Texts by path. Each is written beside its place first, and moved there when all of them are. */
export function replaceFiles(files: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const undo: (() => void)[] = []
  let current = ''
  try {
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
