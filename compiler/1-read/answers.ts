/**
 * What the type checker said. It looks for most of it anew each time that it is asked: a name is looked for through all scopes around it, a type by a walk over
 * the expression. A checker belongs to one program, whose nodes never change, so that it would say the same again; an edit makes a new program, with a new one.
 */

import ts from '#typescript'

interface Answers {
  readonly symbols: Map<ts.Node, ts.Symbol | undefined>
  readonly types: Map<ts.Node, ts.Type>
  readonly texts: Map<ts.Type, string>
}

const byChecker = new WeakMap<ts.TypeChecker, Answers>()

function answersOf(checker: ts.TypeChecker): Answers {
  const known = byChecker.get(checker)
  if (known) return known
  const made: Answers = { symbols: new Map(), types: new Map(), texts: new Map() }
  byChecker.set(checker, made)
  return made
}

export function symbolOfNode(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const { symbols } = answersOf(checker)
  const known = symbols.get(node)
  if (known || symbols.has(node)) return known
  const found = checker.getSymbolAtLocation(node)
  symbols.set(node, found)
  return found
}

/** The type checker's type: of the IR's, see `typeOfNode`. */
export function checkedType(checker: ts.TypeChecker, node: ts.Node): ts.Type {
  const { types } = answersOf(checker)
  const known = types.get(node)
  if (known) return known
  const found = checker.getTypeAtLocation(node)
  types.set(node, found)
  return found
}

const whole = ts.TypeFormatFlags.NoTruncation
const expanded = (ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias) as ts.TypeFormatFlags

/** A type as TypeScript. Of a few texts, what they are says more than what they are called together: that there are no numbers in them. */
export function textOfType(checker: ts.TypeChecker, type: ts.Type): string {
  const { texts } = answersOf(checker)
  const known = texts.get(type)
  if (known !== undefined) return known
  const isOfTexts = type.isUnion() && type.types.every((part) => part.isStringLiteral())
  const text = checker.typeToString(type, undefined, isOfTexts ? expanded : whole)
  texts.set(type, text)
  return text
}
