import { itemNames, type Pair } from '../../data/index.js'
import type { Value } from '../../graph/index.js'
import type { JointEmbedding } from '../../model/index.js'
import { encodeBatch, type Tokenizer } from '../../text/index.js'
import { LOG_SCALE } from '../objective.js'
import type { Embedder } from '../embedder.js'
import type { Parameter } from '../optimizer/optimizer.js'
import { validationQueries, type Queries } from '../queries.js'
import type { Metric } from '../recipe.js'
import type { Scores } from '../trainer.js'
import type { Batches } from './batches.js'
import type { PairFactors } from './pair-factors.js'
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
  /** Of the pairs' items, beside their sound. */
  readonly factors?: PairFactors
  /** A frozen text encoder. */
  readonly frozenText?: FrozenText
  readonly textWidth: number
  readonly tokenizer: Tokenizer
  /** Between the tags of a pair without captions. */
  readonly tagSeparator: string
  readonly score: Score
}

const ROWS_AT_ONCE = 16

export interface Judgement {
  readonly scores: Scores
  readonly standing: number
}

/** Where vectors come from. */
interface VectorSource {
  readonly batches: Batches
  /** Of all chunks, row after row. */
  readonly chunks: () => AsyncIterable<{ readonly from: number; readonly vectors: Float32Array }>
  /** One after the other. */
  readonly texts: (texts: readonly string[]) => Promise<Float32Array>
  readonly logitScale: number
}

/** Embeds the pairs that are not trained on, and scores them. */
export class Validation {
  private readonly asked: Queries
  private pairOfRow: ((row: number) => number) | undefined
  private readonly items: readonly (readonly number[])[]

  constructor(private readonly options: ValidationOptions) {
    const { pairs, batches } = options
    // A track whose audio can't be read is no item, and what only it answers is no query.
    const usable = pairs.filter((_, index) => batches.pieceOf[index] >= 0)
    const numbers = pairs.flatMap((_, index) => (batches.pieceOf[index] >= 0 ? [index] : []))
    this.asked = validationQueries(usable, options.tagSeparator)
    this.items = this.asked.items.map((indices) => indices.map((index) => numbers[index]))
  }

  async close(): Promise<void> {
    await this.options.audio.close()
    await this.options.text.close()
  }

  /** How many tracks there are to find, and queries to find them by. */
  get size(): { readonly items: number; readonly queries: number } {
    return { items: this.items.length, queries: this.asked.texts.length }
  }

  /** @throws AntiphonError `failed` where a vector is not a number */
  async scores(parameters: ReadonlyMap<string, Parameter>): Promise<Scores> {
    return (await this.judge(parameters)).scores
  }

  /**
   * Scores, and how far, in cosine, a track that answers stands above the background: the median over queries of its
   * standing (cos - background) / √(1 - background²), the background being the query's mean over all tracks.
   */
  async judge(parameters: ReadonlyMap<string, Parameter>): Promise<Judgement> {
    return this.judged({
      batches: this.options.batches,
      chunks: () => this.chunkVectors(parameters),
      texts: (texts) => this.textRows(parameters, texts),
      logitScale: Math.exp(parameters.get(LOG_SCALE)?.data[0] ?? 0),
    })
  }

  /**
   * The same of a model as it serves; items that it has factors of are judged with them, as in training.
   * @param batches of the same pairs, as waveforms
   */
  async judgeServed(model: JointEmbedding, batches: Batches): Promise<Judgement> {
    const { pairs } = this.options
    const pairOfRow = pairsOfRows(batches)
    const embed = async (chunk: Float32Array, row: number): Promise<Float32Array> => {
      const name = await model.items?.find(itemNames(pairs[pairOfRow(row)].track))
      const heard = name === undefined ? model.embedAudio([chunk]) : model.items!.embedAudio([chunk], name)
      return (await heard)[0]
    }
    return this.judged({
      batches,
      chunks: async function* () {
        for await (const { from, audio } of batches.wholeTracks({ size: ROWS_AT_ONCE }))
          yield {
            from,
            vectors: joined(await Promise.all(rowsOf(audio).map((chunk, i) => embed(chunk, from + i)))),
          }
      },
      texts: async (texts) => joined(await model.embedText(texts)),
      logitScale: model.logitScale,
    })
  }

  private async judged(source: VectorSource): Promise<Judgement> {
    const scored = await this.compare(source)
    return {
      scores: { loss: contrastiveLoss(scored, source.logitScale), ...this.options.score(scored) },
      standing: medianStanding(scored),
    }
  }

