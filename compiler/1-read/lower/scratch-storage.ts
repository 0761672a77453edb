/**
 * `const _v = new Vector3()` at the top level of a module, which functions use to put aside what they compute. Where it is certain that a function reads of it
 * only what it has put there itself, it is an object of the function's own, made anew before anything else.
 */

import type ts from '#typescript'
import { variable } from '../../ir/build.ts'
import type { Expression, RecordType, Statement } from '../../ir/nodes.ts'
import { visitStatements } from '../../ir/walk.ts'
import { isJavaScript } from '../commonjs.ts'
import { fieldsThatChange } from '../classes.ts'
import type { RawStatement } from '../exits/raw.ts'
import { changedOrGiven, readBeforeWritten, shapeOf, type Shape } from '../written-first.ts'
import { captured, emit, freshName, nameOfFrame, refuse, type Context } from './context.ts'
import { construct } from './classes/construct.ts'
import { typeOfExpression } from './type-of.ts'

/** Thrown where storage of the program itself turns out to be state. It is what all such storage is, and the function is read again. */
export class NotScratch extends Error {
  readonly symbol: ts.Symbol

  constructor(symbol: ts.Symbol) {
    super('not scratch')
    this.symbol = symbol
  }
}

/** Such an object, and what makes it. */
export interface ScratchObject {
  readonly name: string
  readonly symbol: ts.Symbol
  readonly node: ts.Node
  readonly statements: readonly RawStatement[]
  readonly shape: Shape
  readonly isConstant: boolean
}

/** The variable that stands for it; nothing where the symbol is no such storage. */
export function scratchObject(c: Context, symbol: ts.Symbol | undefined, node: ts.Node): Expression | undefined {
  if (!symbol) return undefined
  const { f } = c
  const known = f.scratch.get(symbol)
  if (known) return variable(known.name)
  const made = f.session.scratch.of(symbol)
  if (!made) return undefined
  const outside: Context = { ...c, environment: { parent: undefined, bindings: new Map() } }
  let name: string | undefined
  let shape: Shape | undefined
  const statements = captured(c, () => {
    const value = construct(outside, made.initializer)
    if (!value) return
    const values = valuesOf(f.out)
    name = freshName(f, symbol.name.replace(/[^\w$]/g, '_'), typeOfExpression(f.variables, value))
    shape = shapeOf(
      symbol.name,
      value,
      (other) => values.get(other),
      (type, field) => isFixed(c, type, field),
    )
    emit(c, { kind: 'declare', name, value })
  })
  if (name === undefined || !shape) return undefined
  f.scratch.set(symbol, { name, symbol, node, statements, shape, isConstant: made.isConstant })
  return variable(name)
}

/** What variables are given, that are given something once. */
function valuesOf(list: readonly RawStatement[]): ReadonlyMap<string, Expression> {
  const values = new Map<string, Expression[]>()
  for (const statement of list) {
    const name =
      statement.kind === 'declare'
        ? statement.name
        : statement.kind === 'assign' && statement.target.kind === 'variable'
          ? statement.target.name
          : undefined
    const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
    if (name !== undefined && value) values.set(name, [...(values.get(name) ?? []), value])
  }
  return new Map([...values].flatMap(([name, given]) => (given.length === 1 ? [[name, given[0]!] as const] : [])))
}

/** A field that says what the object is: only its constructor gives it a value. */
function isFixed({ f }: Context, type: RecordType, field: string): boolean {
  const declaration = type.class && f.session.classes.named(type.class.name)
  const read = type.fields.find(({ name }) => name === field)
  return declaration !== undefined && read?.type.kind === 'boolean' && !fieldsThatChange(f.session.classes, declaration).has(field)
}

/** Refuses what keeps something there from one call to the next, or gives it away. */
export function settleScratch(c: Context, body: readonly Statement[]): void {
  const { f } = c
  const { session } = f
  const own = new Set(f.scratch.keys())
  const within = new Set<ts.Symbol>()
  visitStatements(body, (statement) => {
    if (statement.kind !== 'call') return
    // A function that is being read calls this one.
    for (const symbol of session.scratchOf.get(statement.callee) ?? own) within.add(symbol)
  })
  session.scratchOf.set(f.key, new Set([...own, ...within]))
  for (const { symbol, node, name, shape, isConstant } of f.scratch.values()) {
    const found = (isConstant ? changedOrGiven : readBeforeWritten)(body, new Map([[name, shape]]))
    const reason = within.has(symbol) && !isConstant ? 'a function that calls itself uses it too' : found?.reason
    if (reason !== undefined && !isJavaScript(node)) throw new NotScratch(symbol)
    if (reason !== undefined)
      refuse(c, node, 'CT2042', {
        function: nameOfFrame(c.frame),
        name: symbol.name,
        module: node.getSourceFile().fileName.split('/').at(-1)!,
        reason,
      })
  }
}
