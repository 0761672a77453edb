import { isAbsolute, join, relative, resolve } from 'node:path'
import type { Project } from '../compiler/index.ts'
import { isWithin } from './paths.ts'

/**
 * The tsconfig.json of the output, so that `tsc -p` on the output folder compiles it as the project's own would: it extends the project's,
 * and leads what points into the sources to the output instead.
 */
export function outputConfig({ path, options, folder }: Project, root: string, outDir: string, files: readonly string[]): string {
  const moved = (target: string): string => {
    const absolute = resolve(folder, target)
    return slashed(isWithin(root, absolute) ? relative(root, absolute) : relative(outDir, absolute))
  }
  // Projects that still have it are compiled by versions of TypeScript that still know it.
  const { baseUrl, pathsBasePath }: { readonly baseUrl?: unknown; readonly pathsBasePath?: unknown } = options
  const base = [baseUrl, pathsBasePath, folder].find((candidate) => typeof candidate === 'string')!
  const compilerOptions = {
    rootDir: '.',
    // What the requests were imports of is not used any more.
    noUnusedLocals: false,
    noUnusedParameters: false,
    ...(typeof baseUrl === 'string' && { baseUrl: moved(baseUrl) }),
    ...(options.rootDirs && { rootDirs: options.rootDirs.map(moved) }),
    ...(options.paths && {
      paths: Object.fromEntries(
        Object.entries(options.paths).map(([name, targets]) => [name, targets.map((target) => moved(resolve(base, target)))]),
      ),
    }),
  }
  const config = {
    extends: slashed(relative(outDir, path)),
    compilerOptions,
    files: files.filter((file) => /\.[cm]?[jt]sx?$/.test(file)).map(slashed),
    include: [],
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** Paths of a configuration are written with slashes everywhere, and those of the same folder begin with a dot. */
function slashed(path: string): string {
  const text = path.replaceAll('\\', '/')
  return isAbsolute(path) || text.startsWith('.') ? text : `./${join(text).replaceAll('\\', '/')}`
}
