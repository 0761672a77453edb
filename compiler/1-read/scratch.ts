/**
 * Storage of a module that its functions use to put aside what they compute: `const _v = new Vector3()`, which each of them gives a new value before it reads
 * it. What one call leaves there is seen by none, so that it is as good as storage of the call's own.
 */

import ts from '#typescript'
import type { ClassFamily } from './class-family.ts'
import { bare, symbolAt, type Facts } from './facts.ts'
import { isJavaScript } from './commonjs.ts'
import { FirstUses, type Subject } from './first-use.ts'

export interface Scratch {
  /** What such storage is made by; nothing where a variable is none. */
  of(symbol: ts.Symbol): Storage | undefined
  /** Says that a variable is none. */
  exclude(symbol: ts.Symbol): void
}

export interface Storage {
  readonly initializer: ts.NewExpression
  /** Nothing is ever put there: `const _zero = new Vector3(0, 0, 0)` of a package. */
  readonly isConstant: boolean
}

export function createScratch(checker: ts.TypeChecker, classes: ClassFamily, facts: Facts): Scratch {
  const known = new Map<ts.Symbol, Storage | undefined>()
  const mentions = new Map<ts.SourceFile, ReadonlyMap<string, readonly ts.Identifier[]>>()
  const uses = new FirstUses(checker, classes)

  const mentionsIn = (file: ts.SourceFile, name: string): readonly ts.Identifier[] => {
    const found = mentions.get(file) ?? identifiersOf(file)
    mentions.set(file, found)
    return found.get(name) ?? []
  }

  const find = (symbol: ts.Symbol): Storage | undefined => {
    const declaration = symbol.valueDeclaration
    if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name) || !declaration.initializer)
      return undefined
    const file = declaration.getSourceFile()
    const made = bare(declaration.initializer)
    const statement = declaration.parent.parent
    if (!ts.isNewExpression(made) || !ts.isVariableStatement(statement) || statement.parent !== file || facts.isAssigned(symbol))
      return undefined
    if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return undefined
    if (!(made.arguments ?? []).every(isLiteral)) return undefined
    const of = classes.ofType(checker.getTypeAtLocation(made))
    const functions = new Set<ts.Node>()
    for (const node of mentionsIn(file, declaration.name.text)) {
      if (node === declaration.name || symbolAt(checker, node) !== symbol) continue
      const around = outermostFunction(node)
      if (!around) return undefined
      functions.add(around)
    }
    if (!of || functions.size === 0) return undefined
    const holds = (test: (body: ts.Node, subject: Subject) => boolean): boolean =>
      [...functions].every((one) => {
        const { body, parameters } = one as ts.FunctionLikeDeclaration
        const subject = (): Subject => ({ symbols: new Set([symbol]), self: false, of })
        return body !== undefined && !parameters.some((part) => uses.in(part, subject())) && test(body, subject())
      })
    if (holds((body, subject) => uses.in(body, subject) === 'written')) return { initializer: made, isConstant: false }
    const isConstant = isJavaScript(made) && holds((body, subject) => uses.isOnlyRead(body, subject))
    return isConstant ? { initializer: made, isConstant } : undefined
  }

  return {
    exclude: (symbol) => void known.set(symbol, undefined),
    of(symbol) {
      if (!known.has(symbol)) known.set(symbol, find(symbol))
      return known.get(symbol)
    },
  }
}

const isLiteral = (node: ts.Expression): boolean => {
  const value = bare(node)
  if (ts.isPrefixUnaryExpression(value)) return isLiteral(value.operand)
  return ts.isNumericLiteral(value) || ts.isStringLiteral(value) || /^(?:true|false|undefined|Infinity|NaN)$/.test(value.getText())
}

function identifiersOf(file: ts.SourceFile): ReadonlyMap<string, readonly ts.Identifier[]> {
  const found = new Map<string, ts.Identifier[]>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const list = found.get(node.text)
      if (list) list.push(node)
      else found.set(node.text, [node])
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The function of the top level, or of a class there, that a node stands in. */
function outermostFunction(node: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined
  for (let around = node.parent as ts.Node | undefined; around; around = around.parent) if (ts.isFunctionLike(around)) found = around
  return found
}
