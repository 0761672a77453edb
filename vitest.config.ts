import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Tests run from source: the package's own name resolves to the files it is built from. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^cotangent$/, replacement: source('./runtime/index.ts') },
      { find: /^cotangent\/runtime$/, replacement: source('./runtime/runtime.ts') },
      { find: /^cotangent\/hooks$/, replacement: source('./runtime/hooks.ts') },
      { find: /^cotangent\/testing$/, replacement: source('./runtime/testing.ts') },
      { find: /^cotangent\/compiler$/, replacement: source('./compiler/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Without this, one processor is left to a user who watches.
    maxWorkers: availableParallelism(),
    // What the compiler makes is soon let go of: most of it never leaves a nursery of this size.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
