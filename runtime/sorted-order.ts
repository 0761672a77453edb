/**
 * The indices of the elements of `values` in the order in which `sort` would put them; those that compare equal keep their order.
 *
 * Without `compare`, numbers of a typed array go by their size, with -0 before 0 and NaN last, and everything else by its text, as `sort` has it.
 */
export function sortedOrder<T>(values: ArrayLike<T>, compare?: (a: T, b: T) => number): Int32Array {
  const by = compare ?? (ArrayBuffer.isView(values) ? bySize : byText)
  const indices = new Int32Array(values.length)
  for (let i = 0; i < indices.length; i++) indices[i] = i
  return indices.sort((i, j) => by(values[i]!, values[j]!))
}

function bySize(a: unknown, b: unknown): number {
  const [x, y] = [a as number, b as number]
  if (x !== x || y !== y) return Number(x !== x) - Number(y !== y)
  if (x === y) return Number(Object.is(y, -0)) - Number(Object.is(x, -0))
  return x < y ? -1 : 1
}

function byText(a: unknown, b: unknown): number {
  const [x, y] = [String(a), String(b)]
  return x === y ? 0 : x < y ? -1 : 1
}
