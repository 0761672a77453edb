/** Traversal of the IR. Nothing else in the compiler knows which nodes hold which children. */

import { mapList } from './map-list.ts'
import type { Creation, Expression, Statement } from './nodes.ts'

/** The direct subexpressions, in order of evaluation. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
    case 'variable':
    case 'keyed':
      return []
    case 'operation':
      return expression.operands
    case 'element':
      return [expression.array, expression.index]
    case 'field':
      return [expression.record]
    case 'length':
    case 'convert':
      return [expression.array]
    case 'opaque':
      return expression.parts.filter((part): part is Expression => typeof part !== 'string')
    default:
      return childrenOfCreation(expression)
  }
}

function childrenOfCreation(creation: Exclude<Creation, { kind: 'keyed' | 'convert' }>): readonly Expression[] {
  switch (creation.kind) {
    case 'zeros':
      return [creation.length]
    case 'list':
      return creation.elements
    case 'record':
      return creation.values
    case 'slice':
    case 'view':
      return [creation.array, ...present(creation.start), ...present(creation.end)]
    case 'zerosLike':
      return [creation.value]
  }
}

const present = (expression: Expression | undefined): readonly Expression[] => (expression ? [expression] : [])

/** The same node with each direct subexpression replaced: the very node where none is, because copies cost more than looking. */
export function mapChildren(expression: Expression, f: (child: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
    case 'variable':
    case 'keyed':
      return expression
    case 'operation': {
      const operands = mapList(expression.operands, f)
      return operands === expression.operands ? expression : { ...expression, operands }
    }
    case 'element': {
      const [array, index] = [f(expression.array), f(expression.index)]
      return array === expression.array && index === expression.index ? expression : { ...expression, array, index }
    }
    case 'field': {
      const record = f(expression.record)
      return record === expression.record ? expression : { ...expression, record }
    }
    case 'opaque': {
      const parts = mapList(expression.parts, (part) => (typeof part === 'string' ? part : f(part)))
      return parts === expression.parts ? expression : { ...expression, parts }
    }
    case 'zeros':
      return { ...expression, length: f(expression.length) }
    case 'list': {
      const elements = mapList(expression.elements, f)
      return elements === expression.elements ? expression : { ...expression, elements }
    }
    case 'record': {
      const values = mapList(expression.values, f)
      return values === expression.values ? expression : { ...expression, values }
    }
    case 'slice':
    case 'view':
      return {
        ...expression,
        array: f(expression.array),
        ...(expression.start && { start: f(expression.start) }),
        ...(expression.end && { end: f(expression.end) }),
      }
    case 'length':
    case 'convert': {
      const array = f(expression.array)
      return array === expression.array ? expression : { ...expression, array }
    }
    case 'zerosLike':
      return { ...expression, value: f(expression.value) }
  }
}

/** Bottom up: `f` sees each node after its children were replaced. */
export function mapExpression(expression: Expression, f: (node: Expression) => Expression): Expression {
  return f(mapChildren(expression, (child) => mapExpression(child, f)))
}

export function visitExpression(expression: Expression, f: (node: Expression) => void): void {
  f(expression)
  for (const child of childrenOf(expression)) visitExpression(child, f)
}

export function someExpression(expression: Expression, f: (node: Expression) => boolean): boolean {
  return f(expression) || childrenOf(expression).some((child) => someExpression(child, f))
}

/** The expressions a statement evaluates itself, not those of nested statements; the target of an assignment counts. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'declare':
      return present(statement.value)
    case 'assign':
      return [statement.target, statement.value]
    case 'fill':
      return [statement.array, statement.value, ...present(statement.start), ...present(statement.end)]
    case 'copyInto':
      return [statement.target, statement.source, ...present(statement.offset)]
    case 'push':
      return [statement.array, statement.value]
    case 'truncate':
      return [statement.array, statement.length, statement.from]
    case 'if':
      return [statement.test]
    case 'loop':
      return [...(statement.counter ? [statement.counter.from, statement.counter.to] : []), ...present(statement.test)]
    case 'call':
      return statement.arguments
    case 'throw':
      return [statement.value]
    case 'effect':
      return [statement.expression]
    case 'return':
      return present(statement.value)
    case 'reserve':
      return [variableNode(statement.tape), statement.length]
    case 'release':
      return [variableNode(statement.tape)]
    case 'break':
    case 'comment':
      return []
  }
}

const variableNode = (name: string): Expression => ({ kind: 'variable', name })

/** What a statement reads: as `expressionsOf`, but a plain variable that is only assigned is left out. */
export function readsOf(statement: Statement): readonly Expression[] {
  if (statement.kind === 'assign' && statement.target.kind === 'variable') return [statement.value]
  return expressionsOf(statement)
}

