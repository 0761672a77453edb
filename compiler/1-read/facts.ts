/** What can be read off the source without lowering it: which variables are assigned, which functions are recursive. */

import ts from '#typescript'
import { symbolOfNode } from './answers.ts'
import { exportedValue, isJavaScript } from './commonjs.ts'
import { defaultOf, isTestedDefault } from './tested-defaults.ts'
import { intrinsicOf } from './intrinsics.ts'

export interface Facts {
  /** Whether the symbol is assigned after its declaration, other than in the head of the `for` that declares it. */
  readonly isAssigned: (symbol: ts.Symbol) => boolean
  /** The symbols that something inside the node assigns. */
  assignedWithin(node: ts.Node): ReadonlySet<ts.Symbol>
  /** Whether calling the function may lead back to it. */
  isRecursive(declaration: ts.FunctionLikeDeclaration): boolean
  /** How many statements the function has, nested ones included. */
  sizeOf(declaration: ts.FunctionLikeDeclaration): number
}

const byChecker = new WeakMap<ts.TypeChecker, Facts>()

/** `intrinsicNames` is what the package's functions may be called. Files that are read for each other's sake share what is found. */
export function factsOf(checker: ts.TypeChecker, intrinsicNames: ReadonlySet<string>): Facts {
  const known = byChecker.get(checker) ?? createFacts(checker, intrinsicNames)
  byChecker.set(checker, known)
  return known
}

function createFacts(checker: ts.TypeChecker, intrinsicNames: ReadonlySet<string>): Facts {
  const assignedIn = new Map<ts.Node, ReadonlySet<ts.Symbol>>()
  const callees = new Map<ts.Node, readonly ts.Node[]>()
  const recursive = new Map<ts.Node, boolean>()

  const calleesOf = (declaration: ts.Node): readonly ts.Node[] => {
    const known = callees.get(declaration)
    if (known) return known
    const found = functionsMentioned(checker, declaration)
    callees.set(declaration, found)
    return found
  }

  const assignedWithin = (node: ts.Node): ReadonlySet<ts.Symbol> => {
    const known = assignedIn.get(node)
    if (known) return known
    const assigned = symbolsAssigned(checker, node, intrinsicNames)
    assignedIn.set(node, assigned)
    return assigned
  }

  return {
    isAssigned(symbol) {
      const file = symbol.valueDeclaration?.getSourceFile()
      return !file || (!file.isDeclarationFile && assignedWithin(file).has(symbol))
    },
    assignedWithin,
    isRecursive(declaration) {
      let known = recursive.get(declaration)
      if (known === undefined) {
        known = reaches(calleesOf, declaration)
        recursive.set(declaration, known)
      }
      return known
    },
    sizeOf(declaration) {
      let size = 0
      const visit = (node: ts.Node): void => {
        if (ts.isStatement(node) && !ts.isBlock(node)) size++
        ts.forEachChild(node, visit)
      }
      ts.forEachChild(declaration, visit)
      return size
    },
  }
}

function reaches(calleesOf: (node: ts.Node) => readonly ts.Node[], from: ts.Node): boolean {
  const seen = new Set<ts.Node>()
  const open = [...calleesOf(from)]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next === from) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...calleesOf(next))
  }
  return false
}

function functionsMentioned(checker: ts.TypeChecker, declaration: ts.Node): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || isMemberOfFunction(node)) return
    if (ts.isIdentifier(node) && !isDeclarationName(node)) {
      const callee = functionOfSymbol(checker, symbolAt(checker, node))
      if (callee) found.push(callee)
    }
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(declaration, visit)
  return found
}

/** `easing.exponent = custom`: functions as members of functions are not followed, so that nothing is called through them. */
function isMemberOfFunction({ parent }: ts.Node): boolean {
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !isJavaScript(parent)) return false
  const { left, right } = parent
  const isFunction = ts.isIdentifier(right) || ts.isFunctionExpression(right) || ts.isArrowFunction(right)
  return isFunction && ts.isPropertyAccessExpression(left) && ts.isIdentifier(left.expression) && ts.isExpressionStatement(parent.parent)
}

function isDeclarationName(node: ts.Identifier): boolean {
  const parent = node.parent
  const isNamed =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isMethodDeclaration(parent)
  return isNamed && parent.name === node
}

/** The symbol an identifier means, behind imports and re-exports. */
export function symbolAt(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const { parent } = node
  const symbol =
    ts.isShorthandPropertyAssignment(parent) && parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : symbolOfNode(checker, node)
  return symbol && unaliased(checker, symbol)
}

export function unaliased(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  if (!(symbol.flags & ts.SymbolFlags.Alias)) return symbol
  const target = checker.getAliasedSymbol(symbol)
  // An import that leads nowhere is known by its own name only.
  return target.declarations ? target : symbol
}

/** What a function expression is within itself, by its own name: the name may have two symbols, where the checker has merged it with others. */
export function ownSymbols(checker: ts.TypeChecker, declaration: ts.Node): readonly ts.Symbol[] {
  if (!ts.isFunctionExpression(declaration) || !declaration.name) return []
  const bound: { readonly symbol?: ts.Symbol } = declaration as { readonly symbol?: ts.Symbol }
  const found = [bound.symbol, checker.getSymbolAtLocation(declaration.name)].filter((symbol) => symbol !== undefined)
  return [...new Set(found)]
}

