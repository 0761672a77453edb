/** Counted loops with as many iterations as literals say, as one list of statements. */

import { number, variable } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import { decided } from './decide-tests.ts'
import type { CountedLoop } from './loop-product.ts'
import { rename } from './rename.ts'

/** The iterations one after the other, each with names of its own but for the first. What only counted is computed. */
export function unrolled({ counter, body }: CountedLoop, times: number, scope: Scope): readonly Statement[] {
  return Array.from({ length: times }, (_, i) => {
    const own = (name: string): Expression => variable(i === 0 ? name : scope.fresh(name, scope.typeOf(name), scope.isMutable(name)))
    return decided(rename(body, new Map([[counter.name, number(i)]]), own))
  }).flat()
}
