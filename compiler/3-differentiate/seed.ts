/** How the cotangent of a result enters the reverse sweep. */

import { carriesDerivative } from '../2-analyze/activity.ts'
import { countUp, element, field, length, NUMBER, variable } from '../ir/build.ts'
import type { Assign, Expression, Statement, Type } from '../ir/nodes.ts'
import { present } from '../ir/missing.ts'
import { isNamed } from '../ir/named-type.ts'
import { showType } from '../ir/parse-type.ts'
import { typeOf } from '../ir/types.ts'
import { isActive, type Context } from './context.ts'
import { accumulate, contributions } from './contributions.ts'
import { Refusal } from './refusal.ts'
import { whereThere } from './where-there.ts'
import { shadowOf } from './shadows.ts'

/** Adds the cotangent, which has the shape of a gradient of the value, to the adjoint of the value. */
export function addCotangent(value: Expression, cotangent: Expression, context: Context): readonly Statement[] {
  const type = typeOf(value, context.scope.variables)
  if (!carriesDerivative(type)) return []
  if (type.kind === 'number') return whereThere(cotangent, contributions(value, cotangent, context), context)
  if (value.kind === 'record')
    return value.type.fields.flatMap(({ name, type }, i) =>
      carriesDerivative(type) ? addCotangent(value.values[i]!, field(cotangent, name), context) : [],
    )
  if (!isActive(value, context)) return []
  return addInto(shadowOf(value, context.bars) as Assign['target'], cotangent, type, context)
}

function addInto(place: Assign['target'], cotangent: Expression, type: Type, context: Context): readonly Statement[] {
  return carriesDerivative(type) ? whereThere(cotangent, addPresent(place, cotangent, type, context), context) : []
}

function addPresent(place: Assign['target'], cotangent: Expression, type: Type, context: Context): readonly Statement[] {
  if (!carriesDerivative(type)) return []
  if (type.kind === 'number') return [accumulate(place, cotangent)]
  if (isNamed(type)) throw new Refusal('CT2011', undefined, { function: context.fn.name, type: type.name.replace(/_Shape$/, '') })
  if (type.kind === 'record')
    return type.fields.flatMap(({ name, type }) => addInto(field(place, name), field(cotangent, name), type, context))
  if (type.kind === 'keyed') {
    const shown = `${type.storage}<${type.key}, ${showType(present(type.element))}>`
    throw new Refusal('CT2007', undefined, { operator: 'vjp', function: context.fn.name, type: shown })
  }
  if (type.kind !== 'array') return []
  const k = context.scope.fresh('k', NUMBER)
  return [countUp(k, length(place), addInto(element(place, variable(k)), element(cotangent, variable(k)), type.element, context))]
}
