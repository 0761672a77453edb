/** An import as it is added to a file. */
interface Import {
  readonly local: string
  /** The exported name; `default` for a default export. */
  readonly exported: string
  readonly specifier: string
  readonly typeOnly: boolean
}

/** One line for each module, and one more where types are imported from it. */
export function importLines(imports: readonly Import[]): readonly string[] {
  const headOf = ({ typeOnly }: Import): string => (typeOnly ? 'import type' : 'import')
  const groups = new Map<string, Import[]>()
  for (const one of imports) {
    const id = `${headOf(one)} ${one.specifier}`
    groups.set(id, [...(groups.get(id) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const named = group.filter(({ exported }) => exported !== 'default')
    const names = named.map(({ local, exported }) => (exported === local ? local : `${exported} as ${local}`))
    return [
      ...group.filter(({ exported }) => exported === 'default').map((one) => `${headOf(one)} ${one.local} from '${one.specifier}'`),
      ...(names.length > 0 ? [`${headOf(first!)} { ${names.join(', ')} } from '${first!.specifier}'`] : []),
    ]
  })
}
