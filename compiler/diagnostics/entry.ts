/**
 * One numbered kind of diagnostic. The number is for life: it is never reused for another meaning.
 *
 * `message` and `hint` are templates: `{name}` stands for an argument, and the arguments that a code needs are read off both
 * templates by TypeScript (`Arguments` in `catalog.ts`), so each of them must be one string literal, not a concatenation.
 */
export interface Entry {
  readonly severity: 'error' | 'warning'
  /** A few words, the heading in the documentation. */
  readonly title: string
  /** One sentence that names the user's own identifiers, in backticks, without a full stop. */
  readonly message: string
  /** Names a rewrite that works, or the next step. */
  readonly hint: string
  /** What `cotangent explain` prints below the title: why this is refused, and what to do. Markdown. */
  readonly text: string
}
