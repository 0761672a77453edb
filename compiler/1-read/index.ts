/** From a TypeScript program to requests and the IR of the functions they need. */

import ts from '#typescript'
import type { Place, Reason } from '../diagnostics/report.ts'
import { someType } from '../ir/named-type.ts'
import type { Type } from '../ir/nodes.ts'
import { variablesMentioned } from '../ir/walk.ts'
import { findAnnotated } from './annotations.ts'
import { findAsked } from './asked.ts'
import { chainTo } from './chain-to.ts'
import { createClassFamily } from './class-family.ts'
import { createEmittedNames } from './emitted-names.ts'
import { factsOf } from './facts.ts'
import { handedIn } from './handed.ts'
import { hiddenNumbers } from './hidden-numbers.ts'
import { findLookups } from './find-lookups.ts'
import { findRequests, type FoundRequest } from './find-requests.ts'
import { intrinsicNames } from './intrinsic-names.ts'
import { mentionsPackage } from './intrinsics.ts'
import { functionName, outside } from './lower/context.ts'
import { requestDerived } from './lower/derived.ts'
import { baseOf } from './lower/lift.ts'
import type { ReadHost, ReadResult, Request } from './result.ts'
import { createPackageClasses } from './package-classes.ts'
import { createPackageSources } from './package-sources.ts'
import { createScratch } from './scratch.ts'
import { findStripped } from './strip.ts'
import { findSyntaxErrors, findTypeErrors } from './type-errors.ts'
import { placeOf, Refused, report, type Session } from './session.ts'
import { carries, describe } from './types.ts'

export function read(host: ReadHost): ReadResult {
  const { program } = host
  const source = program.getSourceFile(host.file)
  const { companion, asked } = host
  // Derivatives that stand in a file of their own see nothing but what it imports.
  const file = source && companion ? ts.createSourceFile(companion.path, '', ts.ScriptTarget.Latest, true) : source
  const empty: ReadResult = {
    requests: [],
    program: { functions: new Map() },
    nested: new Map(),
    names: new Map(),
    diagnostics: [],
    dependencies: [],
    wanted: [],
    unfollowed: [],
    imports: [],
    clones: [],
    lookups: [],
    stripped: [],
    withoutGradients: [],
  }
  if (!source || !file) return empty
  const checker = program.getTypeChecker()
  const operators = intrinsicNames(program)
  const facts = factsOf(checker, operators)
  const handed = handedIn(program, facts, operators)
  if (!companion && !asked && handed.isEmpty && !mentionsPackage(program, source)) return empty
  const packages = createPackageSources(program, host.sourceOf)
  const names = createEmittedNames({ program, file, styled: source, packages, isAssigned: (symbol) => facts.isAssigned(symbol) })
  const classes = createClassFamily(program, names, createPackageClasses(program, packages))
  const session: Session = {
    program,
    checker,
    root: host.root ?? program.getCurrentDirectory(),
    file,
    functions: new Map(),
    nested: new Map(),
    namesOf: new Map(),
    failed: new Set(),
    seenSlots: new Set(),
    pending: new Set(),
    afterReading: new Map(),
    diagnostics: [],
    withoutGradients: [],
    dependencies: new Set(),
    names,
    facts,
    intrinsicNames: operators,
    classes,
    packages,
    handed,
    scratch: createScratch(checker, classes, facts),
    scratchOf: new Map(),
    unfollowed: new Map(),
    typesRead: new WeakMap(),
  }
  const unparsed = findSyntaxErrors(program, source)
  if (unparsed.length > 0) return { ...empty, diagnostics: unparsed }
  const found = asked ? findAsked(session, source, asked) : companion ? findAnnotated(session, source, companion) : findRequests(session)
  const requests = found.flatMap((request) => readRequest(session, request))
  if (requests.length > 0) addTypeErrors(session)
  return {
    requests,
    program: { functions: session.functions },
    nested: session.nested,
    names: session.namesOf,
    diagnostics: session.diagnostics,
    dependencies: [...session.dependencies],
    wanted: [...session.packages.wanted],
    unfollowed: [...session.unfollowed].map(([node, reasons]) => ({ place: placeOf(node), reasons })),
    imports: session.names.imports,
    clones: session.names.clones,
    lookups: companion ? [] : findLookups(session),
    stripped: companion ? [] : findStripped(session),
    withoutGradients: session.withoutGradients,
  }
}

