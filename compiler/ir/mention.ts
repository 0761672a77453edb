/** A function of the program that a text mentions: by its key, in the place of the name that it will have. */

/** `cotangent@{key}`. A key may contain anything that an author wrote. */
export function mentionOf(key: string): string {
  return `cotangent@{${key.replaceAll(/[%}]/g, encodeURIComponent)}}`
}

/** The text with names in the place of mentions. */
export function linkMentions(text: string, nameOf: (key: string) => string): string {
  return text.replaceAll(/cotangent@\{([^}]*)\}/g, (_, key: string) => nameOf(decodeURIComponent(key)))
}

/** The key, where a text is a mention and nothing else. */
export function mentionedIn(text: string): string | undefined {
  const key = /^cotangent@\{([^}]*)\}$/.exec(text)?.[1]
  return key === undefined ? undefined : decodeURIComponent(key)
}

/** The keys of all mentions in a text. */
export function mentionsIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/cotangent@\{([^}]*)\}/g), ([, key]) => decodeURIComponent(key!))
}
