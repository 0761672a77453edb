/** The content of everything that some values lead to, to be put back later. */
export interface Content {
  /** Saves the content of what was found before and of what `root` leads to now. */
  note(root: object | null | undefined): void
  /** Puts back what was saved last. */
  restore(): void
}

/** Finds what `root` leads to, so that it is saved later even where nothing leads to it any more by then. */
export function contentOf(root: object | null | undefined): Content {
  const found = new Set<object>()
  let saved: (() => void)[] = []
  find(root, found)
  return {
    note(now) {
      const here = new Set<object>()
      find(now, here)
      for (const one of here) found.add(one)
      saved = [...found].map(save)
    },
    restore() {
      for (const putBack of saved) putBack()
    },
  }
}

function find(value: unknown, found: Set<object>): void {
  if (typeof value !== 'object' || value === null || found.has(value)) return
  found.add(value)
  if (ArrayBuffer.isView(value)) return
  for (const inner of Object.values(value)) find(inner, found)
}

function save(one: object): () => void {
  if (one instanceof Float64Array || one instanceof Float32Array) {
    const content = one.slice()
    return () => one.set(content)
  }
  if (Array.isArray(one)) {
    const content: readonly unknown[] = one.slice()
    return () => {
      one.length = content.length
      for (let i = 0; i < content.length; i++) one[i] = content[i]
    }
  }
  if (ArrayBuffer.isView(one)) return () => undefined
  const record = one as Record<string, unknown>
  const content = Object.entries(record)
  // What did not change may be readonly.
  return () => {
    for (const [name, value] of content) if (!Object.is(record[name], value)) record[name] = value
  }
}
