/**
 * Variables of the module, and static fields, that a function assigns: counters, the state of a random generator. They are text: each read has the value
 * that the variable has then, and each assignment runs once, in its order. A value that is differentiated must not go there (`refuseUnknown`).
 */

import ts from '#typescript'
import type { Expression } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { VOID } from '../types.ts'
import { emit, lookup, nameOfFrame, refuse, temporary, type Context } from './context.ts'
import { nameFor } from './names.ts'
import { lowerOpaque } from './opaque.ts'
import { typeOfExpression } from './type-of.ts'

/** The text of such a variable, where that is what is assigned. */
export function outerVariable(c: Context, original: ts.Expression): string | undefined {
  const node = bare(original)
  const root = rootOf(node)
  const symbol = root && symbolAt(c.f.session.checker, root)
  if (!symbol || lookup(c.environment, symbol)) return undefined
  const declaration = symbol.valueDeclaration
  if (!declaration || ts.findAncestor(declaration.parent, ts.isFunctionLike)) return undefined
  const isStatic = ts.isPropertyAccessExpression(node) && ts.isClassDeclaration(declaration)
  const isLet =
    ts.isIdentifier(node) && ts.isVariableDeclaration(declaration) && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) === 0
  if (!isStatic && !isLet) return undefined
  const { parts } = lowerOpaque(c, node)
  if (!parts.every((part) => typeof part === 'string')) return undefined
  // What another module declares can be read by its name there, and not be assigned.
  if (isLet && declaration.getSourceFile() !== c.f.session.file)
    return refuse(c, node, 'CT2006', { function: nameOfFrame(c.frame), name: textOf(node), module: moduleOf(declaration) })
  return parts.join('')
}

/** What it holds now. */
export function readOuter(c: Context, text: string, node: ts.Expression): Expression {
  const read = lowerOpaque(c, bare(node))
  return temporary(c, nameFor(read), read.type, { ...read, effects: true })
}

/** Gives the value that was assigned. */
export function assignOuter(c: Context, text: string, value: Expression): Expression {
  const isAtom = value.kind === 'number' || value.kind === 'boolean' || value.kind === 'variable'
  const held = isAtom ? value : temporary(c, text.split('.').at(-1)!, typeOfExpression(c.f.variables, value), value)
  emit(c, { kind: 'effect', expression: { kind: 'opaque', parts: [`${text} = `, held], type: VOID, effects: true } })
  return held
}

const rootOf = (node: ts.Expression): ts.Identifier | undefined =>
  ts.isIdentifier(node) ? node : ts.isPropertyAccessExpression(node) ? rootOf(bare(node.expression)) : undefined

const moduleOf = (declaration: ts.Declaration): string => declaration.getSourceFile().fileName.split('/').at(-1) ?? 'another module'
