/**
 * Which values to keep for the reverse sweep: the cheapest set that separates what can't be computed again from what is needed
 * (a minimum vertex cut; Moses and Churavy 2020 for the idea). Everything behind the cut is computed again.
 *
 * Costs: Edmonds-Karp on a graph of a frame's values; a few hundred at most.
 */

export interface Value {
  readonly name: string
  /** What keeping it costs. */
  readonly cost: number
  /** The values of this frame that it is computed from; `undefined` when it can't, or should not, be computed again. */
  readonly inputs: readonly string[] | undefined
}

const SOURCE = '>'
const SINK = '<'

/** The names to keep so that every needed value can be had. */
export function cheapestCut(values: readonly Value[], needed: ReadonlySet<string>): Set<string> {
  const known = new Set(values.map(({ name }) => name))
  const network = new Network()
  for (const { name, cost, inputs } of values) {
    network.connect(`${name} in`, `${name} out`, cost)
    if (inputs === undefined) network.connect(SOURCE, `${name} in`, Infinity)
    for (const input of inputs ?? []) if (known.has(input)) network.connect(`${input} out`, `${name} in`, Infinity)
    if (needed.has(name)) network.connect(`${name} out`, SINK, Infinity)
  }
  while (network.augment(SOURCE, SINK));
  const reached = network.reachable(SOURCE)
  return new Set(values.flatMap(({ name }) => (reached.has(`${name} in`) && !reached.has(`${name} out`) ? [name] : [])))
}

class Network {
  readonly #edges = new Map<string, Map<string, number>>()

  connect(from: string, to: string, capacity: number): void {
    this.#row(from).set(to, (this.#row(from).get(to) ?? 0) + capacity)
    if (!this.#row(to).has(from)) this.#row(to).set(from, 0)
  }

  /** Sends flow along one shortest path with room; false when there is none. */
  augment(source: string, sink: string): boolean {
    const cameFrom = this.#search(source)
    if (!cameFrom.has(sink)) return false
    const path: [string, string][] = []
    for (let node = sink; node !== source; node = cameFrom.get(node)!) path.push([cameFrom.get(node)!, node])
    const room = Math.min(...path.map(([from, to]) => this.#row(from).get(to)!))
    for (const [from, to] of path) {
      this.#row(from).set(to, this.#row(from).get(to)! - room)
      this.#row(to).set(from, this.#row(to).get(from)! + room)
    }
    return true
  }

  reachable(source: string): ReadonlySet<string> {
    return new Set(this.#search(source).keys())
  }

  #search(source: string): Map<string, string> {
    const cameFrom = new Map([[source, source]])
    const queue = [source]
    for (const node of queue) {
      for (const [next, room] of this.#row(node)) {
        if (room <= 0 || cameFrom.has(next)) continue
        cameFrom.set(next, node)
        queue.push(next)
      }
    }
    return cameFrom
  }

  #row(node: string): Map<string, number> {
    const row = this.#edges.get(node) ?? new Map<string, number>()
    this.#edges.set(node, row)
    return row
  }
}
