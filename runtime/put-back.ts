/** Puts back what was under a key before: nothing, where there was nothing. */
export function putBack<K extends PropertyKey>(numbers: Record<K, number> | Map<K, number>, key: K, before: number | undefined): void {
  if (numbers instanceof Map) {
    if (before === undefined) numbers.delete(key)
    else numbers.set(key, before)
  } else if (before === undefined) Reflect.deleteProperty(numbers, key)
  else numbers[key] = before
}
