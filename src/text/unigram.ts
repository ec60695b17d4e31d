import { AntiphonError } from '../errors/index.js'
import type { SubwordModel } from './tokenizer.js'

/** `model` of a Unigram `tokenizer.json`. */
export interface UnigramFile {
  readonly type: 'Unigram'
  /** Pieces with the logarithm of their probability; the place in the list is the id. */
  readonly vocab: readonly (readonly [piece: string, logProbability: number])[]
  readonly unk_id: number | null
  /** Characters without a piece are written as bytes, "<0x0A>". */
  readonly byte_fallback?: boolean
}

/** What a character that no piece covers costs more than the least probable piece; from SentencePiece. */
const UNKNOWN_PENALTY = 10

/**
 * The most probable split of a word into pieces, by Viterbi (Kudo 2018, as SentencePiece has it). Unknown characters side by side
 * are one token.
 * @throws AntiphonError `model` when the vocabulary has no piece for the unknown.
 */
export function unigram(file: UnigramFile): SubwordModel {
  const { vocab, unk_id: unknown, byte_fallback = false } = file
  if (unknown === null || !vocab[unknown])
    throw new AntiphonError('model', `tokenizer.json has unk_id ${unknown}, expected the place of a piece`)
  const ids = new Map(vocab.map(([piece], id) => [piece, id]))
  const lengths = new Set(vocab.map(([piece]) => piece.length)) // few: only these are tried
  const unknownScore = vocab.reduce((least, [, score]) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY
  const utf8 = new TextEncoder()

  /** Best way to each place of the word, in UTF-16 units: the id of the last piece and where it begins. */
  const search = (word: string): { id: number; start: number }[] => {
    const best = Array.from({ length: word.length + 1 }, () => ({ id: -1, start: -1, score: -Infinity }))
    best[0].score = 0
    const offer = (start: number, end: number, id: number, logProbability: number): void => {
      const score = best[start].score + logProbability
      if (best[end].start < 0 || score > best[end].score) best[end] = { id, start, score }
    }
    const byLength = [...lengths].sort((a, b) => a - b)
    for (let start = 0; start < word.length;) {
      const character = word.codePointAt(start)! > 0xffff ? 2 : 1
      let single = false
      for (const length of byLength) {
        if (length === 0) continue
        if (start + length > word.length) break
        const id = ids.get(word.slice(start, start + length))
        if (id === undefined) continue
        offer(start, start + length, id, vocab[id][1])
        if (length === character) single = true
      }
      if (!single) offer(start, start + character, unknown, unknownScore)
      start += character
    }
    return best
  }

  const asBytes = (text: string): number[] | undefined => {
    const found = Array.from(utf8.encode(text), (byte) =>
      ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    )
    return found.every((id) => id !== undefined) ? found : undefined
  }

  return (word) => {
    const best = search(word)
    const pieces: { id: number; start: number; end: number }[] = []
    for (let end = word.length; end > 0; end = best[end].start) {
      const { id, start } = best[end]
      const next = pieces.at(-1)
      if (id === unknown && next?.id === unknown) next.start = start
      else pieces.push({ id, start, end })
    }
    return pieces
      .reverse()
      .flatMap(({ id, start, end }) =>
        id === unknown && byte_fallback ? (asBytes(word.slice(start, end)) ?? [id]) : [id],
      )
  }
}
