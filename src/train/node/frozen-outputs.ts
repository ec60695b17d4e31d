import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import {
  float32,
  Graph,
  parseSafetensors,
  toOnnx,
  compile,
  writeSafetensors,
  type OnnxRuntime,
  type Program,
  type ProgramOptions,
  type Weight,
} from '../../graph/index.js'
import { servingScope, type AudioEncoder, type TextEncoder } from '../../model/index.js'
import { encodeBatch, type Tokenizer } from '../../text/index.js'
import type { Parameter } from '../optimizer/optimizer.js'
import { feedsOf } from '../step.js'
import type { Batches } from './batches.js'
import { writeWhole } from './draft.js'

export interface FrozenOptions extends ProgramOptions {
  readonly runtime: OnnxRuntime
  readonly parameters: ReadonlyMap<string, Parameter>
}

export interface FrozenAudioOptions extends FrozenOptions {
  readonly encoder: AudioEncoder
  readonly featureShape: readonly number[]
  /** Where outputs are kept from run to run. */
  readonly cacheDir: string
  /** Chunks kept in a file, a multiple of 8. @default 512 */
  readonly partSize?: number
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

const PART = 512 // a minute or so of a small tower

const CHUNKS_AT_ONCE = 8

/**
 * What a frozen audio encoder makes of all chunks of the batches' tracks, [chunks, width]: computed once, and kept on disk
 * in parts, below a name made of the encoder's program, its weights and the audio. What ends the process costs a part.
 */
export async function frozenAudioOutputs(
  batches: Pick<Batches, 'windowOffsets' | 'wholeTracks' | 'identity'>,
  options: FrozenAudioOptions,
): Promise<Float32Array> {
  const { runtime, parameters, encoder, featureShape, cacheDir, onProgress, signal, ...session } = options
  const { partSize = PART, ...engine } = session
  const { width } = encoder
  const graph = new Graph()
  const features = graph.input('features', ['batch', ...featureShape])
  const outputs = { output: encoder.encode(features, servingScope(graph, 'audio.')) }
  const program = await compile(runtime, { outputs, ...engine })
  try {
    const dir = join(cacheDir, 'outputs', keyOf(toOnnx({ outputs }), program, parameters, batches.identity))
    await mkdir(dir, { recursive: true })
    const total = batches.windowOffsets.at(-1)!
    const vectors = new Float32Array(total * width)
    const part = (from: number) => vectors.subarray(from * width, (from + partSize) * width)
    const fileOf = (from: number) => join(dir, `${String(from).padStart(9, '0')}.safetensors`)
    let begun = 0
    for (; begun < total; begun += partSize) {
      const kept = await readOutputs(fileOf(begun), part(begun).length)
      if (!kept) break
      part(begun).set(kept)
    }
    const weights = feedsOf(program, parameters)
    for await (const { from, audio } of batches.wholeTracks({ size: CHUNKS_AT_ONCE, from: begun })) {
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      const { output } = await program.run({ ...weights, features: audio })
      vectors.set(output.data as Float32Array, from * width)
      const done = Math.min(from + CHUNKS_AT_ONCE, total)
      if (done % partSize === 0 || done === total) {
        const start = Math.floor((done - 1) / partSize) * partSize
        await writeOutputs(fileOf(start), part(start), width)
      }
      onProgress?.(done, total)
    }
    return vectors
  } finally {
    await program.close()
  }
}

function keyOf(
  bytes: Uint8Array,
  program: Program,
  parameters: ReadonlyMap<string, Parameter>,
  audio: string,
): string {
  const hash = createHash('sha256').update(bytes).update(audio)
  for (const { data } of Object.values(feedsOf(program, parameters))) hash.update(data as Float32Array)
  return hash.digest('hex')
}

async function writeOutputs(path: string, rows: Float32Array, width: number): Promise<void> {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  const tensor = { dtype: 'F32', shape: [rows.length / width, width], bytes } as const
  await writeWhole(path, (draft) => draft.writeFile(writeSafetensors(new Map([['outputs', tensor]]))))
}

async function readOutputs(path: string, length: number): Promise<Float32Array | undefined> {
  try {
    const kept = float32(parseSafetensors(await readFile(path), path), 'outputs')
    return kept.length === length ? kept : undefined
  } catch {
    return undefined // missing or damaged: made anew
  }
}

/** ONNX Runtime lays out constants for its products beforehand, which halves the time of a short text. */
function constantsOf(
  { parameters: names }: Graph,
  parameters: ReadonlyMap<string, Parameter>,
): Map<string, Weight> | undefined {
  const weights = new Map<string, Weight>()
  let total = 0
  for (const name of names.keys()) {
    const parameter = parameters.get(name)
    if (!parameter) throw new AntiphonError('model', `The frozen text encoder lacks the weight "${name}"`)
    const { data, shape } = parameter
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    weights.set(name, { dtype: 'F32', shape, bytes })
    total += bytes.byteLength
  }
  return total < MOST_CONSTANT_BYTES ? weights : undefined
}

const MOST_CONSTANT_BYTES = 2 ** 30 // a program holds 2 GiB at most

export interface FrozenTextOptions extends FrozenOptions {
  readonly encoder: TextEncoder
  readonly tokenizer: Tokenizer
  readonly prefix?: string
}

const MOST_KEPT_BYTES = 256 * 2 ** 20

/** What a frozen text encoder makes of texts, each computed once: a text's output doesn't depend on its neighbours. */
export class FrozenText {
  private readonly known = new Map<string, Float32Array>()

