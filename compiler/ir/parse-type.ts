import { eitherMissing, missingOf, withMissing } from './missing.ts'
import { namedRecord } from './named-type.ts'
import type { ArrayType, ClassOfInstances, Field, RecordType, Type } from './nodes.ts'
import { type Cursor } from './tokens.ts'

const typedArray = /^(?:Float(?:16|32|64)|Int(?:8|16|32)|Uint(?:8|16|32)|Uint8Clamped)Array$/

/** `number`, `boolean`, `void`, `opaque "Date"`, `Float64Array`, `number[]`, `Pool<number>`, `{ x: number }`, `[number, boolean]`, `type Node`. */
export function showType(type: Type): string {
  const missing = missingOf(type)
  const ways = missing === undefined ? '' : missing === 'nullish' ? ' | null | undefined' : ` | ${missing}`
  return showPresent(type) + ways
}

function showPresent(type: Type): string {
  switch (type.kind) {
    case 'number':
    case 'boolean':
    case 'void':
      return type.kind
    case 'opaque':
      return `opaque ${JSON.stringify(type.text)}`
    case 'keyed':
      return `${type.readonly ? 'readonly ' : ''}${type.storage}<${JSON.stringify(type.key)}, ${showType(type.element)}>`
    case 'array':
      return (type.readonly ? 'readonly ' : '') + showStorage(type)
    case 'record':
      return (type.readonly ? 'readonly ' : '') + showRecordType(type)
  }
}

function showStorage({ storage, element }: ArrayType): string {
  if (storage !== 'Array') return typedArray.test(storage) && element.kind === 'number' ? storage : `${storage}<${showType(element)}>`
  const isSimple = element.kind !== 'opaque' && missingOf(element) === undefined && !('readonly' in element && element.readonly)
  return isSimple ? `${showType(element)}[]` : `(${showType(element)})[]`
}

/** What an object may be besides: `tagged { ... }`, `classes("Circle", "Square") { ... }`. */
function showRecordType(type: RecordType): string {
  const classes = type.classes ? `classes(${type.classes.map((name) => JSON.stringify(name)).join(', ')}) ` : ''
  return `${type.tagged ? 'tagged ' : ''}${classes}${showUnmarked(type)}`
}

function showUnmarked(type: RecordType): string {
  if (type.name !== undefined) return `type ${type.name}`
  const { tuple, fields } = type
  if (type.class) return `${showClass(type.class)} ${showUnmarked({ kind: 'record', tuple, fields })}`
  if (tuple && fields.every((field, index) => field.name === String(index)))
    return `[${fields.map((field) => showType(field.type)).join(', ')}]`
  const list = fields
    .map((field) => {
      const marks = `${field.hidden ? 'private ' : ''}${field.concealed ? 'concealed ' : ''}`
      return `${marks}${showFieldName(field.name)}${field.optional ? '?' : ''}: ${showType(field.type)}`
    })
    .join(', ')
  if (tuple) return `[${list}]`
  return fields.length === 0 ? '{}' : `{ ${list} }`
}

/** `class "Vec3" (x, y, n = 0)`: its fields in the order of its constructor, then those that start as a literal. */
function showClass({ name, sealed, taken, literals = {} }: ClassOfInstances): string {
  const starts = Object.entries(literals).map(([field, value]) => `${showFieldName(field)} = ${value}`)
  const list = taken ? ` (${[...taken.map(showFieldName), ...starts].join(', ')})` : ''
  return `class ${JSON.stringify(name)}${sealed ? ' sealed' : ''}${list}`
}

function parseClass(cursor: Cursor): ClassOfInstances {
  const name = cursor.takeString()
  const sealed = cursor.accept('sealed')
  if (!cursor.accept('(')) return { name, ...(sealed && { sealed }) }
  const taken: string[] = []
  const literals: Record<string, number> = {}
  while (!cursor.accept(')')) {
    cursor.accept(',')
    const field = parseFieldName(cursor)
    if (cursor.accept('=')) literals[field] = Number(cursor.take('number'))
    else taken.push(field)
  }
  return { name, ...(sealed && { sealed }), taken, literals }
}

const parseFieldName = (cursor: Cursor): string => (cursor.token.kind === 'string' ? cursor.takeString() : cursor.take('name'))

function showFieldName(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name)
}

