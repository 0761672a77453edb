import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** What something was measured on: the machine, Node, and packages. */
export function machine(...packages: readonly string[]): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  const tools = packages.map((name) => `, ${name} ${version(name)}`).join('')
  return `Measured on ${process.platform} ${process.arch}, ${model}, ${processors.length} cores; Node ${process.versions.node} (V8 ${process.versions.v8})${tools}.`
}

function version(name: string): string {
  // Compiled, this file is bench/gen/js/harness/machine.js.
  const path = new URL(`../../../../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
