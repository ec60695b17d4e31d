import { AntiphonError } from '../errors/index.js'
import type { Value } from '../graph/index.js'
import { encodeBatch, type Tokenizer } from '../text/index.js'
import type { ModelConfig } from './config.js'
import type { ItemEmbedding, JointEmbedding } from './embedding.js'
import type { ItemTable } from './item-factors.js'
import { assertParity, type ParityEncoders, type ParityReport, type Side } from './parity.js'
import type { Runnable } from './program-row.js'

/** One side of a model, loaded: one input at a time, so that no vector depends on its neighbours. */
export interface Encoder<Input> {
  embed(input: Input): Promise<Float32Array>
  close(): Promise<void>
}

/** A chunk of an item that has factors. */
export interface ItemChunk {
  readonly waveform: Float32Array
  /** [dim] */
  readonly factors: Float32Array
}

/** Which sides have been checked on this machine before. */
export interface ParityMemory {
  known(side: Side): boolean
  remember(side: Side): Promise<void>
}

export interface ModelParts {
  readonly config: ModelConfig
  readonly spaceId: string
  readonly openAudio: () => Promise<Encoder<Float32Array>>
  readonly openText: () => Promise<Encoder<string>>
  /** Of a model that has factors of items. */
  readonly items?: {
    readonly table: () => Promise<ItemTable>
    readonly open: () => Promise<Encoder<ItemChunk>>
  }
  /** What a side must show before it serves: it computes what it should. */
  readonly check: (side: Side, encoders: ParityEncoders) => Promise<ParityReport>
  readonly memory?: ParityMemory
}

/** A loaded model that can also be checked. */
export interface CheckedEmbedding extends JointEmbedding {
  /**
   * Runs the parity inputs of both sides and compares, whether or not it was done before.
   * @throws AntiphonError `model` when a side can't be loaded; a difference is reported, not thrown.
   */
  checkParity(): Promise<ParityReport>
}

/**
 * The two sides of a model as one embedding. Each side is loaded when first asked for, and its parity inputs are run
 * then, unless the memory says that this was done on this machine.
 */
export function jointEmbedding(parts: ModelParts): CheckedEmbedding {
  const { config, memory } = parts
  const { name, dim, logitScale, matchScale, languages, audio } = config
  const chunkSamples = Math.round(audio.sampleRate * audio.chunkSeconds)
  const opened: {
    audio?: Promise<Encoder<Float32Array>>
    text?: Promise<Encoder<string>>
    item?: Promise<Encoder<ItemChunk>>
  } = {}
  let table: Promise<ItemTable> | undefined
  const checked: Partial<Record<Side, Promise<void>>> = {}
  let closed = false

  const assertOpen = (): void => {
    if (closed) throw new AntiphonError('interrupted', `Model "${name}" was closed`)
  }
  const encoders = {
    audio: async (chunk: Float32Array) => {
      assertOpen()
      return (await (opened.audio ??= parts.openAudio())).embed(chunk)
    },
    text: async (text: string) => {
      assertOpen()
      return (await (opened.text ??= parts.openText())).embed(text)
    },
    item: async (waveform: Float32Array, factors: Float32Array) => {
      assertOpen()
      return (await (opened.item ??= parts.items!.open())).embed({ waveform, factors })
    },
  }
  const ready = async (side: Side): Promise<void> => {
    assertOpen()
    await (checked[side] ??= (async () => {
      if (memory?.known(side)) return
      assertParity(await parts.check(side, encoders), name, side)
      await memory?.remember(side)
    })())
  }

  const assertChunks = (chunks: readonly Float32Array[]): void => {
    for (const { length } of chunks)
      if (length !== chunkSamples)
        throw new AntiphonError(
          'usage',
          `A chunk for "${name}" has ${length} samples, expected ${chunkSamples} (${audio.chunkSeconds} s at ${audio.sampleRate} Hz)`,
        )
  }
  const items: ItemEmbedding | undefined = parts.items && {
    find: async (names) => (await (table ??= parts.items!.table())).find(names),
    async embedAudio(chunks, item) {
      assertChunks(chunks)
      const factors = (await (table ??= parts.items!.table())).factorsOf(item)
      if (!factors) throw new AntiphonError('usage', `Model "${name}" has no factors of "${item}"`)
      if (chunks.length === 0) return []
      await ready('item')
      return Promise.all(chunks.map((chunk) => encoders.item(chunk, factors)))
    },
  }

  return {
    name,
    dim,
    logitScale,
    matchScale,
    languages,
    audio,
    spaceId: parts.spaceId,
    ...(items && { items }),
    async embedAudio(chunks) {
      assertChunks(chunks)
      if (chunks.length === 0) return []
      await ready('audio')
      return Promise.all(chunks.map(encoders.audio))
    },
    async embedText(texts) {
      if (texts.length === 0) return []
      await ready('text')
      const vectors: Float32Array[] = []
      for (const text of texts) vectors.push(await encoders.text(text))
      return vectors
    },
    async checkParity() {
      const sides: readonly Side[] = ['text', 'audio', ...(items ? (['item'] as const) : [])]
      const reports: ParityReport[] = []
      for (const side of sides) reports.push(await parts.check(side, encoders))
      const largestDifference = Math.max(...reports.map((report) => report.largestDifference))
      return { largestDifference, tolerance: reports[0].tolerance }
    },
    async close() {
      closed = true
      const sides = await Promise.allSettled([opened.audio, opened.text, opened.item])
      for (const side of sides) if (side.status === 'fulfilled') await side.value?.close()
    },
  }
}

/** Tokens in, a vector out. */
export function textEncoder(program: Runnable, tokenizer: Tokenizer): Encoder<string> {
  return {
    async embed(text) {
      const { inputIds, attentionMask, shape } = encodeBatch(tokenizer, [text])
      const feeds = { input_ids: { data: inputIds, shape }, attention_mask: { data: attentionMask, shape } }
      return vectorOf((await program.run(feeds)).embedding)
    },
    close: () => program.close(),
  }
}

/** A chunk in, a vector out; of an item with its factors, where the program takes them. */
export function audioEncoder(program: Runnable): Encoder<Float32Array | ItemChunk> {
  return {
    async embed(chunk) {
      const { waveform, factors } =
        chunk instanceof Float32Array ? { waveform: chunk, factors: undefined } : chunk
      const { embedding } = await program.run({
        waveform: { data: waveform, shape: [1, waveform.length] },
        ...(factors && {
          factors: { data: factors, shape: [1, factors.length] },
          present: { data: Float32Array.of(1), shape: [1, 1] },
        }),
      })
      return vectorOf(embedding)
    },
    close: () => program.close(),
  }
}

function vectorOf({ data }: Value): Float32Array {
  return Float32Array.from(data as Float32Array) // its own memory, not the runtime's
}
