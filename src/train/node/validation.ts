import type { Pair } from '../../data/index.js'
import type { NumericArray } from '../../graph/index.js'
import { encodeBatch, type Tokenizer } from '../../text/index.js'
import { LOG_SCALE } from '../objective.js'
import type { Embedder } from '../embedder.js'
import type { Parameter } from '../optimizer/optimizer.js'
import { validationQueries, type Queries } from '../queries.js'
import type { Metric } from '../recipe.js'
import type { Scores } from '../trainer.js'
import type { Batches } from './batches.js'
import type { FrozenText } from './frozen-outputs.js'

/** Text queries against a pool of tracks: what a metric is made from. */
export interface ScoredQueries {
  readonly queries: number
  readonly items: number
  /** [queries, items], row by row. */
  readonly similarity: Float32Array
  /** 1 where the item answers the query. */
  readonly relevance: Uint8Array
}

/** Metrics of text-to-music retrieval; the loss is not among them. */
export type Score = (scored: ScoredQueries) => Omit<Record<Metric, number>, 'loss'>

export interface ValidationOptions {
  readonly pairs: readonly Pair[]
  /** Of these pairs. */
  readonly batches: Batches
  readonly audio: Embedder
  readonly text: Embedder
  /** Of a frozen audio encoder, by chunk. */
  readonly audioOutputs?: { readonly rows: Float32Array; readonly width: number }
  /** A frozen text encoder. */
  readonly frozenText?: FrozenText
  readonly textWidth: number
  readonly tokenizer: Tokenizer
  readonly score: Score
}

const ROWS_AT_ONCE = 16

/** Vectors of a pool of tracks and of the queries that they answer. */
export interface Embedded {
  readonly dim: number
  /** Unit vectors, [items, dim]: the mean over a track's chunks. */
  readonly items: Float32Array
  /** Unit vectors, [queries, dim]. */
  readonly queries: Float32Array
}

/** Embeds the pairs that are not trained on, and scores them. */
export class Validation {
  private readonly asked: Queries
  private readonly items: readonly (readonly number[])[]

  constructor(private readonly options: ValidationOptions) {
    const { pairs, batches } = options
    // A track whose audio can't be read is no item, and what only it answers is no query.
    const usable = pairs.filter((_, index) => batches.pieceOf[index] >= 0)
    const numbers = pairs.flatMap((_, index) => (batches.pieceOf[index] >= 0 ? [index] : []))
    this.asked = validationQueries(usable)
    this.items = this.asked.items.map((indices) => indices.map((index) => numbers[index]))
  }

  async close(): Promise<void> {
    await this.options.audio.close()
    await this.options.text.close()
  }

  async scores(parameters: ReadonlyMap<string, Parameter>): Promise<Scores> {
    const embedded = await this.embed(parameters)
    const scored = this.compare(embedded)
    const scale = Math.exp(parameters.get(LOG_SCALE)?.data[0] ?? 0)
    return { loss: contrastiveLoss(scored, scale), ...this.options.score(scored) }
  }

  /**
   * How far, in cosine, a track that answers stands above the background: the median over queries of its standing
   * (cos - background) / √(1 - background²), the background being the query's mean over all tracks.
   */
  async standing(parameters: ReadonlyMap<string, Parameter>): Promise<number> {
    const { queries, items, similarity, relevance } = this.compare(await this.embed(parameters))
    const standings: number[] = []
    for (let query = 0; query < queries; query++) {
      const row = similarity.subarray(query * items, (query + 1) * items)
      const background = row.reduce((sum, value) => sum + value, 0) / items
      for (const [item, value] of row.entries())
        if (relevance[query * items + item] === 1)
          standings.push((value - background) / Math.sqrt(Math.max(1e-6, 1 - background * background)))
    }
    standings.sort((a, b) => a - b)
    return standings[standings.length >> 1]
  }

