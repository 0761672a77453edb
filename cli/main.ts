#!/usr/bin/env node
/** The command as a process. */

import module from 'node:module'

/** From 22.1 on, Node keeps what it compiled, under a hash of the text. What was loaded before is not kept, so that the rest is loaded here. */
const { enableCompileCache } = module as { readonly enableCompileCache?: () => unknown }
enableCompileCache?.()

/** Who reads no further, as `head` does, has what was asked for. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const { runCommand } = await import('./run.ts')
process.exitCode = await runCommand(process.argv.slice(2), process)
