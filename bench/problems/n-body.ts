const softening = 1e-3

/** Adds `dt` times the mutual attraction of all bodies to their velocities. Three coordinates a body. */
function kick(positions: Float64Array, velocities: Float64Array, masses: Float64Array, dt: number): void {
  for (let i = 0; i < masses.length; i++) {
    for (let j = i + 1; j < masses.length; j++) {
      const dx = positions[3 * j]! - positions[3 * i]!
      const dy = positions[3 * j + 1]! - positions[3 * i + 1]!
      const dz = positions[3 * j + 2]! - positions[3 * i + 2]!
      const squared = dx * dx + dy * dy + dz * dz + softening
      const strength = dt / (squared * Math.sqrt(squared))
      const pull = strength * masses[j]!
      const push = strength * masses[i]!
      velocities[3 * i]! += pull * dx
      velocities[3 * i + 1]! += pull * dy
      velocities[3 * i + 2]! += pull * dz
      velocities[3 * j]! -= push * dx
      velocities[3 * j + 1]! -= push * dy
      velocities[3 * j + 2]! -= push * dz
    }
  }
}

/** How far bodies that start at `start` with `speed` are from where they were observed after `steps` steps of symplectic Euler. */
export function orbitError(
  start: Float64Array,
  speed: Float64Array,
  masses: Float64Array,
  observed: Float64Array,
  dt: number,
  steps: number,
): number {
  const positions = start.slice()
  const velocities = speed.slice()
  for (let step = 0; step < steps; step++) {
    kick(positions, velocities, masses, dt)
    for (let i = 0; i < positions.length; i++) positions[i]! += dt * velocities[i]!
  }
  let error = 0
  for (let i = 0; i < positions.length; i++) {
    const d = positions[i]! - observed[i]!
    error += d * d
  }
  return error
}
