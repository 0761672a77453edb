import { InternalError } from '../ir/internal-error.ts'
import { isLeftOut, missingOf } from '../ir/missing.ts'
import { isNamed, someType } from '../ir/named-type.ts'
import type { ArrayType, ClassOfInstances, Creation, Expression, RecordType, Type } from '../ir/nodes.ts'
import { isStorage } from '../ir/shadow-type.ts'
import type { PrintContext } from './print-context.ts'
import { printAtom, printExpression, printInto } from './print-expression.ts'
import { printKey, printType } from './print-type.ts'
import { typeOf } from './type-of.ts'

/** New storage: always text that a member access can follow. */
export function printCreation(creation: Creation, context: PrintContext): string {
  switch (creation.kind) {
    case 'zeros':
      return printZeros(
        creation.type,
        printExpression(creation.length, context),
        isPooled(creation) ? poolCall(creation, context) : undefined,
      )
    case 'list':
      return printList(creation.type, creation.elements, context)
    case 'record':
      return creation.type.class && !creation.type.class.sealed
        ? printInstance(creation.type, creation.type.class, creation.values, context)
        : printRecord(creation.type, creation.values, context)
    case 'keyed':
      return creation.type.storage === 'Map' ? 'new Map()' : '{}'
    case 'slice':
      if (typeOf(creation.array, context.variables)?.kind === 'keyed') return `cotangent#copyOf(${printAtom(creation.array, context)})`
      return `${printAtom(creation.array, context)}.slice(${printRange(creation, context)})`
    case 'view':
      return `${printAtom(creation.array, context)}.subarray(${printRange(creation, context)})`
    case 'convert': {
      const array = printExpression(creation.array, context)
      return creation.type.storage === 'Array' ? `Array.from(${array})` : `new ${creation.type.storage}(${array})`
    }
    case 'zerosLike':
      return printZerosLike(creation.value, context)
  }
}

/** Only buffers of doubles are kept for reuse. */
export function isPooled(creation: Expression): boolean {
  return creation.kind === 'zeros' && creation.pooled === true && creation.type.storage === 'Float64Array'
}

const poolCall = ({ exact }: Creation & { kind: 'zeros' }, context: PrintContext): string =>
  exact ? `${context.arrays}.borrow` : `${context.pool}.take`

function printZeros({ storage, element }: ArrayType, length: string, take?: string): string {
  if (take !== undefined) return `${take}(${length})`
  if (storage !== 'Array') return `new ${storage}(${length})`
  const zero = element.kind === 'boolean' ? 'false' : '0'
  return `new Array<${printType(element)}>(${length}).fill(${zero})`
}

function printList(type: ArrayType, elements: readonly Expression[], context: PrintContext): string {
  const list = `[${elements.map((element) => printInto(element, type.element, context)).join(', ')}]`
  return type.storage === 'Array' ? list : `new ${type.storage}(${list})`
}

function printRecord({ tuple, fields }: RecordType, values: readonly Expression[], context: PrintContext): string {
  return joinRecord(
    tuple,
    fields.flatMap(({ name, type, optional }, index) => {
      const value = values[index]
      if (optional && value && isLeftOut(value)) return []
      return [[name, value ? printInto(value, type, context) : 'undefined'] as const]
    }),
  )
}

/** By the constructor where that does nothing but take the fields, else as an object that becomes an instance. */
function printInstance(
  type: RecordType,
  { name, taken, literals = {} }: ClassOfInstances,
  values: readonly Expression[],
  context: PrintContext,
): string {
  const valueOf = (field: string): Expression | undefined => values[type.fields.findIndex((one) => one.name === field)]
  const isStill = ([field, literal]: readonly [string, number]): boolean => {
    const value = valueOf(field)
    return value?.kind === 'number' && Object.is(value.value, literal)
  }
  if (taken && Object.entries(literals).every(isStill)) {
    const texts = taken.map((name) => printInto(valueOf(name)!, type.fields.find((one) => one.name === name)!.type, context))
    return `new ${name}(${texts.join(', ')})`
  }
  return `cotangent#instanceWith(${name.replace(/<.*$/, '')}, ${printRecord(type, values, context)})`
}

export function joinRecord(tuple: boolean, entries: readonly (readonly [name: string, text: string])[]): string {
  if (tuple) return `[${entries.map(([, text]) => text).join(', ')}]`
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([name, text]) => (name === text ? name : `${printKey(name)}: ${text}`)).join(', ')} }`
}

function printRange(range: { readonly start?: Expression; readonly end?: Expression }, context: PrintContext): string {
  return printArguments([range.start, range.end], context)
}

/** Trailing arguments that are absent are left out; one before an argument that is there is `0`, as `start` and `offset` default to it. */
export function printArguments(args: readonly (Expression | undefined)[], context: PrintContext): string {
  const last = args.findLastIndex((arg) => arg !== undefined)
  return args
    .slice(0, last + 1)
    .map((arg) => (arg ? printExpression(arg, context) : '0'))
    .join(', ')
}

function printZerosLike(value: Expression, context: PrintContext): string {
  const type = typeOf(value, context.variables)
  if (type === undefined) throw new InternalError('The shape of a zero is unknown: it mentions a variable without a type.')
  // Which parts are missing shows at run time.
  if (!someType(type, isNamed) && hasGaps(type)) return `cotangent#zerosLike(${printAtom(value, context)})`
  // Of what may not be there, no field can be asked for.
  if (type.kind === 'record' && value.kind === 'variable' && context.unproven.has(value.name))
    return `cotangent#zerosAlong(${printAtom(value, context)})`
  return zerosLike(type, printAtom(value, context)) ?? 'undefined'
}

/** Whether storage, or something within it, may be missing. */
function hasGaps(type: Type): boolean {
  if (isStorage(type) && missingOf(type) !== undefined) return true
  if (type.kind === 'keyed') return true
  if (type.kind === 'array') return missingOf(type.element) !== undefined || hasGaps(type.element)
  return (
    type.kind === 'record' && type.fields.some((field) => field.concealed || missingOf(field.type) !== undefined || hasGaps(field.type))
  )
}

/** Zeros of the shape of a value: what carries no derivative is left out of a record and `undefined` in a tuple, as in `Gradient<T>`. */
function zerosLike(type: Type, value: string): string | undefined {
  if (type.kind === 'number') return '0'
  if (type.kind === 'array') return zerosLikeArray(type, value)
  if (type.kind === 'keyed') return `cotangent#zerosLike(${value})`
  if (type.kind !== 'record') return undefined
  // What refers to one array in two places must have one shadow in both.
  if (type.name !== undefined) return `cotangent#zerosAlong(${value})`
  const entries = type.fields.map(({ name, type: inner }, index) => {
    const place = type.tuple ? `${value}[${index}]` : /^\w+$/.test(name) ? `${value}.${name}` : `${value}[${printKey(name)}]`
    return [name, zerosLike(inner, place)] as const
  })
  const present = type.tuple
    ? entries.map(([name, text]) => [name, text ?? 'undefined'] as const)
    : entries.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]))
  return joinRecord(type.tuple, present)
}

function zerosLikeArray(type: ArrayType, value: string): string | undefined {
  if (type.element.kind === 'number') return /^(?:Float|Array)/.test(type.storage) ? printZeros(type, `${value}.length`) : undefined
  if (someType(type.element, isNamed)) return `cotangent#zerosAlong(${value})`
  const parameter = value === 'row' ? 'item' : 'row'
  const element = zerosLike(type.element, parameter)
  if (element === undefined) return undefined
  return `${value}.map((${parameter}) => ${element.startsWith('{') ? `(${element})` : element})`
}