/** The lists of statements directly inside a statement. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [statement.then, statement.else]
    case 'loop':
      return [statement.body]
    default:
      return []
  }
}

/** Replaces the expressions of one statement, not those of nested statements. Targets stay what they are: only their parts are replaced. */
export function mapExpressionsOf(statement: Statement, f: (expression: Expression) => Expression): Statement {
  switch (statement.kind) {
    case 'declare':
      return statement.value ? { ...statement, value: f(statement.value) } : statement
    case 'assign': {
      const target = statement.target
      const place =
        target.kind === 'element'
          ? { ...target, array: f(target.array), index: f(target.index) }
          : target.kind === 'field'
            ? { ...target, record: f(target.record) }
            : target
      return { ...statement, target: place, value: f(statement.value) }
    }
    case 'fill':
      return {
        ...statement,
        array: f(statement.array),
        value: f(statement.value),
        ...(statement.start && { start: f(statement.start) }),
        ...(statement.end && { end: f(statement.end) }),
      }
    case 'copyInto':
      return {
        ...statement,
        target: f(statement.target),
        source: f(statement.source),
        ...(statement.offset && { offset: f(statement.offset) }),
      }
    case 'push':
      return { ...statement, array: f(statement.array), value: f(statement.value) }
    case 'truncate':
      return { ...statement, array: f(statement.array), length: f(statement.length), from: f(statement.from) }
    case 'if':
      return { ...statement, test: f(statement.test) }
    case 'loop':
      return {
        ...statement,
        ...(statement.counter && { counter: { ...statement.counter, from: f(statement.counter.from), to: f(statement.counter.to) } }),
        ...(statement.test && { test: f(statement.test) }),
      }
    case 'call':
      return { ...statement, arguments: statement.arguments.map(f) }
    case 'throw':
      return { ...statement, value: f(statement.value) }
    case 'effect':
      return { ...statement, expression: f(statement.expression) }
    case 'return':
      return statement.value ? { ...statement, value: f(statement.value) } : statement
    case 'reserve':
      return { ...statement, length: f(statement.length) }
    case 'release':
    case 'break':
    case 'comment':
      return statement
  }
}

/** Replaces the nested lists of one statement. */
export function mapBlocksOf(statement: Statement, f: (block: readonly Statement[]) => readonly Statement[]): Statement {
  switch (statement.kind) {
    case 'if':
      return { ...statement, then: f(statement.then), else: f(statement.else) }
    case 'loop':
      return { ...statement, body: f(statement.body) }
    default:
      return statement
  }
}

/** Replaces every expression in a list of statements, at any depth. */
export function mapAllExpressions(block: readonly Statement[], f: (expression: Expression) => Expression): readonly Statement[] {
  return block.map((statement) => mapBlocksOf(mapExpressionsOf(statement, f), (inner) => mapAllExpressions(inner, f)))
}

/** Every statement at any depth, in textual order, each before what is inside it. */
export function visitStatements(block: readonly Statement[], f: (statement: Statement) => void): void {
  for (const statement of block) {
    f(statement)
    for (const inner of blocksOf(statement)) visitStatements(inner, f)
  }
}

export function someStatement(block: readonly Statement[], f: (statement: Statement) => boolean): boolean {
  return block.some((statement) => f(statement) || blocksOf(statement).some((inner) => someStatement(inner, f)))
}

/** The variables read anywhere in an expression. */
export function variablesIn(expression: Expression, into: Set<string> = new Set()): Set<string> {
  visitExpression(expression, (node) => {
    if (node.kind === 'variable') into.add(node.name)
  })
  return into
}

/** The variables mentioned at any depth, read or assigned; those only declared are left out. */
export function variablesMentioned(block: readonly Statement[]): Set<string> {
  const names = new Set<string>()
  visitStatements(block, (statement) => {
    for (const expression of expressionsOf(statement)) variablesIn(expression, names)
    if (statement.kind === 'loop' && statement.exit) names.add(statement.exit)
  })
  return names
}

/** The variables that statements at any depth assign (not those they only declare). */
export function variablesAssigned(block: readonly Statement[]): Set<string> {
  const names = new Set<string>()
  visitStatements(block, (statement) => {
    if (statement.kind === 'assign' && statement.target.kind === 'variable') names.add(statement.target.name)
    if (statement.kind === 'reserve') names.add(statement.tape)
  })
  return names
}

/** The name that a statement declares for the rest of its list. */
export function declaredBy(statement: Statement): string | undefined {
  if (statement.kind === 'declare') return statement.name
  if (statement.kind === 'call') return statement.result
  return undefined
}

/** Whether control never reaches the end of the list. */
export function leaves(block: readonly Statement[]): boolean {
  const last = block.at(-1)
  if (!last) return false
  if (last.kind === 'if') return leaves(last.then) && leaves(last.else)
  return last.kind === 'break' || last.kind === 'throw' || last.kind === 'return'
}
