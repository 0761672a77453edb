/** `new C(...)`: the constructor's body in its place, with the fields as variables, and a record of them at its end. */

import ts from '#typescript'
import { variable } from '../../../ir/build.ts'
import { mayBeUndefined, missing } from '../../../ir/missing.ts'
import type { Expression, RecordType, Type, Variable } from '../../../ir/nodes.ts'
import { constructorOf, declaresField, extendedBy, fieldsThatChange, isStatic, parameterSymbol } from '../../classes.ts'
import { isJavaScript } from '../../commonjs.ts'
import { bare, symbolAt } from '../../facts.ts'
import { textOf } from '../../session.ts'
import { instanceType, opaqueType, VOID } from '../../types.ts'
import { evaluateArguments, type Given } from '../arguments.ts'
import { staticAsExpression } from '../call.ts'
import {
  chained,
  emit,
  freshName,
  lookup,
  functionName,
  nameOfFrame,
  refuse,
  type Binding,
  type Context,
  type Environment,
} from '../context.ts'
import { inlineBody } from '../inline.ts'
import { bindParameters, parametersOf } from '../parameters.ts'
import { valueOf } from '../static.ts'
import type { ConstructionValue } from '../static-value.ts'
import { typeIn } from '../type-in.ts'
import { typeOfExpression } from '../type-of.ts'
import { literalOf } from './function-field.ts'
import { classAround, selfOf } from './self.ts'

/** A new instance of a class of the program; nothing for any other. */
export function construct(c: Context, node: ts.NewExpression): Expression | undefined {
  const declaration = classNamed(c, node)
  // Without declarations, a class of JavaScript is nothing to TypeScript.
  const isUntyped = declaration !== undefined && (isJavaScript(node) || (isJavaScript(declaration) && typeIn(c, node).kind === 'opaque'))
  const made = isUntyped ? typeOfInstance(c, declaration) : undefined
  const read = made ?? typeIn(c, node)
  const isKind = read.kind === 'opaque' ? declaration && isOneOfSeveral(c, declaration) : read.kind === 'record' && read.tagged === true
  const type = isKind ? (made ?? instanceType(c.f.session, c.f.session.checker.getTypeAtLocation(node))) : read
  if (!declaration || type.kind !== 'record' || type.tuple || type.name !== undefined) return undefined
  noteDependency(c, declaration)
  const args = evaluateArguments(c, node.arguments ?? [])
  const inside = { ...c, chain: chained(c, node, `new ${textOf(node.expression)}`) }
  const changing = fieldsThatChange(c.f.session.classes, declaration)
  const construction: ConstructionValue = { kind: 'construction', type, fields: new Map(), changing, home: c.f.out }
  runConstructor(inside, node, declaration, args, { kind: 'static', value: construction })
  const values = type.fields.map((part) => finished(inside, node, construction, part))
  return { kind: 'record', type: made ? settled(c, made as RecordType, values) : type, values }
}

/** What JavaScript says nothing of is what the constructor makes it. */
function settled(c: Context, type: RecordType, values: readonly Expression[]): RecordType {
  const fields = type.fields.map((part, i) => (isUnsaid(part.type) ? { ...part, type: typeOfExpression(c.f.variables, values[i]!) } : part))
  return fields.some((part, i) => part !== type.fields[i]) ? { ...type, fields } : type
}

const isUnsaid = (type: Type): boolean => type.kind === 'opaque' && ['any', 'any[]'].includes(type.text)

/** The class that is written there, or the one of `this` in `new this.constructor(...)` and `new this(...)`. */
function classNamed(c: Context, node: ts.NewExpression): ts.ClassLikeDeclaration | undefined {
  const { checker, classes } = c.f.session
  const callee = bare(node.expression)
  const isOfThis = ts.isPropertyAccessExpression(callee) && callee.name.text === 'constructor'
  const target = isOfThis ? bare(callee.expression) : callee
  if (target.kind !== ts.SyntaxKind.ThisKeyword)
    return isOfThis ? undefined : (classes.ofSymbol(symbolAt(checker, callee)) ?? classes.ofSymbol(c.f.session.packages.symbolOf(callee)))
  const self = selfOf(c.environment)
  if (self?.kind === 'static') return self.value.kind === 'class' && !isOfThis ? self.value.declaration : undefined
  const type = self && isOfThis ? typeOfExpression(c.f.variables, self.expression) : undefined
  const declaration = type?.kind === 'record' && type.class ? classes.named(type.class.name) : undefined
  const others = declaration ? classes.below(declaration) : []
  if (others.length === 0) return declaration
  return refuse(c, node, 'CT3006', { text: textOf(node), classes: [declaration!, ...others].map(functionName).join('`, `') })
}

