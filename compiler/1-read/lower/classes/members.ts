/** Members of classes: what `object.name` means where `name` belongs to a class of the program. */

import ts from '#typescript'
import { variable } from '../../../ir/build.ts'
import type { Assign, Expression, Type } from '../../../ir/nodes.ts'
import { fieldName, isStatic } from '../../classes.ts'
import { isJavaScript } from '../../commonjs.ts'
import { bare, symbolAt } from '../../facts.ts'
import { textOf } from '../../session.ts'
import { evaluateArguments, given, type Given } from '../arguments.ts'
import { isNamespace } from '../../builtin.ts'
import { staticAsExpression } from '../call.ts'
import { chained, freshName, lookup, nameOfFrame, refuse, temporary, type Binding, type Context } from '../context.ts'
import { lowerExpression } from '../expression.ts'
import { inlineCall, type Site } from '../inline.ts'
import { mayChange } from '../interference.ts'
import { nameFor } from '../names.ts'
import type { ConstructionValue } from '../static-value.ts'
import { typeIn } from '../type-in.ts'
import { typeOfExpression } from '../type-of.ts'
import { constructedField, constructedPlace } from './construct.ts'
import { classesOf, dispatch } from './dispatch.ts'
import { expectOwnMethod } from './replaced.ts'
import { classAround, selfClassOf, selfOf } from './self.ts'

type Member = ts.MethodDeclaration | ts.GetAccessorDeclaration | ts.SetAccessorDeclaration

/** `object.method(...)`, where the method's source is known. */
export function lowerMethodCall(c: Context, node: ts.CallExpression): Binding | undefined {
  const callee = bare(node.expression)
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken || node.questionDotToken) return undefined
  const inside: Context = { ...c, chain: chained(c, node, textOf(node.expression)) }
  const several = ofSeveral(inside, callee)
  if (several) {
    const position = c.f.out.length
    const args = evaluateArguments(inside, node.arguments)
    const self = kept(c, several, position)
    const site: Site = { node, returned: typeIn(c, node) }
    const result = callOneOf(inside, site, self, callee.name.text, ts.isMethodDeclaration, args)
    return result ?? refuse(c, callee, 'CT2004', { name: textOf(callee), type: textOf(callee.expression) })
  }
  const method = memberCalled(c, callee, ts.isMethodDeclaration)
  if (!method) return undefined
  const self = receiverOf(c, callee, method)
  const position = c.f.out.length
  const args = evaluateArguments(inside, node.arguments)
  return callMember(inside, { node, returned: typeIn(c, node) }, method, kept(c, self, position), args)
}

/** The object, where it may be an instance of several classes. */
function ofSeveral(c: Context, callee: ts.PropertyAccessExpression): (Binding & { kind: 'expression' }) | undefined {
  const target = bare(callee.expression)
  if (target.kind === ts.SyntaxKind.SuperKeyword) return undefined
  if (target.kind === ts.SyntaxKind.ThisKeyword) {
    const self = selfOf(c.environment)
    const isOpen = self?.kind === 'expression' && !selfClassOf(c.environment) && classesOf(c, self).length > 0
    return isOpen ? self : undefined
  }
  const bound = ts.isIdentifier(target) ? symbolAt(c.f.session.checker, target) : undefined
  const binding = bound && lookup(c.environment, bound)
  const isOpen = binding ? classesOf(c, binding).length > 0 : !isNamespace(c.f.session, target) && isOfSeveral(typeIn(c, target))
  if (!isOpen) return undefined
  const value = lowerExpression(c, target)
  const of = typeOfExpression(c.f.variables, value)
  // What is known of the value itself may be more: that it was just made, say.
  if (of.kind !== 'record' || !of.classes) return undefined
  return { kind: 'expression', expression: value.kind === 'variable' ? value : temporary(c, 'object', of, value) }
}

const isOfSeveral = (type: Type): boolean => type.kind === 'record' && (type.classes ?? []).length > 0

function callOneOf(
  c: Context,
  site: Site,
  self: Binding,
  name: string,
  isWanted: (node: ts.Node) => node is ts.MethodDeclaration | ts.GetAccessorDeclaration,
  args: Given,
): Binding | undefined {
  if (self.kind === 'static') return undefined
  return dispatch(c, site, self.expression, name, (declaration) => {
    const member = inherited(c, declaration, name, isWanted)
    return (
      member && inlineCall(c, site, { kind: 'function', declaration: member, environment: undefined, self, selfClass: declaration }, args)
    )
  })
}