  private constructor(
    private readonly program: Program,
    private readonly options: FrozenTextOptions,
  ) {}

  static async open(options: FrozenTextOptions): Promise<FrozenText> {
    const { runtime, encoder, prefix = 'text.', threads, executionProviders } = options
    const graph = new Graph()
    const ids = graph.input('input_ids', ['batch', 'tokens'], 'int64')
    const mask = graph.input('attention_mask', ['batch', 'tokens'], 'int64')
    const output = encoder.encode(ids, mask, servingScope(graph, prefix))
    const weights = constantsOf(graph, options.parameters)
    return new FrozenText(
      await compile(runtime, { outputs: { output }, weights, threads, executionProviders }),
      options,
    )
  }

  /** [texts, width] */
  async outputs(texts: readonly string[]): Promise<Float32Array> {
    const { encoder } = this.options
    const rows = new Float32Array(texts.length * encoder.width)
    for (const [i, text] of texts.entries()) {
      let row = this.known.get(text)
      if (!row) {
        row = Float32Array.from(await this.run([text]))
        if (this.known.size * encoder.width * 4 > MOST_KEPT_BYTES) this.known.clear()
        this.known.set(text, row)
      }
      rows.set(row, i * encoder.width)
    }
    return rows
  }

  /** The same of many short texts, those of as many tokens side by side: faster, equal but for rounding, and not kept. */
  async outputsTogether(texts: readonly string[]): Promise<Float32Array> {
    const { encoder, tokenizer } = this.options
    const byLength = new Map<number, number[]>()
    for (const [i, text] of texts.entries()) {
      const { length } = tokenizer.encode(text)
      byLength.set(length, [...(byLength.get(length) ?? []), i])
    }
    const rows = new Float32Array(texts.length * encoder.width)
    for (const places of byLength.values()) {
      const found = await this.run(places.map((i) => texts[i]))
      for (const [row, i] of places.entries())
        rows.set(found.subarray(row * encoder.width, (row + 1) * encoder.width), i * encoder.width)
    }
    return rows
  }

  close(): Promise<void> {
    return this.program.close()
  }

  private async run(texts: readonly string[]): Promise<Float32Array> {
    const { inputIds, attentionMask, shape } = encodeBatch(this.options.tokenizer, texts)
    const { output } = await this.program.run({
      ...feedsOf(this.program, this.options.parameters),
      input_ids: { data: inputIds, shape },
      attention_mask: { data: attentionMask, shape },
    })
    return output.data as Float32Array
  }
}
