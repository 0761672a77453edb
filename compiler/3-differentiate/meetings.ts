/** Functions whose arguments may be the same storage by two names keep that knowledge when they are differentiated. */

import type { FunctionNode } from '../ir/nodes.ts'

/** Where arguments may be the same storage, their shadows may be, too. */
export function meetingsWithShadows(
  { meetings, parameters }: FunctionNode,
  given: readonly string[],
  ...shadows: readonly ((parameter: string) => string | undefined)[]
): Pick<FunctionNode, 'meetings'> {
  if (!meetings) return {}
  const ofShadows = shadows.flatMap((shadowOf) =>
    meetings.map((paths) =>
      paths.flatMap(({ root, keys }) => {
        const shadow = shadowOf(parameters[Number(root)]!.name)
        return shadow === undefined ? [] : [{ root: String(given.indexOf(shadow)), keys }]
      }),
    ),
  )
  return { meetings: [...meetings, ...ofShadows.filter((paths) => paths.length > 1)] }
}
