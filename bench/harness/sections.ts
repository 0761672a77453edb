/** The section of a page under a heading such as `## Compile time`, up to the next of its kind; empty if there is none. */
export function sectionOf(page: string, heading: string): string {
  const at = page.indexOf(`${heading}\n`)
  if (at < 0) return ''
  const end = page.indexOf('\n## ', at)
  return page.slice(at, end < 0 ? undefined : end).trimEnd()
}

/** A page with that section replaced, or added at the end. */
export function replaceSection(page: string, heading: string, section: string): string {
  const before = sectionOf(page, heading)
  const text = section.trimEnd()
  return before === '' ? `${page.trimEnd()}\n\n${text}\n` : `${page.replace(before, () => text).trimEnd()}\n`
}
