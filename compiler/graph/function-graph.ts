/** The graph of one function that was differentiated, off what its passes found out. */

import { primalName } from '../4-simplify/adjoint-names.ts'
import type { SummaryOf } from '../2-analyze/regions.ts'
import { headPrinter } from '../5-emit/print-function.ts'
import { plainNames } from '../inspect/describe.ts'
import type { Part } from '../inspect/inspection.ts'
import { findingOf } from '../inspect/lines.ts'
import { madeBy, printedNames, type Sources } from '../inspect/parts.ts'
import type { PlacedValue } from '../inspect/values.ts'
import { valuesOf } from '../inspect/values.ts'
import type { Known } from '../inspect/why-inactive.ts'
import { linkGuards } from '../ir/guard.ts'
import { linkMentions } from '../ir/mention.ts'
import type { FunctionNode, Origin, Statement } from '../ir/nodes.ts'
import { expressionsOf, variablesIn, variablesMentioned } from '../ir/walk.ts'
import type { Step } from '../pass.ts'
import type { DerivativeNode, FunctionGraph, GraphValue, Group, Place, PrimalNode } from './program-graph.ts'
import { sweepOf, type Made, type MadeSweep, type SweepOptions } from './sweep-nodes.ts'
import { sweepsOf } from './sweep-of.ts'

export interface GraphSources extends Sources {
  readonly steps: readonly Step[]
  readonly summaryOf: SummaryOf
  /** What a function is called, by its key. */
  readonly nameOf: (key: string) => string
  readonly placeOf: (origin: Origin) => Place
}

export function functionGraph(part: Part, id: string, sources: GraphSources): FunctionGraph | undefined {
  const { subject, mode, independent } = part
  const own = sources.steps.filter((step) => step.subject === subject)
  const analysed = own.findLast(({ pass }) => pass === 'analyze')
  const fn = analysed?.functions[0]
  const activity = analysed?.facts.activity
  if (!fn || !activity) return undefined
  const shown = printedNames(subject, sources.steps)
  const common = { summaryOf: sources.summaryOf, placeOf: sources.placeOf }
  const primal = sweepOf(fn, { ...common, prefix: `${id}p`, shown, textOf: printerOf(fn, shown, sources) })
  const known: Known = { fn, activity, names: plainNames(shown), independent, withoutGradients: sources.withoutGradients }
  const made = madeBy(own, shown)
  const values = valuesByNode(primal, made ? valuesOf(made) : [], (name) => made?.context.variableOf.get(name) ?? name)
  const emitted = emittedFor(subject, sources.steps)
  const sweeps = emitted.map(({ fn: whole, names, half }, i) => {
    const named = (name: string): string => names?.get(name) ?? name
    const options: SweepOptions = {
      ...common,
      prefix: `${id}${'abc'.charAt(i)}`,
      shown: named,
      textOf: printerOf(whole, named, sources),
    }
    const sweep = sweepOf(whole, options)
    const sweepNames = sweepsOf(whole, { mode, half, isFused: (statement) => reversalOf(statement, part, sources)?.kind === 'fused' })
    return {
      whole,
      groups: sweep.groups,
      edges: sweep.edges,
      nodes: sweep.made.map((one) => derivativeNode(one, primal, sweepNames, half)),
    }
  })
  return {
    id,
    function: part.function,
    mode,
    independent,
    primal: {
      names: [part.function],
      nodes: primal.made.map((one) => primalNode(one, known, values.get(one) ?? [])),
      groups: primal.groups.map((group) => withReversal(group, part, sources)),
      edges: primal.edges,
    },
    derivative: {
      names: sweeps.map(({ whole }) => whole.name),
      nodes: sweeps.flatMap(({ nodes }) => nodes),
      groups: sweeps.flatMap(({ groups }) => groups.map(({ statement: _, ...group }) => ({ ...group, reversal: null }))),
      edges: sweeps.flatMap(({ edges }) => edges),
    },
  }
}

interface Emitted {
  readonly fn: FunctionNode
  readonly names: ReadonlyMap<string, string> | undefined
  readonly half: 'forward' | 'backward' | undefined
}

/** What is printed for a subject: one function, or both halves. Where it became a part of another function, what its last pass gave. */
function emittedFor(subject: string, steps: readonly Step[]): readonly Emitted[] {
  const printed = (key: string, half: Emitted['half']): readonly Emitted[] => {
    const step = steps.findLast(({ pass, subject: other }) => pass === 'print' && other === key)
    return step ? [{ fn: step.functions[0]!, names: step.facts.names, half }] : []
  }
  const halves = [...printed(`${subject}:forward`, 'forward'), ...printed(`${subject}:backward`, 'backward')]
  if (halves.length > 0) return halves
  const whole = printed(subject, undefined)
  if (whole.length > 0) return whole
  const last = steps.findLast((step) => step.subject === subject)?.functions ?? []
  return last.map((fn, i) => ({ fn, names: undefined, half: last.length === 1 ? undefined : i === 0 ? 'forward' : 'backward' }))
}

