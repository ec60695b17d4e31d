import { AntiphonError } from '../../errors/index.js'
import { createNormalizer, type NormalizerFile } from '../normalizer.js'
import type { PostProcessorFile } from '../post-processor.js'
import { byteLetters, createPreTokenizer, type PreTokenizerFile } from '../pre-tokenizer.js'
import { learnMerges, type CountedWord, type Learnt } from './learn-merges.js'

/**
 * `clip`: small letters, and the last byte of a word carries a mark, `</w>` (Radford et al. 2021, section 2.4). `gpt2`: the space
 * before a word belongs to it (Radford et al. 2019), framed as in RoBERTa.
 */
export const BPE_STYLES = ['clip', 'gpt2'] as const
export type BpeStyle = (typeof BPE_STYLES)[number]

export interface BpeOptions {
  /** Tokens, those around a text and the 256 bytes among them: fewer where the texts have no more. 49,408 in CLIP, 50,257 in GPT-2. */
  readonly vocabulary: number
  /** @default 'clip' */
  readonly style?: BpeStyle
  /** @default true for clip, false for gpt2 */
  readonly lowercase?: boolean
  /** Pairs that are rarer in all texts together aren't joined. @default 2 */
  readonly minCount?: number
  /** Told of now and then, and waited for: tokens so far, and in the end. */
  readonly onProgress?: (done: number, total: number) => Promise<void> | void
}

const END_OF_WORD = '</w>' // Sennrich et al. 2016

/** What differs between the styles. The first token begins a text, the last one ends it. */
interface Style {
  readonly special: readonly string[]
  readonly pad: string
  readonly suffix: string
  readonly preTokenizer: PreTokenizerFile
}

const STYLES: Readonly<Record<BpeStyle, Style>> = {
  clip: {
    special: ['<|startoftext|>', '<|endoftext|>'],
    pad: '<|endoftext|>',
    suffix: END_OF_WORD,
    preTokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'BertPreTokenizer' },
        { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      ],
    },
  },
  gpt2: {
    special: ['<s>', '<pad>', '</s>'],
    pad: '<pad>',
    suffix: '',
    preTokenizer: { type: 'ByteLevel', add_prefix_space: true, use_regex: true },
  },
}

/** Longer ones are no words of a language; they are left out. In bytes. */
const LONGEST_WORD = 1000

/**
 * Learns a byte-level BPE tokenizer from texts: a `tokenizer.json` that `createTokenizer` and Hugging Face's tokenizers read. Every text
 * can be written with it, as bytes if need be. The same texts, in any order, give the same bytes.
 * @throws AntiphonError `usage` for a vocabulary that has no room for the bytes, or texts without a word
 */
export async function trainBpe(texts: Iterable<string>, options: BpeOptions): Promise<Uint8Array> {
  const { vocabulary, style: name = 'clip', lowercase = name === 'clip', minCount = 2, onProgress } = options
  const style = STYLES[name]
  const letters = lettersOf(style)
  if (!(vocabulary >= letters.length))
    throw new AntiphonError(
      'usage',
      `A BPE vocabulary of ${vocabulary} has no room for the ${letters.length} tokens that every text can be written with (style "${name}")`,
    )
  const normalizer: NormalizerFile = lowercase
    ? { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] }
    : { type: 'NFC' }
  const words = countWords(texts, letters, { style, normalizer })
  if (words.length === 0) throw new AntiphonError('usage', 'No words to learn a BPE tokenizer from')
  const learnt = await learnMerges({ words, letters, size: vocabulary, minCount, onProgress })
  return new TextEncoder().encode(`${JSON.stringify(fileOf(learnt, style, normalizer))}\n`)
}

/** The tokens around a text, and every byte, with and without the mark. */
function lettersOf({ special, suffix }: Style): string[] {
  const bytes = byteLetters().sort() // one UTF-16 unit each: in the order of their code points
  return [...special, ...bytes, ...(suffix === '' ? [] : bytes.map((letter) => letter + suffix))]
}

function countWords(
  texts: Iterable<string>,
  letters: readonly string[],
  { style, normalizer }: { readonly style: Style; readonly normalizer: NormalizerFile },
): CountedWord[] {
  const normalize = createNormalizer(normalizer)
  const split = createPreTokenizer(style.preTokenizer)
  const counts = new Map<string, number>()
  for (const text of texts)
    for (const word of split(normalize(text))) counts.set(word, (counts.get(word) ?? 0) + 1)
  const idOf = new Map(letters.map((letter, id) => [letter, id]))
  return [...counts]
    .filter(([word]) => word.length <= LONGEST_WORD)
    .map(([word, count]) => ({
      symbols: Array.from(word, (letter, i) =>
        idOf.get(i === word.length - 1 ? letter + style.suffix : letter)!,
      ),
      count,
    }))
}

/** In the layout that Hugging Face's tokenizers writes. */
function fileOf({ tokens, merges }: Learnt, style: Style, normalizer: NormalizerFile) {
  const { special, suffix, preTokenizer } = style
  const cls = [special[0], 0] as const
  const sep = [special[special.length - 1], special.length - 1] as const
  const ends: PostProcessorFile = { type: 'RobertaProcessing', sep, cls }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer,
    pre_tokenizer: trimmed(preTokenizer),
    post_processor: { ...ends, trim_offsets: true, add_prefix_space: suffix === '' },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: suffix === '' ? null : suffix,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map(([left, right]) => [tokens[left], tokens[right]]),
    },
  }
}

/** `trim_offsets` says where tokens lie in a text, which nobody asks here; the format wants it said. */
function trimmed(file: PreTokenizerFile): unknown {
  if (file.type === 'Sequence') return { ...file, pretokenizers: file.pretokenizers.map(trimmed) }
  return file.type === 'ByteLevel' ? { ...file, trim_offsets: true } : file
}