/** `object.name` where that runs a getter, or reads a field of an instance under construction. */
export function lowerMember(c: Context, node: ts.PropertyAccessExpression): Expression | undefined {
  const construction = constructionAt(c, node.expression)
  const isGetter = symbolAt(c.f.session.checker, node.name)?.declarations?.some(ts.isGetAccessorDeclaration) === true
  const several = isGetter && !node.questionDotToken ? ofSeveral(c, node) : undefined
  const chosen = several && callOneOf(c, { node, returned: typeIn(c, node) }, several, node.name.text, ts.isGetAccessorDeclaration, given())
  if (chosen) return chosen.kind === 'expression' ? chosen.expression : staticAsExpression(c, node, chosen.value)
  const getter = memberCalled(c, node, ts.isGetAccessorDeclaration)
  if (!getter) return construction && constructedField(c, node, construction, node.name.text)
  if (node.questionDotToken) return undefined
  const self = receiverOf(c, node, getter)
  const value = callMember({ ...c, chain: chained(c, node, textOf(node)) }, { node, returned: typeIn(c, node) }, getter, self, given())
  return value.kind === 'expression' ? value.expression : staticAsExpression(c, node, value.value)
}

/** A field of an instance under construction, as a place. */
export function memberPlace(c: Context, node: ts.PropertyAccessExpression): Assign['target'] | undefined {
  const construction = constructionAt(c, node.expression)
  return construction && !setterOf(c, node) ? constructedPlace(c, construction, node.name.text) : undefined
}

export const setterOf = (c: Context, node: ts.Expression): ts.SetAccessorDeclaration | undefined => {
  const place = bare(node)
  return ts.isPropertyAccessExpression(place) ? memberCalled(c, place, ts.isSetAccessorDeclaration) : undefined
}

/** `object.name = value` where that runs a setter. */
export function lowerSetter(
  c: Context,
  target: ts.PropertyAccessExpression,
  setter: ts.SetAccessorDeclaration,
  value: (c: Context) => Expression,
): Expression {
  const self = receiverOf(c, target, setter)
  const position = c.f.out.length
  const lowered = value(c)
  const held =
    lowered.kind === 'variable' || lowered.kind === 'number'
      ? lowered
      : temporary(c, target.name.text, typeOfExpression(c.f.variables, lowered), lowered)
  callMember(
    { ...c, chain: chained(c, target, textOf(target)) },
    { node: target, returned: { kind: 'void' } },
    setter,
    kept(c, self, position),
    given(held),
  )
  return held
}

/** The construction that `this` stands for. */
export function constructionAt(c: Context, node: ts.Expression): ConstructionValue | undefined {
  if (bare(node).kind !== ts.SyntaxKind.ThisKeyword) return undefined
  const self = selfOf(c.environment)
  return self?.kind === 'static' && self.value.kind === 'construction' ? self.value : undefined
}

/** The member that a name means, in the class of the object that it is read of. */
function memberCalled<T extends Member>(
  c: Context,
  node: ts.PropertyAccessExpression,
  isWanted: (node: ts.Node) => node is T,
): T | undefined {
  const { classes } = c.f.session
  const symbol = symbolAt(c.f.session.checker, node.name)
  const owner = ownerOf(c, node, symbol)
  if (!owner) return undefined
  const name = symbol ? fieldName(symbol) : node.name.text
  if (owner.isStatic) return inherited(c, owner.declaration, name, isWanted, true)
  const exact = node.expression.kind === ts.SyntaxKind.SuperKeyword ? undefined : exactClass(c, node)
  if (exact) return inherited(c, exact, name, isWanted)
  const declared = inherited(c, owner.declaration, name, isWanted)
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return declared
  const others = classes.below(owner.declaration).filter((one) => ownMember(one, name, isWanted))
  if (others.length > 0)
    return refuse(c, node, 'CT3006', {
      text: textOf(node),
      classes: [owner.declaration, ...others].map((one) => one.name?.text ?? 'a class').join('`, `'),
    })
  return declared
}

interface Owner {
  readonly declaration: ts.ClassLikeDeclaration
  /** What is asked is the class itself. */
  readonly isStatic: boolean
}

/** The class that declares what a name means; in JavaScript, the class of the object, of which the type checker may know nothing. */
function ownerOf(c: Context, node: ts.PropertyAccessExpression, symbol: ts.Symbol | undefined): Owner | undefined {
  const { classes } = c.f.session
  const [member] = symbol?.declarations ?? []
  const around = symbol?.declarations?.map((one) => one.parent).find(ts.isClassLike)
  if (member && around) {
    const declaration = around.name ? classes.ofSymbol(symbolAt(c.f.session.checker, around.name)) : around
    return declaration && { declaration, isStatic: isStatic(member) }
  }
  if (!isJavaScript(node)) return undefined
  const target = bare(node.expression)
  const self = target.kind === ts.SyntaxKind.ThisKeyword ? selfOf(c.environment) : undefined
  if (self?.kind === 'static' && self.value.kind === 'class') return { declaration: self.value.declaration, isStatic: true }
  const type = self?.kind === 'static' && self.value.kind === 'construction' ? self.value.type : typeIn(c, target)
  const declaration = type.kind === 'record' && type.class ? classes.named(type.class.name) : undefined
  return declaration && { declaration, isStatic: false }
}