  private async embed(parameters: ReadonlyMap<string, Parameter>): Promise<Embedded> {
    const chunks = await this.audioVectors(parameters)
    const queries = await this.textVectors(parameters)
    const dim = queries.length / this.asked.texts.length
    const { batches } = this.options
    const items = new Float32Array(this.items.length * dim)
    for (const [item, pairs] of this.items.entries()) {
      const sum = items.subarray(item * dim, (item + 1) * dim)
      for (const pair of pairs) {
        const piece = batches.pieceOf[pair]
        for (let chunk = batches.windowOffsets[piece]; chunk < batches.windowOffsets[piece + 1]; chunk++)
          for (let i = 0; i < dim; i++) sum[i] += chunks[chunk * dim + i]
      }
      const length = Math.hypot(...sum) || 1
      for (let i = 0; i < dim; i++) sum[i] /= length
    }
    return { dim, items, queries }
  }

  private async audioVectors(parameters: ReadonlyMap<string, Parameter>): Promise<Float32Array> {
    const { batches, audio, audioOutputs } = this.options
    const total = batches.windowOffsets.at(-1)!
    if (audioOutputs) {
      const { rows, width } = audioOutputs
      return this.inParts(total, (from, to) =>
        audio.embed(parameters, {
          audio_outputs: { data: rows.subarray(from * width, to * width), shape: [to - from, width] },
        }),
      )
    }
    const parts: Float32Array[] = []
    for await (const chunk of batches.wholeTracks({ size: ROWS_AT_ONCE }))
      parts.push(await audio.embed(parameters, { features: chunk.audio }))
    return joined(parts)
  }

  private async textVectors(parameters: ReadonlyMap<string, Parameter>): Promise<Float32Array> {
    const { text, frozenText, textWidth, tokenizer } = this.options
    const { texts } = this.asked
    return this.inParts(texts.length, async (from, to) => {
      const part = texts.slice(from, to)
      if (frozenText) {
        const data = await frozenText.outputs(part)
        return text.embed(parameters, { text_outputs: { data, shape: [part.length, textWidth] } })
      }
      const { inputIds, attentionMask, shape } = encodeBatch(tokenizer, part)
      return text.embed(parameters, {
        input_ids: { data: Int32Array.from(inputIds, Number), shape },
        attention_mask: { data: Int32Array.from(attentionMask, Number), shape },
      })
    })
  }

  private async inParts(
    total: number,
    embed: (from: number, to: number) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    const parts: Float32Array[] = []
    for (let from = 0; from < total; from += ROWS_AT_ONCE)
      parts.push(await embed(from, Math.min(from + ROWS_AT_ONCE, total)))
    return joined(parts)
  }

  private compare({ dim, items, queries }: Embedded): ScoredQueries {
    const [rows, columns] = [this.asked.texts.length, this.items.length]
    const similarity = new Float32Array(rows * columns)
    const relevance = new Uint8Array(rows * columns)
    for (let query = 0; query < rows; query++)
      for (let item = 0; item < columns; item++) {
        let dot = 0
        for (let i = 0; i < dim; i++) dot += queries[query * dim + i] * items[item * dim + i]
        similarity[query * columns + item] = dot
      }
    for (const [query, answers] of this.asked.answers.entries())
      for (const item of answers) relevance[query * columns + item] = 1
    return { queries: rows, items: columns, similarity, relevance }
  }
}

/** Mean over queries of -ln of the share that the softmax over all tracks gives to those that answer. */
function contrastiveLoss({ queries, items, similarity, relevance }: ScoredQueries, scale: number): number {
  let total = 0
  for (let query = 0; query < queries; query++) {
    let [right, all] = [0, 0]
    const row = similarity.subarray(query * items, (query + 1) * items)
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity)
    for (const [item, value] of row.entries()) {
      const weight = Math.exp(scale * (value - top))
      all += weight
      if (relevance[query * items + item] === 1) right += weight
    }
    total += Math.log(all) - Math.log(Math.max(right, Number.MIN_VALUE))
  }
  return total / queries
}

function joined(parts: readonly NumericArray[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part as Float32Array, at)
    at += part.length
  }
  return whole
}
