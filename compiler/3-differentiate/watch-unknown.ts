/**
 * Within `noGrad`, and where nothing but a truth value comes of it, any function may be called, also one that nobody has read. It must not change what is being differentiated, because nobody would know
 * which numbers are constants from there on: that is looked at when it runs.
 */

import type { Activity } from '../2-analyze/activity.ts'
import { isHarmless, UNCHANGED } from '../ir/guard.ts'
import type { Expression, Opaque, Statement } from '../ir/nodes.ts'
import { mapAllExpressions, mapExpression } from '../ir/walk.ts'
import { describeCall } from './contributions.ts'

/** Needs: activity. Promises: active storage that text is given as constants is as it was before, or an exception has left the function. */
export function watchUnknown(body: readonly Statement[], activity: Activity): readonly Statement[] {
  return mapAllExpressions(body, (expression) =>
    mapExpression(expression, (node) => (node.kind === 'opaque' ? watched(node, activity) : node)),
  )
}

function watched(text: Opaque, activity: Activity): Opaque {
  if (text.anywhere !== true || isHarmless(text) || text.parts[0] === `${UNCHANGED}(`) return text
  const storage = text.parts.flatMap((part) => (isActiveConstant(part, activity) ? [part] : []))
  if (storage.length === 0) return text
  const { callee } = describeCall(text)
  const listed = storage.flatMap((place, i) => (i === 0 ? [place] : [', ', place]))
  const called = typeof text.parts[0] === 'string' && text.parts[0].startsWith('{') ? ['(', ...text.parts, ')'] : text.parts
  return { ...text, parts: [`${UNCHANGED}(`, `${JSON.stringify(callee)}, [`, ...listed, '], () => ', ...called, ')'] }
}

function isActiveConstant(part: string | Expression, activity: Activity): part is Expression {
  if (typeof part === 'string' || part.kind !== 'operation' || part.operator !== 'stopGradient') return false
  const place = part.operands[0]!
  return ['variable', 'element', 'field'].includes(place.kind) && activity.isActive(place)
}
