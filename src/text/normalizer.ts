import { AntiphonError } from '../errors/index.js'
import { escapePattern } from './added-tokens.js'
import { characterMap } from './character-map.js'

/** What a text is turned into before it is split. */
export type Normalizer = (text: string) => string

/** `normalizer` of `tokenizer.json`. */
export type NormalizerFile =
  | {
      readonly type: 'BertNormalizer'
      readonly clean_text: boolean
      readonly handle_chinese_chars: boolean
      readonly strip_accents: boolean | null
      readonly lowercase: boolean
    }
  | { readonly type: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | 'Lowercase' | 'StripAccents' | 'Nmt' }
  | { readonly type: 'Strip'; readonly strip_left: boolean; readonly strip_right: boolean }
  | { readonly type: 'Prepend'; readonly prepend: string }
  | { readonly type: 'Replace'; readonly pattern: PatternFile; readonly content: string }
  | { readonly type: 'Precompiled'; readonly precompiled_charsmap: string }
  | { readonly type: 'Sequence'; readonly normalizers: readonly NormalizerFile[] }

export type PatternFile = { readonly String: string } | { readonly Regex: string }

/** @throws AntiphonError `model` for a kind that is not known. */
export function createNormalizer(file: NormalizerFile | null | undefined): Normalizer {
  if (!file) return (text) => text
  switch (file.type) {
    case 'BertNormalizer':
      return bertNormalizer(file)
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return (text) => text.normalize(file.type)
    case 'Lowercase':
      return lowercase
    case 'StripAccents':
      return (text) => text.replace(/\p{M}/gu, '')
    case 'Nmt':
      return (text) => text.replace(NMT_REMOVED, '').replace(NMT_SPACE, ' ')
    case 'Strip':
      return (text) => {
        if (file.strip_left) text = text.replace(/^\p{White_Space}+/u, '')
        return file.strip_right ? text.replace(/\p{White_Space}+$/u, '') : text
      }
    case 'Prepend':
      return (text) => (text === '' ? text : file.prepend + text)
    case 'Replace': {
      const pattern = searchPattern(file.pattern)
      return (text) => text.replace(pattern, () => file.content)
    }
    case 'Precompiled':
      return characterMap(file.precompiled_charsmap)
    case 'Sequence': {
      const parts = file.normalizers.map(createNormalizer)
      return (text) => parts.reduce((result, part) => part(result), text)
    }
    default:
      throw new AntiphonError(
        'model',
        `Unknown normalizer ${JSON.stringify((file as { type?: unknown }).type)} in tokenizer.json (expected BertNormalizer, ` +
          'NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Nmt, Strip, Prepend, Replace, Precompiled or Sequence)',
      )
  }
}

function searchPattern(file: PatternFile): RegExp {
  const source = 'String' in file ? escapePattern(file.String) : file.Regex
  try {
    return new RegExp(source, 'gu')
  } catch (cause) {
    throw new AntiphonError(
      'model',
      `tokenizer.json has a pattern that can't be read: ${JSON.stringify(source)}`,
      { cause },
    )
  }
}

// What Google's neural machine translation removed and took for spaces; SentencePiece's "nmt" rules.
const NMT_REMOVED = /[\u0001-\u0008\u000B\u000E-\u001F\u007F\u008F\u009F]/gu
const NMT_SPACE = /[\t\n\f\r\u1680\u200B-\u200F\u2028\u2029\u2581\uFEFF\uFFFD]/gu

const BERT_REMOVED = /[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu
const SPACE = /\p{White_Space}/gu
const COMBINING = /\p{Mn}/gu
/** The blocks that BERT calls Chinese; kana and hangul are not among them. */
const CHINESE =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu

function bertNormalizer(how: Extract<NormalizerFile, { type: 'BertNormalizer' }>): Normalizer {
  return (text) => {
    if (how.clean_text) text = text.replace(BERT_REMOVED, '').replace(SPACE, ' ')
    if (how.handle_chinese_chars) text = text.replace(CHINESE, ' $& ')
    if (how.strip_accents ?? how.lowercase) text = text.normalize('NFD').replace(COMBINING, '')
    return how.lowercase ? lowercase(text) : text
  }
}

/** One character at a time: JavaScript writes the sigma at the end of a word differently, the reference doesn't. */
function lowercase(text: string): string {
  return text.replace(/Σ/g, 'σ').toLowerCase()
}