/** The function with a body that a symbol names: a declaration, or a `const` that holds a function literal. */
export function functionOfSymbol(
  checker: ts.TypeChecker,
  symbol: ts.Symbol | undefined,
  seen: ReadonlySet<ts.Symbol> = new Set(),
): ts.FunctionLikeDeclaration | undefined {
  // What is exported may be said to be itself.
  if (!symbol || seen.has(symbol)) return undefined
  for (const declaration of symbol.declarations ?? []) {
    if ((ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) && declaration.body) return declaration
    if (ts.isFunctionExpression(declaration)) return declaration
    if (ts.isVariableDeclaration(declaration) && declaration.initializer) {
      const value = bare(declaration.initializer)
      if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return value
    }
    const exported = exportedValue(declaration)
    const found = exported && functionOfExpression(checker, bare(exported), new Set([...seen, symbol]))
    if (found) return found
  }
  return undefined
}

function functionOfExpression(
  checker: ts.TypeChecker,
  node: ts.Expression,
  seen: ReadonlySet<ts.Symbol>,
): ts.FunctionLikeDeclaration | undefined {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return node
  const name = ts.isPropertyAccessExpression(node) ? node.name : node
  return ts.isIdentifier(name) ? functionOfSymbol(checker, symbolAt(checker, name), seen) : undefined
}

/** Without parentheses and what only speaks to the type checker. */
export function bare(node: ts.Expression): ts.Expression {
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
  )
    node = node.expression
  return node
}

function symbolsAssigned(checker: ts.TypeChecker, file: ts.Node, intrinsicNames: ReadonlySet<string>): Set<ts.Symbol> {
  const assigned = new Set<ts.Symbol>()
  const target = (node: ts.Expression, head: ts.Node | undefined): void => {
    node = bare(node)
    if (ts.isArrayLiteralExpression(node)) {
      for (const element of node.elements) target(ts.isSpreadElement(element) ? element.expression : element, head)
    } else if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) {
        if (ts.isShorthandPropertyAssignment(property)) target(property.name, head)
        else if (ts.isPropertyAssignment(property)) target(property.initializer, head)
        else if (ts.isSpreadAssignment(property)) target(property.expression, head)
      }
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) target(node.left, head)
    else if (ts.isPropertyAccessExpression(node) && isExport(checker, node)) return
    else if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) {
      const symbol = symbolAt(checker, ts.isIdentifier(node) ? node : node.name)
      const list = symbol?.valueDeclaration?.parent
      const own = head && list?.parent === head
      if (symbol && !own) assigned.add(symbol)
    }
  }
  const isHook = (called: ts.Expression): boolean => {
    const name = ts.isPropertyAccessExpression(called) ? called.name : called
    return ts.isIdentifier(name) && intrinsicNames.has(name.text) && intrinsicOf(symbolAt(checker, name)) === 'hook'
  }
  const visit = (node: ts.Node, head: ts.Node | undefined): void => {
    // What has a hook gets a value of its own there.
    if (isTestedDefault(node)) return visit(defaultOf(node), undefined)
    if (ts.isCallExpression(node) && node.arguments[0] && isHook(node.expression)) target(node.arguments[0], head)
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) target(node.left, head)
    else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator)) target(node.operand, head)
    else if ((ts.isVariableDeclaration(node) || ts.isBindingElement(node)) && isGivenAgain(checker, node)) target(node.name, head)
    else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
      if (!ts.isVariableDeclarationList(node.initializer)) target(node.initializer, undefined)
    }
    ts.forEachChild(node, (child) => visit(child, ts.isForStatement(node) && child === node.incrementor ? node : within(head, child)))
  }
  visit(file, undefined)
  return assigned
}

/** `var` may declare again what is a parameter, or another `var`. */
function isGivenAgain(
  checker: ts.TypeChecker,
  node: ts.VariableDeclaration | ts.BindingElement,
): node is (ts.VariableDeclaration | ts.BindingElement) & { readonly name: ts.Identifier } {
  const isOfEach = ts.isVariableDeclaration(node) && (ts.isForOfStatement(node.parent.parent) || ts.isForInStatement(node.parent.parent))
  if (!ts.isIdentifier(node.name) || (ts.isVariableDeclaration(node) && !node.initializer && !isOfEach)) return false
  const first = checker.getSymbolAtLocation(node.name)?.valueDeclaration
  return first !== undefined && first !== node
}

/** `exports.f = f` says what `f` is where nothing else says so; `exports.f = void 0` before it says nothing. */
function isExport(checker: ts.TypeChecker, node: ts.PropertyAccessExpression): boolean {
  if (!isJavaScript(node)) return false
  const declarations = checker.getSymbolAtLocation(node.name)?.declarations ?? []
  const assignment = node.parent
  if (ts.isBinaryExpression(assignment) && ts.isVoidExpression(bare(assignment.right)))
    return /^(?:module\.)?exports$/.test(node.expression.getText())
  if (ts.isBinaryExpression(assignment) && isChainOfNothing(assignment)) return true
  return exportedValue(node) !== undefined && declarations.length <= 1
}

/** `exports.f = exports.g = void 0`. */
function isChainOfNothing({ right, operatorToken }: ts.BinaryExpression): boolean {
  const value = bare(right)
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false
  return ts.isVoidExpression(value) || (ts.isBinaryExpression(value) && isChainOfNothing(value))
}

/** Within an incrementor, all of it; elsewhere nothing. */
function within(head: ts.Node | undefined, child: ts.Node): ts.Node | undefined {
  return head && !ts.isFunctionLike(child) ? head : undefined
}

export function isAssignmentOperator(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
}

/** `++` and `--`. */
export function isStep(operator: ts.PrefixUnaryOperator): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken
}
