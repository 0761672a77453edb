import type { Assign, Expression, FunctionNode, Loop, Statement } from './nodes.ts'
import type { Blame } from './verify.ts'
import { blocksOf, someExpression, variablesAssigned, variablesIn, visitStatements } from './walk.ts'

/** Exits stand last and are recorded, and counted loops count. */
export function checkFlow(fn: FunctionNode, blame: Blame): void {
  checkList(fn.body, undefined, true)

  function checkList(block: readonly Statement[], loop: LoopState | undefined, isBody: boolean): void {
    const listed = block.filter(({ kind }) => kind !== 'comment')
    for (const exit of listed.slice(0, -1).filter(isExit)) blame('Something stands after an exit', exit)
    const steps = listed.filter((statement) => !isSnapshot(statement))
    steps.forEach((statement, index) => {
      const isLast = index === steps.length - 1
      if (statement.kind === 'return' && !isBody) blame('A return stands inside another statement', statement)
      if (statement.kind === 'break') checkBreak(statement, steps[index - 1], loop)
      if (statement.kind === 'if' && !isLast && breaksOut(statement)) blame('Something runs after a break', statement)
      if (statement.kind === 'loop') checkLoop(statement)
      else for (const inner of blocksOf(statement)) checkList(inner, loop, false)
    })
  }

  function checkLoop(loop: Loop): void {
    if (loop.counter) checkCounter(loop, loop.counter)
    const state: LoopState = { exit: loop.exit, codes: new Set() }
    checkList(loop.body, state, false)
    if (loop.exit === undefined) return
    if (fn.variables[loop.exit]?.type.kind !== 'number') blame(`The exit code ${loop.exit} is not a number`, loop)
    if (!loop.body.some(breaksOut)) blame('A loop without a break has an exit code', loop)
  }

  function checkBreak(statement: Statement, before: Statement | undefined, loop: LoopState | undefined): void {
    const exit = loop?.exit
    const code = exit !== undefined && before?.kind === 'assign' && isVariable(before.target, exit) ? literal(before.value) : undefined
    if (!loop) blame('A break stands outside every loop', statement)
    else if (exit === undefined) blame('A break leaves a loop without an exit code', statement)
    else if (code === undefined || code < 1 || !Number.isInteger(code))
      blame(`No code is assigned to ${exit} just before a break`, statement)
    else if (loop.codes.has(code)) blame(`Two breaks assign the code ${code} to ${exit}`, statement)
    else loop.codes.add(code)
  }

  function checkCounter(loop: Loop, { name, to, step }: NonNullable<Loop['counter']>): void {
    if (loop.test || loop.testAt) blame('A counted loop has a test', loop)
    if (step === 0 || !Number.isFinite(step)) blame('A counter does not move', loop)
    const assigned = variablesAssigned(loop.body)
    if (assigned.has(name)) blame(`The counter ${name} is assigned in the body`, loop)
    if (variablesIn(to).has(name)) blame(`The bound depends on the counter ${name}`, loop)
    for (const read of variablesIn(to)) if (assigned.has(read)) blame(`The bound reads ${read}, which the body assigns`, loop)
    const written = writtenStorage(loop.body)
    if (someExpression(to, (part) => isRead(part) && depthOf(part) >= (written.get(rootOf(part) ?? '') ?? Infinity)))
      blame('The bound reads storage that the body writes', loop)
  }
}

interface LoopState {
  readonly exit: string | undefined
  /** The codes of the breaks met so far. */
  readonly codes: Set<number>
}

/** A constant that only copies a variable: whether it is declared makes no difference to anything that runs. */
function isSnapshot(statement: Statement): boolean {
  return statement.kind === 'declare' && statement.value?.kind === 'variable'
}

function isExit({ kind }: Statement): boolean {
  return kind === 'break' || kind === 'throw' || kind === 'return'
}

/** Whether a statement holds a break that leaves the loop around it. */
function breaksOut(statement: Statement): boolean {
  if (statement.kind === 'break') return true
  return statement.kind === 'if' && [...statement.then, ...statement.else].some(breaksOut)
}

function isVariable(target: Assign['target'], name: string): boolean {
  return target.kind === 'variable' && target.name === name
}

function literal(expression: Expression): number | undefined {
  return expression.kind === 'number' ? expression.value : undefined
}

function isRead(expression: Expression): boolean {
  return expression.kind === 'element' || expression.kind === 'field'
}

/** The variable whose storage `a`, `a[i]`, `a.x[i].y` are part of. */
function rootOf(expression: Expression): string | undefined {
  if (expression.kind === 'variable') return expression.name
  if (expression.kind === 'element' || expression.kind === 'length') return rootOf(expression.array)
  return expression.kind === 'field' ? rootOf(expression.record) : undefined
}

/** How many steps lead from the variable to a place: two in `rows[i].x`. A write changes what is read as deep as itself, or deeper. */
function depthOf(expression: Expression): number {
  if (expression.kind === 'element') return depthOf(expression.array) + 1
  return expression.kind === 'field' ? depthOf(expression.record) + 1 : 0
}

/** The names through which a list writes storage, with the least depth. Other names for the same storage are beyond this check. */
function writtenStorage(block: readonly Statement[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>()
  const add = (written: Expression, depth: number): void => {
    const root = rootOf(written) ?? ''
    depths.set(root, Math.min(depth, depths.get(root) ?? Infinity))
  }
  visitStatements(block, (statement) => {
    if (statement.kind === 'assign' && statement.target.kind !== 'variable') add(statement.target, depthOf(statement.target))
    if (statement.kind === 'fill') add(statement.array, depthOf(statement.array) + 1)
    if (statement.kind === 'copyInto') add(statement.target, depthOf(statement.target) + 1)
    if (statement.kind === 'push' || statement.kind === 'truncate') add(statement.array, depthOf(statement.array) + 1)
  })
  return depths
}
