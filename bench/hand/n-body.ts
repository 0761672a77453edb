const softening = 1e-3

// For five bodies and 100 steps: the positions before each step, and for each pair dt / distance^3 and how fast that falls with the distance.
const bodies = 5
const pairs = (bodies * (bodies - 1)) / 2
const mostSteps = 100
const positionTape = new Float64Array(mostSteps * 3 * bodies)
const strengthTape = new Float64Array(mostSteps * pairs)
const fallTape = new Float64Array(mostSteps * pairs)
const positionsBuffer = new Float64Array(3 * bodies)
const velocitiesBuffer = new Float64Array(3 * bodies)

/** Value and gradient of `orbitError` with respect to the initial positions and velocities, by the reversed time steps. */
export function orbitErrorGradient(
  out: readonly [start: Float64Array, speed: Float64Array],
  start: Float64Array,
  speed: Float64Array,
  masses: Float64Array,
  observed: Float64Array,
  dt: number,
  steps: number,
): number {
  const count = masses.length
  const size = 3 * count
  if (count > bodies || steps > mostSteps) throw new RangeError('The tapes are sized for 5 bodies and 100 steps.')
  const positions = positionsBuffer
  const velocities = velocitiesBuffer
  positions.set(start)
  velocities.set(speed)

  let pair = 0
  for (let step = 0; step < steps; step++) {
    const at = step * size
    for (let i = 0; i < size; i++) positionTape[at + i] = positions[i]!
    for (let i = 0; i < count; i++) {
      const xi = positions[3 * i]!
      const yi = positions[3 * i + 1]!
      const zi = positions[3 * i + 2]!
      const mass = masses[i]!
      let vx = velocities[3 * i]!
      let vy = velocities[3 * i + 1]!
      let vz = velocities[3 * i + 2]!
      for (let j = i + 1; j < count; j++) {
        const dx = positions[3 * j]! - xi
        const dy = positions[3 * j + 1]! - yi
        const dz = positions[3 * j + 2]! - zi
        const squared = dx * dx + dy * dy + dz * dz + softening
        const inverse = 1 / squared
        const strength = dt * inverse * Math.sqrt(inverse)
        fallTape[pair] = -3 * strength * inverse
        strengthTape[pair++] = strength
        const pull = strength * masses[j]!
        const push = strength * mass
        vx += pull * dx
        vy += pull * dy
        vz += pull * dz
        velocities[3 * j]! -= push * dx
        velocities[3 * j + 1]! -= push * dy
        velocities[3 * j + 2]! -= push * dz
      }
      velocities[3 * i] = vx
      velocities[3 * i + 1] = vy
      velocities[3 * i + 2] = vz
    }
    for (let i = 0; i < size; i++) positions[i]! += dt * velocities[i]!
  }

  const [positions_bar, velocities_bar] = out
  let error = 0
  for (let i = 0; i < size; i++) {
    const d = positions[i]! - observed[i]!
    error += d * d
    positions_bar[i] = 2 * d
    velocities_bar[i] = 0
  }

  for (let step = steps - 1; step >= 0; step--) {
    for (let i = 0; i < size; i++) velocities_bar[i]! += dt * positions_bar[i]!
    const at = step * size
    for (let i = count - 1; i >= 0; i--) {
      const xi = positionTape[at + 3 * i]!
      const yi = positionTape[at + 3 * i + 1]!
      const zi = positionTape[at + 3 * i + 2]!
      const mass = masses[i]!
      const vx_bar = velocities_bar[3 * i]!
      const vy_bar = velocities_bar[3 * i + 1]!
      const vz_bar = velocities_bar[3 * i + 2]!
      let px_bar = positions_bar[3 * i]!
      let py_bar = positions_bar[3 * i + 1]!
      let pz_bar = positions_bar[3 * i + 2]!
      for (let j = count - 1; j > i; j--) {
        const dx = positionTape[at + 3 * j]! - xi
        const dy = positionTape[at + 3 * j + 1]! - yi
        const dz = positionTape[at + 3 * j + 2]! - zi
        const strength = strengthTape[--pair]!
        const other = masses[j]!
        // The pair enters only by m_j v_i_bar - m_i v_j_bar, and the strength falls as squared^(-3/2).
        const ux = other * vx_bar - mass * velocities_bar[3 * j]!
        const uy = other * vy_bar - mass * velocities_bar[3 * j + 1]!
        const uz = other * vz_bar - mass * velocities_bar[3 * j + 2]!
        const radial = (ux * dx + uy * dy + uz * dz) * fallTape[pair]!
        const dx_bar = strength * ux + radial * dx
        const dy_bar = strength * uy + radial * dy
        const dz_bar = strength * uz + radial * dz
        positions_bar[3 * j]! += dx_bar
        positions_bar[3 * j + 1]! += dy_bar
        positions_bar[3 * j + 2]! += dz_bar
        px_bar -= dx_bar
        py_bar -= dy_bar
        pz_bar -= dz_bar
      }
      positions_bar[3 * i] = px_bar
      positions_bar[3 * i + 1] = py_bar
      positions_bar[3 * i + 2] = pz_bar
    }
  }
  return error
}
