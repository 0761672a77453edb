/**
 * Methods that an object may have of its own instead of those of its class: `this._onChangeCallback = callback` in JavaScript. The method of the class is
 * followed; an object that comes from outside and has another ends the function before that is called. One that the function makes itself has none.
 */

import ts from '#typescript'
import type { Expression, Statement, Variable } from '../../../ir/nodes.ts'
import { visitStatements } from '../../../ir/walk.ts'
import { isJavaScript } from '../../commonjs.ts'
import { captured, emit, throwError, type Context } from '../context.ts'

/** Before a method is called. */
export function expectOwnMethod(c: Context, self: Expression, member: ts.MethodDeclaration): void {
  const name = member.name.getText()
  if (!isJavaScript(member) || !isAssigned(member.getSourceFile(), name)) return
  const parts = ['Object.hasOwn(', self, `, ${JSON.stringify(name)})`]
  const test: Expression = { kind: 'opaque', parts, type: { kind: 'boolean' }, effects: false }
  const then = captured(c, () => throwError(c, `an object whose \`${name}\` is not that of its class`))
  if (self.kind === 'variable') c.f.ownMethodTests.set(test, self)
  emit(c, { kind: 'if', test, then, else: [] })
}

const assignedIn = new WeakMap<ts.SourceFile, Map<string, boolean>>()

/** Whether the file says `object.name = value` anywhere. */
function isAssigned(file: ts.SourceFile, name: string): boolean {
  const known = assignedIn.get(file) ?? new Map<string, boolean>()
  assignedIn.set(file, known)
  const found = known.get(name) ?? new RegExp(`\\.${name.replace(/\W/g, '\\$&')}\\s*=[^=]`).test(file.text)
  known.set(name, found)
  return found
}

/** Without the tests of objects that the function has made. */
export function withoutNeedlessTests(list: readonly Statement[], tests: ReadonlyMap<Expression, Variable>): readonly Statement[] {
  if (tests.size === 0) return list
  const made = madeHere(list)
  const without = (block: readonly Statement[]): readonly Statement[] =>
    block.flatMap((statement): readonly Statement[] => {
      if (statement.kind === 'loop') return [{ ...statement, body: without(statement.body) }]
      if (statement.kind !== 'if') return [statement]
      const about = tests.get(statement.test)
      if (about && made.has(about.name)) return without(statement.else)
      return [{ ...statement, then: without(statement.then), else: without(statement.else) }]
    })
  return without(list)
}

/** Variables that hold nothing but objects that the function makes. */
function madeHere(list: readonly Statement[]): ReadonlySet<string> {
  const given = new Map<string, Expression[]>()
  visitStatements(list, (statement) => {
    const isNamed = statement.kind === 'declare' || (statement.kind === 'assign' && statement.target.kind === 'variable')
    if (!isNamed || !statement.value) return
    const name = statement.kind === 'declare' ? statement.name : (statement.target as Variable).name
    given.set(name, [...(given.get(name) ?? []), statement.value])
  })
  const made = new Set<string>()
  for (let before = -1; before < made.size;) {
    before = made.size
    for (const [name, values] of given)
      if (values.every((value) => value.kind === 'record' || (value.kind === 'variable' && made.has(value.name)))) made.add(name)
  }
  return made
}
