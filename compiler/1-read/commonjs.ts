/** What modules with `require` and `exports` give: the type checker knows where, and this knows what. */

import ts from '#typescript'

export const isJavaScript = (node: ts.Node): boolean => (node.flags & ts.NodeFlags.JavaScriptFile) !== 0

/** Whether a file is a module by `require` and `exports`. To TypeScript, every file of a package may be a module in the first place. */
export const isCommonJs = (file: ts.SourceFile): boolean =>
  !ts.isExternalModule(file) ||
  ((file as { readonly commonJsModuleIndicator?: unknown }).commonJsModuleIndicator !== undefined &&
    !file.statements.some(
      (one) =>
        ts.isImportDeclaration(one) ||
        ts.isExportDeclaration(one) ||
        ts.isExportAssignment(one) ||
        (ts.canHaveModifiers(one) && ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true),
    ))

/** A file that is a module by `require` and `exports` has no symbol by which its declared types could be asked for. */
export function moduleSymbol(checker: ts.TypeChecker, file: ts.SourceFile): ts.Symbol | undefined {
  const bound: { readonly symbol?: ts.Symbol } = file as { readonly symbol?: ts.Symbol }
  return checker.getSymbolAtLocation(file) ?? bound.symbol
}

/** What the declaration of an export, or of a member of a whole that is exported, gives it: `exports.f = f`, `module.exports = { f }`. */
export function exportedValue(declaration: ts.Declaration): ts.Expression | undefined {
  if (!isJavaScript(declaration)) return undefined
  if (ts.isExportAssignment(declaration)) return declaration.expression
  if (ts.isPropertyAssignment(declaration)) return isExportedWhole(declaration.parent) ? declaration.initializer : undefined
  if (ts.isShorthandPropertyAssignment(declaration)) return isExportedWhole(declaration.parent) ? declaration.name : undefined
  if (ts.isCallExpression(declaration)) return valueOfGetter(declaration)
  if (ts.isPropertyAccessExpression(declaration)) return assignedTo(declaration)
  return ts.isBinaryExpression(declaration) ? lastOf(declaration) : undefined
}

/** `module.exports = { ... }`. */
const isExportedWhole = (literal: ts.Node): boolean =>
  ts.isBinaryExpression(literal.parent) && literal.parent.right === literal && /^module\.exports$/.test(literal.parent.left.getText())

/** `exports.f = value`, at the top level of its file, where nothing decides whether it is run. */
function assignedTo(place: ts.PropertyAccessExpression): ts.Expression | undefined {
  const assignment = place.parent
  if (!ts.isBinaryExpression(assignment) || assignment.left !== place) return undefined
  let whole: ts.Node = assignment
  while (ts.isBinaryExpression(whole.parent) && whole.parent.right === whole) whole = whole.parent
  const isTop = ts.isExpressionStatement(whole.parent) && ts.isSourceFile(whole.parent.parent)
  return isTop ? lastOf(assignment) : undefined
}

/** The value of `a = b = value`. */
function lastOf(node: ts.BinaryExpression): ts.Expression {
  const { right } = node
  return ts.isBinaryExpression(right) && right.operatorToken.kind === ts.SyntaxKind.EqualsToken ? lastOf(right) : right
}

/** `Object.defineProperty(exports, 'f', { get: function () { return lib.f } })`. */
function valueOfGetter({ arguments: [, , how] }: ts.CallExpression): ts.Expression | undefined {
  if (!how || !ts.isObjectLiteralExpression(how)) return undefined
  for (const property of how.properties) {
    if (property.name?.getText() === 'value' && ts.isPropertyAssignment(property)) return property.initializer
    if (property.name?.getText() !== 'get') continue
    const getter = ts.isPropertyAssignment(property) ? property.initializer : property
    if (!ts.isFunctionLike(getter)) return undefined
    const { body } = getter as { readonly body?: ts.ConciseBody }
    if (!body || !ts.isBlock(body)) return body
    const [only] = body.statements
    return only && ts.isReturnStatement(only) ? only.expression : undefined
  }
  return undefined
}

/** The modules whose exports a file takes over as a whole: `__exportStar(require('./other'), exports)`. */
export function modulesTakenOver({ statements }: ts.SourceFile): readonly ts.StringLiteralLike[] {
  return statements.flatMap((statement) => {
    const call = ts.isExpressionStatement(statement) ? statement.expression : undefined
    if (!call || !ts.isCallExpression(call) || !/\b_*export_?star$/i.test(call.expression.getText())) return []
    const [module] = call.arguments
    return module ? (required(module) ?? []) : []
  })
}

/** The name in `require('name')`. */
export function required(node: ts.Expression): ts.StringLiteralLike | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'require') return undefined
  const [name] = node.arguments
  return name && ts.isStringLiteralLike(name) ? name : undefined
}
