/**
 * Where the source of a module stands whose types TypeScript reads in a declaration file: the JavaScript, or TypeScript, that runs.
 *
 * TypeScript itself does the resolving, with everything hidden from it that speaks of types: declaration files, and the fields of a package.json that
 * lead to them. The build with `import` and `export` is preferred, because its names say what belongs to what.
 */

import ts from '#typescript'

export interface SourceResolver {
  /** The file that a module's name means when the program runs, or nothing where there is none that can be read. */
  resolve(specifier: string, from: string): string | undefined
}

/** `options` are those of the project: its `paths` and conditions hold here too. */
export function createSourceResolver(base: ts.CompilerHost, options: ts.CompilerOptions): SourceResolver {
  const plain: ts.CompilerOptions = {
    ...options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowJs: true,
    types: [],
  }
  const host = withoutTypes(base)
  const cache = ts.createModuleResolutionCache(base.getCurrentDirectory(), (name) => base.getCanonicalFileName(name), plain)
  const resolveAs = (specifier: string, from: string, mode: ts.ResolutionMode): string | undefined => {
    const found = ts.resolveModuleName(specifier, from, plain, host, cache, undefined, mode).resolvedModule?.resolvedFileName
    return found !== undefined && isSource(found) ? found : undefined
  }
  return {
    resolve: (specifier, from) => resolveAs(specifier, from, ts.ModuleKind.ESNext) ?? resolveAs(specifier, from, ts.ModuleKind.CommonJS),
  }
}

const isDeclaration = (path: string): boolean => /\.d\.(?:[\w-]+\.)?[cm]?ts$/.test(path)
const isSource = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path) && !isDeclaration(path)

function withoutTypes(base: ts.CompilerHost): ts.ModuleResolutionHost {
  const isVisible = (path: string): boolean => {
    if (isDeclaration(path) || path.includes('/node_modules/@types/')) return false
    // Beside what it was compiled to, TypeScript is what somebody wrote once, and not what runs.
    const compiled = path.includes('/node_modules/') ? /^(.*\.[cm]?)tsx?$/.exec(path)?.[1] : undefined
    return compiled === undefined || !base.fileExists(`${compiled}js`)
  }
  return {
    fileExists: (path) => isVisible(path) && base.fileExists(path),
    readFile(path) {
      const text = base.readFile(path)
      return text !== undefined && path.endsWith('/package.json') ? withoutTypeFields(text) : text
    },
    directoryExists: (path) => !path.endsWith('/node_modules/@types') && (base.directoryExists?.(path) ?? true),
    ...(base.realpath && { realpath: (path: string) => base.realpath!(path) }),
    getCurrentDirectory: () => base.getCurrentDirectory(),
    useCaseSensitiveFileNames: base.useCaseSensitiveFileNames(),
  }
}

/** `module` is where bundlers find the build with `import` and `export`, and TypeScript does not know of it. */
function withoutTypeFields(text: string): string {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    return text
  }
  if (typeof fields !== 'object' || fields === null) return text
  const { module, main, ...others }: { module?: unknown; main?: unknown } & Record<string, unknown> = { ...fields }
  const entry = typeof module === 'string' ? module : main
  const rest = Object.entries(others).filter(([name]) => !/^(?:types|typings|typesVersions)$/.test(name))
  return JSON.stringify({ ...Object.fromEntries(rest), ...(entry !== undefined && { main: entry }) })
}
