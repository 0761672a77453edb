import { expect, test } from 'vitest'
import * as cotangent from 'cotangent'

test('exactly the operators that are built are exported', () => {
  expect(Object.keys(cotangent).sort()).toEqual([
    ...[
      'checkpoint',
      'customVjp',
      'enableGrad',
      'grad',
      'hessian',
      'hook',
      'hvp',
      'jacobian',
      'jvp',
      'noGrad',
      'setGradEnabled',
      'stopGradient',
      'valueAndGrad',
      'vjp',
    ],
  ])
})

test.each(Object.entries(cotangent))('%s reached uncompiled names itself and the ways to set the compiler up', (name, operator) => {
  const call = (): unknown => (operator as (f: (x: number) => number) => unknown)((x) => x)
  expect(call).toThrow(new RegExp(`CT0001: \`${name}\``))
  expect(call).toThrow(/node --import cotangent\/register app\.ts/)
  expect(call).toThrow(/"transform": "cotangent\/tsc"/)
  expect(call).toThrow(/cotangent build -p tsconfig\.json --out-dir gen/)
})
