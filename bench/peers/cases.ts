import { logSumExpCase, mixtureCase, rosenbrockCase, type Case } from '../cases.ts'
import { llsqCase } from '../gradbench-cases.ts'
import { differences } from './differences.ts'
import { jax } from './jax.ts'
import { mathjs } from './mathjs.ts'
import type { Peer, Problem } from './peer.ts'
import { rose } from './rose.ts'
import { tensorflowCpu, tensorflowWasm } from './tensorflow.ts'

/** One row: a problem whose gradient is compared. */
export interface PeerCase extends Case {
  readonly request: Problem
}

export const peers: readonly Peer[] = [rose, mathjs, jax, tensorflowCpu, tensorflowWasm, differences]

export function createPeerCases(): PeerCase[] {
  return [
    rosenbrockCase(10),
    rosenbrockCase(100),
    logSumExpCase(1000),
    logSumExpCase(40_000),
    llsqCase(1024, 128),
    mixtureCase(1000, 10, 5),
  ].map((example) => ({ ...example, request: example.request as Problem }))
}
