import type { FunctionNode, Type, VariableInfo } from './nodes.ts'

/** The variables of a function under construction: gives fresh names and keeps the types. */
export class Scope {
  readonly #variables: Record<string, VariableInfo>

  constructor(variables: Readonly<Record<string, VariableInfo>> = {}) {
    this.#variables = { ...variables }
  }

  static of(fn: FunctionNode): Scope {
    return new Scope(fn.variables)
  }

  get variables(): Readonly<Record<string, VariableInfo>> {
    return this.#variables
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#variables, name)
  }

  typeOf(name: string): Type {
    return this.#info(name).type
  }

  isMutable(name: string): boolean {
    return this.#info(name).mutable
  }

  /** `base` itself if it is free, else `base_2`, `base_3`, ... */
  fresh(base: string, type: Type, mutable = false): string {
    let name = base
    for (let i = 2; this.has(name); i++) name = `${base}_${i}`
    this.#variables[name] = { type, mutable }
    return name
  }

  /** `base_1`, `base_2`, ...: the first that is free. */
  numbered(base: string, type: Type): string {
    let i = 1
    while (this.has(`${base}_${String(i)}`)) i++
    return this.fresh(`${base}_${String(i)}`, type)
  }

  setMutable(name: string, mutable: boolean): void {
    this.#variables[name] = { ...this.#info(name), mutable }
  }

  #info(name: string): VariableInfo {
    const info = Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined
    if (!info) throw new Error(`no variable ${name}`)
    return info
  }
}
