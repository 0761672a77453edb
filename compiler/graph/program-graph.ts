/**
 * The graph of a derivative, as plain data: `cotangent graph --format json` prints this, and `docs/graph.schema.json` describes it.
 *
 * Texts such as `text` and `why` are for reading and may change from version to version. Everything else is told apart by its fields.
 */

import type { OperatorName } from '../1-read/result.ts'
import type { Argument, LineActivity, LoopReport, Part, ValueReport } from '../inspect/inspection.ts'
import type { ProgramText } from './program-text.ts'

export const GRAPH_FORMAT = 'cotangent-program-graph'
export const GRAPH_VERSION = 1

export interface ProgramGraph {
  readonly format: typeof GRAPH_FORMAT
  /** Of this format. It changes when a field changes its meaning or goes. */
  readonly version: typeof GRAPH_VERSION
  /** Relative to the folder of the project, so that a graph is the same on every machine. */
  readonly file: string
  readonly function: string
  readonly operator: OperatorName
  /** The arguments that it is with respect to: all of them for `jvp`. */
  readonly wrt: readonly Argument[]
  readonly hasAux: boolean
  /** Every function that is differentiated on the way: the one asked for first. */
  readonly functions: readonly FunctionGraph[]
  /** What the compiler needs to emit the same derivative where the source is not; `null` where that is not possible. */
  readonly program: ProgramText | null
  /** Why it is not possible. */
  readonly whyNot: readonly string[]
}

/** One function, differentiated once: what it does, and what its derivative does. */
export interface FunctionGraph {
  /** Names it among the others. */
  readonly id: string
  readonly function: string
  readonly mode: Part['mode']
  /** The parameters that move. */
  readonly independent: readonly string[]
  /** The function as it is differentiated: calls that were followed stand in it. */
  readonly primal: Sweep<PrimalNode>
  /** What is emitted for it: both sweeps, or the one of tangents. */
  readonly derivative: Sweep<DerivativeNode>
}

export interface Sweep<Node extends GraphNode> {
  /** The emitted functions, or the one that is differentiated. */
  readonly names: readonly string[]
  /** In the order of the text. */
  readonly nodes: readonly Node[]
  /** Loops and branches; each after the one that it stands in. */
  readonly groups: readonly Group[]
  /** From the node that gives a value to those that may read it. */
  readonly edges: readonly Edge[]
}

export type NodeKind = 'parameter' | 'compute' | 'write' | 'call' | 'effect' | 'test' | 'loop' | 'exit' | 'return'

export interface GraphNode {
  readonly id: string
  readonly kind: NodeKind
  /** The loop or branch that it stands in. */
  readonly group: string | null
  /** Where it comes from. What the compiler made up has the place that needs it, if there is one. */
  readonly place: Place | null
  /** As TypeScript, on one line. */
  readonly text: string
  /** The variables that it gives a value to, or whose storage it writes. */
  readonly gives: readonly string[]
}

/** A piece of a source file. */
export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** Offsets into the file's text. */
  readonly start: number
  readonly end: number
}

export interface PrimalNode extends GraphNode {
  readonly activity: Exclude<LineActivity, 'none'>
  /** Why it, or a part of it, is not active. */
  readonly why: readonly string[]
  /** What the reverse sweep reads of it, and where it finds that. */
  readonly values: readonly GraphValue[]
}

export type GraphValue = Pick<ValueReport, 'value' | 'when' | 'source' | 'from' | 'storage' | 'why'>

export interface DerivativeNode extends GraphNode {
  /** `forward`: computes what the function does, and keeps what is needed. `reverse`: computes adjoints. `tangent`: computes tangents. */
  readonly sweep: 'forward' | 'reverse' | 'tangent'
  /** The nodes of the primal that it stems from; none for what the compiler made up. */
  readonly of: readonly string[]
}

export interface Group {
  readonly id: string
  readonly kind: 'loop' | 'then' | 'else'
  readonly group: string | null
  /** The node that decides whether it runs. */
  readonly head: string
  /** How a loop of the primal is reversed, in the reverse mode. */
  readonly reversal: Omit<LoopReport, 'file' | 'line'> | null
}

export interface Edge {
  readonly from: string
  readonly to: string
  /** The variable that holds the value. */
  readonly value: string
  /** Whether it arrives only in a later iteration of a loop around both. */
  readonly carried: boolean
}
