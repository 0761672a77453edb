/** What lasts for one call of `read`: the checker, what was read so far, and the diagnostics. */

import { isAbsolute, relative } from 'node:path'
import ts from '#typescript'
import type { Arguments, Code } from '../diagnostics/catalog.ts'
import { createDiagnostic, type Diagnostic, type Place, type Reason } from '../diagnostics/report.ts'
import type { FunctionNode, Type } from '../ir/nodes.ts'
import type { ClassFamily } from './class-family.ts'
import type { EmittedNames } from './emitted-names.ts'
import type { Facts } from './facts.ts'
import type { Handed } from './handed.ts'
import type { PackageSources } from './package-sources.ts'
import type { NestedRequest } from './result.ts'
import type { Scratch } from './scratch.ts'

export interface Session {
  readonly program: ts.Program
  readonly checker: ts.TypeChecker
  readonly root: string
  /** The file that asks, and into which derivatives are put. */
  readonly file: ts.SourceFile
  readonly functions: Map<string, FunctionNode>
  readonly nested: Map<string, NestedRequest>
  /** What the requesting file calls the functions that were read. */
  readonly namesOf: Map<string, string>
  /** Keys of functions that could not be read. Their diagnostics are already there. */
  readonly failed: Set<string>
  /** The names of hook slots that were come across. */
  readonly seenSlots: Set<string>
  /** Functions being read, for recursion. */
  readonly pending: Set<string>
  /** What is done when these have been read, by their keys. */
  readonly afterReading: Map<string, () => void>
  readonly diagnostics: Diagnostic[]
  /** The calls of `noGrad`, and of `setGradEnabled` where it can be off. */
  readonly withoutGradients: Place[]
  readonly dependencies: Set<string>
  readonly names: EmittedNames
  readonly facts: Facts
  /** What operators and markers may be called in the program. */
  readonly intrinsicNames: ReadonlySet<string>
  readonly classes: ClassFamily
  readonly packages: PackageSources
  readonly handed: Handed
  readonly scratch: Scratch
  /** The storage of modules that functions use as their own, by their keys, with what they call. */
  readonly scratchOf: Map<string, ReadonlySet<ts.Symbol>>
  /** Calls of functions of packages whose source could not be followed, with what stands in the way. */
  readonly unfollowed: Map<ts.Node, readonly Diagnostic[]>
  /** The types of nodes that were asked for: the type checker looks at a whole expression for each part of it that it is asked about. */
  readonly typesRead: WeakMap<ts.Node, Type>
}

/** Thrown where a statement cannot be read, and caught around each statement, so that one mistake gives one diagnostic. */
export class Refused extends Error {}

export function placeOf(node: ts.Node): Place {
  return { file: node.getSourceFile().fileName, start: node.getStart(), end: node.getEnd() }
}

/** Reports once for each place. The same function read for two requests would otherwise say everything twice. */
export function report<C extends Code>(session: Session, node: ts.Node, code: C, args: Arguments<C>, chain: readonly Reason[]): void {
  const place = placeOf(node)
  const known = session.diagnostics.some((d) => d.code === code && d.file === place.file && d.start === place.start)
  if (!known) session.diagnostics.push(createDiagnostic(code, place, args, chain))
}

/** The file's name within the project, as it stands in keys: the same on every machine. */
export function projectPath(session: Session, fileName: string): string {
  const path = isAbsolute(fileName) ? relative(session.root, fileName) : fileName
  return path.replaceAll('\\', '/')
}

export function textOf(node: ts.Node): string {
  return node.getText().replace(/\s+/g, ' ')
}
