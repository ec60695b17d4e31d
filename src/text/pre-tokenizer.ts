import { AntiphonError } from '../errors/index.js'

/** Cuts a normalised text into words; no token reaches over the edge of a word. */
export type PreTokenizer = (text: string) => readonly string[]

/** `pre_tokenizer` of `tokenizer.json`. */
export type PreTokenizerFile =
  | { readonly type: 'BertPreTokenizer' | 'WhitespaceSplit' }
  | { readonly type: 'ByteLevel'; readonly add_prefix_space: boolean; readonly use_regex?: boolean }
  | {
      readonly type: 'Metaspace'
      readonly replacement: string
      readonly prepend_scheme?: 'always' | 'never' | 'first'
      /** As older files say it. */
      readonly add_prefix_space?: boolean
      readonly split?: boolean
    }
  | { readonly type: 'Sequence'; readonly pretokenizers: readonly PreTokenizerFile[] }

/** @throws AntiphonError `model` for a kind that is not known. */
export function createPreTokenizer(file: PreTokenizerFile | null | undefined): PreTokenizer {
  if (!file) return (text) => [text]
  switch (file.type) {
    case 'BertPreTokenizer':
      return (text) => text.match(BERT_WORD) ?? []
    case 'WhitespaceSplit':
      return (text) => text.match(/\P{White_Space}+/gu) ?? []
    case 'ByteLevel':
      return byteLevel(file.add_prefix_space, file.use_regex ?? true)
    case 'Metaspace':
      return metaspace(file)
    case 'Sequence': {
      const parts = file.pretokenizers.map(createPreTokenizer)
      return (text) => parts.reduce<readonly string[]>((words, part) => words.flatMap(part), [text])
    }
    default:
      throw new AntiphonError(
        'model',
        `Unknown pre-tokenizer ${JSON.stringify((file as { type?: unknown }).type)} in tokenizer.json (expected ` +
          'BertPreTokenizer, WhitespaceSplit, ByteLevel, Metaspace or Sequence)',
      )
  }
}

/** BERT's punctuation: Unicode's, and every ASCII character that is no letter, digit, space or control. */
const BERT_WORD = /[\p{P}$+<=>^`|~]|[^\p{White_Space}\p{P}$+<=>^`|~]+/gu

/** GPT-2's words (Radford et al. 2019): a word takes the one space before it along. */
const GPT2_WORD =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/** Words as bytes of UTF-8, each byte shown as a letter that is no space or control: 256 letters write every text. */
function byteLevel(prefixSpace: boolean, useRegex: boolean): PreTokenizer {
  const letters = byteLetters()
  const utf8 = new TextEncoder()
  return (text) => {
    if (prefixSpace && text !== '' && !text.startsWith(' ')) text = ` ${text}`
    const words = useRegex ? (text.match(GPT2_WORD) ?? []) : [text]
    return words.map((word) => Array.from(utf8.encode(word), (byte) => letters[byte]).join(''))
  }
}

/** Printable Latin-1 stands for itself, the other bytes for the letters from U+0100 on. */
export function byteLetters(): string[] {
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(/[!-~¡-¬®-ÿ]/.test(String.fromCharCode(byte)) ? byte : next++),
  )
}

/** SentencePiece's way: a space is a visible mark, and each mark begins a word. */
function metaspace(file: Extract<PreTokenizerFile, { type: 'Metaspace' }>): PreTokenizer {
  const { replacement: mark, split = true } = file
  const scheme = file.prepend_scheme ?? (file.add_prefix_space === false ? 'never' : 'always')
  if (scheme !== 'always' && scheme !== 'never')
    throw new AntiphonError(
      'model',
      `Unknown prepend_scheme "${scheme}" in tokenizer.json (expected "always" or "never")`,
    )
  return (text) => {
    if (text === '') return []
    const marked = text.replaceAll(' ', mark)
    const whole = scheme === 'always' && !marked.startsWith(mark) ? mark + marked : marked
    if (!split) return [whole]
    const [first, ...rest] = whole.split(mark)
    return [...(first === '' ? [] : [first]), ...rest.map((word) => mark + word)]
  }
}
