/**
 * Calls of functions of packages. Most of what packages do has nothing to do with derivatives, and need not be in the language that is followed: such a call
 * stays as it is, a call of an unknown function, which is refused later where something that is differentiated goes into it. What kept its source from
 * being followed is said then.
 */

import ts from '#typescript'
import { createDiagnostic } from '../../diagnostics/report.ts'
import { isJavaScript } from '../commonjs.ts'
import { placeOf, Refused, textOf } from '../session.ts'
import { nameOfFrame, refuse, throwError, type Binding, type Context } from './context.ts'

/** `lower`, where the call is no such call, or can be followed; otherwise nothing, as if nothing had been tried. */
export function ofPackage(c: Context, node: ts.CallExpression, lower: () => Binding | undefined): Binding | undefined {
  const { session } = c.f
  if (session.unfollowed.has(node)) return undefined
  if (!session.packages.symbolOf(node.expression)) {
    const obstacle = session.packages.obstacleTo(node.expression)
    if (obstacle) session.unfollowed.set(node, [createDiagnostic(obstacle.code, placeOf(node), obstacle.details, c.chain)])
    return lower()
  }
  const restore = remember(c)
  const { result, isRefused } = attempt(c, lower)
  if (isRefused) {
    session.unfollowed.set(node, restore())
    return undefined
  }
  if (!result) {
    const details = session.packages.named(node.expression)
    session.unfollowed.set(node, [createDiagnostic('CT3012', placeOf(node), details, c.chain)])
  }
  return result
}

/**
 * A call for what it does, on a way that is seldom taken: `default: warn('an unknown order')`. What it does may be of no concern to derivatives, and out of
 * reach of their file. Where it cannot be followed, a derivative that comes there ends.
 */
export function followedOrThrown(c: Context, node: ts.Expression, lower: () => void): void {
  if (!isSeldomCall(c, node)) return lower()
  const restore = remember(c)
  const { isRefused } = attempt(c, () => {
    lower()
    return undefined
  })
  if (!isRefused) return
  restore()
  throwError(c, `\`${node.expression.getText()}\` is called here, which a derivative can not do`)
}

/** Of a function of the same file, within a branch, with nothing but a text to say. */
function isSeldomCall({ f }: Context, node: ts.Expression): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || !isJavaScript(node)) return false
  const isText = (argument: ts.Expression): boolean =>
    argument.kind === ts.SyntaxKind.ThisKeyword || (f.session.checker.getTypeAtLocation(argument).flags & ts.TypeFlags.StringLike) !== 0
  if (!node.arguments.every(isText)) return false
  const around = ts.findAncestor(node, (one) => ts.isFunctionLike(one) || ts.isIfStatement(one) || ts.isCaseOrDefaultClause(one))
  return around !== undefined && !ts.isFunctionLike(around)
}

/** What a module keeps to itself. If it is called, what kept the call from being followed says more than that. */
export function outOfReach(c: Context, name: ts.Identifier | ts.PropertyAccessExpression, module: string): never {
  const { f } = c
  const reasons = ts.isCallExpression(name.parent) && name.parent.expression === name ? (f.session.unfollowed.get(name.parent) ?? []) : []
  const [first] = reasons
  if (!first) return refuse(c, name, 'CT2006', { function: nameOfFrame(c.frame), name: textOf(name), module })
  f.failed = true
  f.session.diagnostics.push(...reasons)
  throw new Refused(first.code)
}

/** What can be followed in this way; otherwise nothing, as if nothing had been tried. */
export function tried(c: Context, lower: () => Binding | undefined): Binding | undefined {
  const restore = remember(c)
  const { result, isRefused } = attempt(c, lower)
  if (!isRefused && result) return result
  restore()
  return undefined
}

interface Attempt {
  readonly result: Binding | undefined
  readonly isRefused: boolean
}

/** One refused statement is enough, also where reading went on after it. */
function attempt({ f }: Context, lower: () => Binding | undefined): Attempt {
  const before = f.failed
  f.failed = false
  try {
    const result = lower()
    return { result, isRefused: f.failed }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { result: undefined, isRefused: true }
  } finally {
    f.failed = before
  }
}

/** Gives what takes back everything that was written meanwhile, and gives what was reported. */
function remember({ f }: Context): () => ReturnType<typeof f.session.diagnostics.splice> {
  const { session, out } = f
  const [written, statements] = [f.written, out.length]
  const [reported, parameters, hadJavaScript] = [session.diagnostics.length, f.parameters.length, f.hasJavaScript]
  const names = new Set(Object.keys(f.variables))
  const scratch = new Set(f.scratch.keys())
  const granted = new Set(f.granted.keys())
  return () => {
    for (const text of f.granted.keys()) if (!granted.has(text)) f.granted.delete(text)
    for (const symbol of f.scratch.keys()) if (!scratch.has(symbol)) f.scratch.delete(symbol)
    f.written = written
    f.out = out
    out.length = statements
    f.parameters.length = parameters
    f.hasJavaScript = hadJavaScript
    for (const name of Object.keys(f.variables)) {
      if (names.has(name)) continue
      Reflect.deleteProperty(f.variables, name)
      f.assigned.delete(name)
      f.made.delete(name)
    }
    return session.diagnostics.splice(reported)
  }
}
