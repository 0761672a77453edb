/** A request that stands in no file: somebody asks for the derivative of a function by its name. */

import { basename } from 'node:path'
import ts from '#typescript'
import { createDiagnostic } from '../diagnostics/report.ts'
import type { FoundRequest } from './find-requests.ts'
import { NO_SLOTS } from './lower/context.ts'
import type { Asked } from './result.ts'
import { placeOf, type Session } from './session.ts'
import { functionsOf } from './top-level.ts'

export function findAsked({ diagnostics }: Session, file: ts.SourceFile, asked: Asked): readonly FoundRequest[] {
  const functions = functionsOf(file)
  const fn = functions.find(({ name }) => name.text === asked.name)
  if (!fn) {
    const known = functions.map(({ name }) => `\`${name.text}\``).join(', ')
    const args = { path: basename(file.fileName), name: asked.name, known: known || 'none' }
    diagnostics.push(createDiagnostic('CT5007', { file: file.fileName, start: 0, end: 0 }, args))
    return []
  }
  const { operator, wrt, wrtIsList, hasAux } = asked
  const count = fn.declaration.parameters.length
  const index = wrt.find((one) => one >= count)
  if (index !== undefined) {
    diagnostics.push(createDiagnostic('CT1107', placeOf(fn.name), { index, function: fn.name.text, count }))
    return []
  }
  return [
    {
      operator,
      node: fn.name,
      asked: { ...placeOf(fn.name), text: `because ${operator}(${fn.name.text}) is asked for` },
      target: { kind: 'function', declaration: fn.declaration, environment: undefined },
      wrt,
      wrtIsList,
      hasAux,
      slots: NO_SLOTS,
      uses: { direct: true, into: false },
    },
  ]
}
