/**
 * What a function does first with an object that it can reach: gives its content a value, or reads it. `_v.copy(a).normalize()` gives `_v` a value before
 * anything of it is read, because `copy` does. Read off the source, in the order of evaluation; branches count as taken.
 */

import ts from '#typescript'
import type { ClassFamily } from './class-family.ts'
import { bare, isAssignmentOperator, isStep, symbolAt } from './facts.ts'
import { isTestedDefault } from './tested-defaults.ts'

/** `unknown` where it leaves for somewhere that is not followed. */
export type FirstUse = 'written' | 'read' | 'unknown'

/** The object under the names that the function has for it: a symbol, or `this` in a method of a class. */
export interface Subject {
  readonly symbols: Set<ts.Symbol>
  readonly self: boolean
  readonly of: ts.ClassLikeDeclaration | undefined
}

export class FirstUses {
  readonly #checker: ts.TypeChecker
  readonly #classes: ClassFamily
  readonly #open = new Set<ts.Node>()

  constructor(checker: ts.TypeChecker, classes: ClassFamily) {
    this.#checker = checker
    this.#classes = classes
  }

  /** Nothing where the function does nothing with it. */
  in(node: ts.Node, subject: Subject): FirstUse | undefined {
    if (ts.isTypeNode(node) || isTestedDefault(node)) return undefined
    if (ts.isFunctionLike(node)) return this.#mentions(node, subject) ? 'unknown' : undefined
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) return this.#assignment(node, subject)
    if (
      (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
      isStep(node.operator) &&
      this.#isIn(node.operand, subject)
    )
      return 'read'
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return this.#call(node, subject)
    if (ts.isVariableDeclaration(node) && node.initializer && this.#isAlias(node, node.initializer, subject)) return undefined
    if (this.#isIn(node, subject)) return this.#isSubject(node, subject) ? 'unknown' : 'read'
    return this.#inOrder(childrenOf(node), subject)
  }

  #inOrder(nodes: readonly ts.Node[], subject: Subject): FirstUse | undefined {
    for (const node of nodes) {
      const use = this.in(node, subject)
      if (use) return use
    }
    return undefined
  }

  #assignment({ left, operatorToken, right }: ts.BinaryExpression, subject: Subject): FirstUse | undefined {
    if (!this.#isIn(left, subject)) return this.#inOrder([right, left], subject)
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) return 'read'
    return this.in(right, subject) ?? (this.#isSubject(left, subject) ? 'unknown' : 'written')
  }

  /** `const e = _m.elements`: another name for a part of it. */
  #isAlias({ name }: ts.VariableDeclaration, initializer: ts.Expression, subject: Subject): boolean {
    const value = bare(initializer)
    const isPart = this.#isIn(value, subject) && !(this.#checker.getTypeAtLocation(value).flags & ts.TypeFlags.NumberLike)
    const symbol = isPart && ts.isIdentifier(name) ? this.#checker.getSymbolAtLocation(name) : undefined
    if (symbol) subject.symbols.add(symbol)
    return symbol !== undefined
  }

