import { AntiphonError } from '../errors/index.js'
import type { Value } from '../graph/index.js'
import { encodeBatch, type Tokenizer } from '../text/index.js'
import type { ModelConfig } from './config.js'
import type { JointEmbedding } from './embedding.js'
import { assertParity, type ParityEncoders, type ParityReport, type Side } from './parity.js'
import type { Runnable } from './program-row.js'

/** One side of a model, loaded: one input at a time, so that no vector depends on its neighbours. */
export interface Encoder<Input> {
  embed(input: Input): Promise<Float32Array>
  close(): Promise<void>
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
  const opened: { audio?: Promise<Encoder<Float32Array>>; text?: Promise<Encoder<string>> } = {}
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
  }
  const ready = async (side: Side): Promise<void> => {
    assertOpen()
    await (checked[side] ??= (async () => {
      if (memory?.known(side)) return
      assertParity(await parts.check(side, encoders), name, side)
      await memory?.remember(side)
    })())
  }

  return {
    name,
    dim,
    logitScale,
    matchScale,
    languages,
    audio,
    spaceId: parts.spaceId,
    async embedAudio(chunks) {
      for (const { length } of chunks)
        if (length !== chunkSamples)
          throw new AntiphonError(
            'usage',
            `A chunk for "${name}" has ${length} samples, expected ${chunkSamples} (${audio.chunkSeconds} s at ${audio.sampleRate} Hz)`,
          )
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
      const reports = [await parts.check('text', encoders), await parts.check('audio', encoders)]
      const largestDifference = Math.max(...reports.map((report) => report.largestDifference))
      return { largestDifference, tolerance: reports[0].tolerance }
    },
    async close() {
      closed = true
      const sides = await Promise.allSettled([opened.audio, opened.text])
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

/** A chunk in, a vector out. */
export function audioEncoder(program: Runnable): Encoder<Float32Array> {
  return {
    async embed(waveform) {
      const { embedding } = await program.run({ waveform: { data: waveform, shape: [1, waveform.length] } })
      return vectorOf(embedding)
    },
    close: () => program.close(),
  }
}

function vectorOf({ data }: Value): Float32Array {
  return Float32Array.from(data as Float32Array) // its own memory, not the runtime's
}
