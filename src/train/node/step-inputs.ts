import type { Pair } from '../../data/index.js'
import { Random } from '../../random/index.js'
import type { Tokenizer } from '../../text/index.js'
import type { Counts } from '../objective.js'
import { objectiveInputs } from '../objective.js'
import type { Recipe } from '../recipe.js'
import type { PartOfBatch, StepFeeds, StepInputs } from '../step.js'
import type { TextSwap } from '../swap-texts.js'
import type { Batch, Batches } from './batches.js'
import type { PairFactors } from './pair-factors.js'
import type { FrozenText } from './frozen-outputs.js'

export interface StepInputsOptions {
  readonly recipe: Recipe
  readonly pairs: readonly Pair[]
  readonly batches: Batches
  readonly counts: Counts
  /** Cuts texts to the length of a row of the batches. */
  readonly tokenizer: Tokenizer
  /** Outputs of a frozen audio encoder, by chunk. */
  readonly audioOutputs?: { readonly rows: Float32Array; readonly width: number }
  /** Of items, beside their sound. */
  readonly factors?: PairFactors
  readonly frozenText?: { readonly encoder: FrozenText; readonly width: number }
  /** For the loss of MusCALL: what tells how alike texts are. */
  readonly content?: { readonly encoder: FrozenText; readonly width: number }
  /** For text_swap. */
  readonly swap?: TextSwap
}

/** What batch number `index` gives a step to read. */
export function stepInputs(index: number, options: StepInputsOptions): StepInputs & { waited(): number } {
  const { recipe, batches, counts, audioOutputs, frozenText, content } = options
  let waited = 0
  let part: { readonly key: string; readonly batch: Batch } | undefined
  const texts: string[] = [] // of the whole batch, as the first pass read them
  /** Audio and text of a part are asked for one after the other. */
  const partOf = async ({ chunk, pass }: PartOfBatch): Promise<Batch> => {
    const key = `${pass}/${chunk}`
    if (part?.key !== key) {
      part = { key, batch: await batches.batch(index, { chunk, pass }) }
      waited += part.batch.waited
      if (pass === 0) texts.push(...part.batch.texts)
    }
    return part.batch
  }
  return {
    waited: () => waited,
    async rows(side, place): Promise<StepFeeds> {
      const batch = await partOf(place)
      if (side === 'text') {
        const hard = hardTexts(batch, index, options)
        if (frozenText) {
          const all = [...batch.texts, ...hard]
          return {
            text_outputs: {
              data: await frozenText.encoder.outputs(all),
              shape: [all.length, frozenText.width],
            },
          }
        }
        return tokenRows(batch, hard, options.tokenizer)
      }
      const known = options.factors?.feeds(
        batch.indices,
        (row) => `${recipe.seed}/${index}/${batch.from + row}/factors`,
      )
      if (!audioOutputs)
        return { ...known, features: batch.audio!, ...(batch.second && { second_features: batch.second }) }
      const { rows, width } = audioOutputs
      const data = new Float32Array(batch.windows!.length * width)
      for (const [i, window] of batch.windows!.entries())
        data.set(rows.subarray(window * width, (window + 1) * width), i * width)
      return { ...known, audio_outputs: { data, shape: [batch.windows!.length, width] } }
    },
    async extra(): Promise<StepFeeds> {
      const wanted = objectiveInputs(recipe, counts)
      const feeds: Record<string, Float32Array> = {}
      if ('uniform' in wanted) {
        const random = new Random(`${recipe.seed}/${index}/negatives`)
        const length = wanted['uniform'].reduce((a, b) => a * b, 1)
        feeds['uniform'] = Float32Array.from({ length }, () => Math.min(random.next(), LARGEST_BELOW_ONE))
      }
      if ('content' in wanted)
        feeds['content'] = cosines(
          await content!.encoder.outputs(texts.slice(0, counts.audio)),
          content!.width,
        )
      return feeds
    },
  }
}

const LARGEST_BELOW_ONE = 1 - 2 ** -24 // of float32

function hardTexts(batch: Batch, index: number, { recipe, pairs, swap }: StepInputsOptions): string[] {
  if (!swap) return []
  const each = batch.texts.length / batch.indices.length
  return Array.from(batch.indices, (pair, row) => {
    const random = new Random(`${recipe.seed}/${index}/${batch.from + row}/swap`)
    return swap.swap(batch.texts[row * each], pairs[pair].texts, random)
  })
}

/** Ids and masks of the batch, with those of the hard texts behind. */
function tokenRows(batch: Batch, hard: readonly string[], tokenizer: Tokenizer): StepFeeds {
  const { inputIds, attentionMask } = batch
  if (hard.length === 0) return { input_ids: inputIds, attention_mask: attentionMask }
  const [count, tokens] = inputIds.shape
  const rows = count + hard.length
  const ids = new Int32Array(rows * tokens).fill(tokenizer.padId)
  const mask = new Int32Array(rows * tokens)
  ids.set(inputIds.data)
  mask.set(attentionMask.data)
  for (const [i, text] of hard.entries()) {
    const row = tokenizer.encode(text)
    ids.set(row, (count + i) * tokens)
    mask.fill(1, (count + i) * tokens, (count + i) * tokens + row.length)
  }
  const shape = [rows, tokens]
  return { input_ids: { data: ids, shape }, attention_mask: { data: mask, shape } }
}

/** Cosines of all rows with all. */
function cosines(rows: Float32Array, width: number): Float32Array {
  const count = rows.length / width
  const unit = rows.slice()
  for (let row = 0; row < count; row++) {
    const vector = unit.subarray(row * width, (row + 1) * width)
    const length = Math.hypot(...vector) || 1
    for (let i = 0; i < width; i++) vector[i] /= length
  }
  const found = new Float32Array(count * count)
  for (let a = 0; a < count; a++)
    for (let b = a; b < count; b++) {
      let dot = 0
      for (let i = 0; i < width; i++) dot += unit[a * width + i] * unit[b * width + i]
      found[a * count + b] = found[b * count + a] = dot
    }
  return found
}