function readRequest(session: Session, found: FoundRequest): readonly Request[] {
  const chain = [found.asked]
  const { declaration } = baseOf(found.target)
  if (declaration.getSourceFile() !== session.file) session.dependencies.add(declaration.getSourceFile().fileName)
  const suspended = suspension(declaration)
  if (suspended) {
    report(session, found.node, suspended, { function: functionName(declaration) }, chain)
    return []
  }
  const known = readTarget(session, found, chain)
  if (!known) return []
  const unknown = [...found.slots.keys()].find((slot) => !session.seenSlots.has(slot))
  if (unknown !== undefined) {
    const known = session.seenSlots.size === 0 ? 'none' : [...session.seenSlots].map((slot) => `'${slot}'`).join(', ')
    report(session, found.node, 'CT1303', { operator: found.operator, name: unknown, function: functionName(declaration), known }, chain)
    return []
  }
  const pair = known.result.kind === 'record' && known.result.tuple && known.result.fields.length === 2 ? known.result.fields : undefined
  if (found.hasAux && !pair) {
    report(session, found.node, 'CT1109', { function: functionName(declaration), type: describe(known.result) }, chain)
    return []
  }
  const loss = found.hasAux ? pair![0]!.type : known.result
  const isScalar = ['grad', 'valueAndGrad', 'hvp', 'hessian'].includes(found.operator)
  const name = functionName(declaration)
  if (isScalar && loss.kind !== 'number') {
    report(session, found.node, 'CT2002', { operator: found.operator, function: name, type: describe(known.result) }, chain)
    return []
  }
  if (!carries(loss) && loss.kind !== 'void' && (found.operator === 'vjp' || found.operator === 'jacobian')) {
    report(session, found.node, 'CT2007', { operator: found.operator, function: name, type: describe(known.result) }, chain)
    return []
  }
  for (const index of found.operator === 'jvp' ? [] : found.wrt) {
    const type = known.parameters[index]!
    if (carries(type)) continue
    const parameter = declaration.parameters[index]!.name.getText()
    report(session, found.node, 'CT2001', { index, name: parameter, function: name, type: describe(type) }, chain)
    return []
  }
  for (const parameter of declaration.parameters.filter((_, i) => found.operator === 'jvp' || found.wrt.includes(i))) {
    const type = hiddenNumbers(session, session.checker.getTypeAtLocation(parameter.name))
    if (type === undefined) continue
    report(session, found.node, 'CT2004', { name: parameter.name.getText(), type }, chain)
    return []
  }
  const shown = [
    ...known.parameters.filter((_, i) => found.operator === 'jvp' || found.wrt.includes(i)),
    ...(isScalar ? [] : [known.result]),
  ]
  const concealed = shown.map(concealedNumbers).find((one) => one !== undefined)
  if (concealed) {
    report(session, found.node, 'CT2043', concealed, chain)
    return []
  }
  warnOfUnused(session, found, known.key, chain)
  const { operator, wrt, wrtIsList, hasAux, mode, uses, handed } = found
  const captures = isInsideFunction(declaration) ? [name] : []
  const reasons = (place: Place): readonly Reason[] => [...chain, ...chainTo(session.checker, declaration, place)]
  const answered = { captures, chain, chainTo: reasons }
  const asked = { wrt, wrtIsList, hasAux, ...(mode && { mode }), ...(handed !== undefined && { handed }) }
  return [{ operator, function: known.key, ...asked, uses, site: placeOf(found.node), ...answered }]
}

/** A number that the declarations of a package do not speak of. */
function concealedNumbers(type: Type): { readonly type: string; readonly field: string } | undefined {
  let found: { readonly type: string; readonly field: string } | undefined
  someType(type, (inner) => {
    const field =
      inner.kind === 'record' ? inner.fields.find((one) => one.concealed && inner.class !== undefined && carries(one.type)) : undefined
    if (field) found = { type: describe(inner), field: field.name }
    return found !== undefined
  })
  return found
}

/** Where there is a diagnostic of ours already, it says more. */
function addTypeErrors(session: Session): void {
  for (const error of findTypeErrors(session.program, session.functions.values(), session.file)) {
    const isKnown = session.diagnostics.some(({ file, start, end }) => file === error.file && start <= error.end && error.start <= end)
    if (!isKnown) session.diagnostics.push(error)
  }
}

/** A gradient for an argument that the function does not use is zeros, and probably a mistake. */
function warnOfUnused(session: Session, { operator, node, wrt }: FoundRequest, key: string, chain: readonly Reason[]): void {
  const fn = session.functions.get(key)
  if (!fn || operator === 'jvp') return
  const used = variablesMentioned(fn.body)
  const { name } = fn
  for (const parameter of wrt.flatMap((index) => fn.parameters[index] ?? []))
    if (!used.has(parameter.name)) report(session, node, 'CT4002', { function: name, name: parameter.name }, chain)
}

/** A function that is suspended has no run from its start to its end. */
function suspension(declaration: ts.FunctionLikeDeclaration): 'CT1001' | 'CT1002' | undefined {
  if (declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return 'CT1001'
  return declaration.asteriskToken ? 'CT1002' : undefined
}

/** Whether a function may use what is only visible within another. */
function isInsideFunction(declaration: ts.Node): boolean {
  return ts.findAncestor(declaration.parent, (node) => ts.isFunctionLike(node) || ts.isBlock(node) || ts.isClassLike(node)) !== undefined
}

/** The function that is to be differentiated, or nothing when it was refused. */
function readTarget(
  session: Session,
  { target, node, slots }: FoundRequest,
  chain: readonly Reason[],
): { readonly key: string; readonly parameters: readonly Type[]; readonly result: Type } | undefined {
  try {
    return requestDerived(outside(session, node, chain, slots), node, target)
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}
