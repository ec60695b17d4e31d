import { AntiphonError } from '../errors/index.js'
import { splitAtTokens, type AddedToken } from './added-tokens.js'
import { bytePair, type BytePairFile } from './byte-pair.js'
import { createNormalizer, type NormalizerFile } from './normalizer.js'
import { createFrame, type PostProcessorFile } from './post-processor.js'
import { createPreTokenizer, type PreTokenizerFile } from './pre-tokenizer.js'
import type { SubwordModel, Tokenizer } from './tokenizer.js'
import { unigram, type UnigramFile } from './unigram.js'
import { wordLevel, type WordLevelFile } from './word-level.js'
import { wordPiece, type WordPieceFile } from './wordpiece.js'

export interface TokenizerOptions {
  /** Longer texts lose their end; the special tokens count. */
  readonly maxTokens: number
}

/** `tokenizer.json`, as far as it decides which ids a text gets. */
interface TokenizerFile {
  readonly added_tokens?: readonly AddedToken[]
  readonly normalizer?: NormalizerFile | null
  readonly pre_tokenizer?: PreTokenizerFile | null
  readonly post_processor?: PostProcessorFile | null
  readonly padding?: { readonly pad_id: number } | null
  readonly model: WordPieceFile | BytePairFile | UnigramFile | WordLevelFile
}

/**
 * Reads a `tokenizer.json` (the format of Hugging Face's tokenizers library): a text is cut at the tokens it spells out,
 * normalised, split into words, and the words into the pieces of WordPiece, BPE or Unigram; or they are tokens as they stand, WordLevel.
 * The truncation and padding written in the file are not used: they belong to whoever runs the model.
 * @throws AntiphonError `model` for a file that is not JSON, or a kind of tokenizer that is not known.
 */
export function createTokenizer(json: Uint8Array, { maxTokens }: TokenizerOptions): Tokenizer {
  let file: TokenizerFile
  try {
    file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)) as TokenizerFile
  } catch (cause) {
    throw new AntiphonError('model', 'tokenizer.json is damaged: it is not JSON', { cause })
  }
  try {
    return assemble(file, maxTokens)
  } catch (cause) {
    if (cause instanceof AntiphonError) throw cause
    const reason = (cause as Error).message
    throw new AntiphonError('model', `tokenizer.json is damaged: a part is missing (${reason})`, { cause })
  }
}

function assemble(file: TokenizerFile, maxTokens: number): Tokenizer {
  const { added_tokens: added = [] } = file
  const subwords = createSubwords(file.model)
  const normalize = createNormalizer(file.normalizer)
  const words = createPreTokenizer(file.pre_tokenizer)
  const frame = createFrame(file.post_processor)
  const room = maxTokens - frame.before.length - frame.after.length
  const spelt = splitAtTokens(added.filter(({ normalized }) => !normalized))
  const speltNormalized = splitAtTokens(
    added.filter(({ normalized }) => normalized).map((t) => ({ ...t, content: normalize(t.content) })),
  )

  /** The text's own ids, one after the other, so that nobody need read a long text to its end. */
  function* read(text: string): Generator<number> {
    for (const raw of spelt(text)) {
      if (typeof raw === 'number') yield raw
      else
        for (const segment of speltNormalized(normalize(raw)))
          if (typeof segment === 'number') yield segment
          else for (const word of words(segment)) yield* subwords(word)
    }
  }
  return {
    padId: padIdOf(file),
    encode(text) {
      const ids = [...frame.before]
      for (const id of read(text)) {
        if (ids.length - frame.before.length >= room) break
        ids.push(id)
      }
      return [...ids, ...frame.after]
    },
  }
}

function createSubwords(model: TokenizerFile['model'] | undefined): SubwordModel {
  switch (model?.type) {
    case 'WordPiece':
      return wordPiece(model)
    case 'BPE':
      return bytePair(model)
    case 'Unigram':
      return unigram(model)
    case 'WordLevel':
      return wordLevel(model)
    default:
      throw new AntiphonError(
        'model',
        `Unknown tokenizer model ${JSON.stringify((model as { type?: unknown } | undefined)?.type)} (expected "WordPiece", "BPE", "Unigram" or "WordLevel")`,
      )
  }
}

/** What the file pads with, or its token of that name; where it has neither any id will do, for the mask hides it. */
function padIdOf({ padding, added_tokens = [] }: TokenizerFile): number {
  const named = added_tokens.find(({ content }) => content === '[PAD]' || content === '<pad>')
  return padding?.pad_id ?? named?.id ?? 0
}
