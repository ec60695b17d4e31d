import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Pair } from '../../data/index.js'
import { AntiphonError } from '../../errors/index.js'
import { trainBpe, wordTokenizer } from '../../text/index.js'
import { canDrawKind } from '../draw-texts.js'
import type { Recipe } from '../recipe.js'
import { makeWords, wordTable, type MakeWordsOptions } from './make-words.js'

/** What a run makes of its texts before the first step, by the name of the file in its folder. */
export type MadeText = ReadonlyMap<string, Uint8Array>

export const MADE_TOKENIZER = 'tokenizer.json'
export const MADE_WORDS = 'words.safetensors'
/** Of items, beside their sound: they stand in the model directory too. */
export const MADE_FACTORS = 'factors.safetensors'

/** All that may be made. */
export const MADE_FILES: readonly string[] = [MADE_FACTORS, MADE_TOKENIZER, MADE_WORDS]

export interface MakeTextOptions extends Omit<MakeWordsOptions, 'onProgress'> {
  readonly onProgress: (what: 'tokenizer' | 'words', done: number, total: number) => void
}

/** Makes what the recipe wants made of the texts of training: the same texts give the same bytes. */
export async function makeText(options: MakeTextOptions): Promise<MadeText> {
  const { recipe, pairs, onProgress, signal } = options
  const { tokenizer, vectors } = recipe.text
  if (vectors) {
    const words = await makeWords({
      ...options,
      onProgress: (done, total) => onProgress('words', done, total),
    })
    return new Map([
      [MADE_TOKENIZER, wordTokenizer(words.terms)],
      [MADE_WORDS, wordTable(words)],
    ])
  }
  if (typeof tokenizer !== 'object') return new Map()
  const { vocabulary, style, lowercase, min_count: minCount } = tokenizer.bpe
  const json = await trainBpe(drawable(pairs, recipe), {
    vocabulary,
    style,
    lowercase,
    minCount,
    onProgress: async (done, total) => {
      onProgress('tokenizer', done, total)
      await setImmediate() // signals are seen
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    },
  })
  return new Map([[MADE_TOKENIZER, json]])
}

/** All texts that may be drawn, tags of a pair in a row. */
function* drawable(pairs: readonly Pair[], { text_policy: policy }: Recipe): Generator<string> {
  for (const { texts } of pairs) {
    const tags: string[] = []
    for (const { kind, value } of texts)
      if (!canDrawKind(kind, policy)) continue
      else if (kind === 'tag') tags.push(value)
      else yield value
    if (tags.length > 0) yield tags.join(policy.tag_separator)
  }
}

/** Hashes of what was made, to know it again. */
export function hashesOf(made: MadeText): Record<string, string> {
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  return Object.fromEntries([...made].map(([name, bytes]) => [name, hash(bytes)]))
}

/**
 * What a run has made before, as its folder keeps it.
 * @throws AntiphonError `usage` where a file is gone or not what it was
 */
export async function readMadeText(
  dir: string,
  hashes: Readonly<Record<string, string>> = {},
): Promise<MadeText> {
  const made = new Map<string, Uint8Array>()
  for (const name of Object.keys(hashes))
    try {
      made.set(name, await readFile(join(dir, name)))
    } catch (cause) {
      throw new AntiphonError('usage', `The run in ${dir} can't go on: it has no ${name}, which it made`, {
        cause,
      })
    }
  const now = hashesOf(made)
  for (const [name, hash] of Object.entries(hashes))
    if (now[name] !== hash)
      throw new AntiphonError('usage', `The run in ${dir} can't go on: ${name} is not what it made`)
  return made
}
