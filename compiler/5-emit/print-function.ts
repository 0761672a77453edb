import type { FunctionNode, Origin, Statement } from '../ir/nodes.ts'
import { expressionsOf, visitExpression, visitStatements } from '../ir/walk.ts'
import { readBeforeAssigned } from './definite-assignment.ts'
import { indentLines, joinLines, lineOf, type Line, type MappedText } from './lines.ts'
import { printBlock, printHead, type StatementContext } from './print-statement.ts'
import { printType } from './print-type.ts'

export interface PrintOptions {
  /** The function's own name in its file; `fn.name` by default. */
  readonly name?: string
  /** The printed names of other functions of the program, by key; the key itself by default. */
  readonly nameOf?: (key: string) => string
  /** The module-level constants that hold its reused buffers, and its reused arrays of exact lengths. */
  readonly pool?: string
  readonly arrays?: string
  readonly exported?: boolean
  /** The type of the result, where it should not be printed from `fn.result`. */
  readonly resultText?: string
  readonly width?: number
  /** The printed names of variables. Within the compiler each has a name of its own. */
  readonly shown?: (name: string) => string
}

const DEFAULT_WIDTH = 120

/** A function as strict TypeScript, without a newline at its end. */
export function printFunction(fn: FunctionNode, options: PrintOptions = {}): MappedText {
  const context = createContext(fn, options)
  const header = printHeader(fn, options, context.width)
  const head = headOf(fn.origin)
  const body = indentLines(printBlock(fn.body, context, head))
  return joinLines([...header.map((text) => lineOf(text, head)), ...body, { text: '}' }])
}

/** Statements by themselves, as in a test or a trace of the compiler. */
export function printStatements(fn: FunctionNode, options: PrintOptions = {}): MappedText {
  return joinLines(printBlock(fn.body, createContext(fn, options), undefined))
}

/** Prints the statements of a function each on one line, without what stands in them. */
export function headPrinter(fn: FunctionNode, options: PrintOptions = {}): (statement: Statement) => string {
  const context = createContext(fn, { ...options, width: Infinity })
  return (statement) => printHead(statement, context)
}

function createContext(fn: FunctionNode, options: PrintOptions): StatementContext {
  const taken = new Set(Object.keys(fn.variables))
  return {
    variables: fn.variables,
    result: fn.result,
    nameOf: options.nameOf ?? ((key) => key),
    shown: options.shown ?? ((name) => name),
    pool: options.pool ?? `${options.name ?? fn.name}_tapes`,
    arrays: options.arrays ?? `${options.name ?? fn.name}_arrays`,
    width: options.width ?? DEFAULT_WIDTH,
    unproven: readBeforeAssigned(fn),
    compared: comparedVariables(fn),
    handedOn: variablesHandedOn(fn),
    fresh: (base) => {
      let name = base
      for (let i = 2; taken.has(name); i++) name = `${base}_${i}`
      return name
    },
  }
}

const headOf = (origin: Origin | undefined): Origin | undefined => origin && { ...origin, end: origin.start }

function printHeader(fn: FunctionNode, { name, exported, resultText }: PrintOptions, width: number): string[] {
  const parameters = fn.parameters.map((parameter) => {
    const type = parameter.typeText ?? printType(fn.variables[parameter.name]?.type ?? { kind: 'opaque', text: 'unknown' })
    return `${parameter.name}: ${type}${parameter.defaultText === undefined ? '' : ` = ${parameter.defaultText}`}`
  })
  const start = `${exported ? 'export ' : ''}function ${name ?? fn.name}(`
  const end = `): ${resultText ?? printType(fn.result)} {`
  const flat = start + parameters.join(', ') + end
  if (flat.length <= width || parameters.length === 0) return [flat]
  return [start, ...parameters.map((parameter) => `  ${parameter},`), end]
}

function comparedVariables(fn: FunctionNode): ReadonlySet<string> {
  const names = new Set<string>()
  visitStatements(fn.body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind === 'operation' && /^[!=]==?$/.test(node.operator))
          for (const operand of node.operands) if (operand.kind === 'variable') names.add(operand.name)
      })
  })
  return names
}

function variablesHandedOn(fn: FunctionNode): ReadonlySet<string> {
  const names = new Set<string>()
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'assign' && statement.value.kind === 'variable') names.add(statement.value.name)
  })
  return names
}

/** The lines of a function printed elsewhere, one step further in. */
export function indentText({ text, mappings }: MappedText): MappedText {
  const lines: Line[] = text.split('\n').map((line) => ({ text: line }))
  return { text: joinLines(indentLines(lines)).text, mappings: mappings.map((mapping) => ({ ...mapping, column: mapping.column + 2 })) }
}
