/** The tangent of an expression: a linear combination of the tangents of what it reads. */

import type { Activity } from '../2-analyze/activity.ts'
import { isFlat } from '../2-analyze/marks.ts'
import { isStorage } from '../2-analyze/regions.ts'
import { add, divide, isNumber, multiply, negate, number, operation, power, powersOf, subtract, termOf, variable } from '../ir/build.ts'
import { hooked, isHook } from '../ir/hook.ts'
import type { Creation, Expression, FunctionNode, Operation, Type } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import { isMissingValue } from '../ir/missing.ts'
import { carriesDerivative, shadowRecordType, shadowType } from '../ir/shadow-type.ts'
import { typeOf } from '../ir/types.ts'
import { needs, partials } from '../rules/partials.ts'
import type { Callees } from './context.ts'
import { describeCall } from './contributions.ts'
import { Refusal } from './refusal.ts'
import { shadowOf, type Duals } from './shadows.ts'

export interface Known {
  readonly fn: FunctionNode
  readonly scope: Scope
  readonly activity: Activity
  readonly dots: Duals
  readonly callees: Callees
  /** What stands for a factor of a tangent: its name, where several directions share it. */
  readonly slopeOf: (factor: Expression) => Expression
}

const ZERO = number(0)

export class Tangents {
  readonly known: Known

  constructor(known: Known) {
    this.known = known
  }

  typeOf(expression: Expression): Type {
    return typeOf(expression, this.known.scope.variables)
  }

  isActive(place: Expression): boolean {
    return this.known.activity.isActive(place)
  }

  /** The tangent of a number; `out` names its value where that is known. */
  of(expression: Expression, out?: Expression): Expression {
    switch (expression.kind) {
      case 'variable':
        return this.isActive(expression) ? variable(this.known.dots.of(expression.name)) : ZERO
      case 'element':
      case 'field':
        return this.isActive(expression) ? shadowOf(expression, this.known.dots) : ZERO
      case 'opaque':
        if (this.known.activity.isVaried(expression)) throw new Refusal('CT3001', this.known.fn.origin, describeCall(expression))
        return ZERO
      case 'operation':
        return this.#ofOperation(expression, out)
      default:
        return ZERO
    }
  }

  /** Whether the tangent of an operation reads its value. */
  readsOwn(expression: Expression): boolean {
    if (expression.kind !== 'operation' || isFlat(expression.operator) || expression.operator === 'select' || isHook(expression))
      return false
    const moving = expression.operands.flatMap((operand, i) => (isNumber(this.of(operand), 0) ? [] : [i]))
    if (moving.length === 0) return false
    if (expression.operator === '/') return moving.includes(1)
    if (['+', '-', '*', 'negate', 'plus'].includes(expression.operator)) return false
    return needs(expression.operator, expression.operands, moving).out
  }

  #ofOperation(expression: Operation, out: Expression | undefined): Expression {
    const { operator, operands } = expression
    const [a, b] = operands
    if (isFlat(operator)) return ZERO
    if (isHook(expression)) return this.of(hooked(expression))
    switch (operator) {
      case '+':
        return add(this.of(a!), this.of(b!))
      case '-':
        return subtract(this.of(a!), this.of(b!))
      case 'negate':
        return negate(this.of(a!))
      case 'plus':
        return this.of(a!)
      case '*':
        return this.#ofProduct(expression)
      case '/': {
        if (isNumber(this.of(b!), 0)) return this.#ofProduct(expression)
        const [above, below] = [this.of(a!), this.of(b!)]
        const numerator = subtract(above, this.#times(below, out ?? expression))
        return isNumber(numerator, 0) ? ZERO : divide(numerator, this.known.slopeOf(b!))
      }
      case 'select': {
        // What one branch reads is not computed for the other.
        const within = new Tangents({ ...this.known, slopeOf: (factor) => factor })
        const [then, otherwise] = [within.of(b!), within.of(operands[2]!)]
        return isNumber(then, 0) && isNumber(otherwise, 0) ? ZERO : operation('select', a!, then, otherwise)
      }
      default: {
        const moved = operands.map((operand) => this.of(operand))
        if (moved.every((tangent) => isNumber(tangent, 0))) return ZERO
        const slopes = partials(operator, operands, out ?? expression)
        return moved.reduce((sum, tangent, i) => add(sum, this.#times(tangent, slopes[i]!)), ZERO)
      }
    }
  }

  /** A product of powers, divided by what does not move: one term for each distinct factor. */
  #ofProduct(expression: Operation): Expression {
    const [a, b] = expression.operands
    const { coefficient, factors, denominators } = termOf(expression)
    if (denominators.some((divisor) => !isNumber(this.of(divisor), 0))) {
      const [left, right] = [this.of(a!), this.of(b!)]
      return expression.operator === '/' ? divide(left, this.known.slopeOf(b!)) : add(this.#times(left, b!), this.#times(right, a!))
    }
    const powers = powersOf(factors)
    const terms = powers.flatMap(({ base, exponent }, i) => {
      const tangent = this.of(base)
      if (isNumber(tangent, 0)) return []
      const others = powers.flatMap((other, j) => (j === i ? [] : [power(other.base, other.exponent)]))
      return [this.#times(tangent, multiply(number(coefficient * exponent), ...others, power(base, exponent - 1)))]
    })
    const sum = terms.reduce(add, ZERO)
    return denominators.length === 0 || terms.length === 0 ? sum : divide(sum, this.known.slopeOf(multiply(...denominators)))
  }

  #times(tangent: Expression, factor: Expression): Expression {
    return isNumber(tangent, 0) ? ZERO : multiply(this.known.slopeOf(factor), tangent)
  }

  /** The shadow of storage: of new storage a creation of tangents, of a reference the matching reference. */
  ofStorage(value: Expression): Expression {
    switch (value.kind) {
      case 'zeros':
        return { kind: 'zeros', type: shadowType(value.type) as typeof value.type, length: value.length }
      case 'list':
        return {
          kind: 'list',
          type: shadowType(value.type) as typeof value.type,
          elements: value.elements.map((part) => this.ofPart(part)),
        }
      case 'keyed':
        return { kind: 'keyed', type: shadowType(value.type) as typeof value.type }
      case 'record':
        return this.#ofRecord(value)
      case 'zerosLike':
        return value
      default:
        if (isMissingValue(value)) return shadowOf(value, this.known.dots)
        return this.isActive(value.kind === 'slice' || value.kind === 'convert' || value.kind === 'view' ? value.array : value)
          ? this.#reference(value)
          : { kind: 'zerosLike', value }
    }
  }

  /** A conversion of storage converts its shadow. */
  #reference(value: Expression): Expression {
    return value.kind === 'opaque' ? { kind: 'zerosLike', value } : shadowOf(value, this.known.dots)
  }

  ofPart(part: Expression): Expression {
    return isStorage(this.typeOf(part)) ? this.ofStorage(part) : this.of(part)
  }

  /** A field that is left out has no tangent, until it is given a value. */
  #ofField(value: Expression): Expression {
    return isMissingValue(value) ? value : this.ofPart(value)
  }

  #ofRecord(value: Creation & { kind: 'record' }): Expression {
    const values = value.type.fields.flatMap(({ type }, i) => (carriesDerivative(type) ? [this.#ofField(value.values[i]!)] : []))
    return { kind: 'record', type: shadowRecordType(value.type), values }
  }
}
