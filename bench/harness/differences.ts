/** What people do without derivatives: central differences in every coordinate, here with nothing to allocate. */
export function centralDifferences(f: (...args: never[]) => number, active: number): (out: unknown, ...args: unknown[]) => number {
  const call = f as (...args: unknown[]) => number
  return (out, ...args) => {
    const gradients = (active === 1 ? [out] : out) as Float64Array[]
    for (let argument = 0; argument < active; argument++) {
      const x = args[argument] as Float64Array
      const gradient = gradients[argument]!
      for (let i = 0; i < x.length; i++) {
        const x_i = x[i]!
        const h = 6e-6 * Math.max(1, Math.abs(x_i))
        x[i] = x_i + h
        const above = call(...args)
        x[i] = x_i - h
        const below = call(...args)
        x[i] = x_i
        gradient[i] = (above - below) / (2 * h)
      }
    }
    return call(...args)
  }
}
