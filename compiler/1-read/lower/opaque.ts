/** Text that carries no derivative: kept as it is, with the variables it mentions. */

import ts from '#typescript'
import { operation, variable } from '../../ir/build.ts'
import type { Expression, Opaque } from '../../ir/nodes.ts'
import { isTextType } from '../../ir/text-type.ts'
import { isAssignmentOperator, symbolAt } from '../facts.ts'
import { intrinsicOf } from '../intrinsics.ts'
import { typeOfNode, symbolOf } from '../types.ts'
import { textOf } from '../session.ts'
import { freshName, lookup, nameOfFrame, refuse, type Binding, type Context } from './context.ts'
import { lowerThis } from './classes/self.ts'
import { lowerExpression } from './expression.ts'
import { mayChange } from './interference.ts'
import { memberOfModule } from './module-values.ts'
import { scratchObject } from './scratch-storage.ts'
import type { StaticValue } from './static-value.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'
import { outOfReach } from './package-calls.ts'
import { hasEffects, isUnseen, refuseUnreadable } from './unseen.ts'

type Parts = readonly (string | Expression)[]

export function lowerOpaque(c: Context, node: ts.Expression): Opaque {
  const writer = new Writer(c, node, new Set())
  writer.write(node)
  const { parts, effects, anywhere } = writer
  return { kind: 'opaque', parts, type: typeOfNode(c.f.session, node), effects, ...(anywhere && { anywhere }) }
}

/** A statement as text. The variables of `kept` are called by their own names. */
export function lowerOpaqueStatement(c: Context, node: ts.Statement, kept: ReadonlySet<ts.Symbol>): Pick<Opaque, 'parts' | 'anywhere'> {
  const writer = new Writer(c, node, kept)
  writer.write(node, true)
  return { parts: writer.parts, ...(writer.anywhere && { anywhere: true }) }
}

/**
 * What comes of a number that text reads: a truth value, through which no derivative comes back (`stopGradient`), or a text (`shown`), from which a number
 * could be read.
 */
type End = 'truth' | 'text' | undefined

interface Where {
  readonly end: End
  /** It is not known whether, or how often, this is evaluated. */
  readonly lazy: boolean
}

class Writer {
  readonly #c: Context
  readonly #root: ts.Node
  readonly #kept: ReadonlySet<ts.Symbol>
  readonly #source: string
  readonly #keepsText: boolean
  #parts: (string | Expression)[] = []
  #at = 0
  effects = false
  anywhere = false

  constructor(c: Context, root: ts.Node, kept: ReadonlySet<ts.Symbol>) {
    this.#c = c
    this.#root = root
    this.#kept = kept
    this.#source = root.getSourceFile().text
    this.#keepsText = endsInText(c, root)
  }

  get parts(): Parts {
    return this.#parts
  }

  write(node: ts.Node, lazy = false): void {
    const before = this.#at
    this.#at = node.getStart()
    this.#visit(node, { end: undefined, lazy })
    this.#put(this.#source.slice(this.#at, node.getEnd()))
    this.#at = before
  }