/** The class of an object, where that is known for certain: nothing extends it, or it is being made. */
function exactClass(c: Context, node: ts.PropertyAccessExpression): ts.ClassLikeDeclaration | undefined {
  const { checker, classes } = c.f.session
  const isThis = bare(node.expression).kind === ts.SyntaxKind.ThisKeyword
  const asked = isThis ? selfClassOf(c.environment) : undefined
  if (asked) return asked
  const bound = bare(node.expression)
  const symbol = ts.isIdentifier(bound) ? symbolAt(checker, bound) : undefined
  const self = isThis ? selfOf(c.environment) : symbol && lookup(c.environment, symbol)
  const type =
    self?.kind === 'expression'
      ? typeOfExpression(c.f.variables, self.expression)
      : self?.value.kind === 'construction'
        ? self.value.type
        : isJavaScript(node)
          ? typeIn(c, node.expression)
          : undefined
  const named = type?.kind === 'record' ? type.class?.name : undefined
  const declaration = named === undefined ? classes.ofSymbol(checker.getTypeAtLocation(node.expression).symbol) : classes.named(named)
  return declaration && classes.below(declaration).length === 0 ? declaration : undefined
}

function inherited<T extends Member>(
  c: Context,
  from: ts.ClassLikeDeclaration,
  name: string,
  isWanted: (node: ts.Node) => node is T,
  ofClass = false,
): T | undefined {
  for (let one: ts.ClassLikeDeclaration | undefined = from; one; one = c.f.session.classes.baseOf(one)) {
    const own = ownMember(one, name, isWanted, ofClass)
    if (own) return own
  }
  return undefined
}

const ownMember = <T extends Member>(
  declaration: ts.ClassLikeDeclaration,
  name: string,
  isWanted: (node: ts.Node) => node is T,
  ofClass = false,
): T | undefined =>
  declaration.members.filter(isWanted).find((member) => isStatic(member) === ofClass && member.name.getText() === name && member.body)

/** What `this` will be. */
function receiverOf(c: Context, node: ts.PropertyAccessExpression, member: Member): Binding {
  const target = bare(node.expression)
  const isOwn = target.kind === ts.SyntaxKind.SuperKeyword || target.kind === ts.SyntaxKind.ThisKeyword
  const around = isOwn ? selfOf(c.environment) : undefined
  if (around) return around
  if (isOwn) return refuse(c, node, 'CT1013', { function: nameOfFrame(c.frame) })
  if (isStatic(member)) return { kind: 'static', value: { kind: 'class', declaration: classAround(member)! } }
  const value = lowerExpression(c, target)
  return {
    kind: 'expression',
    expression: value.kind === 'variable' ? value : temporary(c, instanceName(c, target), typeOfExpression(c.f.variables, value), value),
  }
}

function instanceName(c: Context, node: ts.Expression): string {
  const type = typeIn(c, node)
  const name = type.kind === 'record' ? type.class?.name.replace(/\W.*$/, '') : undefined
  return name === undefined ? 'self' : name[0]!.toLowerCase() + name.slice(1)
}

/** What a method is called on is evaluated before its arguments. */
function kept(c: Context, self: Binding, position: number): Binding {
  if (self.kind === 'static' || !mayChange(c.f.out.slice(position), self.expression)) return self
  const { expression } = self
  const name = freshName(c.f, nameFor(expression), typeOfExpression(c.f.variables, expression))
  c.f.out.splice(position, 0, { kind: 'declare', name, value: expression, ...(c.f.origin && { origin: c.f.origin }) })
  return { kind: 'expression', expression: variable(name) }
}

function callMember(c: Context, site: Site, member: Member, self: Binding, args: Given): Binding {
  // A function that is passed may assign the variable that the object was found by; the method itself does not see it.
  const mayAssign = args.list.some(({ kind }) => kind === 'static')
  const isFixed = self.kind === 'static' || !mayAssign || (self.expression.kind === 'variable' && !c.f.assigned.has(self.expression.name))
  const held: Binding = isFixed
    ? self
    : { kind: 'expression', expression: temporary(c, 'self', typeOfExpression(c.f.variables, self.expression), self.expression) }
  if (held.kind === 'expression' && ts.isMethodDeclaration(member)) expectOwnMethod(c, held.expression, member)
  return inlineCall(c, site, { kind: 'function', declaration: member, environment: undefined, self: held }, args)
}
