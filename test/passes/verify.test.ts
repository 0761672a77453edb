import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../compiler/ir/internal-error.ts'
import { parse } from '../../compiler/ir/parse.ts'
import { parseExpression } from '../../compiler/ir/parse-expression.ts'
import { showType } from '../../compiler/ir/parse-type.ts'
import { show } from '../../compiler/ir/show.ts'
import { typeOf } from '../../compiler/ir/types.ts'
import { findProblems, verify } from '../../compiler/ir/verify.ts'
import { arbitraryProgram } from '../support/arbitrary-function.ts'

const header = `function f(x, u, flag): number
  const x: number
  const u: Float64Array
  const flag: boolean
`

/** The problems of a body whose variables are told on top of the parameters above. */
function problemsOf(body: string, variables: readonly string[] = [], top = header): readonly string[] {
  const declarations = variables.map((line) => `  ${line}\n`).join('')
  return findProblems(parse(`${top}${declarations}{\n${body}\n}\n`))
}

describe('well-formed functions pass', () => {
  test('whatever they do', () => {
    fc.assert(
      fc.property(arbitraryProgram(), (program) => {
        for (const fn of program.functions.values()) expect(findProblems(fn, program), show(fn)).toEqual([])
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  test.each<[string, string, string[]]>([
    ['a declaration without a value', 'let a\nif (flag) {\na = 1\n} else {\na = 2\n}\nreturn a', ['let a: number']],
    ['creations within creations', 'const r = record<{ v: Float64Array }>(slice(u))\nreturn r.v[0]', ['const r: { v: Float64Array }']],
    ['an effect as a value', 'const t = impure<number>("Date.now()")\nreturn t', ['const t: number']],
    ['a loop without a test', 'let exit = 0\nwhile () exit exit {\nexit = 1\nbreak\n}\nreturn x', ['let exit: number']],
    ['a throw in a branch', 'if (flag) {\nthrow opaque<opaque "Error">("new Error()")\n}\nreturn x', []],
    ['a throw in the place of a result', 'throw opaque<opaque "Error">("new Error()")', []],
    [
      'one name in two scopes',
      'if (flag) {\nconst a = 1\n} else {\nconst a = 2\n}\nfor (a = 0; a < 1; a += 1) {\n}\nreturn x',
      ['const a: number'],
    ],
    ['comments anywhere', '// first\nreturn x\n// last', []],
    ['a call of a function to be derived', 'const g = call "f|grad:wrt=0"(x)\nreturn g', ['const g: number']],
  ])('%s', (_, body, variables) => {
    expect(problemsOf(body, variables)).toEqual([])
  })
})

describe('a broken promise is told', () => {
  test.each<[problem: string, body: string, variables?: string[]]>([
    ['a is used before it is declared', 'return a', ['const a: number']],
    ['a is used before it is declared', 'const b = a\nconst a = 1\nreturn b', ['const a: number', 'const b: number']],
    ['a is out of scope', 'if (flag) {\nconst a = 1\n}\nreturn a', ['const a: number']],
    ['i is out of scope', 'for (i = 0; i < 3; i += 1) {\n}\nreturn i', ['const i: number']],
    ['a is used before it is declared', 'do {\nconst a = 1\n} while (a > 1)\nreturn x', ['const a: number']],
    ['x is declared twice', 'const x = 1\nreturn x'],
    ['x is declared twice', 'if (flag) {\nconst x = 1\n}\nreturn x'],
    ['a is not described among the variables', 'const a = 1\nreturn x'],
    ['x is assigned but not mutable', 'x = 1\nreturn x'],
    ['a is mutable but never assigned', 'let a = 1\nreturn a', ['let a: number']],
    ['u is assigned but not mutable', 'reserve(u, 10)\nreturn x'],
    ['Something stands after an exit', 'return x\nreturn x'],
    ['A return stands inside another statement', 'if (flag) {\nreturn x\n}\nreturn x'],
    ['A break stands outside every loop', 'if (flag) {\nbreak\n}\nreturn x'],
    ['A break leaves a loop without an exit code', 'while (flag) {\nbreak\n}\nreturn x'],
    ['No code is assigned to e just before a break', 'let e = 0\ne = 1\nwhile (flag) exit e {\nbreak\n}\nreturn x', ['let e: number']],
    ['No code is assigned to e just before a break', 'let e = 0\nwhile (flag) exit e {\ne = 0\nbreak\n}\nreturn x', ['let e: number']],
    [
      'Two breaks assign the code 1 to e',
      'let e = 0\nwhile () exit e {\nif (flag) {\ne = 1\nbreak\n} else {\ne = 1\nbreak\n}\n}\nreturn x',
      ['let e: number'],
    ],
    [
      'Something runs after a break',
      'let e = 0\nwhile (flag) exit e {\nif (flag) {\ne = 1\nbreak\n}\ne = 0\n}\nreturn x',
      ['let e: number'],
    ],
    ['A loop without a break has an exit code', 'let e = 0\nwhile (flag) exit e {\ne = 1\n}\nreturn x', ['let e: number']],
    ['e is used before it is declared', 'while (flag) exit e {\ne = 1\nbreak\n}\nlet e = 0\nreturn x', ['let e: number']],
    ['The counter i is assigned in the body', 'for (i = 0; i < 3; i += 1) {\ni = 2\n}\nreturn x', ['let i: number']],
    ['The bound depends on the counter i', 'for (i = 0; i < i; i += 1) {\n}\nreturn x', ['const i: number']],
    ['The bound reads a', 'let a = 1\nfor (i = 0; i < a; i += 1) {\na = 2\n}\nreturn x', ['const i: number', 'let a: number']],
    ['The bound reads storage', 'for (i = 0; i < u[0]; i += 1) {\nu[1] = 2\n}\nreturn x', ['const i: number']],
    ['A counter does not move', 'for (i = 0; i < 1; i += 0) {\n}\nreturn x', ['const i: number']],
    ['New storage stands within an expression', 'return slice(u)[0]'],
    ['New storage stands within an expression', 'u.set(slice(u))\nreturn x'],
    ['An effect stands within an expression', 'return 1 + impure<number>("Math.random()")'],
    ['There is no operator', 'return op("Math.cot", x)'],
    ['Math.atan2 does not take 1 operands', 'return Math.atan2(x)'],
    ['flag is boolean, not number', 'return x + flag'],
    ['u is Float64Array, not number', 'return -u'],
    ['u is Float64Array, not number', 'return u'],
    ['x is number, not boolean', 'if (x) {\n}\nreturn x'],
    ['x is number, not an array', 'return x[0]'],
    ['flag is boolean, not a number', 'return u[flag]'],
    ['u is Float64Array, not a record', 'return u.y'],
    ['flag is boolean, not number', 'u[0] = flag\nreturn x'],
    ['x is number, not an array', 'x[0] = 1\nreturn x'],
    ['x is number, not an array', 'x.fill(1)\nreturn x'],
    ['x is number, not array', 'u.set(x)\nreturn x'],
    ['The branches are number and boolean', 'return flag ? x : flag'],
    ['1 values for 2 fields', 'const r = record<[number, number]>(x)\nreturn r["0"]', ['const r: [number, number]']],
    ['c is written, but readonly', 'const c = view(u)\nc[0] = 1\nreturn x', ['const c: readonly Float64Array']],
    ['The result is missing', 'return'],
    ['The function ends without its result', 'u[0] = 1'],
  ])('%s, in %j', (problem, body, variables) => {
    const found = problemsOf(body, variables)
    expect(found).not.toEqual([])
    expect(found.join('\n')).toContain(problem)
  })

  test('once, as an error of ours that names the function and the statement', () => {
    const fn = parse(`${header}{\n  return Math.sin(x + flag) * 2\n}\n`)
    expect(() => verify(fn)).toThrow(InternalError)
    expect(findProblems(fn)).toEqual(['flag is boolean, not number, in x + flag (return Math.sin(x + flag) * 2)'])
  })

  test('for calls, when the program is known', () => {
    const callee = parse(`${header}{\n  return x\n}\n`)
    const program = { functions: new Map([['f', callee]]) }
    const calling = (call: string): readonly string[] =>
      findProblems(parse(`function g(x): number\n  const x: number\n  const r: number\n{\n  const r = ${call}\n  return r\n}\n`), program)
    expect(calling('call "h"(x)').join()).toContain('There is no function h')
    expect(calling('call "f"(x)').join()).toContain('f does not take 1 arguments')
    expect(calling('call "f"(x, x, true)').join()).toContain('x is number, not Float64Array')
  })
})

test.each([
  ['1', 'number'],
  ['x < 1', 'boolean'],
  ['u', 'Float64Array'],
  ['u[0] + u.length', 'number'],
  ['flag ? u : u', 'Float64Array'],
  ['slice(c, 1)', 'Float64Array'],
  ['view(c, 1)', 'readonly Float64Array'],
  ['zerosLike(c)', 'Float64Array'],
  ['zeros<number[]>(3)', 'number[]'],
  ['r.a["0"]', 'number'],
  ['stopGradient(u)', 'Float64Array'],
  ['Math.PI', 'number'],
  ['opaque<opaque "Date">("new Date()")', 'opaque "Date"'],
])('the type of %s is %s', (text, expected) => {
  const { variables } = parse(`${header}  const c: readonly Float64Array\n  const r: { a: [number, boolean] }\n{\n}\n`)
  expect(showType(typeOf(parseExpression(text), variables))).toBe(expected)
})
