/** Adjoints and tangents, and their shadows, are known by their names: `x_bar`, `x_dot`, `x_bar_dot`, numbered ones, and `x_dot0` of several directions. */
export const isDualName = (name: string): boolean => /_(bar|dot\d?)(_\d+)?$/.test(name)

/** `x_bar_dot_2` as `x` and `_bar_dot`. */
export function primalName(name: string): { readonly primal: string; readonly dual: string } {
  const [, primal = name, dual = ''] = /^(.*?)((?:_(?:bar|dot\d?))+)(?:_\d+)?$/.exec(name) ?? []
  return { primal, dual }
}
