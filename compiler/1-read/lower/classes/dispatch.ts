/**
 * A method of an object that may be an instance of several classes of the program: a branch for each class, with its own method in it. An instance of
 * any other class ends the function: which method it has is not known.
 */

import ts from '#typescript'
import { variable } from '../../../ir/build.ts'
import { classTest } from '../../../ir/class-test.ts'
import type { Expression, RecordType } from '../../../ir/nodes.ts'
import { opaqueType } from '../../types.ts'
import { staticAsExpression } from '../call.ts'
import { assignTo, captured, emit, freshName, type Binding, type Context } from '../context.ts'
import { VOID_VALUE, type Site } from '../inline.ts'
import { typeOfExpression } from '../type-of.ts'

/** The classes of which an object may be an instance, when there are several. */
export const classesOf = (c: Context, self: Binding): readonly string[] => {
  const type = self.kind === 'expression' ? typeOfExpression(c.f.variables, self.expression) : undefined
  return type?.kind === 'record' ? (type.classes ?? []) : []
}

/** `call` runs the method of one class; nothing where that class has none. */
export function dispatch(
  c: Context,
  site: Site,
  self: Expression,
  name: string,
  call: (declaration: ts.ClassLikeDeclaration) => Binding | undefined,
): Binding | undefined {
  const type = typeOfExpression(c.f.variables, self) as RecordType
  const kinds = (type.classes ?? []).map((kind) => ({ kind, declaration: c.f.session.classes.named(kind) }))
  let result: string | undefined
  const without: string[] = []
  const branches = kinds.map(({ kind, declaration }) => {
    const statements = captured(c, () => {
      const made = declaration && call(declaration)
      if (!made) return void without.push(kind)
      if (made === VOID_VALUE) return undefined
      const value = made.kind === 'static' ? staticAsExpression(c, site.node, made.value) : made.expression
      const of = typeOfExpression(c.f.variables, value)
      if (of.kind === 'void') return undefined
      result ??= freshName(c.f, 'value', site.returned.kind === 'opaque' ? of : site.returned)
      return assignTo(c, variable(result), value)
    })
    return { kind: kind.replace(/<.*$/, ''), statements }
  })
  if (without.length > 0) return undefined
  for (const { kind } of branches) c.f.mentioned.add(kind)
  if (result !== undefined) emit(c, { kind: 'declare', name: result })
  emitChain(c, self, branches, name)
  return result === undefined ? VOID_VALUE : { kind: 'expression', expression: variable(result) }
}

type Branch = { readonly kind: string; readonly statements: ReturnType<typeof captured> }

function emitChain(c: Context, self: Expression, [first, ...others]: readonly Branch[], name: string): void {
  if (!first) {
    const parts = [`new TypeError('a class whose \`${name}\` is not known')`]
    return emit(c, { kind: 'throw', value: { kind: 'opaque', parts, type: opaqueType('TypeError'), effects: false } })
  }
  emit(c, {
    kind: 'if',
    test: classTest(self, first.kind),
    then: first.statements,
    else: captured(c, () => emitChain(c, self, others, name)),
  })
}
