import { InternalError } from './internal-error.ts'
import type { Field } from './nodes.ts'

export interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'symbol' | 'comment' | 'end'
  readonly text: string
  readonly start: number
  /** The first token of its line: it never continues the expression of the line before. */
  readonly startsLine: boolean
  /** No space stands between it and the token before. */
  readonly adjacent: boolean
}

const patterns = [
  ['comment', String.raw`//[^\n]*`],
  ['string', String.raw`"(?:[^"\\]|\\.)*"`],
  ['number', String.raw`0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?`],
  ['name', String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`],
  ['symbol', String.raw`>>>|===|!==|\*\*|<<|>>|<=|>=|==|!=|&&|\|\||\+=|[-+*/%&|^~!<>=?:.,;(){}\[\]@]`],
] as const

const pattern = new RegExp(patterns.map(([, source]) => `(${source})`).join('|'), 'uy')
const space = /\s*/y

/** Splits the printed form of the IR into words. The last token has the kind `end`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (let position = 0; ;) {
    space.lastIndex = position
    const between = space.exec(text)![0]
    const startsLine = position === 0 || between.includes('\n')
    position += between.length
    const place = { start: position, startsLine, adjacent: between === '' }
    if (position === text.length) {
      tokens.push({ kind: 'end', text: '', ...place, startsLine: true })
      return tokens
    }
    pattern.lastIndex = position
    const match = pattern.exec(text)
    if (!match) throw new InternalError(`Unexpected ${JSON.stringify(text[position])} at offset ${position} of the printed form.`)
    const [word] = match
    tokens.push({ kind: kindOf(match), text: word, ...place })
    position += word.length
  }
}

function kindOf(match: RegExpExecArray): Token['kind'] {
  let group = 1
  while (match[group] === undefined) group++
  return patterns[group - 1]![0]
}

export type FieldsOf = (type: string) => readonly Field[]

/** A place in a list of tokens. */
export class Cursor {
  private position = 0
  private readonly tokens: Token[]
  /** The fields of types that the text only names. */
  readonly fieldsOf: FieldsOf

  constructor(text: string, fieldsOf: FieldsOf = () => []) {
    this.tokens = tokenize(text)
    this.fieldsOf = fieldsOf
  }

  get token(): Token {
    return this.tokens[this.position]!
  }

  get following(): Token {
    return this.peek(1)
  }

  peek(distance: number): Token {
    return this.tokens[Math.min(this.position + distance, this.tokens.length - 1)]!
  }

  /** Whether the next token is this symbol or name. */
  at(text: string): boolean {
    return this.token.text === text && (this.token.kind === 'symbol' || this.token.kind === 'name')
  }

  /** As `at`, on the line of the token before. */
  continuesWith(text: string): boolean {
    return this.at(text) && !this.token.startsLine
  }

  accept(text: string): boolean {
    if (!this.at(text)) return false
    this.position++
    return true
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(JSON.stringify(text))
  }

  take(kind: Token['kind']): string {
    const { token } = this
    if (token.kind !== kind) this.fail(`a ${kind}`)
    this.position++
    return token.text
  }

  takeString(): string {
    return JSON.parse(this.take('string')) as string
  }

  /** Closes a list of type arguments, where `>>` is two signs. */
  expectClosing(): void {
    const { token } = this
    if (token.kind !== 'symbol' || !token.text.startsWith('>')) this.fail('">"')
    if (token.text === '>') this.position++
    else this.tokens[this.position] = { ...token, text: token.text.slice(1), start: token.start + 1, adjacent: true }
  }

  fail(expected: string): never {
    const { token } = this
    throw new InternalError(`Expected ${expected} but found ${JSON.stringify(token.text)} at offset ${token.start} of the printed form.`)
  }
}
