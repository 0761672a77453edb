import fc from 'fast-check'
import type { ArrayType, Expression, Origin, RecordType, Type } from '../../compiler/ir/nodes.ts'
import { operators } from '../../compiler/ir/operators.ts'

/** Plain objects, as the compiler makes them. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> => fc.record(model, { noNullPrototype: true })

const name = fc.constantFrom('x', 'y_bar', '$u', 'length', 'zeros', 'op', 'top', 'exit', 'fill', 'effect', 'call', 'π')
const text = fc.oneof(fc.constantFrom('', 'a', '"', '\\', '\n', '`${x}`', '// no', '@1:2:3'), fc.string({ maxLength: 5 }))

export const arbitraryType: fc.Arbitrary<Type> = fc.letrec<{ type: Type; array: ArrayType; record: RecordType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Type>({ kind: 'number' }, { kind: 'boolean' }, { kind: 'void' }),
    record({ kind: fc.constant('opaque' as const), text }),
    tie('array'),
    tie('record'),
  ),
  array: fc.oneof(
    fc.constantFrom<ArrayType>(
      { kind: 'array', storage: 'Float64Array', element: { kind: 'number' } },
      { kind: 'array', storage: 'Float32Array', element: { kind: 'number' }, readonly: true },
    ),
    fc
      .tuple(fc.constantFrom('Array', 'Array', 'Pool'), tie('type'), fc.boolean())
      .map(([storage, element, isReadonly]) => ({ kind: 'array' as const, storage, element, ...(isReadonly && { readonly: true }) })),
  ),
  record: fc.oneof(
    fc
      .array(tie('type'), { maxLength: 3 })
      .map((types) => ({ kind: 'record' as const, tuple: true, fields: types.map((type, index) => ({ name: String(index), type })) })),
    fc
      .uniqueArray(fc.tuple(fc.oneof(name, text), tie('type')), { maxLength: 3, selector: ([name]) => name })
      .chain((fields) =>
        fc.boolean().map((tuple) => ({ kind: 'record' as const, tuple, fields: fields.map(([name, type]) => ({ name, type })) })),
      ),
  ),
})).type

const arrayType = arbitraryType.filter((type) => type.kind === 'array')
const recordType = arbitraryType.filter((type) => type.kind === 'record')

const literal: fc.Arbitrary<Expression> = fc.oneof(
  fc.double().map((value): Expression => ({ kind: 'number', value })),
  fc.integer({ min: -3, max: 3 }).map((value): Expression => ({ kind: 'number', value })),
  fc.constantFrom<Expression>(
    { kind: 'number', value: 0.001, text: '1e-3' },
    { kind: 'number', value: -0.5, text: '-.5' },
    { kind: 'number', value: 255, text: '0xff' },
    { kind: 'number', value: 1000, text: '1_000' },
    { kind: 'boolean', value: true },
    { kind: 'boolean', value: false },
  ),
)

const operator = fc.oneof(fc.constantFrom(...operators.keys()), fc.constantFrom('Math.unheardOf', '??', 'length', 'slice'))

/** Every tree that the types allow, sense or no sense: what printing and parsing must carry. */
export const arbitraryExpression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => {
  const tree = tie('tree')
  const optional = <K extends string>(key: K): fc.Arbitrary<{ readonly [P in K]?: Expression }> =>
    fc.option(tree, { nil: undefined }).map((value) => (value ? { [key]: value } : {}) as { readonly [P in K]?: Expression })
  const copy = fc
    .tuple(fc.constantFrom('slice' as const, 'view' as const), tree, optional('start'), optional('end'))
    .map(([kind, array, start, end]) => ({ kind, array, ...start, ...end }))
  const sensible = fc
    .constantFrom(...operators)
    .chain(([operator, { minimum, maximum }]) =>
      fc
        .array(tree, { minLength: minimum, maxLength: Math.min(maximum, 3) })
        .map((operands) => ({ kind: 'operation' as const, operator, operands })),
    )
  return {
    tree: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      literal,
      record({ kind: fc.constant('variable' as const), name }),
      sensible,
      sensible,
      record({ kind: fc.constant('operation' as const), operator, operands: fc.array(tree, { maxLength: 4 }) }),
      record({ kind: fc.constant('element' as const), array: tree, index: tree }),
      record({ kind: fc.constant('field' as const), record: tree, name: fc.oneof(name, text, fc.constant('0')) }),
      record({ kind: fc.constant('length' as const), array: tree }),
      fc.tuple(arrayType, tree, fc.boolean(), fc.boolean()).map(([type, length, pooled, exact]) => ({
        kind: 'zeros' as const,
        type,
        length,
        ...(pooled && { pooled, ...(exact && { exact }) }),
      })),
      record({ kind: fc.constant('list' as const), type: arrayType, elements: fc.array(tree, { maxLength: 3 }) }),
      record({ kind: fc.constant('record' as const), type: recordType, values: fc.array(tree, { maxLength: 3 }) }),
      copy,
      record({ kind: fc.constant('convert' as const), type: arrayType, array: tree }),
      record({ kind: fc.constant('zerosLike' as const), value: tree }),
      record({
        kind: fc.constant('opaque' as const),
        parts: fc.array(fc.oneof(text, tree), { maxLength: 3 }),
        type: arbitraryType,
        effects: fc.boolean(),
      }),
    ),
  }
}).tree

export const arbitraryOrigin: fc.Arbitrary<Origin> = record({
  file: fc.constantFrom('a.ts', 'b "c".ts'),
  line: fc.nat(),
  start: fc.nat(),
  end: fc.nat(),
})
