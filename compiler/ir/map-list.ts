/** The list with each part replaced: the very list where none is. */
export function mapList<Part>(list: readonly Part[], f: (part: Part) => Part): readonly Part[] {
  let made: Part[] | undefined
  list.forEach((part, i) => {
    const next = f(part)
    if (next !== part) made ??= list.slice(0, i)
    made?.push(next)
  })
  return made ?? list
}
