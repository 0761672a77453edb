import type { FunctionNode, Loop, Origin, Parameter, Statement } from './nodes.ts'
import { showType } from './parse-type.ts'
import { showExpression, showList, showOptionalList, showPostfixBase } from './show-expression.ts'

export interface ShowOptions {
  /** Whether to print where each statement came from, as `@line:start:end`; `parse` gives the same function back only then. */
  readonly origins?: boolean
}

/** The printed form of a function: its variables and their types, then one statement a line. */
export function show(fn: FunctionNode, options: ShowOptions = {}): string {
  const context: Context = { fn, origins: options.origins ?? false, file: fn.origin?.file }
  const parameters = fn.parameters.map(showParameter).join(', ')
  const origin = context.origins && fn.origin ? ` @${showOrigin(fn.origin, undefined)}` : ''
  const variables = Object.entries(fn.variables).map(
    ([name, { type, mutable }]) => `  ${mutable ? 'let' : 'const'} ${name}: ${showType(type)}\n`,
  )
  const header = `function ${showFunctionName(fn.name)}(${parameters}): ${showType(fn.result)}${showReversed(fn)}${origin}\n`
  return `${header}${variables.join('')}{\n${showBlock(fn.body, context, '  ')}}\n`
}

/** One statement as it stands in `show`, for messages and tests. */
export function showStatement(statement: Statement, fn: Pick<FunctionNode, 'variables'>): string {
  return showLines(statement, { fn, origins: false, file: undefined }, '').trimEnd()
}

interface Context {
  readonly fn: Pick<FunctionNode, 'variables'>
  readonly origins: boolean
  /** The file that an origin is in unless it says otherwise. */
  readonly file: string | undefined
}

function showReversed({ reversed }: FunctionNode): string {
  if (!reversed) return ''
  return reversed.by === 'recomputed' ? ' recomputed' : ` by ${JSON.stringify(reversed.forward)} ${JSON.stringify(reversed.backward)}`
}

function showFunctionName(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name)
}

function showParameter({ name, typeText, defaultText }: Parameter): string {
  const type = typeText === undefined ? '' : `: ${JSON.stringify(typeText)}`
  return name + type + (defaultText === undefined ? '' : ` = ${JSON.stringify(defaultText)}`)
}

function showOrigin(origin: Origin, file: string | undefined): string {
  const place = [origin.line, origin.start, origin.end].join(':')
  return origin.file === file ? place : `${JSON.stringify(origin.file)}:${place}`
}

function showBlock(block: readonly Statement[], context: Context, indent: string): string {
  return block.map((statement) => showLines(statement, context, indent)).join('')
}

function showLines(statement: Statement, context: Context, indent: string): string {
  const origin = context.origins && statement.origin ? ` @${showOrigin(statement.origin, context.file)}` : ''
  const block = (body: readonly Statement[]): string => `${showBlock(body, context, `${indent}  `)}${indent}}`
  switch (statement.kind) {
    case 'if': {
      const otherwise = statement.else.length === 0 ? '' : ` else {\n${block(statement.else)}`
      return `${indent}if (${showExpression(statement.test)}) {${origin}\n${block(statement.then)}${otherwise}\n`
    }
    case 'loop': {
      const exit = statement.exit === undefined ? '' : ` exit ${statement.exit}`
      const end = statement.testAt === 'bottom' && !statement.counter ? ` while (${showTest(statement)})` : ''
      return `${indent}${showLoopHead(statement)}${exit}${showCheckpoint(statement)} {${origin}\n${block(statement.body)}${end}\n`
    }
    case 'comment':
      return `${indent}${showComment(statement.text, origin)}\n`
    default:
      return `${indent}${showSimple(statement, context)}${origin}\n`
  }
}

function showCheckpoint({ checkpoint }: Loop): string {
  if (!checkpoint) return ''
  return 'every' in checkpoint ? ` every ${String(checkpoint.every)}` : ` binomial ${String(checkpoint.binomial)}`
}

function showLoopHead(loop: Loop): string {
  const { counter } = loop
  if (counter) {
    const { name, from, to, comparison, step } = counter
    return `for (${name} = ${showExpression(from)}; ${name} ${comparison} ${showExpression(to)}; ${name} += ${String(step)})`
  }
  if (loop.testAt === 'bottom') return 'do'
  return `while ${loop.testAt === 'top' ? 'top ' : ''}(${showTest(loop)})`
}

function showTest({ test }: Loop): string {
  return test ? showExpression(test) : ''
}

/** A text that would not come back as it is, because of a line break or a sign with a meaning of its own, is quoted. */
function showComment(text: string, origin: string): string {
  const content = /^[@"]|[\n\r\u2028\u2029]/.test(text) ? JSON.stringify(text) : text
  return `//${origin}${content === '' ? '' : ` ${content}`}`
}

function showSimple(statement: Exclude<Statement, { kind: 'if' | 'loop' | 'comment' }>, { fn }: Context): string {
  const keyword = (name: string): string => (fn.variables[name]?.mutable ? 'let' : 'const')
  switch (statement.kind) {
    case 'declare':
      return `${keyword(statement.name)} ${statement.name}${statement.value ? ` = ${showExpression(statement.value)}` : ''}`
    case 'assign':
      return `${showExpression(statement.target)} = ${showExpression(statement.value)}`
    case 'fill':
      return `${showPostfixBase(statement.array)}.fill(${showOptionalList([statement.value, statement.start, statement.end])})`
    case 'copyInto':
      return `${showPostfixBase(statement.target)}.set(${showOptionalList([statement.source, statement.offset])})`
    case 'push':
      return `${showPostfixBase(statement.array)}.push(${showExpression(statement.value)})`
    case 'truncate':
      return `${showPostfixBase(statement.array)}.truncate(${showExpression(statement.length)}, ${showExpression(statement.from)})`
    case 'break':
      return 'break'
    case 'throw':
      return `throw ${showExpression(statement.value)}`
    case 'return':
      return statement.value ? `return ${showExpression(statement.value)}` : 'return'
    case 'call': {
      const result = statement.result === undefined ? '' : `${keyword(statement.result)} ${statement.result} = `
      return `${result}call ${JSON.stringify(statement.callee)}(${showList(statement.arguments)})`
    }
    case 'effect':
      return `effect ${showExpression(statement.expression)}`
    case 'reserve':
      return `${statement.pooled ? 'reservePooled' : 'reserve'}(${statement.tape}, ${showExpression(statement.length)})`
    case 'release':
      return `${statement.exact ? 'releaseExact' : 'release'}(${statement.tape})`
  }
}