function typeOfInstance(c: Context, declaration: ts.ClassLikeDeclaration): Type | undefined {
  const symbol = declaration.name && c.f.session.checker.getSymbolAtLocation(declaration.name)
  return symbol && instanceType(c.f.session, c.f.session.checker.getDeclaredTypeOfSymbol(symbol))
}

/** Whether the class is one of those that something else of the program stands for. */
function isOneOfSeveral(c: Context, declaration: ts.ClassLikeDeclaration): boolean {
  const { checker, classes } = c.f.session
  return classes.baseOf(declaration) !== undefined || implementsMethods(checker, declaration)
}

const implementsMethods = (checker: ts.TypeChecker, declaration: ts.ClassLikeDeclaration): boolean =>
  declaration.heritageClauses?.some(
    ({ token, types }) =>
      token === ts.SyntaxKind.ImplementsKeyword &&
      types.some((node) =>
        checker
          .getTypeAtLocation(node)
          .getProperties()
          .some(({ flags }) => flags & ts.SymbolFlags.Method),
      ),
  ) ?? false

function finished(c: Context, node: ts.NewExpression, { fields, type }: ConstructionValue, part: RecordType['fields'][number]): Expression {
  const known = fields.get(part.name)
  if (known) return known.expression
  if (mayBeUndefined(part.type)) return missing(part.type, 'undefined')
  if (part.type.kind === 'opaque') return { kind: 'opaque', parts: ['undefined'], type: opaqueType('undefined'), effects: false }
  const name = type.class?.name ?? textOf(node.expression)
  return refuse(c, node, 'CT1009', {
    feature: `\`${part.name}\` of \`${name}\`, which the constructor leaves without a value,`,
    function: nameOfFrame(c.frame),
  })
}

function noteDependency(c: Context, declaration: ts.ClassLikeDeclaration): void {
  const { session } = c.f
  for (let one: ts.ClassLikeDeclaration | undefined = declaration; one; one = session.classes.baseOf(one))
    if (one.getSourceFile() !== session.file) session.dependencies.add(one.getSourceFile().fileName)
}

/** First the fields of the class that is extended, then the initial values of the class's own, then the body. */
function runConstructor(c: Context, node: ts.Node, declaration: ts.ClassLikeDeclaration, args: Given, self: Binding): void {
  const base = extendedBy(declaration)
  const made = constructorOf(declaration)
  if (ts.getDecorators(declaration))
    return refuse(c, node, 'CT1009', { feature: `the decorator of \`${functionName(declaration)}\``, function: nameOfFrame(c.frame) })
  const scope: Environment = { parent: undefined, bindings: new Map(), self }
  const inside: Context = { ...c, environment: scope }
  if (!made) {
    if (base) constructBase(inside, node, declaration, args)
    return initialise(inside, declaration)
  }
  bindParameters({ ...inside, frame: { declaration: made, parent: c.frame, returns: -1, onReturn: () => undefined } }, made, args)
  if (!base) initialise(inside, declaration)
  inlineBody(c, { node, returned: VOID }, made, scope)
}

/** `super(...)`. */
export function lowerSuperCall(c: Context, node: ts.CallExpression): Expression {
  const declaration = classAround(node)
  if (!declaration) return refuse(c, node, 'CT1013', { function: nameOfFrame(c.frame) })
  constructBase(c, node, declaration, evaluateArguments(c, node.arguments))
  initialise(c, declaration)
  return { kind: 'opaque', parts: ['undefined'], type: VOID, effects: false }
}

function constructBase(c: Context, node: ts.Node, declaration: ts.ClassLikeDeclaration, args: Given): void {
  const base = c.f.session.classes.baseOf(declaration)
  const self = selfOf(c.environment)
  if (!base || !self)
    return refuse(c, node, 'CT1009', {
      feature: `\`${extendedBy(declaration)!.getText()}\`, a class without a source,`,
      function: nameOfFrame(c.frame),
    })
  runConstructor(c, node, base, args, self)
}

