import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCompiler } from '../compiler/index.ts'
import { functionOf, load } from './support/load.ts'

/** Packages as they are built and published in one way or another: small ones, whose JavaScript stands here. */

type Files = Readonly<Record<string, string>>

const folder = '/project'
const installed = (files: Files): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [posix.join(folder, 'node_modules', name), text]))

function compile(main: string, files: Files): ReturnType<ReturnType<typeof createCompiler>['compileFile']> {
  const path = posix.join(folder, 'main.ts')
  return createCompiler({ files: { [path]: `import { grad } from 'cotangent'\n${main}`, ...installed(files) } }).compileFile(path)
}

/** Runs the derivative beside the function of the package that it is of, which is given. */
function derivative(main: string, files: Files, packages: Readonly<Record<string, unknown>>): (...args: unknown[]) => unknown {
  const { code, diagnostics } = compile(main, files)
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  return functionOf(load({ '/main.ts': code }, '/main.ts', packages), 'df')
}

const messages = (main: string, files: Files): readonly string[] =>
  compile(main, files).diagnostics.map(({ code, message }) => `${code} ${message}`)

const square = "import { square } from 'it'\nexport const df = grad((x: number): number => square(x))"
const types = { 'it/index.d.ts': 'export declare function square(x: number): number' }
const packageJson = (fields: object): string => JSON.stringify({ name: 'it', version: '1.0.0', ...fields })

describe('where the source is found', () => {
  const esm = 'export function square(x) { return x * x }'
  const cjs = 'exports.square = function (x) { return x * x }'
  const places: Readonly<Record<string, Files>> = {
    'beside the declarations': { 'it/index.js': esm, ...types },
    'without declarations': { 'it/package.json': packageJson({ main: 'lib/it.js' }), 'it/lib/it.js': esm },
    'by main': { 'it/package.json': packageJson({ main: './lib/it.cjs', types: './index.d.ts' }), 'it/lib/it.cjs': cjs, ...types },
    'by module, before main': {
      'it/package.json': packageJson({ main: './no.js', module: './it.mjs', types: './index.d.ts' }),
      'it/it.mjs': esm,
      'it/no.js': '',
      ...types,
    },
    'by exports': {
      'it/package.json': packageJson({ exports: { '.': { types: './index.d.ts', require: './no.cjs', import: './dist/it.mjs' } } }),
      'it/dist/it.mjs': esm,
      ...types,
    },
    'by require alone': {
      'it/package.json': packageJson({ exports: { '.': { types: './index.d.ts', require: './it.cjs' } } }),
      'it/it.cjs': cjs,
      ...types,
    },
    'with declarations of another package': { 'it/index.js': esm, '@types/it/index.d.ts': types['it/index.d.ts'] },
    'in TypeScript': {
      'it/package.json': packageJson({ main: './it.ts' }),
      'it/it.ts': 'export function square(x: number) { return x * x }',
    },
    'in a file that declarations of its own stand beside': {
      'it/index.js': "export { square } from './part.js'",
      'it/part.js': esm,
      'it/part.d.ts': types['it/index.d.ts'],
      'it/index.d.ts': "export { square } from './part.js'",
    },
  }
  test.each(Object.entries(places))('%s', (_, files) => {
    expect(derivative(square, files, { it: {} })(3)).toBe(6)
  })
})

describe('how modules with require export', () => {
  const exporting: Readonly<Record<string, string>> = {
    'a property': 'exports.square = function (x) { return x * x }',
    'a function by its name': 'function square(x) { return x * x }\nexports.square = square',
    'after nothing': '"use strict";\nexports.other = exports.square = void 0;\nconst square = (x) => x * x;\nexports.square = square;',
    'an object': 'function square(x) { return x * x }\nmodule.exports = { square, other: 1 }',
    'an object of literals': 'module.exports = { square: function (x) { return x * x } }',
    'an object with methods': 'module.exports = { square(x) { return x * x } }',
    'members of an object': 'const all = {}\nall.square = function (x) { return x * x }\nmodule.exports = all',
    'what another gives': "const part = require('./part')\nexports.square = function (x) { return (0, part.times)(x, x) }",
    'what it takes over':
      "const part = require('./part')\nObject.defineProperty(exports, 'square', { enumerable: true, get: function () { return part.square } })",
    'all of another': "var __exportStar = function (m, exports) {}\n__exportStar(require('./part'), exports)",
  }
  const part = 'exports.times = function (a, b) { return a * b }\nexports.square = function (x) { return x * x }'
  test.each(Object.entries(exporting))('%s', (_, text) => {
    expect(derivative(square, { 'it/index.js': text, 'it/part.js': part, ...types }, { it: {} })(3)).toBe(6)
  })

  test('a function that is the module', () => {
    const main = "import square from 'it'\nexport const df = grad((x: number): number => square(x))"
    const files = {
      'it/index.js': 'module.exports = function (x) { return x * x }',
      'it/index.d.ts': 'declare function it(x: number): number\nexport = it',
    }
    expect(derivative(main, files, { it: {} })(3)).toBe(6)
  })
})

