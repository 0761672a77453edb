import type { Expression, FunctionNode, Program, Statement, Type } from './nodes.ts'
import { showType } from './parse-type.ts'
import { showExpression } from './show-expression.ts'
import { checkType, isAssignable } from './types.ts'
import type { Blame } from './verify.ts'
import { childrenOf, expressionsOf, visitStatements } from './walk.ts'

/** Types agree, creations and effects stand where evaluating them once is sure, and calls fit the functions they call. */
export function checkExpressions(fn: FunctionNode, program: Program | undefined, blame: Blame): void {
  visitStatements(fn.body, (statement) => {
    for (const expression of expressionsOf(statement)) {
      checkPurity(expression, wholeValue(statement) === expression, statement)
    }
    checkStatement(statement)
  })
  if (fn.result.kind !== 'void' && !givesResult(fn.body)) blame('The function ends without its result')

  function checkPurity(expression: Expression, isWhole: boolean, statement: Statement): void {
    const isEffect = expression.kind === 'opaque' && expression.effects
    if (isEffect && !(isWhole && statement.kind !== 'return'))
      blame(`An effect stands within an expression: ${showExpression(expression)}`, statement)
    const isCreation = isCreationKind(expression)
    if (isCreation && !isWhole) blame(`New storage stands within an expression: ${showExpression(expression)}`, statement)
    // What is evaluated once as a whole may hold storage that it makes on the way, or, as text, makes if need be.
    const mayHold = isWhole && (isCreation || expression.kind === 'opaque')
    for (const child of childrenOf(expression)) checkPurity(child, mayHold && isCreationKind(child), statement)
  }

  function typeIn(expression: Expression, statement: Statement): Type | undefined {
    return checkType(expression, fn.variables, (problem) => {
      blame(problem, statement)
      return undefined
    })
  }

  function expect(expression: Expression | undefined, wanted: Type['kind'], statement: Statement): void {
    const type = expression && typeIn(expression, statement)
    if (type && type.kind !== wanted) blame(`${showExpression(expression)} is ${showType(type)}, not ${wanted}`, statement)
  }

  function expectFit(value: Expression, target: Type | undefined, statement: Statement): void {
    const type = typeIn(value, statement)
    if (type && target && !isAssignable(type, target))
      blame(`${showExpression(value)} is ${showType(type)}, not ${showType(target)}`, statement)
  }

  function variableType(name: string): Type | undefined {
    return Object.hasOwn(fn.variables, name) ? fn.variables[name]!.type : undefined
  }

  /** The type of an array that is about to be written. */
  function writtenArray(array: Expression, statement: Statement): Type | undefined {
    const type = typeIn(array, statement)
    if (type && type.kind !== 'array' && type.kind !== 'keyed') {
      blame(`${showExpression(array)} is ${showType(type)}, not an array`, statement)
      return undefined
    }
    if (type?.readonly) blame(`${showExpression(array)} is written, but readonly`, statement)
    return type?.element
  }

  function checkStatement(statement: Statement): void {
    switch (statement.kind) {
      case 'declare':
        if (statement.value) expectFit(statement.value, variableType(statement.name), statement)
        return
      case 'assign': {
        const { target } = statement
        const isKeyed = target.kind === 'element' && typeIn(target.array, statement)?.kind === 'keyed'
        if (target.kind === 'element' && !isKeyed) expect(target.index, 'number', statement)
        const wanted = target.kind === 'element' ? writtenArray(target.array, statement) : typeIn(target, statement)
        expectFit(statement.value, wanted, statement)
        return
      }
      case 'fill':
        expectFit(statement.value, writtenArray(statement.array, statement), statement)
        expect(statement.start, 'number', statement)
        expect(statement.end, 'number', statement)
        return
      case 'copyInto':
        writtenArray(statement.target, statement)
        expect(statement.source, 'array', statement)
        expect(statement.offset, 'number', statement)
        return
      case 'push':
        expectFit(statement.value, writtenArray(statement.array, statement), statement)
        return
      case 'truncate':
        writtenArray(statement.array, statement)
        expect(statement.length, 'number', statement)
        expect(statement.from, 'number', statement)
        return
      case 'if':
        expect(statement.test, 'boolean', statement)
        return
      case 'loop':
        expect(statement.counter?.from, 'number', statement)
        expect(statement.counter?.to, 'number', statement)
        expect(statement.test, 'boolean', statement)
        return
      case 'call':
        checkCall(statement)
        return
      case 'return':
        if (statement.value) expectFit(statement.value, fn.result, statement)
        else if (fn.result.kind !== 'void') blame('The result is missing', statement)
        return
      case 'throw':
        typeIn(statement.value, statement)
        return
      case 'effect':
        typeIn(statement.expression, statement)
        return
      case 'reserve':
        expect({ kind: 'variable', name: statement.tape }, 'array', statement)
        expect(statement.length, 'number', statement)
        return
      case 'release':
        expect({ kind: 'variable', name: statement.tape }, 'array', statement)
        return
      case 'break':
      case 'comment':
        return
    }
  }

  function checkCall(statement: Statement & { kind: 'call' }): void {
    const callee = program?.functions.get(statement.callee)
    if (!callee) {
      // A derived key, such as `f|grad:wrt=0`, is filled in when the derivative is made.
      if (program && !statement.callee.includes('|')) blame(`There is no function ${statement.callee}`, statement)
      for (const argument of statement.arguments) typeIn(argument, statement)
      return
    }
    const required = callee.parameters.filter(({ defaultText }) => defaultText === undefined).length
    const count = statement.arguments.length
    if (count < required || count > callee.parameters.length) blame(`${callee.name} does not take ${count} arguments`, statement)
    statement.arguments.forEach((argument, index) => {
      const parameter = callee.parameters[index]
      expectFit(argument, parameter && callee.variables[parameter.name]?.type, statement)
    })
    const wanted = statement.result === undefined ? undefined : variableType(statement.result)
    if (wanted && !isAssignable(callee.result, wanted))
      blame(`${callee.name} gives ${showType(callee.result)}, not ${showType(wanted)}`, statement)
  }
}

/** The one expression of a statement that is evaluated exactly once and as a whole. */
function wholeValue(statement: Statement): Expression | undefined {
  if (statement.kind === 'declare' || statement.kind === 'assign' || statement.kind === 'return') return statement.value
  return statement.kind === 'effect' ? statement.expression : undefined
}

function isCreationKind({ kind }: Expression): boolean {
  return (
    kind === 'zeros' ||
    kind === 'list' ||
    kind === 'keyed' ||
    kind === 'record' ||
    kind === 'slice' ||
    kind === 'view' ||
    kind === 'convert' ||
    kind === 'zerosLike'
  )
}

/** Whether a list ends in a return, or is left by exceptions alone. */
function givesResult(block: readonly Statement[]): boolean {
  const last = block.findLast(({ kind }) => kind !== 'comment')
  if (last?.kind === 'if') return givesResult(last.then) && givesResult(last.else)
  return last?.kind === 'return' || last?.kind === 'throw'
}