/** What a class does to its fields before the body of its constructor. */
function initialise(c: Context, declaration: ts.ClassLikeDeclaration): void {
  const self = selfOf(c.environment)
  if (self?.kind !== 'static' || self.value.kind !== 'construction') return
  const construction = self.value
  const made = constructorOf(declaration)
  for (const parameter of made ? parametersOf(made) : []) {
    if (!declaresField(parameter) || !ts.isIdentifier(parameter.name)) continue
    const symbol = parameterSymbol(c.f.session.checker, parameter.name)
    const given = symbol && lookup(c.environment, symbol)
    if (given) setField(c, construction, parameter.name.text, given, parameter.name)
  }
  // An initial value is not in the scope of the constructor's parameters.
  const scope: Environment = { parent: undefined, bindings: new Map(), self }
  for (const member of declaration.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(member) || !member.initializer || literalOf(member)) continue
    const inside = { ...c, environment: scope }
    setField(inside, construction, member.name.getText(), valueOf(inside, member.initializer), member)
  }
}

/** The first value of a field, where nothing has assigned it before. */
function setField(c: Context, construction: ConstructionValue, name: string, value: Binding, node: ts.Node): void {
  const { fields } = construction
  if (value.kind === 'static' && value.value.kind === 'undefined')
    return setField(c, construction, name, { kind: 'expression', expression: staticAsExpression(c, node, value.value) }, node)
  if (value.kind === 'static')
    return refuse(c, node, 'CT1009', { feature: `\`${name}\`, a field that holds a function,`, function: nameOfFrame(c.frame) })
  const { expression } = value
  const known = fields.get(name)
  if (known?.isOwn) return emit(c, { kind: 'assign', target: known.expression as Variable, value: expression })
  const isFixed =
    expression.kind === 'number' || expression.kind === 'boolean' || (expression.kind === 'variable' && !c.f.assigned.has(expression.name))
  if (isFixed && !known && !construction.changing.has(name)) return void fields.set(name, { expression, isOwn: false })
  const own = ownVariable(c, construction, name)
  emit(c, { kind: 'assign', target: own, value: expression })
}

/** `this.x` in a constructor. */
export function constructedField(c: Context, node: ts.Node, construction: ConstructionValue, name: string): Expression {
  const known = construction.fields.get(name)
  if (known) return known.expression
  return refuse(c, node, 'CT1009', {
    feature: `\`this.${name}\`, read before it has a value,`,
    function: functionName(c.frame.declaration),
  })
}

/** `this.x` as a place to write to. */
export const constructedPlace = (c: Context, construction: ConstructionValue, name: string): Variable => ownVariable(c, construction, name)

/** `this.x = value`, the first time, where nothing stands around it: the value is the field. */
export function initialiseField(c: Context, construction: ConstructionValue, name: string, right: ts.Expression): Expression | undefined {
  if (c.f.out !== construction.home || construction.fields.has(name)) return undefined
  const given = valueOf(c, right)
  const value: Binding =
    given.kind === 'static' && given.value.kind === 'undefined'
      ? { kind: 'expression', expression: staticAsExpression(c, right, given.value) }
      : given
  if (value.kind === 'static' || value.expression.kind === 'variable' || value.expression.kind === 'number') {
    setField(c, construction, name, value, right)
    return construction.fields.get(name)!.expression
  }
  const { expression } = value
  const local = freshName(c.f, plainName(name), fieldType(construction, name) ?? typeOfExpression(c.f.variables, expression))
  c.f.assigned.add(local)
  emit(c, { kind: 'declare', name: local, value: expression })
  construction.fields.set(name, { expression: variable(local), isOwn: true })
  return variable(local)
}

/** Declared where the construction begins, whatever stands around the place that needs it. */
function ownVariable(c: Context, construction: ConstructionValue, name: string): Variable {
  const known = construction.fields.get(name)
  if (known?.isOwn) return known.expression as Variable
  const type = fieldType(construction, name) ?? (known ? typeOfExpression(c.f.variables, known.expression) : opaqueType('unknown'))
  const local = freshName(c.f, plainName(name), type)
  c.f.assigned.add(local)
  construction.home.push({
    kind: 'declare',
    name: local,
    ...(known && { value: known.expression }),
    ...(c.f.origin && { origin: c.f.origin }),
  })
  construction.fields.set(name, { expression: variable(local), isOwn: true })
  return variable(local)
}

function fieldType({ type }: ConstructionValue, name: string): Type | undefined {
  const said = type.fields.find((part) => part.name === name)?.type
  return said && isUnsaid(said) ? undefined : said
}

const plainName = (name: string): string => name.replace('#', '')