describe('how it is imported', () => {
  const files = {
    'it/index.js': "import * as inner from './inner.js'\nexport { inner }\nexport const square = (x) => x * x\nexport default square",
    'it/inner.js': 'export function cube(x) { return x * x * x }',
    'it/index.d.ts':
      'export declare namespace inner { function cube(x: number): number }\nexport declare function square(x: number): number\nexport default square',
  }
  test.each([
    ["import { square as power } from 'it'", 'power(x)', 6],
    ["import power from 'it'", 'power(x)', 6],
    ["import * as it from 'it'", 'it.square(x)', 6],
    ["import * as it from 'it'", 'it.inner.cube(x)', 27],
    ["import { inner } from 'it'", 'inner.cube(x)', 27],
  ])('%s, %s', (imports, call, expected) => {
    expect(derivative(`${imports}\nexport const df = grad((x: number): number => ${call})`, files, { it: {} })(3)).toBe(expected)
  })
})

describe('what is not followed', () => {
  const refused: Readonly<Record<string, readonly [files: Files, message: string]>> = {
    'minified code': [
      { 'it/index.js': `export function square(x){return x*x}${'export const a=[1,2,3];'.repeat(40)}`, ...types },
      'CT3011 the source of `square` in `it` is minified',
    ],
    'native code': [
      { 'it/package.json': packageJson({ main: './it.node', types: './index.d.ts' }), 'it/it.node': '', ...types },
      'CT3012 no JavaScript in which `square` could be read is found for `it`',
    ],
    'a function that is not seen to be exported': [
      { 'it/index.js': "for (const name of ['square']) exports[name] = (x) => x * x", ...types },
      'CT3012 no JavaScript in which `square` could be read is found for `it`',
    ],
    'storage that a function keeps': [
      {
        'it/index.js':
          'export const square = (function () { const kept = new Float64Array(1); return function (x) { kept[0] += x * x; return kept[0] } })()',
        ...types,
      },
      'CT3010 `(function () { const kept = new Float...` makes a function that keeps storage, or something that changes, from one call to the next',
    ],
    'a number that a function keeps': [
      { 'it/index.js': 'export const square = (function () { let n = 0; return function (x) { n++; return n * x * x } })()', ...types },
      'CT3010 `(function () { let n = 0; return func...` makes a function that keeps storage, or something that changes, from one call to the next',
    ],
    'a function that is assigned again': [
      { 'it/index.js': 'let square = (x) => x * x\nexport function change() { square = (x) => x }\nexport { square }', ...types },
      'CT3012 no JavaScript in which `square` could be read is found for `it`',
    ],
    'state of the module': [
      { 'it/index.js': 'let scale = 1\nfunction change(s) { scale = s }\nexport function square(x) { return scale * x * x }', ...types },
      'CT2006 `square` uses `scale` of `index.js`, which is not exported and can not be copied',
    ],
    'a variable of several types': [
      { 'it/index.js': 'export function square(x) { let y = x; if (x > 1) y = [x]; return y * y }', ...types },
      'CT2041 the JavaScript that `f` calls uses a value as what it is not: list<number[]>(x) is number[], not number (y = list<number[]>(x))',
    ],
  }
  test.each(Object.entries(refused))('%s', (_, [files, message]) => {
    expect(messages(square, files)).toEqual([message])
  })
})
