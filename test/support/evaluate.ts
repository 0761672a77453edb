import { compileFunction } from 'node:vm'
import type { Creation, Expression, Operation } from '../../compiler/ir/nodes.ts'

export type Value = unknown
/** The value of each variable in scope. A declared variable without a value is present and `undefined`. */
export type Environment = ReadonlyMap<string, Value>

/** The value of an expression, by the definition of JavaScript: the yardstick for rules and passes that does not go through printed code. */
export function evaluate(expression: Expression, environment: Environment): Value {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
      return expression.value
    case 'variable': {
      const value = environment.get(expression.name)
      if (value === undefined) throw new Error(`${expression.name} is read before it has a value`)
      return value
    }
    case 'operation':
      return evaluateOperation(expression, environment)
    case 'element':
      return (evaluate(expression.array, environment) as Value[])[evaluateNumber(expression.index, environment)]
    case 'field':
      return (evaluate(expression.record, environment) as Record<string, Value>)[expression.name]
    case 'length':
      return (evaluate(expression.array, environment) as Value[]).length
    case 'opaque': {
      const names = expression.parts.map((_, index) => `part_${String(index)}`)
      const text = expression.parts.map((part, index) => (typeof part === 'string' ? part : names[index]!)).join('')
      const values = expression.parts.map((part) => (typeof part === 'string' ? undefined : evaluate(part, environment)))
      return (compileFunction(`return (${text}\n)`, names) as (...values: Value[]) => Value)(...values)
    }
    default:
      return create(expression, environment)
  }
}

export function evaluateNumber(expression: Expression, environment: Environment): number {
  return evaluate(expression, environment) as number
}

const binary: Readonly<Record<string, (a: number, b: number) => Value>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  // Reached only with operands of one type, where the loose operators agree with the strict ones, or by the author's own `== null`.
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  same: (a, b) => a === b,
}

const unary: Readonly<Record<string, (a: number) => Value>> = {
  negate: (a) => -a,
  plus: (a) => a,
  '~': (a) => ~a,
  '!': (a) => !a,
  stopGradient: (a) => a,
  toNumber: Number,
}

function evaluateOperation({ operator, operands }: Operation, environment: Environment): Value {
  const [first, second, third] = operands
  if (operator === 'select') return evaluate(evaluate(first!, environment) ? second! : third!, environment)
  if (operator === '&&') return evaluate(first!, environment) && evaluate(second!, environment)
  if (operator === '||') return evaluate(first!, environment) || evaluate(second!, environment)
  const values = operands.map((operand) => evaluateNumber(operand, environment))
  const plain = operands.length === 2 ? binary[operator] : unary[operator]
  if (plain) return plain(values[0]!, values[1]!)
  const [owner, name] = operator.split('.')
  const library = (owner === 'Math' ? Math : owner === 'Number' ? Number : {}) as Record<string, unknown>
  const member = name === undefined ? undefined : library[name]
  if (typeof member === 'function') return (member as (...values: number[]) => Value)(...values)
  if (member === undefined) throw new Error(`no meaning for the operator ${operator}`)
  return member
}

type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array | number[]
type TypedArrayConstructor = { new (length: number): Numbers; from(values: Iterable<unknown>): Numbers }

function constructorOf(storage: string): TypedArrayConstructor {
  const found = (globalThis as unknown as Record<string, TypedArrayConstructor | undefined>)[storage]
  if (!found) throw new Error(`no storage ${storage}`)
  return found
}

function create(creation: Creation, environment: Environment): Value {
  switch (creation.kind) {
    case 'zeros': {
      const length = evaluateNumber(creation.length, environment)
      // What a reused buffer holds is anything: NaN shows up in every result that depends on it.
      return new (constructorOf(creation.type.storage))(length).fill(creation.pooled ? NaN : 0)
    }
    case 'list': {
      const values = creation.elements.map((element) => evaluate(element, environment))
      return creation.type.storage === 'Array' ? values : constructorOf(creation.type.storage).from(values)
    }
    case 'keyed':
      throw new Error('there are no keys among the values here')
    case 'record': {
      const values = creation.values.map((value) => evaluate(value, environment))
      return creation.type.tuple ? values : Object.fromEntries(creation.type.fields.map(({ name }, index) => [name, values[index]]))
    }
    case 'slice':
    case 'view': {
      const array = evaluate(creation.array, environment) as Float64Array
      const start = creation.start && evaluateNumber(creation.start, environment)
      const end = creation.end && evaluateNumber(creation.end, environment)
      return creation.kind === 'slice' ? array.slice(start, end) : array.subarray(start, end)
    }
    case 'convert':
      return constructorOf(creation.type.storage).from(evaluate(creation.array, environment) as Value[])
    case 'zerosLike':
      return zerosLike(evaluate(creation.value, environment))
  }
}

/** Zeros wherever a value holds numbers; other leaves are left as they are. */
function zerosLike(value: Value): Value {
  if (typeof value === 'number') return 0
  if (Array.isArray(value)) return value.map(zerosLike)
  if (ArrayBuffer.isView(value)) return (value as Float64Array).map(() => 0)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, zerosLike(field)]))
}
