/** What the functions behind `hvp`, `hessian` and `jacobian` are made with. */

import { assign, call, countUp, declare, element, FLOAT64, length, NUMBER, number, operation, variable } from '../../ir/build.ts'
import type { ArrayType, Expression, FunctionNode, Statement, Type } from '../../ir/nodes.ts'
import { Scope } from '../../ir/scope.ts'

export const ROWS: ArrayType = { kind: 'array', storage: 'Array', element: FLOAT64 }

/** The body of a function that calls derivatives of `fn` and has its parameters. */
export class Made {
  readonly scope: Scope
  readonly body: Statement[] = []
  readonly given: readonly Expression[]
  readonly #fn: FunctionNode

  constructor(fn: FunctionNode) {
    this.#fn = fn
    this.scope = new Scope(Object.fromEntries(fn.parameters.map(({ name }) => [name, { type: fn.variables[name]!.type, mutable: false }])))
    this.given = fn.parameters.map(({ name }) => variable(name))
  }

  declare(base: string, type: Type, value: Expression): Expression {
    const name = this.scope.fresh(base, type)
    this.body.push(declare(name, value))
    return variable(name)
  }

  call(base: string, callee: FunctionNode, key: string, args: readonly Expression[], into: Statement[] = this.body): Expression {
    const name = this.scope.fresh(base, callee.result)
    into.push(call(name, key, args))
    return variable(name)
  }

  counter(base: string): string {
    return this.scope.fresh(base, NUMBER)
  }

  function(name: string, result: Type, returned: Expression, parameters: FunctionNode['parameters'] = this.#fn.parameters): FunctionNode {
    const { origin } = this.#fn
    return {
      name,
      parameters,
      variables: this.scope.variables,
      result,
      body: [...this.body, { kind: 'return', value: returned }],
      ...(origin && { origin }),
    }
  }
}

/** Runs `body` with `direction` being each unit vector of its space in turn. */
export function alongEach(direction: Expression, index: string, body: readonly Statement[]): Statement {
  const place = element(direction, variable(index))
  return countUp(index, length(direction), [assign(place, number(1)), ...body, assign(place, number(0))])
}

/**
 * Runs `body` with `directions` being the unit vectors of their space in turn, as many at a time as there are; `places` says which. Beyond the last
 * unit vector they are the last one again.
 */
export function alongUnits(
  directions: readonly Expression[],
  made: Made,
  index: string,
  body: (places: readonly Expression[]) => readonly Statement[],
): readonly Statement[] {
  const [first, ...others] = directions
  if (others.length === 0) return [alongEach(first!, index, body([variable(index)]))]
  const last = made.scope.fresh('last', NUMBER)
  const names = others.map((_, i) => made.scope.fresh(`${index}${String(i + 1)}`, NUMBER))
  const places = [index, ...names].map(variable)
  const all = (value: number): readonly Statement[] =>
    directions.map((direction, i) => assign(element(direction, places[i]!), number(value)))
  return [
    declare(last, operation('-', length(first!), number(1))),
    {
      kind: 'loop',
      counter: { name: index, from: number(0), to: variable(last), comparison: '<=', step: directions.length },
      body: [
        ...names.map((name, i) => declare(name, operation('Math.min', operation('+', variable(index), number(i + 1)), variable(last)))),
        ...all(1),
        ...body(places),
        ...all(0),
      ],
    },
  ]
}

/** Rows hold double precision, whatever array they are computed in. */
export function asRow(value: Expression, type: Type): Expression {
  if (type.kind === 'array' && type.storage === 'Float64Array') return value
  return { kind: 'convert', array: value, type: FLOAT64 }
}
