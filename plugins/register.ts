/** `node --import cotangent/register app.ts`: runs TypeScript programs with their requests answered. */

import module from 'node:module'

/** What Node has from 22.15 and 23.5 on, in the terms that are used here. */
interface SynchronousHooks {
  readonly registerHooks?: (hooks: {
    resolve(specifier: string, context: { readonly parentURL?: string }, next: (specifier: string) => unknown): unknown
    load(url: string, context: object, next: (url: string) => unknown): unknown
  }) => void
}

const { registerHooks } = module as SynchronousHooks

if (registerHooks) {
  const { createLoader } = await import('./loader.ts')
  const loader = createLoader()
  registerHooks({
    resolve: (specifier, { parentURL }, next) => next(loader.resolve(specifier, parentURL) ?? specifier),
    load(url, _context, next) {
      const loaded = loader.load(url)
      return loaded ? { ...loaded, shortCircuit: true } : next(url)
    },
  })
} else module.register('./register-hooks.js', import.meta.url)