  #put(text: string): void {
    if (text !== '') this.#parts.push(text)
  }

  #visit(node: ts.Node, where: Where): void {
    if (ts.isTypeNode(node)) return
    if (node.kind === ts.SyntaxKind.ThisKeyword) return this.#self(node, where)
    refuseUnreadable(this.#c, node)
    if (ts.isDeleteExpression(node) && this.#isFollowed(node.expression))
      return refuse(this.#c, node, 'CT1007', { text: textOf(node.expression) })
    if (ts.isExpression(node) && this.#changesWhatIsFollowed(node)) return this.#lower(node, where)
    if (ts.isExpression(node) && this.#isConstant(node)) return this.#lower(node, where, true)
    if (ts.isExpression(node) && !where.lazy && this.#isPart(node)) return this.#lower(node, where, true)
    if (hasEffects(node)) this.effects = true
    // A package without types has a source, which is read when somebody asks for it.
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) this.#c.f.session.packages.symbolOf(node.expression)
    if (memberOfModule(this.#c, node)) return this.#name(node as ts.PropertyAccessExpression, where)
    if (isUnseen(this.#c.f.session, node, this.#root)) this.anywhere = true
    if (ts.isIdentifier(node)) {
      if (isRead(node)) this.#name(node, where)
      return
    }
    const end = endOf(this.#c, node, where.end, this.#keepsText)
    ts.forEachChild(node, (child) => this.#visit(child, { end, lazy: where.lazy || isLazy(node, child) }))
  }

  #self(node: ts.Node, { end }: Where): void {
    this.#put(this.#source.slice(this.#at, node.getStart()))
    const self = lowerThis(this.#c, node)
    this.#parts.push(ending(self, end))
    this.#at = node.getEnd()
  }

  #name(node: ts.Identifier | ts.PropertyAccessExpression, { end }: Where): void {
    const replacement = this.#meaning(node)
    if (replacement === undefined) return
    this.#put(this.#source.slice(this.#at, node.getStart()))
    // The property keeps its name, whatever the variable is called by now.
    if (ts.isShorthandPropertyAssignment(node.parent) && ts.isIdentifier(node)) this.#put(`${node.text}: `)
    if (isFunction(replacement)) this.#function(node as ts.Identifier, replacement.value)
    else this.#parts.push(typeof replacement === 'string' ? replacement : ending(replacement, end))
    this.#at = node.getEnd()
  }

  /** What an identifier stands for in the emitted file, where that is not its own text. */
  #meaning(node: ts.Identifier | ts.PropertyAccessExpression): Expression | string | (Binding & { kind: 'static' }) | undefined {
    const symbol = memberOfModule(this.#c, node) ?? symbolAt(this.#c.f.session.checker, node)
    if (!symbol || this.#kept.has(symbol)) return undefined
    const binding = lookup(this.#c.environment, symbol)
    if (binding) return binding.kind === 'expression' ? binding.expression : binding
    const own = scratchObject(this.#c, symbol, node)
    if (own) return own
    const declaration = symbol.valueDeclaration
    if (declaration && isWithin(declaration, this.#root)) return undefined
    if (declaration && isHidden(declaration, this.#c.f.declaration))
      return refuse(this.#c, node, 'CT2008', { function: nameOfFrame(this.#c.frame), name: textOf(node), operator: 'the derivative' })
    const name = this.#c.f.session.names.nameOf(symbol)
    if (name === undefined) return outOfReach(this.#c, node, moduleOf(declaration))
    this.#c.f.mentioned.add(name.split('.')[0]!)
    return name
  }

  /** A known function that text passes on is written out there. */
  #function(node: ts.Identifier, value: StaticValue): void {
    if (value.kind === 'undefined') return this.#put('undefined')
    if (value.kind === 'builtin') return this.#put(value.name)
    if (value.kind !== 'function' || !ts.isExpression(value.declaration))
      return refuse(this.#c, node, 'CT3002', { text: node.text, function: node.text })
    const inner = new Writer({ ...this.#c, ...(value.environment && { environment: value.environment }) }, value.declaration, this.#kept)
    inner.write(value.declaration, true)
    this.#parts.push('(', ...inner.parts, ')')
  }

  /** Whether evaluating an expression as text would change a variable, or call a function, behind the back of the IR. */
  #changesWhatIsFollowed(node: ts.Expression): boolean {
    if (node === this.#root) return false
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) return this.#isFollowed(node.left)
    if (ts.isPostfixUnaryExpression(node)) return this.#isFollowed(node.operand)
    if (ts.isPrefixUnaryExpression(node))
      return [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator) && this.#isFollowed(node.operand)
    if (!ts.isCallExpression(node)) return false
    const root = rootOf(node.expression)
    const binding = root && this.#bindingOf(root)
    return binding?.kind === 'static' && binding.value.kind !== 'builtin'
  }

  #isConstant(node: ts.Expression): boolean {
    return ts.isCallExpression(node) && intrinsicOf(symbolAt(this.#c.f.session.checker, nameOfCallee(node))) === 'stopGradient'
  }

  /** `p.label`: of an object that is followed it is that field alone which is read. */
  #isPart(node: ts.Expression): boolean {
    if (node === this.#root || !ts.isPropertyAccessExpression(node) || ts.isDeleteExpression(node.parent)) return false
    const root = rootOf(node)
    if (!root || this.#bindingOf(root)?.kind !== 'expression' || !isPath(node)) return false
    const record = typeIn(this.#c, node.expression)
    const part = record.kind === 'record' ? record.fields.find(({ name }) => name === node.name.text) : undefined
    return part !== undefined && (part.type.kind === 'number' || part.type.kind === 'boolean' || isTextType(part.type))
  }

  #isFollowed(place: ts.Expression): boolean {
    const root = rootOf(place)
    const symbol = root && symbolAt(this.#c.f.session.checker, root)
    return root !== undefined && symbol !== undefined && !this.#kept.has(symbol) && this.#bindingOf(root) !== undefined
  }

  #bindingOf(node: ts.Identifier): Binding | undefined {
    const symbol = symbolAt(this.#c.f.session.checker, node)
    return symbol && lookup(this.#c.environment, symbol)
  }

  /** Such an expression becomes statements before the text, if that is when it would have been evaluated. A pure one has none. */
  #lower(node: ts.Expression, { end, lazy }: Where, isPure = false): void {
    if (!isPure && (lazy || this.effects)) return refuse(this.#c, node, 'CT1014', { text: textOf(node) })
    this.#put(this.#source.slice(this.#at, node.getStart()))
    const { f } = this.#c
    const position = f.out.length
    const value = lowerExpression(this.#c, node)
    const written = f.out.slice(position)
    if (written.length > 0 && (lazy || this.effects)) return refuse(this.#c, node, 'CT1014', { text: textOf(node) })
    this.#parts = this.#parts.map((part) => {
      if (typeof part === 'string' || !mayChange(written, part)) return part
      const isEnding = part.kind === 'operation' && ['shown', 'stopGradient'].includes(part.operator)
      const value = isEnding ? part.operands[0]! : part
      const name = freshName(f, 'value', typeOfExpression(f.variables, value))
      f.out.splice(position, 0, { kind: 'declare', name, value })
      return isEnding ? operation(part.operator, variable(name)) : variable(name)
    })
    this.#parts.push(ending(value, end))
    this.#at = node.getEnd()
  }
}

const isFunction = (replacement: Expression | string | Binding): replacement is Binding & { kind: 'static' } =>
  typeof replacement !== 'string' && replacement.kind === 'static'

function isLazy(node: ts.Node, child: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return true
  if (ts.isConditionalExpression(node)) return child !== node.condition
  if (ts.isBinaryExpression(node)) return child === node.right && /^(?:&&|\|\||\?\?)$/.test(node.operatorToken.getText())
  return ts.isCallExpression(node) && ts.isOptionalChain(node) && child !== node.expression
}

function rootOf(node: ts.Expression): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return node
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return rootOf(node.expression)
  return ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) ? rootOf(node.expression) : undefined
}

const moduleOf = (declaration: ts.Declaration | undefined): string =>
  declaration?.getSourceFile().fileName.split('/').at(-1) ?? 'another module'

/** A variable of a function is visible only to what stands within that function. */
function isHidden(declaration: ts.Node, from: ts.Node): boolean {
  const owner = ts.findAncestor(declaration.parent, ts.isFunctionLike)
  return owner !== undefined && !isWithin(from, owner)
}

/** Whether nothing comes of the whole but a text, a truth value or an error. A number could be read back from a text: `Number(String(x))`. */
function endsInText(c: Context, node: ts.Node): boolean {
  if (!ts.isExpression(node)) return false
  if (ts.isExpressionStatement(node.parent)) return true
  const type = c.f.session.checker.getTypeAtLocation(node)
  const inert = ts.TypeFlags.StringLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.Void | ts.TypeFlags.Undefined
  return (type.flags & inert) !== 0 || (ts.isNewExpression(node) && symbolOf(type)?.name.endsWith('Error') === true)
}

/** How the value of a part of the text, which ends in the one or the other, stands in it. */
const ending = (value: Expression, end: End): Expression =>
  end === undefined ? value : operation(end === 'truth' ? 'stopGradient' : 'shown', value)

/** What comes of that which a node reads. What ends in a truth value on its way to a text has ended there. */
function endOf(c: Context, node: ts.Node, before: End, keepsText: boolean): End {
  const text: End = keepsText ? 'text' : undefined
  if (ts.isTypeOfExpression(node)) return 'truth'
  if (ts.isTemplateExpression(node)) return before ?? text
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'length' && isTextOrList(c, node.expression)) return 'truth'
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText()
    if (/^(?:[=!]==?|[<>]=?|instanceof|in)$/.test(operator)) return 'truth'
    return before ?? (operator === '+' && isText(c, node) ? text : undefined)
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return before
  const [declaration] = symbolAt(c.f.session.checker, nameOfCallee(node))?.declarations ?? []
  if (!declaration || !c.f.session.program.isSourceFileDefaultLibrary(declaration.getSourceFile())) return before
  return isTruth(c, node) ? 'truth' : (before ?? (isText(c, node) ? text : undefined))
}

const nameOfCallee = ({ expression }: ts.CallExpression | ts.NewExpression): ts.Expression | ts.MemberName =>
  ts.isPropertyAccessExpression(expression) ? expression.name : expression

const isPath = (node: ts.Expression): boolean =>
  ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && !node.questionDotToken && isPath(node.expression))

/** How many there are does not move, whatever they are. */
function isTextOrList(c: Context, node: ts.Expression): boolean {
  const { checker } = c.f.session
  return isText(c, node) || checker.isArrayLikeType(checker.getTypeAtLocation(node))
}

/** `Reflect.set` aside, what the library gives a text or a truth value for, it does not keep. */
function isText(c: Context, node: ts.Expression): boolean {
  const { flags } = c.f.session.checker.getTypeAtLocation(node)
  return (flags & (ts.TypeFlags.StringLike | ts.TypeFlags.BooleanLike)) !== 0 && !node.getText().startsWith('Reflect.')
}

const isTruth = (c: Context, node: ts.Expression): boolean =>
  (c.f.session.checker.getTypeAtLocation(node).flags & ts.TypeFlags.BooleanLike) !== 0 && isText(c, node)

const isRead = (node: ts.Identifier): boolean =>
  !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
  !(ts.isPropertyAssignment(node.parent) && node.parent.name === node) &&
  !(ts.isBindingElement(node.parent) && node.parent.propertyName === node) &&
  !(ts.isMethodDeclaration(node.parent) && node.parent.name === node)

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return ts.findAncestor(node, (around) => around === outer) !== undefined
}
