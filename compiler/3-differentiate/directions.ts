/** The tangents of one statement in several directions: what they are multiplied by is computed once for all. */

import { declare, negate, variable } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import type { Scope } from '../ir/scope.ts'
import { Tangents, type Known } from './forward-expression.ts'
import { Duals } from './shadows.ts'
import { numbersOf } from './tangent-header.ts'

export class Directions {
  readonly each: readonly Tangents[]
  readonly #slopes: Slopes | undefined

  constructor(known: Omit<Known, 'dots' | 'slopeOf'>, directions: number) {
    const slopes = directions === 1 ? undefined : new Slopes(known.scope)
    this.#slopes = slopes
    const slopeOf = (factor: Expression): Expression => slopes?.named(factor) ?? factor
    this.each = numbersOf(directions).map(
      (direction) => new Tangents({ ...known, slopeOf, dots: new Duals(known.scope, `_dot${direction}`) }),
    )
  }

  /** For what is the same in all directions. */
  get first(): Tangents {
    return this.each[0]!
  }

  /** What is made of a statement in each direction, after the slopes that it reads. */
  flatMap(make: (tangents: Tangents) => readonly Statement[]): readonly Statement[] {
    const made = this.each.flatMap(make)
    return [...this.slopes(), ...made]
  }

  /** The slopes that were read since they were last asked for. */
  slopes(): readonly Statement[] {
    return this.#slopes?.taken() ?? []
  }
}

/** The slopes of the statement at hand that are not at hand by a name. */
class Slopes {
  readonly #scope: Scope
  #named: (readonly [slope: Expression, name: string])[] = []

  constructor(scope: Scope) {
    this.#scope = scope
  }

  named(slope: Expression): Expression {
    if (slope.kind !== 'operation') return slope
    if (slope.operator === 'negate') return negate(this.named(slope.operands[0]!))
    const known = this.#named.find(([one]) => sameExpression(one, slope))
    if (known) return variable(known[1])
    const name = this.#scope.fresh('slope', { kind: 'number' })
    this.#named.push([slope, name])
    return variable(name)
  }

  taken(): readonly Statement[] {
    const taken = this.#named.map(([slope, name]) => declare(name, slope))
    this.#named = []
    return taken
  }
}
