/** `tuple[i]`, where `i` is known at run time: one of its numbers. */

import type ts from '#typescript'
import { field, number, operation } from '../../ir/build.ts'
import type { Expression, RecordType } from '../../ir/nodes.ts'
import { missingOf } from '../../ir/missing.ts'
import type { Context } from './context.ts'
import { atomic, held } from './each-place.ts'
import { lowerExpression } from './expression.ts'
import { lowerInOrder } from './operands.ts'
import { typeIn } from './type-in.ts'

const NONE: Expression = { kind: 'number', value: NaN, text: 'NaN' }

export function lowerPlaceOfTuple(c: Context, node: ts.ElementAccessExpression, type: RecordType): Expression | undefined {
  const isOfNumbers = type.fields.every((one) => one.type.kind === 'number' && missingOf(one.type) === undefined)
  if (!type.tuple || !isOfNumbers || missingOf(type) !== undefined || typeIn(c, node.argumentExpression).kind !== 'number') return undefined
  const [tuple, index] = lowerInOrder(c, [
    () => held(c, lowerExpression(c, node.expression)),
    () => atomic(c, lowerExpression(c, node.argumentExpression)),
  ])
  return type.fields.reduceRight<Expression>(
    (rest, { name }, i) => operation('select', operation('===', index!, number(i)), field(tuple!, name), rest),
    NONE,
  )
}
