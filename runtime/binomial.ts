/**
 * Where the state of a long loop is kept so that running its steps again costs least: the binomial schedule of Griewank and Walther (revolve, ACM TOMS
 * 26(1), 2000). With c states kept at one time, binomial(c + r, c) steps are reversed by running none more than r times again.
 */

/** Steps that are reversed at once, with all that they compute kept. */
const STRETCH = 16

/** How often a step may run again where the number of states is not given. */
const REPEATS = 3

/** binomial(c + r, c), as far as it matters: never more than `limit`. */
function reach(states: number, repeats: number, limit: number): number {
  if (states < 0 || repeats < 0) return 0
  let steps = 1
  for (let i = 1; i <= Math.min(states, repeats); i++) {
    steps = (steps * (states + repeats - Math.min(states, repeats) + i)) / i
    if (steps >= limit) return limit
  }
  return steps
}

/** As few states as let `steps` steps be reversed with three repetitions. */
export function statesFor(steps: number): number {
  const stretches = Math.ceil(steps / STRETCH)
  let states = 1
  while (reach(states, REPEATS, stretches) < stretches) states++
  return states
}

/**
 * The step before which the state is kept next, among those from `first` to before `last`, when that of `first` is there and `states` more may be kept;
 * `last` where they are few enough to be reversed at once.
 */
export function nextState(first: number, last: number, states: number): number {
  if (last - first <= STRETCH) return last
  const count = Math.ceil((last - first) / STRETCH)
  // Nothing more may be kept: all but the last stretch runs again for each.
  if (states <= 0) return first + (count - 1) * STRETCH
  let repeats = 1
  while (reach(states, repeats, count) < count) repeats++
  // What comes after is reversed with one state less, what comes before with one repetition less.
  const before = Math.max(1, reach(states, repeats - 2, count), count - reach(states - 1, repeats, count))
  return first + Math.min(before, count - 1) * STRETCH
}
