import { AntiphonError } from '../errors/index.js'
import type { Tokenizer } from './tokenizer.js'

/** The parts of a WordPiece `tokenizer.json` that decide which ids a text gets. */
export interface WordPieceFile {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[]
  readonly normalizer: {
    readonly type: string
    readonly clean_text: boolean
    readonly handle_chinese_chars: boolean
    readonly strip_accents: boolean | null
    readonly lowercase: boolean
  }
  readonly pre_tokenizer: { readonly type: string }
  readonly model: {
    readonly type: string
    readonly vocab: Readonly<Record<string, number>>
    readonly unk_token: string
    readonly continuing_subword_prefix: string
    readonly max_input_chars_per_word: number
  }
}

/**
 * BERT's tokenizer (Devlin et al. 2019): clean, lowercase, split at spaces and punctuation, then the longest known
 * piece from the left (WordPiece). Our own because the npm library builds three dictionaries of the vocabulary first
 * (80 ms of every search), and lowercases a final capital sigma by context, which the reference does not.
 */
export function wordPiece(file: WordPieceFile, maxTokens: number): Tokenizer {
  if (file.normalizer?.type !== 'BertNormalizer' || file.pre_tokenizer?.type !== 'BertPreTokenizer')
    throw new AntiphonError(
      'model',
      `Unknown WordPiece front: ${file.normalizer?.type} and ${file.pre_tokenizer?.type} (expected BertNormalizer and BertPreTokenizer)`,
    )
  const { vocab, unk_token, continuing_subword_prefix: prefix, max_input_chars_per_word } = file.model
  const idOf = (token: string): number => {
    const added = file.added_tokens.find(({ content }) => content === token)?.id
    const id = added ?? (Object.hasOwn(vocab, token) ? vocab[token] : undefined)
    if (id === undefined) throw new AntiphonError('model', `tokenizer.json has no token "${token}"`)
    return id
  }
  const [start, end, unknown, padId] = [idOf('[CLS]'), idOf('[SEP]'), idOf(unk_token), idOf('[PAD]')]
  const special = new Map(file.added_tokens.map(({ content, id }) => [content, id]))
  const specialPattern = new RegExp(
    `(${[...special.keys()].map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`,
  )

  /** Longest piece first; a word with a part that no piece covers is unknown as a whole. */
  const pieces = (word: string): number[] => {
    const characters = [...word]
    if (characters.length > max_input_chars_per_word) return [unknown]
    const ids: number[] = []
    for (let from = 0; from < characters.length;) {
      let to = characters.length
      for (; to > from; to--) {
        const piece = (from > 0 ? prefix : '') + characters.slice(from, to).join('')
        if (!Object.hasOwn(vocab, piece)) continue
        ids.push(vocab[piece])
        break
      }
      if (to === from) return [unknown]
      from = to
    }
    return ids
  }

  const encode = (text: string): number[] => {
    const ids = [start]
    // Text that spells a special token is that token, as in the reference; it is looked for before any cleaning.
    for (const part of text.split(specialPattern)) {
      const token = special.get(part)
      if (token !== undefined) ids.push(token)
      else for (const word of words(normalize(part, file.normalizer))) ids.push(...pieces(word))
      if (ids.length >= maxTokens) break
    }
    return [...ids.slice(0, maxTokens - 1), end]
  }
  return { encode, padId }
}

const REMOVED = /[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu
const SPACE = /\p{White_Space}/gu
const COMBINING = /\p{Mn}/gu
/** The blocks that BERT calls Chinese; kana and hangul are not among them. */
const CHINESE =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu

function normalize(text: string, how: WordPieceFile['normalizer']): string {
  if (how.clean_text) text = text.replace(REMOVED, '').replace(SPACE, ' ')
  if (how.handle_chinese_chars) text = text.replace(CHINESE, ' $& ')
  if (how.strip_accents ?? how.lowercase) text = text.normalize('NFD').replace(COMBINING, '')
  // One character at a time: JavaScript writes the sigma at the end of a word differently, the reference doesn't.
  if (how.lowercase) text = text.replace(/Σ/g, 'σ').toLowerCase()
  return text
}

/** BERT's punctuation: Unicode's, and every ASCII character that is no letter, digit, space or control. */
const WORD = /[\p{P}$+<=>^`|~]|[^\s\p{P}$+<=>^`|~]+/gu

function words(text: string): string[] {
  return text.match(WORD) ?? []
}
