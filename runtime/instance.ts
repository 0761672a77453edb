/** An instance of a class with these fields, without running its constructor: the compiled code has done already what that does. */
export function instanceWith<T extends object>(type: { readonly prototype: T }, fields: object): T {
  return Object.assign(Object.create(type.prototype) as T, fields)
}
