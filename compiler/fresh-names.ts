/** Names for what is made: those that neither the file nor anything made before has. */

import type { ReadResult } from './1-read/result.ts'

export class FreshNames {
  readonly #taken: Set<string>

  /** Without a text, what is made is a file of its own. */
  constructor(text: string | undefined, { imports, clones }: Pick<ReadResult, 'imports' | 'clones'>) {
    const added = [...imports.map(({ local }) => local), ...clones.map(({ name }) => name)]
    this.#taken = new Set([...((text ?? '').match(/[A-Za-z_$][\w$]*/g) ?? []), ...added])
  }

  fresh(base: string): string {
    let name = base
    for (let i = 2; this.#taken.has(name); i++) name = `${base}_${String(i)}`
    this.#taken.add(name)
    return name
  }
}
