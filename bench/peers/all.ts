import type { Peer } from './peer.ts'

/** Peers by the names that they have in the table, each loaded only where it is needed: they change how fast the rest of a process is. */
const loaders: Readonly<Record<string, () => Promise<Peer>>> = {
  Rose: async () => (await import('./rose.ts')).rose,
  mathjs: async () => (await import('./mathjs.ts')).mathjs,
  'jax-js': async () => (await import('./jax.ts')).jax,
  'TF.js cpu': async () => (await import('./tensorflow.ts')).tensorflowCpu,
  'TF.js wasm': async () => (await import('./tensorflow.ts')).tensorflowWasm,
  differences: async () => (await import('./differences.ts')).differences,
}

export const peerNames = Object.keys(loaders)

export const packages = ['rose', 'mathjs', '@jax-js/jax', '@tensorflow/tfjs']

export async function loadPeer(name: string): Promise<Peer> {
  const load = loaders[name]
  if (!load) throw new Error(`There is no peer ${name}.`)
  return load()
}
