import type { Entry } from '../entry.ts'

/** 5xxx: the project around the code: configuration, files, output. */
export const projectEntries = {
  CT5001: {
    severity: 'error',
    title: 'No tsconfig.json',
    message: 'there is no `{path}`',
    hint: 'name the configuration with `-p path/to/tsconfig.json`, or make one with `npx tsc --init`',
    text: `
\`cotangent build\` and \`cotangent check\` work on a whole program, which a TypeScript configuration describes.`,
  },
  CT5002: {
    severity: 'error',
    title: 'Broken tsconfig.json',
    message: '`{path}` can not be used: {reason}',
    hint: 'check it with `npx tsc -p {path} --showConfig`',
    text: `
The configuration could not be read or TypeScript refuses it.`,
  },
  CT5003: {
    severity: 'error',
    title: 'Type error',
    message: 'TypeScript reports TS{code}: {reason}',
    hint: 'make the file pass `tsc --noEmit` first',
    text: `
Cotangent relies on types: a value of the wrong type would give a wrong derivative. So a file with a request must be free of type errors, and so
must the files of the functions that it differentiates.`,
  },
  CT5004: {
    severity: 'error',
    title: 'The output can not be written',
    message: '`{path}` can not be written: {reason}',
    hint: 'name a folder that can be written with `--out-dir`',
    text: `
Nothing was changed: every file is written beside its place first, and moved there when all of them are complete.`,
  },
  CT5005: {
    severity: 'error',
    title: 'No such file',
    message: 'there is no TypeScript file `{path}`',
    hint: 'paths are relative to the current folder',
    text: `
A source file that was named does not exist or can not be read.`,
  },
  CT5006: {
    severity: 'error',
    title: 'The output would overwrite the sources',
    message: 'the output folder `{path}` contains source files of the program',
    hint: 'choose a folder of its own, such as `--out-dir gen`',
    text: `
The output has the names of the sources, so it would take their place.`,
  },
  CT5007: {
    severity: 'error',
    title: 'No such function',
    message: '`{path}` has no function `{name}`',
    hint: 'its functions are: {known}',
    text: `
\`cotangent inspect file.ts#name\` and \`cotangent emit file.ts#name\` look for a function declaration or a \`const\` arrow function at the top level of the file.`,
  },
  CT5008: {
    severity: 'error',
    title: 'Nothing is annotated',
    message: '`{path}` has no function with a `@differentiable` annotation',
    hint: 'write `/** @differentiable */` above an exported function',
    text: `
\`cotangent emit\` writes derivatives of the functions whose JSDoc comment contains \`@differentiable\`.`,
  },
  CT5009: {
    severity: 'error',
    title: 'A source file outside the root folder',
    message: '`{path}` is not under the root folder `{root}`',
    hint: 'set `rootDir` in the tsconfig.json to a folder that contains all sources',
    text: `
The output folder mirrors \`rootDir\`, so every file of the program must be under it. Without \`rootDir\`, it mirrors the smallest folder that holds
the configuration and all sources.`,
  },
  CT5010: {
    severity: 'error',
    title: 'The output folder holds other files',
    message: 'the output folder `{path}` holds `{name}`, which Cotangent did not write',
    hint: 'choose an empty or new folder, or remove that file',
    text: `
A file in the output folder is only replaced when an earlier run wrote it, which \`.cotangent.json\` in that folder says. What stands there under
the name of a file of the program, but came from elsewhere, may be somebody's work.`,
  },
  CT5011: {
    severity: 'error',
    title: "The companion's place is taken",
    message: '`{path}` is there already, and Cotangent did not write it',
    hint: 'rename or remove it, or name another folder with `--out-dir`',
    text: `
\`cotangent emit\` writes \`loss.grad.ts\` beside \`loss.ts\`, and replaces it when it is run again. Its first line says who wrote it; a file without that
line may be somebody's work, and is never replaced.`,
  },
  CT5012: {
    severity: 'error',
    title: 'A source map that can not be read',
    message: '`{path}` has no source map that can be read: {reason}',
    hint: 'compile again what stands there, then run `cotangent maps` again',
    text: `
\`cotangent maps\` reads the source maps of built JavaScript, and those beside the output of \`cotangent build\` that they lead to. Nothing was changed.`,
  },
  CT5013: {
    severity: 'error',
    title: 'No source maps',
    message: '`{path}` is no folder with source maps in it',
    hint: 'set `sourceMap` in the tsconfig.json, run `cotangent build`, compile its output, and name the folder that the JavaScript was written to',
    text: `
\`cotangent maps\` joins the source maps of built JavaScript, which lead to the output of \`cotangent build\`, with those beside that output, which lead
to the sources. Both are written only if the tsconfig.json asks for \`sourceMap\` or \`inlineSourceMap\`.`,
  },
  CT5014: {
    severity: 'error',
    title: 'No program graph',
    message: '`{path}` is no graph of a program: {reason}',
    hint: 'write it again with `cotangent graph src/loss.ts#loss --format json`',
    text: `
\`cotangent emit\` takes a file that ends in \`.json\` for a graph that \`cotangent graph --format json\` wrote, and emits the derivative that it describes. The
file was cut or changed, is of another format, or was written by a release with another version of the format. Nothing was written.

A graph is program text: parts of it are emitted as they stand. Treat one from a stranger like a source file from a stranger.`,
  },
  CT5015: {
    severity: 'error',
    title: 'A graph whose modules are elsewhere',
    message: 'the derivative in `{path}` imports {names} of `{module}`, which stood beside its source',
    hint: 'say where that module is now: `--module {module}=./path/from/the/output.ts`',
    text: `
Functions, constants and types of other modules that a derivative mentions by name are not in its graph, unless they could be made a part of it. A graph is
compiled where the source is not, so that a path beside the source leads nowhere: it has to be said where the module is, as the emitted file would import
it. Imports of packages stay as they are.`,
  },
  CT5016: {
    severity: 'error',
    title: 'A graph that is only to look at',
    message: '`{path}` shows a derivative that can not be emitted from it: {reason}',
    hint: 'emit it from the source with `cotangent emit`, or export what it mentions and write the graph again',
    text: `
A derivative that is emitted from a graph stands in a file of its own. What its function mentions of its module and what that does not export can not be
reached from there, so that such a graph has no program in it.`,
  },
} as const satisfies Record<string, Entry>
