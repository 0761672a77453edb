import { TraceMap, traceSegment } from '@jridgewell/trace-mapping'
import ts from 'typescript'

/**
 * What is wrong with where emitted statements lead to: each to a line of the author's with code in it, and one below a comment such as
 * `// 12: sum += y` to the statement that the comment shows. Loops and branches lead to those that they reverse, also where a comment stands above
 * them because nothing is left of what it showed. `source` is the file as it was compiled.
 */
export function wrongPlaces(code: string, map: string, source: string): readonly string[] {
  const traced = new TraceMap(map)
  const tree = ts.createSourceFile('emitted.ts', code, ts.ScriptTarget.Latest, true)
  const written = functionNames(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true))
  const wrong: string[] = []
  const check = (statement: ts.Statement): void => {
    const { line, character } = tree.getLineAndCharacterOfPosition(statement.getStart(tree))
    const shown = `${String(line + 1)}: ${code.split('\n')[line]!.trim()}`
    const to = placeOf(traced, line, character)
    if (to === undefined) wrong.push(`${shown}\n  leads nowhere`)
    else if (!hasCode(to.row)) wrong.push(`${shown}\n  leads to ${JSON.stringify(to.row)}`)
    else {
      const comments = isCompound(statement) ? [] : commentsAbove(code, statement.getFullStart(), statement.getStart(tree))
      const comment = comments.at(-1)
      if (comment !== undefined && !to.shown.startsWith(comment))
        wrong.push(`${shown}\n  leads to ${to.shown.slice(0, 100)}\n  and stands below ${comment}`)
    }
  }
  const visit = (node: ts.Node, isEmitted: boolean): void => {
    const inside = isEmitted || (ts.isFunctionDeclaration(node) && !written.has(node.name!.text))
    if (isEmitted && ts.isStatement(node) && !ts.isBlock(node)) check(node)
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(tree, false)
  return wrong
}

const isCompound = (statement: ts.Statement): boolean => ts.isIterationStatement(statement, false) || ts.isIfStatement(statement)

function functionNames(tree: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.name) names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return names
}

interface Place {
  /** The line. */
  readonly row: string
  /** The author's text from the place on, as a comment shows it. */
  readonly shown: string
}

function placeOf(map: TraceMap, line: number, column: number): Place | undefined {
  const segment = traceSegment(map, line, column)
  if (!segment || segment.length === 1) return undefined
  const [, source, row, start] = segment
  const rows = map.sourcesContent![source]!.split('\n')
  const text = [rows[row]!.slice(start), ...rows.slice(row + 1)].join('\n').replace(/\s+/g, ' ')
  return { row: rows[row]!, shown: `${String(row + 1)}: ${text}` }
}

const hasCode = (row: string): boolean => row.trim() !== '' && !/^(?:\/\/|\/\*|\*)/.test(row.trim())

/** The primal lines that stand directly above a statement. */
function commentsAbove(code: string, fullStart: number, start: number): readonly string[] {
  const comments = ts.getLeadingCommentRanges(code, fullStart) ?? []
  return comments
    .filter(({ end }) => end <= start)
    .map(({ pos, end }) => code.slice(pos, end))
    .flatMap((text) => /^\/\/ (\d+: .*?)(?:\.\.\.)?$/.exec(text)?.[1] ?? [])
}
