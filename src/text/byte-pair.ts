import { AntiphonError } from '../errors/index.js'
import type { SubwordModel } from './tokenizer.js'

/** `model` of a BPE `tokenizer.json`. */
export interface BytePairFile {
  readonly type: 'BPE'
  readonly vocab: Readonly<Record<string, number>>
  /** In the order they were learnt; older files join the two by a space. */
  readonly merges: readonly (string | readonly [string, string])[]
  readonly unk_token?: string | null
  /** Unknown characters side by side are one token. */
  readonly fuse_unk?: boolean
  /** A word that is a token as it stands is that token, merges or not. */
  readonly ignore_merges?: boolean
  readonly continuing_subword_prefix?: string | null
  /** What the last character of a word carries, `</w>`. */
  readonly end_of_word_suffix?: string | null
  readonly byte_fallback?: boolean
}

interface Merge {
  readonly rank: number
  readonly id: number
}

/**
 * Byte-pair encoding (Sennrich et al. 2016): of all neighbours the pair that was learnt first is joined, again and again.
 * @throws AntiphonError `model` when a merge speaks of tokens that aren't there, or the file asks for what isn't known.
 */
export function bytePair(file: BytePairFile): SubwordModel {
  const { vocab, unk_token, fuse_unk = false, ignore_merges = false } = file
  for (const key of ['continuing_subword_prefix', 'byte_fallback'] as const)
    if (file[key])
      throw new AntiphonError(
        'model',
        `tokenizer.json has ${key} ${JSON.stringify(file[key])}, which BPE here doesn't know`,
      )
  const ids = new Map(Object.entries(vocab))
  const idOf = (token: string): number => {
    const id = ids.get(token)
    if (id === undefined) throw new AntiphonError('model', `tokenizer.json has no token "${token}"`)
    return id
  }
  const unknown = unk_token === undefined || unk_token === null ? undefined : idOf(unk_token)
  const most = [...ids.values()].reduce((largest, id) => Math.max(largest, id), 0) + 1
  const merges = new Map<number, Merge>() // by left * most + right
  for (const [rank, merge] of file.merges.entries()) {
    const [left, right] = typeof merge === 'string' ? merge.split(' ') : merge
    merges.set(idOf(left) * most + idOf(right), { rank, id: idOf(left + right) })
  }

  const suffix = file.end_of_word_suffix ?? ''
  const characters = (word: string): number[] => {
    const symbols: number[] = []
    let end = 0
    for (const character of word) {
      end += character.length
      const id = ids.get(end === word.length ? character + suffix : character) ?? unknown
      if (id === undefined || (fuse_unk && id === unknown && symbols.at(-1) === unknown)) continue
      symbols.push(id)
    }
    return symbols
  }
  return (word) => {
    const whole = ignore_merges ? ids.get(word) : undefined
    if (whole !== undefined) return [whole]
    let symbols = characters(word)
    for (;;) {
      let first: Merge | undefined
      for (let i = 0; i + 1 < symbols.length; i++) {
        const merge = merges.get(symbols[i] * most + symbols[i + 1])
        if (merge && (!first || merge.rank < first.rank)) first = merge
      }
      if (!first) return symbols
      symbols = joined(symbols, (left, right) => merges.get(left * most + right) === first, first.id)
    }
  }
}

/** Joins every pair, from the left, that is the one. */
function joined(
  symbols: readonly number[],
  isPair: (left: number, right: number) => boolean,
  id: number,
): number[] {
  const result: number[] = []
  for (let i = 0; i < symbols.length; i++)
    if (i + 1 < symbols.length && isPair(symbols[i], symbols[i + 1])) {
      result.push(id)
      i++
    } else result.push(symbols[i])
  return result
}
