/** What emitted code imports. Not for use by hand: it may change with the compiler. */
export { storageGuard, type StorageGuard } from './storage-guard.ts'
export { arrayPool, type ArrayPool } from './arrays.ts'
export { tapePool, type TapePool } from './tape.ts'
export { contentOf, type Content } from './content.ts'
export { copyOf, grow, pullback } from './retained.ts'
export { hooked, hookedInto } from './hooked.ts'
export { clear, zerosAlong, zerosLike } from './zeros.ts'
export { CotangentError, released, wrongLength } from './errors.ts'
