/** What the reading phase is given and what it gives. */

import type ts from '#typescript'
import type { Diagnostic, Place, Reason } from '../diagnostics/report.ts'
import type { Program } from '../ir/nodes.ts'

export type OperatorName = 'grad' | 'valueAndGrad' | 'vjp' | 'jvp' | 'hvp' | 'hessian' | 'jacobian'

export interface ReadHost {
  readonly program: ts.Program
  /** The file that runs where `from` imports a module by its name. */
  readonly sourceOf?: (specifier: string, from: string) => string | undefined
  /** The file whose requests are read, as the program names it. */
  readonly file: string
  /** Keys of functions name files relative to it. By default the current directory of the program. */
  readonly root?: string
  /** Set when the file's annotations are read instead of its requests. */
  readonly companion?: CompanionHost
  /** Set when neither are read, and something is asked for from outside. */
  readonly asked?: Asked
}

/** What is asked of a function of a file from outside of the program. */
export interface Asked {
  readonly name: string
  readonly operator: OperatorName
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
}

/** The file that derivatives of another file's functions are put into. */
export interface CompanionHost {
  readonly path: string
  /** Functions that are wanted whether they are annotated or not. */
  readonly names: readonly string[]
  /** Set when no others are wanted. */
  readonly only?: boolean
}

/** One `grad(f)` in the file. */
export interface Request {
  readonly operator: OperatorName
  /** Key in the program; it may be a derived key (`file#f|grad:wrt=0`) when the function is itself an operator's result. */
  readonly function: string
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  /** How a Jacobian is made; by its shape where absent. */
  readonly mode?: 'forward' | 'reverse'
  /** How the result is used: called, or through `.into`. Both when it escapes. */
  readonly uses: { readonly direct: boolean; readonly into: boolean }
  /** The operator's call expression, or the name of the function whose annotation asks. */
  readonly site: { readonly file: string; readonly start: number; readonly end: number }
  /** Trailing parameters of the function that stand for locals of the function around the request, by reference. */
  readonly captures: readonly string[]
  /** Set where the derivative is handed over with a function that is passed: the key by which whoever is given it finds it. `site` is the argument. */
  readonly handed?: string
  readonly chain: readonly Reason[]
  /** The chain from the request to a place that it leads to. */
  chainTo(place: Place): readonly Reason[]
}

/** An import that the requesting file needs for what was read from other modules. */
export interface NeededImport {
  readonly local: string
  /** The exported name; `default` for a default export. */
  readonly exported: string
  /** The module as the requesting file must write it. */
  readonly specifier: string
  /** The file that declares it. */
  readonly file: string
  readonly typeOnly: boolean
}

/** A constant that another module does not export, to be repeated in the requesting file. */
export interface Clone {
  readonly name: string
  readonly text: string
}

/**
 * A piece of a marker such as `stopGradient(x)` or `noGrad(() => e)` in ordinary code. What the marker passes on stays, so that calling the original
 * never pays for it, and markers within it are stripped by pieces of their own.
 */
export interface Stripped {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** An operator's call on a parameter, which looks up what the caller has handed over with the function. */
export interface Lookup {
  readonly start: number
  readonly end: number
  readonly parameter: string
  readonly key: string
}

/** A request within a differentiated function, which calls its result: only what the derivative needs to know. */
export type NestedRequest = Pick<Request, 'operator' | 'function' | 'wrt' | 'wrtIsList' | 'hasAux' | 'mode' | 'uses'>

export interface ReadResult {
  readonly requests: readonly Request[]
  readonly program: Program
  /** Requests within differentiated functions, by the keys under which they are called. */
  readonly nested: ReadonlyMap<string, NestedRequest>
  /** How emitted code, which stands in the requesting file, mentions functions of the program, where it can. */
  readonly names: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
  /** The other files whose text the result depends on. */
  readonly dependencies: readonly string[]
  /** Files with the source of functions that the program only declares. Once they are part of it, everything is read again. */
  readonly wanted: readonly string[]
  /** Calls of functions of packages that were left as they are, with what kept their source from being followed. */
  readonly unfollowed: readonly { readonly place: Place; readonly reasons: readonly Diagnostic[] }[]
  readonly imports: readonly NeededImport[]
  readonly clones: readonly Clone[]
  readonly lookups: readonly Lookup[]
  readonly stripped: readonly Stripped[]
  /** The calls of `noGrad`, and of `setGradEnabled` where it can be off, that differentiated functions run. */
  readonly withoutGradients: readonly Place[]
}
