import ts from 'typescript'

/** The TypeScript blocks of a page of documentation, made runnable. */
export interface Example {
  /** Where the block stands: `docs/page.md:12`. */
  readonly place: string
  /** The text as the reader sees it. */
  readonly text: string
  /** What the page says the block before this one compiles to. Not run. */
  readonly emitted: boolean
}

export interface Expectation {
  readonly line: number
  readonly expected: string
}

/**
 * A block is a fenced block of `ts`. After it may stand `emitted`: the block is part of what the block before is compiled to;
 * or `fragment`: the block is not a program.
 */
export function examplesOf(page: string, markdown: string): Example[] {
  const examples: Example[] = []
  for (const match of markdown.matchAll(/^```ts([^\n]*)\n([^]*?)^```$/gm)) {
    const line = markdown.slice(0, match.index).split('\n').length
    const note = match[1]!.trim()
    if (note === 'fragment') continue
    if (note !== '' && note !== 'emitted')
      throw new Error(`${page}:${line}: a block of ts can be noted \`emitted\` or \`fragment\`, not \`${note}\`.`)
    examples.push({ place: `${page}:${line}`, text: match[2]!, emitted: note === 'emitted' })
  }
  return examples
}

/** The block as a module that exports `shown`: the value of each expression that a `// =>` follows, in order. */
export function instrument(text: string): { readonly text: string; readonly expectations: readonly Expectation[] } {
  const tree = ts.createSourceFile('example.ts', text, ts.ScriptTarget.Latest, true)
  const expectations: Expectation[] = []
  let result = ''
  let last = 0
  for (const statement of tree.statements) {
    const note = /^[ \t]*\/\/ => (.*)/.exec(text.slice(statement.end))
    if (note === null) continue
    const expression = ts.isExpressionStatement(statement) ? statement.expression.getText(tree) : declaredName(statement)
    if (expression === undefined) throw new Error(`Nothing to show before "// => ${note[1]!}".`)
    expectations.push({ line: tree.getLineAndCharacterOfPosition(statement.end).line + 1, expected: note[1]!.trim() })
    const isExpression = ts.isExpressionStatement(statement)
    result += text.slice(last, isExpression ? statement.getStart(tree) : statement.end)
    result += `${isExpression ? '' : '\n'}shown.push(${expression})`
    last = statement.end
  }
  return { text: `export const shown: unknown[] = []\n${result}${text.slice(last)}`, expectations }
}

function declaredName(statement: ts.Statement): string | undefined {
  const declaration = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined
  return declaration && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined
}

/** Whether a value is what the page says. A number agrees to the decimals that are written; a typed array is written as a list. */
export function agrees(actual: unknown, expected: unknown): boolean {
  if (typeof expected === 'number' && typeof actual === 'number') {
    if (Object.is(actual, expected) || actual === expected) return true
    const decimals = /\.(\d+)$/.exec(String(expected))?.[1]?.length
    return Math.abs(actual - expected) <= (decimals === undefined ? 1e-9 * Math.max(1, Math.abs(expected)) : 0.5000001 * 10 ** -decimals)
  }
  if (Array.isArray(expected)) {
    const list = ArrayBuffer.isView(actual) ? Array.from(actual as Float64Array) : actual
    return Array.isArray(list) && list.length === expected.length && expected.every((element, i) => agrees(list[i], element))
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    const names = Object.keys(expected)
    if (names.length !== Object.keys(actual).length) return false
    return names.every((name) => agrees((actual as Record<string, unknown>)[name], (expected as Record<string, unknown>)[name]))
  }
  return Object.is(actual, expected)
}
