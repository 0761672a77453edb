/** What `this` is, and the class around it. */

import ts from '#typescript'
import type { Expression } from '../../../ir/nodes.ts'
import { refuse, nameOfFrame, type Binding, type Context, type Environment } from '../context.ts'

/** `this` where it stands; nothing where it is nothing that can be followed. */
export function selfOf(environment: Environment | undefined): Binding | undefined {
  for (let scope = environment; scope; scope = scope.parent) if (scope.self) return scope.self
  return undefined
}

/** The class of `this`, where that was asked before its method was called. */
export function selfClassOf(environment: Environment | undefined): ts.ClassLikeDeclaration | undefined {
  for (let scope = environment; scope; scope = scope.parent) if (scope.self) return scope.selfClass
  return undefined
}

/** `this` as a value: an instance that is whole. */
export function lowerThis(c: Context, node: ts.Node): Expression {
  const self = selfOf(c.environment)
  if (self?.kind === 'expression') return self.expression
  if (self?.value.kind === 'construction')
    return refuse(c, node, 'CT1009', { feature: '`this` as a value before the constructor is done', function: nameOfFrame(c.frame) })
  return refuse(c, node, 'CT1013', { function: nameOfFrame(c.frame) })
}

/** The class in whose source a node stands. */
export const classAround = (node: ts.Node): ts.ClassLikeDeclaration | undefined => ts.findAncestor(node, ts.isClassLike)
