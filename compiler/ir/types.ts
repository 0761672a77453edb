import { InternalError } from './internal-error.ts'
import { coalesced, eitherMissing, mayBeUndefined, missingOf, withMissing } from './missing.ts'
import type { Creation, Expression, Operation, Type, VariableInfo } from './nodes.ts'
import { operators } from './operators.ts'
import { shadowType } from './shadow-type.ts'
import { showExpression } from './show-expression.ts'
import { showType } from './parse-type.ts'

export type Variables = Readonly<Record<string, VariableInfo>>
/** Takes a problem and says which type to go on with; `undefined` stops the check of what surrounds it. */
export type Report = (problem: string) => Type | undefined

/** The type of a well-formed expression; an InternalError for one that has none. What needs no look at its parts gets none: `verify` checks them. */
export function typeOf(expression: Expression, variables: Variables): Type {
  const stated = statedType(expression, variables)
  if (stated) return stated
  const report = (problem: string): never => {
    throw new InternalError(problem)
  }
  return checkType(expression, variables, report) ?? report(`${showExpression(expression)} has no type.`)
}

const NUMBER: Type = { kind: 'number' }
const BOOLEAN: Type = { kind: 'boolean' }

/** What an expression says of itself. */
function statedType(expression: Expression, variables: Variables): Type | undefined {
  switch (expression.kind) {
    case 'number':
    case 'length':
      return NUMBER
    case 'boolean':
      return BOOLEAN
    case 'variable':
      return Object.hasOwn(variables, expression.name) ? variables[expression.name]?.type : undefined
    case 'element': {
      const type = statedType(expression.array, variables)
      return type?.kind === 'array' || type?.kind === 'keyed' ? type.element : undefined
    }
    case 'field': {
      const type = statedType(expression.record, variables)
      return type?.kind === 'record' ? type.fields.find(({ name }) => name === expression.name)?.type : undefined
    }
    case 'operation': {
      const result = operators.get(expression.operator)?.result
      return result === 'number' ? NUMBER : result === 'boolean' ? BOOLEAN : undefined
    }
    case 'opaque':
    case 'zeros':
    case 'convert':
    case 'list':
    case 'keyed':
    case 'record':
      return expression.type
    default:
      return undefined
  }
}

/** As `typeOf`, but tells every disagreement once, innermost first, and gives nothing where there was one. */
export function checkType(expression: Expression, variables: Variables, report: Report): Type | undefined {
  const check = (part: Expression): Type | undefined => checkType(part, variables, report)
  const blame = (wanted: string, part: Expression, type: Type): Type | undefined =>
    report(`${showExpression(part)} is ${showType(type)}, not ${wanted}, in ${showExpression(expression)}`)
  const expectNumber = (part: Expression | undefined): void => {
    const type = part && check(part)
    if (type && type.kind !== 'number') blame('a number', part, type)
  }
  const expectArray = (part: Expression): (Type & { kind: 'array' }) | undefined => {
    const type = check(part)
    if (!type || type.kind === 'array') return type
    blame('an array', part, type)
    return undefined
  }

  const keyedElement = (type: Type | undefined): Type | undefined => (type?.kind === 'keyed' ? type.element : undefined)

  switch (expression.kind) {
    case 'number':
    case 'boolean':
      return { kind: expression.kind }
    case 'variable': {
      const info = Object.hasOwn(variables, expression.name) ? variables[expression.name] : undefined
      return info?.type ?? report(`${expression.name} is not described among the variables.`)
    }
    case 'operation':
      return typeOfOperation(expression, expression.operands.map(check), report)
    case 'element':
      if (statedType(expression.array, variables)?.kind === 'keyed') return check(expression.index) && keyedElement(check(expression.array))
      expectNumber(expression.index)
      return expectArray(expression.array)?.element
    case 'length':
      return expectArray(expression.array) && { kind: 'number' }
    case 'field': {
      const type = check(expression.record)
      if (!type) return undefined
      if (type.kind !== 'record') return blame('a record', expression.record, type)
      const field = type.fields.find(({ name }) => name === expression.name)
      return field?.type ?? blame(`a record with a field ${JSON.stringify(expression.name)}`, expression.record, type)
    }
    case 'opaque':
      for (const part of expression.parts) if (typeof part !== 'string') check(part)
      return expression.type
    case 'slice':
    case 'view': {
      expectNumber(expression.start)
      expectNumber(expression.end)
      if (statedType(expression.array, variables)?.kind === 'keyed') return check(expression.array)
      const type = expectArray(expression.array)
      return type && expression.kind === 'slice' ? writable(type) : type
    }
    case 'keyed':
      return expression.type
    case 'zeros':
      expectNumber(expression.length)
      return expression.type
    case 'convert':
      return expectArray(expression.array) && expression.type
    case 'zerosLike': {
      const type = check(expression.value)
      return type && shadowType(type)
    }
    default:
      return typeOfLiteral(expression, check, blame, report)
  }
}

