import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createCompiler, type Compiler } from 'cotangent/compiler'
import { rolldown } from 'rolldown'
import { gradientFiles, scalars } from './programs.ts'

/** What emitted code takes from the runtime. */
export interface Sized {
  readonly name: string
  readonly imports: readonly string[]
  /** Gzipped, of all that a bundler keeps for these imports, minified. */
  readonly bytes: number
}

export interface Sizes {
  readonly scalars: readonly Sized[]
  readonly gradients: readonly Sized[]
  /** What all gradients take together. */
  readonly together: Sized
}

export async function measureSizes(bench: string, files = gradientFiles(bench)): Promise<Sizes> {
  const ofScalars: Sized[] = []
  for (const [name, text] of Object.entries(scalars)) {
    const path = '/scalar.ts'
    ofScalars.push(await sized(bench, name, importsOf(createCompiler({ files: { [path]: text } }), path)))
  }
  const compiler = createCompiler({ files: Object.fromEntries(files.map((path) => [path, readFileSync(path, 'utf8')])) })
  const gradients: Sized[] = []
  for (const path of files) gradients.push(await sized(bench, relative(bench, path), importsOf(compiler, path)))
  const imports = new Set(gradients.flatMap(({ imports }) => imports))
  return { scalars: ofScalars, gradients, together: await sized(bench, 'all together', [...imports]) }
}

/** The values, not the types, that a file imports from the runtime once it is compiled. */
function importsOf(compiler: Compiler, path: string): string[] {
  const { code, diagnostics } = compiler.compileFile(path)
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const clauses = [...code.matchAll(/^import \{([^}]*)\} from 'cotangent\/runtime'/gm)]
  return clauses
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim()))
    .filter((name) => name !== '' && !name.startsWith('type '))
}

async function sized(bench: string, name: string, imports: readonly string[]): Promise<Sized> {
  return { name, imports, bytes: imports.length === 0 ? 0 : gzipSync(await bundle(bench, imports), { level: 9 }).length }
}

/** A module that passes names of the runtime on, with what they need, minified. */
async function bundle(bench: string, imports: readonly string[]): Promise<string> {
  const runtime = join(bench, '..', 'runtime', 'runtime.ts').replaceAll('\\', '/')
  const entry = 'entry'
  const made = await rolldown({
    input: entry,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? `export { ${imports.join(', ')} } from ${JSON.stringify(runtime)}` : undefined),
      },
    ],
  })
  try {
    const { output } = await made.generate({ format: 'esm', minify: true })
    return output[0].code
  } finally {
    await made.close()
  }
}
