/**
 * The derivative of every scalar operation, once, as data. The key shows the operation with its operands named, the value gives the
 * partial derivative for each operand; `out` is the value already computed. Forward, reverse and every higher order read the same line.
 *
 * Kinks and edges are those of PyTorch. A conditional stands only where the plain formula would miss one of them.
 */
export type Rules = Readonly<Record<string, Readonly<Record<string, string>>>>

export const scalarRules: Rules = {
  '+a': { a: '1' },
  '-a': { a: '-1' },
  'a + b': { a: '1', b: '1' },
  'a - b': { a: '1', b: '-1' },
  'a * b': { a: 'b', b: 'a' },
  'a / b': { a: '1 / b', b: '-out / b' },
  // Between the jumps of the quotient, `a % b` is `a - trunc(a / b) * b`.
  'a % b': { a: '1', b: '-Math.trunc(a / b)' },
  // A literal exponent has simpler partials, see `power.ts`.
  'a ** b': { a: 'b === 0 ? 0 : b * a ** (b - 1)', b: 'a === 0 && b >= 0 ? 0 : out * Math.log(a)' },
  'Math.pow(a, b)': { a: 'b === 0 ? 0 : b * a ** (b - 1)', b: 'a === 0 && b >= 0 ? 0 : out * Math.log(a)' },

  // `sign` is 0 at 0, and NaN where the operand is.
  'Math.abs(x)': { x: 'Math.sign(x)' },
  'Math.acos(x)': { x: '-1 / Math.sqrt((1 - x) * (1 + x))' },
  // Two roots, because the root of the product would give a number for x < -1 and overflow for large x.
  'Math.acosh(x)': { x: '1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1))' },
  'Math.asin(x)': { x: '1 / Math.sqrt((1 - x) * (1 + x))' },
  'Math.asinh(x)': { x: '1 / Math.sqrt(1 + x * x)' },
  'Math.atan(x)': { x: '1 / (1 + x * x)' },
  'Math.atan2(y, x)': { y: 'x / (x * x + y * y)', x: '-y / (x * x + y * y)' },
  'Math.atanh(x)': { x: '1 / ((1 - x) * (1 + x))' },
  'Math.cbrt(x)': { x: '1 / (3 * out * out)' },
  'Math.cos(x)': { x: '-Math.sin(x)' },
  'Math.cosh(x)': { x: 'Math.sinh(x)' },
  'Math.exp(x)': { x: 'out' },
  'Math.expm1(x)': { x: 'out + 1' },
  'Math.log(x)': { x: '1 / x' },
  'Math.log10(x)': { x: '1 / (x * Math.LN10)' },
  'Math.log1p(x)': { x: '1 / (1 + x)' },
  'Math.log2(x)': { x: '1 / (x * Math.LN2)' },
  'Math.sin(x)': { x: 'Math.cos(x)' },
  'Math.sinh(x)': { x: 'Math.cosh(x)' },
  'Math.sqrt(x)': { x: '0.5 / out' },
  'Math.tan(x)': { x: '1 + out * out' },
  'Math.tanh(x)': { x: '1 - out * out' },

  // Rounding to a shorter float moves the value by less than its own error: the derivative is that of the identity.
  'Math.fround(x)': { x: '1' },
  'Math.f16round(x)': { x: '1' },

  // Steps: the derivative is 0 wherever there is one.
  'Math.ceil(x)': { x: '0' },
  'Math.clz32(x)': { x: '0' },
  'Math.floor(x)': { x: '0' },
  'Math.imul(a, b)': { a: '0', b: '0' },
  'Math.round(x)': { x: '0' },
  'Math.sign(x)': { x: '0' },
  'Math.trunc(x)': { x: '0' },
  '~a': { a: '0' },
  'a | b': { a: '0', b: '0' },
  'a & b': { a: '0', b: '0' },
  'a ^ b': { a: '0', b: '0' },
  'a << b': { a: '0', b: '0' },
  'a >> b': { a: '0', b: '0' },
  'a >>> b': { a: '0', b: '0' },
  'a < b': { a: '0', b: '0' },
  'a <= b': { a: '0', b: '0' },
  'a > b': { a: '0', b: '0' },
  'a >= b': { a: '0', b: '0' },
  'a === b': { a: '0', b: '0' },
  'a !== b': { a: '0', b: '0' },
  'a == b': { a: '0', b: '0' },
  'a != b': { a: '0', b: '0' },
  'a && b': { a: '0', b: '0' },
  'a || b': { a: '0', b: '0' },
  '!a': { a: '0' },
  'Number.isFinite(x)': { x: '0' },
  'Number.isInteger(x)': { x: '0' },
  'Number.isNaN(x)': { x: '0' },
  'Number.isSafeInteger(x)': { x: '0' },
  'same(a, b)': { a: '0', b: '0' },
  'stopGradient(x)': { x: '0' },
  'toNumber(x)': { x: '0' },
}
