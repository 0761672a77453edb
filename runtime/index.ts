/** What user code imports: the operators, and the types that describe their results. */
export {
  checkpoint,
  customVjp,
  enableGrad,
  grad,
  hessian,
  hook,
  hvp,
  jacobian,
  jvp,
  noGrad,
  setGradEnabled,
  stopGradient,
  valueAndGrad,
  vjp,
} from './operators.ts'
export type {
  CustomVjp,
  GradFunction,
  HessianFunction,
  HvpFunction,
  JacobianFunction,
  JacobianOptions,
  JvpFunction,
  Pullback,
  Tangents,
  ValueAndGradFunction,
  VjpFunction,
} from './operators.ts'
export type { Gradient, Tangent } from './gradient.ts'
export type { Options } from './refusal.ts'
