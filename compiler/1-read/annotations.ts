/** Functions whose derivatives are asked for where they are defined: by `@differentiable` in the comment above them, or by their name. */

import { basename } from 'node:path'
import ts from '#typescript'
import type { Arguments, Code } from '../diagnostics/catalog.ts'
import { createDiagnostic, type Place } from '../diagnostics/report.ts'
import type { FoundRequest } from './find-requests.ts'
import { isOperator, operators } from './intrinsics.ts'
import { NO_SLOTS } from './lower/context.ts'
import type { CompanionHost, OperatorName } from './result.ts'
import { placeOf, type Session } from './session.ts'
import { functionsOf, type Named } from './top-level.ts'
import { typeOfResult } from './types.ts'

/** What is wanted of a function, and where that is said. */
interface Wanted {
  readonly operators: readonly OperatorName[]
  readonly wrt: readonly number[] | undefined
  readonly place: Place
}

const TAG = 'differentiable'

/** Whether a file can have annotations at all, for those who look through many. */
export const mentionsAnnotation = (file: ts.SourceFile): boolean => file.text.includes(`@${TAG}`)

/** The requests of a file's annotations and, as if they were annotated, of the functions of some names. */
export function findAnnotated(session: Session, file: ts.SourceFile, { names, only = false }: CompanionHost): readonly FoundRequest[] {
  const functions = functionsOf(file)
  const known = functions.map(({ name }) => `\`${name.text}\``).join(', ')
  for (const name of names.filter((wanted) => functions.every((fn) => fn.name.text !== wanted)))
    say(session, { file: file.fileName, start: 0, end: 0 }, 'CT5007', { path: basename(file.fileName), name, known: known || 'none' })
  if (!only) reportMisplaced(session, file, functions)
  return functions.flatMap((fn) => {
    const isNamed = names.includes(fn.name.text)
    if (only && !isNamed) return []
    const tags = tagsOf(fn.statement)
    const byName: Wanted = { operators: [], wrt: undefined, place: placeOf(fn.name) }
    const wanted = tags.length > 0 ? tags.map((tag) => readTag(session, tag, fn)) : isNamed ? [byName] : []
    if (wanted.length > 0 && !isExported(session, file, fn)) {
      say(session, placeOf(fn.name), 'CT1203', { function: fn.name.text })
      return []
    }
    return wanted.flatMap((some) => (some ? requestsFor(session, fn, some) : []))
  })
}

/** TypeScript keeps the comments above a node, but does not declare where. */
function tagsOf(node: ts.Node & { readonly jsDoc?: readonly ts.JSDoc[] }): readonly ts.JSDocTag[] {
  return (node.jsDoc ?? []).flatMap(({ tags }) => tags?.filter(({ tagName }) => tagName.text === TAG) ?? [])
}

/** An annotation that nobody reads would be taken for one that works. */
function reportMisplaced(session: Session, file: ts.SourceFile, functions: readonly Named[]): void {
  const read = new Set<ts.Node>(functions.map(({ statement }) => statement))
  const visit = (node: ts.Node): void => {
    if (!read.has(node)) for (const tag of tagsOf(node)) say(session, placeOfTag(tag), 'CT1204', {})
    ts.forEachChild(node, visit)
  }
  visit(file)
}

/** The words after the tag, up to the end of its line. */
function readTag(session: Session, tag: ts.JSDocTag, { name, declaration }: Named): Wanted | undefined {
  const place = placeOfTag(tag)
  const parameters = declaration.parameters.map((parameter) => parameter.name.getText())
  const found: OperatorName[] = []
  let wrt: readonly number[] | undefined
  for (const { text, at } of wordsOf(tag)) {
    const where = { ...at, file: place.file }
    const list = /^wrt=(.+)$/.exec(text)?.[1]?.split(',')
    const unknown = list?.find((one) => !parameters.includes(one))
    if (list && unknown !== undefined) {
      const known = parameters.map((one) => `\`${one}\``).join(', ')
      say(session, where, 'CT1202', { function: name.text, name: unknown, known: known || 'none' })
      return undefined
    }
    if (list) wrt = list.map((one) => parameters.indexOf(one))
    else if (isOperator(text)) found.push(text)
    else {
      say(session, where, 'CT1201', { word: text, known: operators.map((one) => `\`${one}\``).join(', ') })
      return undefined
    }
  }
  return { operators: found, wrt, place }
}

interface Word {
  readonly text: string
  readonly at: { readonly start: number; readonly end: number }
}

function wordsOf(tag: ts.JSDocTag): readonly Word[] {
  const start = tag.tagName.getEnd()
  const line = /^(?:(?!\*\/)[^\n\r])*/.exec(tag.getSourceFile().text.slice(start))![0]
  return [...line.matchAll(/\S+/g)].map((match) => {
    const at = start + match.index
    return { text: match[0], at: { start: at, end: at + match[0].length } }
  })
}

function placeOfTag(tag: ts.JSDocTag): Place {
  return { file: tag.getSourceFile().fileName, start: tag.getStart(), end: wordsOf(tag).at(-1)?.at.end ?? tag.tagName.getEnd() }
}

function isExported({ checker }: Session, file: ts.SourceFile, { name }: Named): boolean {
  const module = checker.getSymbolAtLocation(file)
  const symbol = checker.getSymbolAtLocation(name)
  const isSame = (entry: ts.Symbol): boolean =>
    entry === symbol || (!!(entry.flags & ts.SymbolFlags.Alias) && checker.getAliasedSymbol(entry) === symbol)
  // The name of an exported declaration means its local symbol, which leads to the exported one.
  return module !== undefined && checker.getExportsOfModule(module).some((entry) => isSame(entry) || isDeclaredBy(entry, symbol))
}

const isDeclaredBy = (entry: ts.Symbol, symbol: ts.Symbol | undefined): boolean =>
  symbol?.valueDeclaration !== undefined && entry.valueDeclaration === symbol.valueDeclaration

/** Without operators, those that the result allows: a number has a gradient, anything else a pullback. */
function requestsFor(session: Session, { name, declaration }: Named, { operators, wrt, place }: Wanted): readonly FoundRequest[] {
  const usual: readonly OperatorName[] = typeOfResult(session, declaration).kind === 'number' ? ['grad', 'valueAndGrad'] : ['vjp']
  return [...new Set(operators.length > 0 ? operators : usual)].map((operator) => ({
    operator,
    node: name,
    asked: { ...place, text: `because ${operator}(${name.text}) is asked for here` },
    target: { kind: 'function', declaration, environment: undefined },
    wrt: wrt ?? [0],
    wrtIsList: (wrt?.length ?? 1) > 1,
    hasAux: false,
    slots: NO_SLOTS,
    uses: { direct: true, into: operator === 'grad' || operator === 'valueAndGrad' },
  }))
}

function say<C extends Code>(session: Session, place: Place, code: C, args: Arguments<C>): void {
  session.diagnostics.push(createDiagnostic(code, place, args))
}
