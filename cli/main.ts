#!/usr/bin/env node
/** The command as a process. */

import { runCommand } from './run.ts'

process.exitCode = await runCommand(process.argv.slice(2), process)
