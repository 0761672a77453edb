/** Puts back what was under a key before: nothing, where there was nothing. */
export function putBack<K extends PropertyKey, V>(values: Record<K, V> | Map<K, V>, key: K, before: V | undefined): void {
  if (values instanceof Map) {
    if (before === undefined) values.delete(key)
    else values.set(key, before)
  } else if (before === undefined) Reflect.deleteProperty(values, key)
  else values[key] = before
}
