/**
 * A tool for GradBench: reads its messages line by line and answers each with a line. After `npm run build`:
 *
 *     node --import cotangent/register bench/gradbench/tool.ts
 */

import { createInterface } from 'node:readline'
import { modules } from './modules.ts'
import { respond, type Message } from './protocol.ts'

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== '') process.stdout.write(`${JSON.stringify(respond(modules, JSON.parse(line) as Message))}\n`)
}
