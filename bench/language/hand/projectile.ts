const dt = 0.01
let tape = new Float64Array(0)

/** The gradient of `projectile.ts` as an expert writes it: velocities are kept, positions are sums of them. */
export function missGradient(out: Float64Array, shot: Float64Array, target: number, steps: number): number {
  if (tape.length < 2 * steps) tape = new Float64Array(2 * steps)
  const kept = tape
  const drag = shot[2]!
  let x = 0
  let y = 0
  let vx = shot[0]!
  let vy = shot[1]!
  for (let i = 0; i < steps; i++) {
    kept[2 * i] = vx
    kept[2 * i + 1] = vy
    const speed = Math.sqrt(vx * vx + vy * vy)
    x += dt * vx
    y += dt * vy
    vx -= dt * drag * speed * vx
    vy -= dt * (9.81 + drag * speed * vy)
  }
  const xBar = 2 * (x - target)
  const yBar = 2 * y
  let vxBar = 0
  let vyBar = 0
  let dragBar = 0
  for (let i = steps - 1; i >= 0; i--) {
    vx = kept[2 * i]!
    vy = kept[2 * i + 1]!
    const speed = Math.sqrt(vx * vx + vy * vy)
    const pull = vxBar * vx + vyBar * vy
    dragBar -= dt * speed * pull
    const along = (dt * drag * pull) / speed
    const stays = 1 - dt * drag * speed
    vxBar = dt * xBar + stays * vxBar - along * vx
    vyBar = dt * yBar + stays * vyBar - along * vy
  }
  out[0] = vxBar
  out[1] = vyBar
  out[2] = dragBar
  return (x - target) ** 2 + y ** 2
}