function printerOf(fn: FunctionNode, shown: (name: string) => string, { nameOf }: GraphSources): (statement: Statement) => string {
  const base = fn.name.replace(/_(?:grad|valueAndGrad)(?:Into)?$/, '')
  const print = headPrinter(fn, { shown, nameOf, pool: `${base}_tapes`, arrays: `${base}_arrays` })
  return (statement) =>
    linkMentions(
      linkGuards(print(statement), (derived) => `${derived}_storage`),
      nameOf,
    ).replace(/cotangent#(\w+)/g, '$1')
}

function primalNode({ node, of }: Made, known: Known, values: readonly GraphValue[]): PrimalNode {
  const statement: Statement = typeof of === 'string' ? { kind: 'declare', name: of, value: { kind: 'variable', name: of } } : of
  const found = findingOf(statement, known)
  const activity = found === undefined || found.activity === 'none' ? 'control' : found.activity
  return { ...node, activity, why: typeof of === 'string' ? [] : (found?.why ?? []), values }
}

function withReversal({ statement, ...group }: MadeSweep['groups'][number], part: Part, sources: GraphSources): Group {
  const found = reversalOf(statement, part, sources)
  if (!found) return { ...group, reversal: null }
  const { file: _, line: __, ...reversal } = found
  return { ...group, reversal }
}

function reversalOf(statement: Statement, { loops }: Part, { placeOf }: GraphSources): Part['loops'][number] | undefined {
  if (statement.kind !== 'loop' || !statement.origin) return undefined
  const place = placeOf(statement.origin)
  return loops.find(({ file, line }) => line === place.line && placeOf({ ...statement.origin!, file }).file === place.file)
}

/** Values belong to the statement that gives them, or that they are a part of. */
function valuesByNode(
  { made }: MadeSweep,
  values: readonly PlacedValue[],
  variableOf: (name: string) => string,
): ReadonlyMap<Made, readonly GraphValue[]> {
  const found = new Map<Made, GraphValue[]>()
  for (const { report, name, origin } of values) {
    const { value, when, source, from, storage, why } = report
    const variable = variableOf(name)
    const candidates = origin ? made.filter((one) => typeof one.of !== 'string' && sameOrigin(one.origin, origin)) : []
    const owner = origin ? (candidates.find((one) => gives(one, variable)) ?? candidates[0]) : made.find(({ of }) => of === name)
    if (owner) found.set(owner, [...(found.get(owner) ?? []), { value, when, source, from, storage, why }])
  }
  return found
}

const sameOrigin = (a: Origin | undefined, b: Origin): boolean => a?.file === b.file && a.start === b.start && a.end === b.end

function gives({ of }: Made, variable: string): boolean {
  if (typeof of === 'string') return of === variable
  if (of.kind === 'declare') return of.name === variable
  if (of.kind === 'call') return of.result === variable
  return of.kind === 'assign' && of.target.kind === 'variable' && of.target.name === variable
}

function derivativeNode(
  { node, of, origin }: Made,
  primal: MadeSweep,
  sweeps: ReadonlyMap<Statement, DerivativeNode['sweep']>,
  half: Emitted['half'],
): DerivativeNode {
  if (typeof of === 'string') {
    const same = primal.made.filter((one) => one.of === of).map((one) => one.node.id)
    return { ...node, sweep: half === 'backward' ? 'reverse' : 'forward', of: same }
  }
  return { ...node, sweep: sweeps.get(of) ?? 'forward', of: origin ? stemsFrom(of, origin, primal) : [] }
}

/** A function that was put in the place of several calls has its lines several times: then names tell which one is meant. */
function stemsFrom(statement: Statement, origin: Origin, { made }: MadeSweep): readonly string[] {
  const candidates = made.filter((one) => typeof one.of !== 'string' && sameOrigin(one.origin, origin))
  if (candidates.length < 2) return candidates.map(({ node }) => node.id)
  const names = new Set<string>()
  for (const expression of expressionsOf(statement)) variablesIn(expression, names)
  if (statement.kind === 'declare') names.add(statement.name)
  if (statement.kind === 'loop' || statement.kind === 'if') for (const name of variablesMentioned([statement])) names.add(name)
  const mentioned = new Set([...names].flatMap((name) => [name, primalName(name).primal]))
  const own = candidates.filter((one) => typeof one.of !== 'string' && [...mentioned].some((name) => gives(one, name)))
  return (own.length > 0 ? own : candidates).map(({ node }) => node.id)
}
