/** What was read of a program, as text: enough to make the derivative again where the source is not. */

import type { NestedRequest, ReadResult, Request } from '../1-read/result.ts'
import { namedTypes } from '../ir/named-type.ts'
import type { FunctionNode, Origin, Statement, Type } from '../ir/nodes.ts'
import { showType } from '../ir/parse-type.ts'
import { show } from '../ir/show.ts'
import { expressionsOf, mapBlocksOf, visitExpression, visitStatements } from '../ir/walk.ts'
import type { LineOf } from '../pipeline.ts'

/** Opaque parts of the functions, constants and imports are program text: whoever compiles it runs what stands there. */
export interface ProgramText {
  readonly request: AskedText
  /** The functions as they were read, in the printed form of the intermediate representation. */
  readonly functions: readonly { readonly key: string; readonly text: string }[]
  /** The types that the functions mention by name. */
  readonly types: readonly { readonly name: string; readonly text: string }[]
  /** The derivatives that the functions call. */
  readonly derived: readonly (AskedText & { readonly key: string })[]
  /** What a file beside the source calls the functions that it can import. */
  readonly names: readonly { readonly key: string; readonly name: string }[]
  /** What the derivative mentions of other modules, as a file beside the source would import it. */
  readonly imports: readonly ImportText[]
  /** Constants of modules that the derivative repeats. */
  readonly constants: readonly { readonly name: string; readonly text: string }[]
  /** The comments above what reverses a statement. */
  readonly comments: readonly { readonly file: string; readonly start: number; readonly end: number; readonly text: string }[]
  /** Whether the pullbacks may come to be saved. */
  readonly savesGraphs: boolean
}

export type AskedText = Pick<Request, 'operator' | 'function' | 'wrt' | 'wrtIsList' | 'hasAux' | 'mode' | 'uses'>

export interface ImportText {
  readonly local: string
  /** The exported name; `default` for a default export. */
  readonly exported: string
  readonly module: string
  readonly typeOnly: boolean
}

/** `pathOf` gives the name of a file as it stands in the text. */
export function programText(
  { program, nested, names, imports, clones, requests: [request] }: ReadResult,
  { lineOf, pathOf, savesGraphs }: { readonly lineOf: LineOf; readonly pathOf: (file: string) => string; readonly savesGraphs: boolean },
): ProgramText {
  const functions = [...program.functions].map(([key, fn]) => ({ key, fn: moved(fn, pathOf) }))
  const types = new Map(functions.flatMap(({ fn }) => typesIn(fn).flatMap(namedTypes)).map((type) => [type.name, type]))
  return {
    request: askedText(request!),
    functions: functions.map(({ key, fn }) => ({ key, text: show(fn, { origins: true }) })),
    types: [...types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { tuple, fields }]) => ({
        name,
        text: showType({ kind: 'record', tuple, fields }),
      })),
    derived: [...nested].map(([key, asked]) => ({ key, ...askedText(asked) })),
    names: [...names].map(([key, name]) => ({ key, name })),
    imports: imports.map(({ local, exported, specifier, typeOnly }) => ({ local, exported, module: specifier, typeOnly })),
    constants: clones.map(({ name, text }) => ({ name, text })),
    comments: commentsOn([...program.functions.values()], lineOf, pathOf),
    savesGraphs,
  }
}

const askedText = ({ operator, function: key, wrt, wrtIsList, hasAux, mode, uses }: NestedRequest): AskedText => ({
  operator,
  function: key,
  wrt,
  wrtIsList,
  hasAux,
  ...(mode && { mode }),
  uses: { direct: uses.direct, into: uses.into },
})

/** The same function with other names for the files that it comes from. */
function moved(fn: FunctionNode, pathOf: (file: string) => string): FunctionNode {
  const at = ({ file, line, start, end }: Origin): Origin => ({ file: pathOf(file), line, start, end })
  const move = (statement: Statement): Statement =>
    mapBlocksOf(statement.origin ? { ...statement, origin: at(statement.origin) } : statement, (block) => block.map(move))
  return { ...fn, body: fn.body.map(move), ...(fn.origin && { origin: at(fn.origin) }) }
}

/** Every type that a function's text mentions. */
function typesIn({ result, variables, body }: FunctionNode): readonly Type[] {
  const types = [result, ...Object.values(variables).map(({ type }) => type)]
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if ('type' in node) types.push(node.type)
      })
  })
  return types
}

function commentsOn(functions: readonly FunctionNode[], lineOf: LineOf, pathOf: (file: string) => string): ProgramText['comments'] {
  const found = new Map<string, ProgramText['comments'][number]>()
  for (const { body } of functions)
    visitStatements(body, (statement) => {
      const text = lineOf(statement)
      if (!statement.origin || text === undefined) return
      const { file, start, end } = statement.origin
      found.set([file, start, end].join(' '), { file: pathOf(file), start, end, text })
    })
  return [...found.values()].sort((a, b) => (a.file === b.file ? a.start - b.start || a.end - b.end : a.file < b.file ? -1 : 1))
}
