import { grad } from 'cotangent'

export function square(x: number): number {
  return x * x
}

export function double(x: number): number {
  return grad(square)(x)
}
