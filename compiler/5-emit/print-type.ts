import { missingOf, present } from '../ir/missing.ts'
import type { ArrayType, KeyedType, RecordType, Type } from '../ir/nodes.ts'

/** A type as TypeScript. */
export function printType(type: Type): string {
  const missing = missingOf(type)
  return printPresent(type) + (missing === undefined ? '' : missing === 'nullish' ? ' | null | undefined' : ` | ${missing}`)
}

function printPresent(type: Type): string {
  switch (type.kind) {
    case 'number':
    case 'boolean':
    case 'void':
      return type.kind
    case 'opaque':
      return type.text
    case 'array':
      return printArrayType(type)
    case 'keyed':
      return printKeyedType(type)
    case 'record':
      return printRecordType(type)
  }
}

function printArrayType(type: ArrayType): string {
  if (type.storage !== 'Array') return type.storage
  const element = printType(type.element)
  const isPlain = type.element.kind !== 'opaque' && missingOf(type.element) === undefined && !element.startsWith('readonly ')
  const list = `${isPlain || /^[\w$.]+(?:\[\])*$/.test(element) ? element : `(${element})`}[]`
  return type.readonly ? `readonly ${list}` : list
}

/** That there may be nothing under a key is not said, as the author does not say it. */
function printKeyedType({ storage, key, readonly, element }: KeyedType): string {
  const part = printType(present(element))
  if (storage === 'Map') return `${readonly ? 'Readonly' : ''}Map<${key}, ${part}>`
  return readonly ? `Readonly<Record<${key}, ${part}>>` : `Record<${key}, ${part}>`
}

function printRecordType(type: RecordType): string {
  if (type.name !== undefined) return type.name
  if (type.class && !type.class.sealed) return type.class.name
  const { tuple, fields } = type
  if (tuple) {
    const isLabelled = fields.every(({ name }, index) => name !== String(index) && isIdentifier(name))
    return `${type.readonly ? 'readonly ' : ''}[${fields.map(({ name, type }) => (isLabelled ? `${name}: ${printType(type)}` : printType(type))).join(', ')}]`
  }
  if (fields.length === 0 && !type.classes) return '{}'
  const own = fields
    .filter(({ concealed }) => !concealed)
    .map(({ name, type, optional }) =>
      // What is left out may be given as `undefined` too: a value that may be missing is put there.
      optional ? `${printKey(name)}?: ${printType(type)}` : `${printKey(name)}: ${printType(type)}`,
    )
  // Which class it is of is asked of its constructor. It also tells TypeScript that this is more than a list of things that may be missing.
  const members = type.classes ? [...own, 'constructor: Function'] : own
  return `{ ${members.join('; ')} }`
}

export function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text)
}

/** The name of a field where it is declared or given a value. */
export function printKey(name: string): string {
  return isIdentifier(name) ? name : quote(name)
}

/** A string in single quotes. */
export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