export function parseType(cursor: Cursor): Type {
  let type = parsePresent(cursor)
  while (cursor.at('|') && (cursor.following.text === 'undefined' || cursor.following.text === 'null')) {
    cursor.expect('|')
    type = withMissing(type, eitherMissing(missingOf(type), cursor.take('name') === 'null' ? 'null' : 'undefined'))
  }
  return type
}

function parsePresent(cursor: Cursor): Type {
  const isReadonly = cursor.accept('readonly')
  let type = parsePlainType(cursor)
  while (cursor.continuesWith('[') && cursor.following.text === ']') {
    cursor.expect('[')
    cursor.expect(']')
    type = { kind: 'array', storage: 'Array', element: type }
  }
  return isReadonly && (type.kind === 'array' || type.kind === 'record' || type.kind === 'keyed') ? { ...type, readonly: true } : type
}

function parsePlainType(cursor: Cursor): Type {
  if (cursor.accept('(')) {
    const type = parseType(cursor)
    cursor.expect(')')
    return type
  }
  if (cursor.accept('{')) return { kind: 'record', tuple: false, fields: parseFields(cursor, '}') }
  if (cursor.accept('[')) return { kind: 'record', tuple: true, fields: parseFields(cursor, ']') }
  const name = cursor.take('name')
  if (name === 'number' || name === 'boolean' || name === 'void') return { kind: name }
  if (name === 'type') {
    const called = cursor.take('name')
    return namedRecord(called, () => cursor.fieldsOf(called))
  }
  if (name === 'tagged' && cursor.token.kind !== 'end' && !cursor.at('<')) return marked(parsePlainType(cursor), { tagged: true }, cursor)
  if (name === 'classes' && cursor.at('(')) {
    const classes = parseStrings(cursor)
    return marked(parsePlainType(cursor), { classes }, cursor)
  }
  if (name === 'class') {
    const made = parseClass(cursor)
    const type = parsePlainType(cursor)
    return type.kind === 'record' ? { ...type, class: made } : cursor.fail('the fields of a class')
  }
  if (name === 'opaque') return { kind: 'opaque', text: cursor.takeString() }
  if (!cursor.accept('<')) return { kind: 'array', storage: name, element: { kind: 'number' } }
  if ((name === 'Record' || name === 'Map') && cursor.token.kind === 'string') {
    const key = cursor.takeString()
    cursor.expect(',')
    const element = parseType(cursor)
    cursor.expectClosing()
    return { kind: 'keyed', storage: name, key, element }
  }
  const element = parseType(cursor)
  cursor.expectClosing()
  return { kind: 'array', storage: name, element }
}

/** A type with a name is not asked for its fields: they may not be there yet. */
function marked(type: Type, marks: Pick<RecordType, 'tagged' | 'classes'>, cursor: Cursor): RecordType {
  if (type.kind !== 'record') return cursor.fail('the type of an object')
  const { name, tagged, classes } = type
  if (name === undefined) return { ...type, ...marks }
  return namedRecord(name, () => cursor.fieldsOf(name), { ...(tagged && { tagged }), ...(classes && { classes }), ...marks })
}

function parseStrings(cursor: Cursor): readonly string[] {
  const texts: string[] = []
  cursor.expect('(')
  while (!cursor.accept(')')) {
    if (texts.length > 0) cursor.expect(',')
    texts.push(cursor.takeString())
  }
  return texts
}

function parseFields(cursor: Cursor, end: string): Field[] {
  const fields: Field[] = []
  while (!cursor.accept(end)) {
    if (fields.length > 0) cursor.expect(',')
    fields.push(parseField(cursor, fields.length))
  }
  return fields
}

function parseField(cursor: Cursor, index: number): Field {
  const hasMark = (mark: string): boolean => cursor.at(mark) && ![':', '?'].includes(cursor.following.text) && cursor.accept(mark)
  const hidden = hasMark('private')
  const concealed = hasMark('concealed')
  const isNamed = cursor.following.text === ':' || cursor.following.text === '?'
  if (!isNamed) return { name: String(index), type: parseType(cursor) }
  const name = parseFieldName(cursor)
  const optional = cursor.accept('?')
  cursor.expect(':')
  return { name, type: parseType(cursor), ...(hidden && { hidden }), ...(concealed && { concealed }), ...(optional && { optional }) }
}