  private async compare(source: VectorSource): Promise<ScoredQueries> {
    const queries = await this.textVectors(source)
    const dim = queries.length / this.asked.texts.length
    const items = await this.itemVectors(source, dim)
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

  /** Unit vectors, [items, dim]: the mean over a track's chunks. Chunks come and go, so that a long set needs no room. */
  private async itemVectors({ batches, chunks }: VectorSource, dim: number): Promise<Float32Array> {
    const itemsOf: number[][] = Array.from({ length: batches.windowOffsets.length - 1 }, () => [])
    for (const [item, pairs] of this.items.entries())
      for (const piece of new Set(pairs.map((pair) => batches.pieceOf[pair]))) itemsOf[piece].push(item)
    const sums = new Float32Array(this.items.length * dim)
    let piece = 0
    for await (const { from, vectors } of chunks())
      for (let row = 0; row < vectors.length / dim; row++) {
        while (from + row >= batches.windowOffsets[piece + 1]) piece++
        for (const item of itemsOf[piece])
          for (let i = 0; i < dim; i++) sums[item * dim + i] += vectors[row * dim + i]
      }
    for (let item = 0; item < this.items.length; item++) {
      const sum = sums.subarray(item * dim, (item + 1) * dim)
      const length = Math.hypot(...sum) || 1
      for (let i = 0; i < dim; i++) sum[i] /= length
    }
    return sums
  }

  private async *chunkVectors(
    parameters: ReadonlyMap<string, Parameter>,
  ): AsyncGenerator<{ from: number; vectors: Float32Array }, void, void> {
    const { batches, audio, audioOutputs } = this.options
    if (!audioOutputs) {
      for await (const { from, audio: features } of batches.wholeTracks({ size: ROWS_AT_ONCE }))
        yield {
          from,
          vectors: await audio.embed(parameters, { features, ...this.known(from, features.shape[0]) }),
        }
      return
    }
    const { rows, width } = audioOutputs
    for (let from = 0; from < rows.length / width; from += ROWS_AT_ONCE) {
      const data = rows.subarray(from * width, (from + ROWS_AT_ONCE) * width)
      const shape = [data.length / width, width]
      const outputs = { audio_outputs: { data, shape }, ...this.known(from, shape[0]) }
      yield { from, vectors: await audio.embed(parameters, outputs) }
    }
  }

  /** Factors of the items that some rows are chunks of. */
  private known(from: number, count: number): Readonly<Record<string, Value>> {
    const { factors, batches } = this.options
    if (!factors) return {}
    this.pairOfRow ??= pairsOfRows(batches)
    return factors.feeds(Array.from({ length: count }, (_, i) => this.pairOfRow!(from + i)))
  }

  /** [queries, dim] */
  private async textVectors(source: VectorSource): Promise<Float32Array> {
    const { texts } = this.asked
    const parts: Float32Array[] = []
    for (let from = 0; from < texts.length; from += ROWS_AT_ONCE)
      parts.push(await source.texts(texts.slice(from, from + ROWS_AT_ONCE)))
    return joined(parts)
  }

  private async textRows(
    parameters: ReadonlyMap<string, Parameter>,
    texts: readonly string[],
  ): Promise<Float32Array> {
    const { text, frozenText, textWidth, tokenizer } = this.options
    if (frozenText) {
      const data = await frozenText.outputs(texts)
      return text.embed(parameters, { text_outputs: { data, shape: [texts.length, textWidth] } })
    }
    const { inputIds, attentionMask, shape } = encodeBatch(tokenizer, texts)
    return text.embed(parameters, {
      input_ids: { data: Int32Array.from(inputIds, Number), shape },
      attention_mask: { data: Int32Array.from(attentionMask, Number), shape },
    })
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** By row of `wholeTracks`: one of the pairs whose audio it is a chunk of. */
function pairsOfRows({ pieceOf, windowOffsets }: Batches): (row: number) => number {
  const pairs = new Int32Array(windowOffsets[windowOffsets.length - 1])
  for (const [pair, piece] of pieceOf.entries())
    if (piece >= 0) pairs.fill(pair, windowOffsets[piece], windowOffsets[piece + 1])
  return (row) => pairs[row]
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

/** Each row of a batch of waveforms. */
function rowsOf({ data, shape: [rows, samples] }: Value<Float32Array>): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => data.subarray(row * samples, (row + 1) * samples))
}

function medianStanding({ queries, items, similarity, relevance }: ScoredQueries): number {
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
