/** jax-js asks whether an array is a Float16Array, which Node 20 doesn't have yet: here none is. It stands before the import of jax-js. */
const scope = globalThis as { Float16Array?: unknown }
scope.Float16Array ??= function Float16Array() {}
