import { isLeftOut } from '../ir/missing.ts'
import type { Expression, Type } from '../ir/nodes.ts'
import { operators } from '../ir/operators.ts'
import type { PrintContext } from './print-context.ts'
import { printAtom, printExpression, printInto } from './print-expression.ts'
import { printKey } from './print-type.ts'

/**
 * An expression on one line if it fits there, else broken after the loosest operator or between the fields of a record. `room` is what is left of the
 * first line; later lines are indented by the caller, and by two more spaces where they continue one.
 */
export function printWrapped(expression: Expression, context: PrintContext, room: number, wanted?: Type): string[] {
  const flat = printInto(expression, wanted, context)
  if (flat.length <= room || flat.includes('\n')) return [flat]
  if (expression.kind === 'record' && !expression.type.tuple) {
    const fields = expression.type.fields.flatMap(({ name, type, optional }, index) => {
      const value = expression.values[index]!
      if (optional && isLeftOut(value)) return []
      const text = printInto(value, type, context)
      if (text === name) return [[name]]
      const [first = '', ...rest] = printWrapped(value, context, context.width - name.length, type)
      return [[`${printKey(name)}: ${first}`, ...rest]]
    })
    return ['{', ...fields.flatMap((lines) => [...indented(lines.slice(0, -1)), `  ${lines.at(-1)!},`]), '}']
  }
  if (expression.kind !== 'operation') return [flat]
  if (expression.operator === 'select') {
    const [test, consequent, alternate] = expression.operands.map((operand) => printLoose(operand, context))
    return [test!, `  ? ${consequent!}`, `  : ${alternate!}`]
  }
  return breakChain(flat, links(expression), context, room)
}

export const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

const printLoose = (expression: Expression, context: PrintContext): string =>
  expression.kind === 'operation' && expression.operator === 'select'
    ? printAtom(expression, context)
    : printExpression(expression, context)

/** The operands of a chain `a + b - c`, each with the operator in front of it. */
function links(expression: Expression): { operator: string; operand: Expression }[] {
  const precedence = precedenceOf(expression)
  if (expression.kind !== 'operation' || precedence === undefined) return [{ operator: '', operand: expression }]
  const [left, right] = expression.operands
  const isChain =
    precedenceOf(left!) === precedence &&
    left?.kind === 'operation' &&
    (left.operator === expression.operator || precedence === precedenceOfSum)
  return [...(isChain ? links(left) : [{ operator: '', operand: left! }]), { operator: expression.operator, operand: right! }]
}

const precedenceOfSum = operators.get('+')!.precedence!
const precedenceOf = (expression: Expression): number | undefined =>
  expression.kind === 'operation' ? operators.get(expression.operator)?.precedence : undefined

/** The pieces are cut out of the flat text, so that the parentheses are those of the flat text. */
function breakChain(
  flat: string,
  chain: readonly { operator: string; operand: Expression }[],
  context: PrintContext,
  room: number,
): string[] {
  const lines: string[] = []
  let line = ''
  let at = 0
  const separators = chain.slice(1).map(({ operator }) => ` ${operator} `)
  const lengths = chain.map(({ operand }) => printExpression(operand, context).length)
  for (const [index, length] of lengths.entries()) {
    const isWrapped = flat[at] === '(' && !flat.startsWith(printExpression(chain[index]!.operand, context), at)
    const end = at + length + (isWrapped ? 2 : 0)
    const piece = flat.slice(at, end) + (separators[index]?.trimEnd() ?? '')
    const limit = lines.length === 0 ? room : context.width - 4
    if (line !== '' && line.length + 1 + piece.length > limit) {
      lines.push(line)
      line = piece
    } else line = line === '' ? piece : `${line} ${piece}`
    at = end + (separators[index]?.length ?? 0)
  }
  const [first, ...rest] = [...lines, line]
  return [first, ...indented(rest)]
}
