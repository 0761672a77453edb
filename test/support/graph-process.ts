import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execFileSync } from 'node:child_process'
import { globSync } from 'tinyglobby'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs an emitted program in a process of its own, and gives what it printed. */
export function runApart(folder: string, files: Readonly<Record<string, string>>, entry: string): string {
  return execFileSync(process.execPath, [entry], { cwd: putApart(folder, files), encoding: 'utf8' })
}

/** Writes an emitted program as JavaScript into a folder, with the package beside it as Node finds it, and gives its path. */
export function putApart(folder: string, files: Readonly<Record<string, string>>): string {
  const place = join(root, '.cache', folder)
  rmSync(place, { recursive: true, force: true })
  const installed = join(place, 'node_modules/cotangent')
  for (const path of globSync('runtime/**/*.ts', { cwd: root }))
    write(join(installed, 'dist', path.replace(/\.ts$/, '.js')), toJavaScript(readFileSync(join(root, path), 'utf8')))
  write(join(installed, 'package.json'), readFileSync(join(root, 'package.json'), 'utf8'))
  write(join(place, 'package.json'), '{ "type": "module" }\n')
  for (const [path, text] of Object.entries(files)) write(join(place, path.replace(/\.ts$/, '.js')), toJavaScript(text))
  return place
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function toJavaScript(text: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, rewriteRelativeImportExtensions: true }
  return ts.transpileModule(text, { compilerOptions }).outputText
}
