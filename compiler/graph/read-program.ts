/** A program that was written as text comes back as it was read, or it is said what is wrong with it. Nothing of the text is trusted to be well-formed. */

import type { ReadResult, Request } from '../1-read/result.ts'
import { InternalError } from '../ir/internal-error.ts'
import type { Field, FunctionNode } from '../ir/nodes.ts'
import { parse } from '../ir/parse.ts'
import { parseType } from '../ir/parse-type.ts'
import { Cursor } from '../ir/tokens.ts'
import { verify } from '../ir/verify.ts'
import type { LineOf } from '../pipeline.ts'
import { calledIn } from '../reached.ts'
import type { AskedText, ProgramText } from './program-text.ts'

export interface ReadProgram {
  readonly result: ReadResult
  readonly lineOf: LineOf
}

/** `file` is where diagnostics lead; `modules` says where the modules that were imported are now. Throws an InternalError for a text that says nothing. */
export function readProgram(text: ProgramText, file: string, modules: Readonly<Record<string, string>>): ReadProgram {
  const functions = functionsOf(text)
  const nested = new Map(text.derived.map(({ key, ...asked }) => [key, asked]))
  checkCalls(functions, nested, text.request)
  const isThere = (module: string): boolean => Object.hasOwn(modules, module) || !isRelative(module)
  // What cannot be imported is printed from the text, where it can be.
  const missing = new Set(text.imports.filter(({ module }) => !isThere(module)).map(({ local }) => local))
  const names = text.names.filter(({ name }) => !missing.has(name.split('.')[0]!)).map(({ key, name }) => [key, name] as const)
  const comments = new Map(text.comments.map((one) => [placeId(one.file, one.start, one.end), one.text]))
  const place = { file, start: 0, end: 0 }
  const request: Request = { ...text.request, site: place, captures: [], chain: [], chainTo: () => [] }
  return {
    lineOf: ({ origin }) => origin && comments.get(placeId(origin.file, origin.start, origin.end)),
    result: {
      requests: [request],
      program: { functions },
      nested,
      names: new Map(names),
      diagnostics: [],
      dependencies: [],
      wanted: [],
      unfollowed: [],
      imports: text.imports.map(({ local, exported, module, typeOnly }) => {
        const specifier = Object.hasOwn(modules, module) ? modules[module]! : module
        return { local, exported, specifier, file: '', typeOnly }
      }),
      clones: text.constants,
      lookups: [],
      stripped: [],
      withoutGradients: [],
    },
  }
}

/** A module beside the source, which is somewhere else or nowhere where the text is compiled. */
export const isRelative = (module: string): boolean => /^\.{0,2}\//.test(module)

const placeId = (file: string, start: number, end: number): string => [file, start, end].join(' ')

function functionsOf({ functions: texts, types }: ProgramText): ReadonlyMap<string, FunctionNode> {
  const fieldTexts = new Map(types.map(({ name, text }) => [name, text]))
  const known = new Map<string, readonly Field[]>()
  const fieldsOf = (name: string): readonly Field[] => {
    const there = known.get(name)
    if (there) return there
    const text = fieldTexts.get(name)
    if (text === undefined) throw new InternalError(`it does not say what the type ${name} is`)
    const type = parseType(new Cursor(text, fieldsOf))
    if (type.kind !== 'record') throw new InternalError(`the type ${name} is not that of an object`)
    known.set(name, type.fields)
    return type.fields
  }
  const functions = new Map(texts.map(({ key, text }) => [key, parse(text, fieldsOf)]))
  for (const fn of functions.values()) verify(fn, { functions })
  return functions
}

/** Every function that is called is there, and so are the arguments that are asked for. */
function checkCalls(functions: ReadonlyMap<string, FunctionNode>, nested: ReadonlyMap<string, AskedText>, request: AskedText): void {
  const baseOf = (key: string): string => key.replace(/:(?:forward|backward)$/, '')
  const check = (key: string): void => {
    if (!functions.has(key) && !nested.has(key) && !nested.has(baseOf(key))) throw new InternalError(`it has no function ${key}`)
  }
  for (const { name, body, reversed } of functions.values()) {
    calledIn(body).forEach(check)
    if (reversed?.by !== 'rule') continue
    const [forward, backward] = [functions.get(reversed.forward), functions.get(reversed.backward)]
    const kept = forward?.result.kind === 'record' ? forward.result.fields.length - 1 : -1
    if (kept < 0 || backward?.result.kind !== 'record' || backward.parameters.length !== kept + 1)
      throw new InternalError(`it has no rule for ${name}`)
  }
  for (const { function: key, wrt } of [request, ...nested.values()]) {
    check(key)
    const count = functions.get(key)?.parameters.length
    if (count !== undefined && wrt.some((index) => index >= count)) throw new InternalError(`${key} has no argument ${Math.max(...wrt)}`)
  }
}
