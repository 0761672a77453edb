/** The hooks of `cotangent/register` for versions of Node that run them in a thread of their own. */

import type { LoadHook, ResolveHook } from 'node:module'
import { createLoader } from './loader.ts'

const loader = createLoader()

export const resolve: ResolveHook = (specifier, context, next) => next(loader.resolve(specifier, context.parentURL) ?? specifier, context)

export const load: LoadHook = (url, context, next) => {
  const loaded = loader.load(url)
  return loaded ? { ...loaded, shortCircuit: true } : next(url, context)
}
