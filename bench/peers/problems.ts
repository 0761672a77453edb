import { logSumExpCase, mixtureCase, rosenbrockCase, type Case } from '../cases.ts'
import { llsqCase } from '../gradbench-cases.ts'
import type { Problem } from './peer.ts'

/** One row: a problem whose gradient is compared. */
export interface PeerCase extends Case {
  readonly request: Problem
}

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
