import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { float32, parseSafetensors, writeSafetensors } from '../../graph/index.js'
import { isTerm, termOf, type WordVectors } from '../../text/index.js'
import { writeWhole } from './draft.js'
import type { TrainOptions } from './run-options.js'
import { openSentenceEncoder } from './sentence-encoder.js'
import { readTowerFile } from './towers.js'

export interface EmbedWordsOptions extends Pick<
  TrainOptions,
  'runtime' | 'find' | 'engine' | 'cacheDir' | 'signal'
> {
  /** A sentence encoder, as a recipe names it. */
  readonly encoder: string
  /** Words of the encoder's own vocabulary beside those that are asked for, the first ones. */
  readonly mostWords: number
  readonly onProgress?: (done: number, total: number) => void
}

const PROGRESS_EVERY = 64 // words

/**
 * Words embedded one by one by a sentence encoder, unit vectors: those asked for, and the whole words of its own vocabulary, which
 * for BERT are the English ones. Kept on disk by the encoder's files and the words.
 */
export async function embedWords(asked: readonly string[], options: EmbedWordsOptions): Promise<WordVectors> {
  const dir = await options.find(options.encoder)
  const tokenizer = await readTowerFile(join(dir, 'tokenizer.json'))
  const weights = await readTowerFile(join(dir, 'model.safetensors'))
  const encoder = createHash('sha256').update(tokenizer).update(weights).digest('hex')
  const own = wholeWords(tokenizer).slice(0, options.mostWords)
  const known = new Set(own)
  const others = [...new Set(asked)].filter((term) => !known.has(term)).sort()
  const total = own.length + others.length
  const parts: Float32Array[] = []
  let done = 0
  for (const words of [own, others]) {
    const before = done
    const tell = (count: number): void => options.onProgress?.(before + count, total)
    parts.push(await kept(words, encoder, { ...options, onProgress: tell }))
    done += words.length
  }
  const data = new Float32Array(parts[0].length + parts[1].length)
  data.set(parts[0])
  data.set(parts[1], parts[0].length)
  return { terms: [...own, ...others], dim: total === 0 ? 0 : data.length / total, data }
}

/** No pieces, and no letters of other scripts, of which BERT knows some alone. */
const WHOLE_WORD = /^[\p{Script=Latin}\p{N}]+$/u

function wholeWords(tokenizer: Uint8Array): string[] {
  const { model } = JSON.parse(new TextDecoder().decode(tokenizer)) as {
    model: { readonly type: string; readonly vocab: Readonly<Record<string, number>> }
  }
  if (model.type !== 'WordPiece') return []
  return Object.entries(model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([word]) => word)
    .filter((word) => WHOLE_WORD.test(word) && isTerm(word) && termOf(word) === word)
}

async function kept(
  words: readonly string[],
  encoder: string,
  options: EmbedWordsOptions,
): Promise<Float32Array> {
  if (words.length === 0) return new Float32Array(0)
  const { cacheDir } = options
  const key = createHash('sha256')
    .update(`${encoder}\n${words.join('\n')}`)
    .digest('hex')
  const path = join(cacheDir, 'words', `${key}.safetensors`)
  try {
    return float32(parseSafetensors(await readFile(path), path), 'words')
  } catch {
    // Missing or damaged: made anew.
  }
  const data = await embedded(words, options)
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const tensor = { dtype: 'F32', shape: [words.length, data.length / words.length], bytes } as const
  await mkdir(join(cacheDir, 'words'), { recursive: true })
  await writeWhole(path, (draft) => draft.writeFile(writeSafetensors(new Map([['words', tensor]]))))
  return data
}

async function embedded(words: readonly string[], options: EmbedWordsOptions): Promise<Float32Array> {
  const { onProgress, signal } = options
  const { encoder, width } = await openSentenceEncoder(options.encoder, options)
  try {
    const all = new Float32Array(words.length * width)
    for (let from = 0; from < words.length; from += PROGRESS_EVERY) {
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      const rows = await encoder.outputs(words.slice(from, from + PROGRESS_EVERY))
      for (let row = 0; row < rows.length; row += width) {
        const vector = rows.subarray(row, row + width)
        const length = Math.hypot(...vector) || 1
        all.set(
          vector.map((value) => value / length),
          from * width + row,
        )
      }
      onProgress?.(Math.min(from + PROGRESS_EVERY, words.length), words.length)
    }
    return all
  } finally {
    await encoder.close()
  }
}