function typeOfLiteral(
  creation: Extract<Creation, { kind: 'list' | 'record' }>,
  check: (part: Expression) => Type | undefined,
  blame: (wanted: string, part: Expression, type: Type) => unknown,
  report: Report,
): Type {
  const values = creation.kind === 'list' ? creation.elements : creation.values
  const wanted = creation.kind === 'list' ? values.map(() => creation.type.element) : creation.type.fields.map(({ type }) => type)
  if (wanted.length !== values.length) report(`${showExpression(creation)} has ${values.length} values for ${wanted.length} fields.`)
  values.forEach((value, index) => {
    const type = check(value)
    const expected = wanted[index]
    if (type && expected && !isAssignable(type, expected)) blame(showType(expected), value, type)
  })
  return creation.type
}

function typeOfOperation(operation: Operation, types: readonly (Type | undefined)[], report: Report): Type | undefined {
  const { operator, operands } = operation
  const info = operators.get(operator)
  if (!info) return report(`There is no operator ${JSON.stringify(operator)}.`)
  if (operands.length < info.minimum || operands.length > info.maximum) {
    return report(`${operator} does not take ${operands.length} operands, in ${showExpression(operation)}`)
  }
  types.forEach((type, index) => {
    const wanted = wantedKinds(operator, index, info.operands)
    if (type && wanted && !wanted.includes(type.kind)) {
      report(`${showExpression(operands[index]!)} is ${showType(type)}, not ${wanted.join(' or ')}, in ${showExpression(operation)}`)
    }
  })
  if (info.result !== 'operand') return { kind: info.result }
  if (operator === 'hook') return types.at(-1)
  const [first, second] = types.slice(operator === 'select' ? 1 : 0)
  if (first && second && !isAssignable(first, second) && !isAssignable(second, first)) {
    report(`The branches are ${showType(first)} and ${showType(second)} in ${showExpression(operation)}`)
  }
  const coalescing = coalesced(operation)
  if (coalescing && first && second) return withMissing(second, missingOf(first))
  const type = first && second && !isAssignable(second, first) ? second : first
  return type && second ? withMissing(type, eitherMissing(missingOf(type), missingOf(second))) : type
}

function wantedKinds(operator: string, index: number, operands: 'number' | 'boolean' | 'any'): readonly Type['kind'][] | undefined {
  if (operator === 'select') return index === 0 ? ['boolean'] : undefined
  if (operator === 'toNumber') return ['boolean', 'opaque']
  if (operator === 'same') return ['array', 'record', 'keyed', 'opaque']
  return operands === 'any' ? undefined : [operands]
}

/** Whether a value may stand where another type is declared. Types without a derivative are not told apart. */
export function isAssignable(from: Type, to: Type, assumed: ReadonlySet<string> = new Set()): boolean {
  if (to.kind === 'opaque') return from.kind !== 'void'
  if (from.kind === 'array' && to.kind === 'array') {
    return from.storage === to.storage && isAssignable(from.element, to.element, assumed) && isAssignable(to.element, from.element, assumed)
  }
  if (from.kind === 'keyed' && to.kind === 'keyed')
    return from.storage === to.storage && from.key === to.key && isAssignable(from.element, to.element, assumed)
  if (from.kind === 'record' && to.kind === 'record') {
    if (to.name !== undefined && (from.name === to.name || assumed.has(to.name))) return true
    const inside = to.name === undefined ? assumed : new Set([...assumed, to.name])
    // One of several that a type stands for lacks the fields of the others.
    return to.fields.every(({ name, type, optional }) => {
      const field = from.fields.find((one) => one.name === name)
      return field ? isAssignable(field.type, type, inside) : optional === true || mayBeUndefined(type)
    })
  }
  return from.kind === to.kind
}

/** New storage of a type may be written, whatever was promised about the old. */
function writable(type: Type): Type {
  if (type.kind !== 'array' || !type.readonly) return type
  return { kind: 'array', storage: type.storage, element: type.element }
}
