/** A token that is found in the text itself, before anything is split; of `tokenizer.json`. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Not inside a word. */
  readonly single_word?: boolean
  /** Takes the spaces before it along. */
  readonly lstrip?: boolean
  /** Takes the spaces after it along. */
  readonly rstrip?: boolean
  /** Looked for in the normalised text, not in the text as it came. */
  readonly normalized?: boolean
}

/** A part of a text: what is still to be read, or the id of a token that was spelt out. */
export type Segment = string | number

const SPACE = /\p{White_Space}/u
const WORD_CHARACTER = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u

/** Cuts texts at the given tokens; where two begin at one place the longer one counts. */
export function splitAtTokens(tokens: readonly AddedToken[]): (text: string) => Segment[] {
  const byContent = new Map(tokens.filter(({ content }) => content !== '').map((t) => [t.content, t]))
  if (byContent.size === 0) return (text) => [text]
  const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(escapePattern).join('|'), 'gu')

  return (text) => {
    const segments: Segment[] = []
    let end = 0 // of what is taken
    for (const { 0: content, index } of text.matchAll(pattern)) {
      const token = byContent.get(content)!
      if (token.single_word && insideWord(text, index, index + content.length)) continue
      let from = index
      if (token.lstrip) while (from > end && SPACE.test(text[from - 1])) from--
      if (from > end) segments.push(text.slice(end, from))
      segments.push(token.id)
      end = index + content.length
      if (token.rstrip) while (end < text.length && SPACE.test(text[end])) end++
    }
    if (end < text.length) segments.push(text.slice(end))
    return segments
  }
}

function insideWord(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start) // two units: a character may be a surrogate pair
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20)
  return WORD_CHARACTER.test([...before].at(-1) ?? '') || WORD_CHARACTER.test(after)
}

export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
