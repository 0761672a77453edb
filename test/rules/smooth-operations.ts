/** Open intervals in which an operation is smooth, one for each operand. */
export type Domain = readonly (readonly [number, number])[]

const real = [-3, 3] as const
const positive = [0.1, 5] as const

/** Every operation with a derivative, and where to test it: the domain must not contain a kink. */
export const smoothOperations: readonly (readonly [operation: string, domain: Domain])[] = [
  ['-a', [real]],
  ['+a', [real]],
  ['a + b', [real, real]],
  ['a - b', [real, real]],
  ['a * b', [real, real]],
  ['a / b', [real, positive]],
  ['a / b', [real, [-4, -0.3]]],
  [
    'a % b',
    [
      [7.2, 8.8],
      [3, 3.5],
    ],
  ],
  [
    'a % b',
    [
      [-8.8, -7.2],
      [3, 3.5],
    ],
  ],
  ['a ** b', [positive, real]],
  ['Math.pow(a, b)', [positive, real]],
  ['2.5 ** b', [real]],
  ...[2, 3, 4, 5, 7, 9, 10, -1, -2, -3, -5].flatMap((n): [string, Domain][] => [
    [`a ** ${String(n)}`, [[0.3, 2]]],
    [`a ** ${String(n)}`, [[-2, -0.3]]],
  ]),
  ...[0, 1, 0.5, -0.5, 1.5, 2.5, 1 / 3, 12.5].map((n): [string, Domain] => [`a ** ${String(n)}`, [positive]]),
  ['Math.pow(a, 3)', [real]],
  ['Math.abs(x)', [positive]],
  ['Math.abs(x)', [[-5, -0.1]]],
  ['Math.acos(x)', [[-0.95, 0.95]]],
  ['Math.acosh(x)', [[1.1, 9]]],
  ['Math.asin(x)', [[-0.95, 0.95]]],
  ['Math.asinh(x)', [real]],
  ['Math.atan(x)', [real]],
  ['Math.atan2(y, x)', [real, positive]],
  ['Math.atan2(y, x)', [positive, real]],
  ['Math.atanh(x)', [[-0.95, 0.95]]],
  ['Math.cbrt(x)', [positive]],
  ['Math.cbrt(x)', [[-5, -0.1]]],
  ['Math.cos(x)', [real]],
  ['Math.cosh(x)', [real]],
  ['Math.exp(x)', [real]],
  ['Math.expm1(x)', [real]],
  ['Math.hypot(a)', [positive]],
  ['Math.hypot(a)', [[-5, -0.1]]],
  ['Math.hypot(a, b)', [positive, real]],
  ['Math.hypot(a, b, c)', [real, positive, real]],
  ['Math.log(x)', [positive]],
  ['Math.log10(x)', [positive]],
  ['Math.log1p(x)', [[-0.9, 4]]],
  ['Math.log2(x)', [positive]],
  ['Math.max(a)', [real]],
  [
    'Math.max(a, b)',
    [
      [1, 2],
      [-1, 0.9],
    ],
  ],
  [
    'Math.max(a, b)',
    [
      [-1, 0.9],
      [1, 2],
    ],
  ],
  [
    'Math.max(a, b, c)',
    [
      [-1, 0.9],
      [1, 2],
      [-3, -2],
    ],
  ],
  ['Math.min(a)', [real]],
  [
    'Math.min(a, b)',
    [
      [1, 2],
      [-1, 0.9],
    ],
  ],
  [
    'Math.min(a, b)',
    [
      [-1, 0.9],
      [1, 2],
    ],
  ],
  [
    'Math.min(a, b, c)',
    [
      [1, 2],
      [-1, 0.9],
      [3, 4],
    ],
  ],
  ['Math.sin(x)', [real]],
  ['Math.sinh(x)', [real]],
  ['Math.sqrt(x)', [positive]],
  ['Math.tan(x)', [[-1.4, 1.4]]],
  ['Math.tanh(x)', [real]],
  ['Math.ceil(x)', [[1.1, 1.9]]],
  ['Math.clz32(x)', [[4.1, 7.9]]],
  ['Math.floor(x)', [[1.1, 1.9]]],
  [
    'Math.imul(a, b)',
    [
      [4.1, 4.9],
      [2.1, 2.9],
    ],
  ],
  ['Math.round(x)', [[1.6, 2.4]]],
  ['Math.sign(x)', [positive]],
  ['Math.trunc(x)', [[1.1, 1.9]]],
  ['~a', [[1.1, 1.9]]],
  ...['|', '&', '^', '<<', '>>', '>>>'].map((sign): [string, Domain] => [
    `a ${sign} b`,
    [
      [4.1, 4.9],
      [2.1, 2.9],
    ],
  ]),
]
