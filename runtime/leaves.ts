/** Arguments and gradients as flat lists of numbers, each with a path that names it in a message. */
export interface Leaf {
  readonly path: string
  readonly value: number
}

interface Leaves {
  readonly values: readonly number[]
  /** Deep copies of all the arguments, with these numbers: the function under test may write into them. */
  copy<A extends readonly unknown[]>(values: readonly number[]): A
}

export function flattenArguments(args: readonly unknown[], wrt: readonly number[]): Leaves {
  const values: number[] = []
  for (const at of wrt) values.push(...collect(args[at], `args[${at}]`).map(({ value }) => value))
  const copy = <A extends readonly unknown[]>(replaced: readonly number[]): A => {
    // The arguments are copied in the order of `wrt`, because the numbers come in that order; the others after them.
    const copies = new Map<number, unknown>()
    let next = 0
    for (const at of wrt)
      copies.set(
        at,
        replace(args[at], () => replaced[next++]!),
      )
    return args.map((arg, at) => (copies.has(at) ? copies.get(at) : replace(arg, (value) => value))) as unknown as A
  }
  return { values, copy }
}

/** The numbers of the gradients in the order of the arguments' numbers. A gradient of another shape than its argument is an error. */
export function flattenGradient(gradients: readonly unknown[], args: readonly unknown[], wrt: readonly number[]): Leaf[] {
  return wrt.flatMap((at, i) => {
    const expected = collect(args[at], `args[${at}]`)
    const entries = collect(gradients[i], `args[${at}]`)
    const differs = expected.findIndex(({ path }, k) => entries[k]?.path !== path)
    if (differs >= 0 || entries.length !== expected.length) {
      const place = expected[differs] ?? entries[expected.length]
      throw new Error(`The gradient does not have the shape of argument ${at}: they differ at ${place?.path ?? 'the top'}.`)
    }
    return entries
  })
}

function collect(value: unknown, path: string): Leaf[] {
  if (typeof value === 'number') return [{ path, value }]
  if (isFloats(value)) return Array.from(value, (element, i) => ({ path: `${path}[${i}]`, value: element }))
  if (Array.isArray(value)) return value.flatMap((element, i) => collect(element, `${path}[${i}]`))
  if (isRecord(value)) return Object.entries(value).flatMap(([name, field]) => collect(field, `${path}.${name}`))
  return []
}

function replace(value: unknown, leaf: (value: number) => number): unknown {
  if (typeof value === 'number') return leaf(value)
  if (isFloats(value)) return value.map(leaf)
  if (Array.isArray(value)) return value.map((element) => replace(element, leaf))
  if (isRecord(value)) {
    const copy = Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>
    for (const [name, field] of Object.entries(value)) copy[name] = replace(field, leaf)
    return copy
  }
  return ArrayBuffer.isView(value) ? structuredClone(value) : value
}

function isFloats(value: unknown): value is Float64Array | Float32Array {
  return value instanceof Float64Array || value instanceof Float32Array
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  return !(value instanceof Map || value instanceof Set || value instanceof Date || value instanceof ArrayBuffer)
}
