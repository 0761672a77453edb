/** Writes a folder of files, or nothing of it. */

import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createDiagnostic, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import type { OutputFiles } from './output.ts'
import { shown } from './paths.ts'

/** Lists what was written, so that the next run knows which files it may replace. */
const MANIFEST = '.cotangent.json'

/** The files that an earlier run wrote into a folder. */
export function writtenBefore(outDir: string): readonly string[] {
  try {
    const { files } = JSON.parse(readFileSync(join(outDir, MANIFEST), 'utf8')) as { files: unknown }
    return Array.isArray(files) ? files.filter((file) => typeof file === 'string') : []
  } catch {
    return []
  }
}

/**
 * Every text is written beside its place first, and moved there when all of them are. Files of an earlier run that are no longer made
 * are removed. Whatever goes wrong on the way, the folder is as it was before.
 */
export function writeOutput(outDir: string, files: OutputFiles): readonly Diagnostic[] {
  const undo: (() => void)[] = []
  try {
    const before = writtenBefore(outDir)
    const foreign = [...files.keys()].find((file) => !before.includes(file) && exists(join(outDir, file)))
    if (foreign !== undefined) return [createDiagnostic('CT5010', nowhere, { path: shown(outDir), name: foreign })]
    const all = new Map([...files, [MANIFEST, `${JSON.stringify({ files: [...files.keys()] }, null, 2)}\n`]])
    const stale = before.filter((file) => !all.has(file))
    makeFolder(outDir, undo)
    const staging = mkdtempSync(join(outDir, '.cotangent-'))
    undo.push(() => rmSync(staging, { recursive: true, force: true }))
    stage(join(staging, 'new'), all)
    for (const file of [...stale, ...all.keys()].filter((name) => exists(join(outDir, name))))
      move(join(outDir, file), join(staging, 'old', file), undo)
    for (const file of all.keys()) move(join(staging, 'new', file), join(outDir, file), undo)
    rmSync(staging, { recursive: true, force: true })
    return []
  } catch (error) {
    for (const step of undo.reverse()) step()
    return [createDiagnostic('CT5004', nowhere, { path: shown(outDir), reason: reasonOf(error) })]
  }
}

function stage(folder: string, files: OutputFiles): void {
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}

function move(from: string, to: string, undo: (() => void)[]): void {
  makeFolder(dirname(to), undo)
  renameSync(from, to)
  undo.push(() => renameSync(to, from))
}

/** One folder after the other: Node's own recursive way never ends below some folders that refuse, such as `/proc`. */
export function makeFolder(path: string, undo: (() => void)[]): void {
  if (exists(path)) return
  makeFolder(dirname(path), undo)
  mkdirSync(path)
  undo.push(() => rmSync(path, { recursive: true, force: true }))
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Node's own words, without the name of the call. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^E[A-Z]+: /, '').replace(/, \w+ '.*$/, '')
}
