/** Whether parsed JSON has the shape of a graph, as far as compiling it looks. What is wrong is said by the path to it. */

import type { OperatorName } from '../1-read/result.ts'
import { GRAPH_FORMAT, GRAPH_VERSION, type ProgramGraph } from './program-graph.ts'

type Compilable = Pick<ProgramGraph, 'file' | 'function' | 'operator' | 'program' | 'whyNot'>

/** A text says what is wrong. */
export function checkShape(value: unknown): Compilable | string {
  if (!isObject(value) || value.format !== GRAPH_FORMAT) return `it does not say that it is a ${GRAPH_FORMAT}`
  const { version } = value
  if (version !== GRAPH_VERSION) {
    const own = version === undefined ? 'no version' : `version ${JSON.stringify(version)}`
    return `it has ${own} of the format, and this release reads version ${String(GRAPH_VERSION)}`
  }
  const problem = graph(value, 'the graph')
  return problem ?? (value as unknown as Compilable)
}

/** What is wrong with a value, or nothing. */
type Check = (value: unknown, path: string) => string | undefined

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const that =
  (test: (value: unknown) => boolean, what: string): Check =>
  (value, path) =>
    test(value) ? undefined : `${path} is not ${what}`

const text = that((value) => typeof value === 'string', 'a text')
/** Names are printed as they are. */
const name = that((value) => typeof value === 'string' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(value), 'a name')
const path = that((value) => typeof value === 'string' && /^[\p{ID_Start}$_][\p{ID_Continue}$.]*$/u.test(value), 'a name')
const specifier = that((value) => typeof value === 'string' && /^[^'"`\\\n\r]+$/.test(value), 'the name of a module')
const truth = that((value) => typeof value === 'boolean', 'true or false')
const count = that((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0, 'a count')

const list =
  (check: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return `${at} is not a list`
    for (const [i, one] of value.entries()) {
      const problem = check(one, `${at}[${String(i)}]`)
      if (problem !== undefined) return problem
    }
    return undefined
  }

const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (!isObject(value)) return `${at} is not an object`
    for (const [key, check] of Object.entries(fields)) {
      const problem = check(Object.hasOwn(value, key) ? value[key] : undefined, at === 'the graph' ? key : `${at}.${key}`)
      if (problem !== undefined) return problem
    }
    return undefined
  }

const or =
  (missing: null | undefined, check: Check): Check =>
  (value, at) =>
    value === missing ? undefined : check(value, at)

const operators: readonly OperatorName[] = ['grad', 'valueAndGrad', 'vjp', 'jvp', 'hvp', 'hessian', 'jacobian']
const operator = that((value) => (operators as readonly unknown[]).includes(value), 'an operator')
const mode = that((value) => value === 'forward' || value === 'reverse', 'a mode')

const asked = {
  operator,
  function: text,
  wrt: list(count),
  wrtIsList: truth,
  hasAux: truth,
  mode: or(undefined, mode),
  uses: object({ direct: truth, into: truth }),
}

const program = object({
  request: object(asked),
  functions: list(object({ key: text, text })),
  types: list(object({ name, text })),
  derived: list(object({ key: text, ...asked })),
  names: list(object({ key: text, name: path })),
  imports: list(object({ local: name, exported: name, module: specifier, typeOnly: truth })),
  constants: list(object({ name, text })),
  comments: list(object({ file: text, start: count, end: count, text })),
  savesGraphs: truth,
})

const graph = object({ file: text, function: text, operator, program: or(null, program), whyNot: list(text) })