  #call(node: ts.CallExpression | ts.NewExpression, subject: Subject): FirstUse | undefined {
    const { callee, positions, isOn } = this.#calledWith(node, subject)
    const others = (node.arguments ?? []).filter((_, i) => !positions.includes(i))
    const before = this.#inOrder([...(isOn ? [] : [callee]), ...others], subject)
    if (before || (!isOn && positions.length === 0)) return before
    const uses = this.#within(node, subject, (body, inner) => this.in(body, inner))
    return uses?.every((one) => one === uses[0]) ? uses[0] : 'unknown'
  }

  /** Whether a function does nothing with it but read numbers of it, and neither do those that it is passed to. */
  isOnlyRead(node: ts.Node, subject: Subject): boolean {
    if (ts.isTypeNode(node)) return true
    if (ts.isFunctionLike(node)) return !this.#mentions(node, subject)
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { callee, positions, isOn } = this.#calledWith(node, subject)
      const others = (node.arguments ?? []).filter((_, i) => !positions.includes(i))
      if (![...(isOn ? [] : [callee]), ...others].every((part) => this.isOnlyRead(part, subject))) return false
      if (!isOn && positions.length === 0) return true
      return this.#within(node, subject, (body, inner) => this.isOnlyRead(body, inner))?.every((isRead) => isRead) ?? false
    }
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind) && this.#isIn(node.left, subject)) return false
    if (
      (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
      isStep(node.operator) &&
      this.#isIn(node.operand, subject)
    )
      return false
    if (this.#isIn(node, subject)) return !this.#isSubject(node, subject) && (this.#typeOfPart(node, subject).flags & plain) !== 0
    return childrenOf(node).every((child) => this.isOnlyRead(child, subject))
  }

  #calledWith(
    node: ts.CallExpression | ts.NewExpression,
    subject: Subject,
  ): { callee: ts.Expression; positions: readonly number[]; isOn: boolean } {
    const callee = bare(node.expression)
    const positions = (node.arguments ?? []).flatMap((argument, i) => (this.#isSubject(argument, subject) ? [i] : []))
    return { callee, positions, isOn: ts.isPropertyAccessExpression(callee) && this.#isIn(bare(callee.expression), subject) }
  }

  /** What a function does that is called on it or with it; nothing where that is not known. Any function of the name may be the one that is called. */
  #within<T>(
    node: ts.CallExpression | ts.NewExpression,
    subject: Subject,
    use: (body: ts.Node, inner: Subject) => T,
  ): readonly T[] | undefined {
    const { callee, positions, isOn } = this.#calledWith(node, subject)
    const found: T[] = []
    for (const declaration of this.#functions(callee, subject, isOn)) {
      const symbols = positions.map((i) => declaration.parameters[i]).map((one) => one && this.#checker.getSymbolAtLocation(one.name))
      if (!declaration.body || this.#open.has(declaration) || symbols.includes(undefined)) return undefined
      this.#open.add(declaration)
      const of = isOn && ts.isPropertyAccessExpression(callee) ? this.#classOf(bare(callee.expression), subject) : undefined
      found.push(use(declaration.body, { symbols: new Set(symbols.filter((one) => one !== undefined)), self: isOn, of: of ?? subject.of }))
      this.#open.delete(declaration)
    }
    return found.length > 0 ? found : undefined
  }

  #functions(callee: ts.Expression, subject: Subject, isOn: boolean): readonly (ts.MethodDeclaration | ts.FunctionDeclaration)[] {
    if (ts.isPropertyAccessExpression(callee)) {
      const known = this.#method(callee, subject)
      const name = callee.name.text
      return known ? [known] : isOn || isBuiltin(name) ? [] : this.#classes.methodsNamed(name)
    }
    const known = ts.isIdentifier(callee) ? symbolAt(this.#checker, callee)?.declarations?.find(ts.isFunctionDeclaration) : undefined
    return known ? [known] : []
  }

  #method(callee: ts.PropertyAccessExpression, subject: Subject): ts.MethodDeclaration | undefined {
    for (let one = this.#classOf(bare(callee.expression), subject); one; one = this.#classes.baseOf(one)) {
      const found = one.members.find(
        (member): member is ts.MethodDeclaration => ts.isMethodDeclaration(member) && member.name.getText() === callee.name.text,
      )
      if (found) return found
    }
    return undefined
  }

  #classOf(node: ts.Expression, subject: Subject): ts.ClassLikeDeclaration | undefined {
    if (this.#isSubject(node, subject) && subject.of) return subject.of
    return this.#classes.ofType(this.#checker.getTypeAtLocation(node))
  }

  /** In JavaScript the type checker may know no more than the class of the object. */
  #typeOfPart(node: ts.Node, subject: Subject): ts.Type {
    const read = this.#checker.getTypeAtLocation(node)
    const { of } = subject
    if (!(read.flags & ts.TypeFlags.Any) || !of?.name || !ts.isPropertyAccessExpression(node) || !this.#isSubject(node.expression, subject))
      return read
    const symbol = this.#checker.getSymbolAtLocation(of.name)
    const field = symbol && this.#checker.getDeclaredTypeOfSymbol(symbol).getProperty(node.name.text)
    return field ? this.#checker.getTypeOfSymbol(field) : read
  }

  /** The object or a part of it. */
  #isIn(node: ts.Node, subject: Subject): boolean {
    if (this.#isSubject(node, subject)) return true
    return (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && this.#isIn(bare(node.expression), subject)
  }

  #isSubject(node: ts.Node, { symbols, self }: Subject): boolean {
    if (node.kind === ts.SyntaxKind.ThisKeyword) return self
    const symbol = ts.isIdentifier(node) && symbols.size > 0 ? symbolAt(this.#checker, node) : undefined
    return symbol !== undefined && symbols.has(symbol)
  }

  #mentions(node: ts.Node, subject: Subject): boolean {
    return this.#isSubject(node, subject) || ts.forEachChild(node, (child) => this.#mentions(child, subject) || undefined) === true
  }
}

/** Objects that the language brings have methods of such a name too. */
const isBuiltin = (name: string): boolean =>
  [Array, Map, Set, WeakMap, Promise, Float64Array, Function].some(({ prototype }) => name in prototype)

const plain = ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.StringLike

const childrenOf = (node: ts.Node): readonly ts.Node[] => {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => void children.push(child))
  return children
}
