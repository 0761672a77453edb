/** What the IR knows of values by their shape. */

/** What the compiler knows of a value's shape. Only `number`, and storage that holds numbers, can carry a derivative. */
export type Type =
  | NumberType
  | { readonly kind: 'boolean' }
  | ArrayType
  | RecordType
  | KeyedType
  /** Anything without a derivative: a string, a function, a Map, a Date. `text` is its TypeScript type. */
  | { readonly kind: 'opaque'; readonly text: string }
  | { readonly kind: 'void' }

/** What may stand where there is no value. */
export type Missing = 'undefined' | 'null' | 'nullish'

/**
 * Set on a type whose values may be missing. For every analysis it is the type that it would be otherwise: what the author narrowed is not in the IR, and
 * a missing value carries no derivative. It matters where values are kept, copied and printed.
 */
interface MayBeMissing {
  readonly missing?: Missing
}

export interface NumberType extends MayBeMissing {
  readonly kind: 'number'
}

export interface ArrayType extends MayBeMissing {
  readonly kind: 'array'
  /** The constructor's name: `Float64Array`, `Float32Array`, `Array`, or an integer array such as `Int32Array` (no derivative). */
  readonly storage: string
  readonly element: Type
  /** Printed as `readonly T[]`; the program promises not to write it. */
  readonly readonly?: boolean
}

/**
 * Values by keys that are known at run time: `Record<string, number>`, `Map<K, number[]>`. The key of an element is an expression without a derivative.
 * There is nothing under a key that was never written; in the shadow of numbers there is 0.
 */
export interface KeyedType extends MayBeMissing {
  readonly kind: 'keyed'
  readonly storage: 'Record' | 'Map'
  /** The type of the keys, as TypeScript. */
  readonly key: string
  /** It may be `undefined`, but for numbers in a shadow. */
  readonly element: Type
  readonly readonly?: boolean
}

/** An object with known fields; a tuple is a record with the fields `0`, `1`, ... */
export interface RecordType extends MayBeMissing {
  readonly kind: 'record'
  readonly tuple: boolean
  readonly fields: readonly Field[]
  /** Of a tuple, as of an array. */
  readonly readonly?: boolean
  /** Set on a type that may contain itself, and printed in its place; see `named-type.ts`. */
  readonly name?: string
  /** Set where it stands for several types of objects, which code that was narrowed by its author could not be printed with. */
  readonly tagged?: boolean
  /** The classes, as the derivative's file calls them, of which such an object may be an instance. */
  readonly classes?: readonly string[]
  /** Set on the instances of a class. Such an object is made as the class makes it, so that code which is not differentiated finds what it expects. */
  readonly class?: ClassOfInstances
}

export interface ClassOfInstances {
  /** As the derivative's file calls it, with its type arguments. */
  readonly name: string
  /** Nothing outside the class, or outside its module, can make an instance: such an object must not be seen by anybody. */
  readonly sealed?: boolean
  /** The fields that its constructor takes as they are, in order; absent where the constructor does something else than that. */
  readonly taken?: readonly string[]
  /** The fields that start as literals, whatever the constructor is given. */
  readonly literals?: Readonly<Record<string, number>>
}

export interface Field {
  readonly name: string
  readonly type: Type
  /** `private` or `protected` in its class: mentioned by `['name']` outside. */
  readonly hidden?: boolean
  /** One of several classes, for the instances of which the type stands, hides it. */
  readonly concealed?: boolean
  /** Declared with `?`: an object may lack it. Its type says that it may be `undefined`. */
  readonly optional?: boolean
}
