import { isNoValue, missingOf } from '../ir/missing.ts'
import type { Expression, Opaque, Type } from '../ir/nodes.ts'
import { isStorage } from '../ir/shadow-type.ts'
import { someExpression } from '../ir/walk.ts'
import type { StatementContext } from './print-statement.ts'
import { joinRecord } from './print-creation.ts'
import { printType } from './print-type.ts'

interface Declared {
  readonly name: string
  /** Whether it has a value, whatever that is. */
  readonly value?: { readonly kind: string }
}

/** `const x`, `let x`, with a type where TypeScript would infer another one, and a first value where it would ask for one. */
export function printDeclaration({ name, value }: Declared, context: StatementContext): string {
  const shown = context.shown(name)
  const info = context.variables[name]
  if (info === undefined) return `const ${shown}`
  const { type, mutable } = info
  if (value !== undefined)
    return `${mutable ? 'let' : 'const'} ${shown}${needsAnnotation(name, type, mutable, value.kind, context) || isEmptyText(value, type) || isOfMissing(value, type, context) || isOfTruth(name, value, context) ? `: ${printType(type)}` : ''}`
  if (!context.unproven.has(name)) return `let ${shown}: ${printType(type)}`
  const first = emptyValue(type)
  if (first === undefined) return `let ${shown}!: ${printType(type)}`
  return `let ${shown}${(type.kind === 'number' && type.missing === undefined) || type.kind === 'boolean' ? '' : `: ${printType(type)}`} = ${first}`
}

/** What is computed of a variable that may hold nothing, and that may hold this later: TypeScript would go in a circle. */
const isOfMissing = (value: { readonly kind: string }, type: Type, { variables }: StatementContext): boolean =>
  type.kind === 'number' &&
  value.kind === 'operation' &&
  someExpression(
    value as Expression,
    (node) => node.kind === 'variable' && variables[node.name] !== undefined && missingOf(variables[node.name]!.type) !== undefined,
  )

/** A truth value that another one is, which may come to be this one: TypeScript would go in a circle. */
const isOfTruth = (name: string, value: { readonly kind: string }, { variables, handedOn }: StatementContext): boolean =>
  variables[name]?.type.kind === 'boolean' && value.kind === 'variable' && handedOn.has(name)

/** `[]`, `{}` and `new Map()` as text say nothing of what is put into them later, and neither does what is no value. */
const isEmptyText = (value: { readonly kind: string }, type: Type): boolean =>
  type.kind === 'opaque' && isOpaque(value) && (isNoValue(value) || (!/\bany\b|\bunknown\b/.test(type.text) && isEmpty(value)))

const isEmpty = (value: Opaque): boolean =>
  value.parts.some((part) => typeof part === 'string' && /\[\s*\]|\{\s*\}|new (?:Map|Set|Array)\(/.test(part))

const isOpaque = (value: { readonly kind: string }): value is Opaque => value.kind === 'opaque'

/**
 * An inferred type can be too narrow: `new Float64Array(n)` is a `Float64Array<ArrayBuffer>`, to which a parameter cannot be assigned later; an array
 * literal has no element type of its own; a literal that is compared is compared as a literal type.
 */
function needsAnnotation(name: string, type: Type, mutable: boolean, kind: string, { compared }: StatementContext): boolean {
  // What is put there first says nothing of what it may hold later.
  // And what is read of a variable that may be missing depends, for TypeScript, on what was put there before, which may be this.
  if (missingOf(type) !== undefined && (mutable || ['opaque', 'variable', 'field', 'element'].includes(kind))) return true
  if (type.kind === 'number') return !mutable && kind === 'number' && compared.has(name)
  // A truth value that comes from another, which may come from this, is narrowed in a circle.
  if (type.kind === 'boolean') return mutable && (kind === 'variable' || kind === 'field')
  if (type.kind === 'void') return false
  if (kind === 'list' || kind === 'keyed' || (kind === 'record' && !isInstance(type))) return true
  // What stands within new storage is assigned later, too.
  if (kind === 'zerosLike' && holdsStorage(type)) return true
  return mutable && type.kind !== 'opaque'
}

const isInstance = (type: Type): boolean => type.kind === 'record' && type.class !== undefined && !type.class.sealed

const holdsStorage = (type: Type): boolean => type.kind === 'record' || (type.kind === 'array' && isStorage(type.element))

/** A value to declare a variable with that is assigned before its first use, but not in a way that TypeScript sees. */
function emptyValue(type: Type): string | undefined {
  if (missingOf(type) !== undefined) return missingOf(type) === 'null' ? 'null' : 'undefined'
  if (type.kind === 'number') return '0'
  if (type.kind === 'boolean') return 'false'
  if (type.kind === 'keyed') return type.storage === 'Map' ? 'new Map()' : '{}'
  if (type.kind === 'array') return type.storage === 'Array' ? '[]' : `new ${type.storage}(0)`
  if (type.kind !== 'record' || type.name !== undefined || isInstance(type)) return undefined
  const entries = type.fields.map(({ name, type: inner }) => [name, emptyValue(inner)] as const)
  if (entries.some(([, text]) => text === undefined)) return undefined
  return joinRecord(
    type.tuple,
    entries.map(([name, text]) => [name, text!]),
  )
}
