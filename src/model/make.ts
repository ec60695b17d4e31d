import {
  externalWeights,
  openProgram,
  parseSafetensors,
  toOnnx,
  writeSafetensors,
  type NamedTensor,
  type OnnxRuntime,
  type Tensor,
} from '../graph/index.js'
import { createTokenizer } from '../text/index.js'
import type { ModelConfig, Parity, ParityComponent } from './config.js'
import { writeItemFactors, type ItemFactors } from './item-factors.js'
import { audioEncoder, textEncoder } from './joint-embedding.js'
import { paritySound } from './parity.js'
import { sha256Hex, spaceFiles, spaceId } from './space.js'

/** Largest difference that two machines may have in any number of a unit vector; float32 alone makes about 1e-6. */
const PARITY_TOLERANCE = 1e-4

const chord = (...hertz: number[]): ParityComponent[] =>
  hertz.map((h) => ({ hertz: h, amplitude: 0.2, decay: 0 }))
const PARITY_SOUNDS: readonly (readonly ParityComponent[])[] = [
  chord(220, 277.18, 329.63, 1318.5),
  [
    { hertz: 55, amplitude: 0.6, decay: 6 },
    { hertz: 3000, amplitude: 0.3, decay: 30 },
    { hertz: 440, amplitude: 0.2, decay: 2 },
  ],
]
const PARITY_TEXTS = ['calm piano', 'fast electronic dance music with a female voice, 140 bpm!', '']

export interface ModelSource {
  readonly config: ModelConfig
  /** The audio side: from an input `waveform` [batch, samples] to unit vectors [batch, dim]. */
  readonly audio: Tensor
  /** The text side: from inputs `input_ids` and `attention_mask` [batch, tokens] of int64 to unit vectors [batch, dim]. */
  readonly text: Tensor
  /** Of a model that has factors of items; as its configuration says. */
  readonly items?: {
    /** As `audio`, with inputs `factors` [batch, dim] and `present` [batch, 1] beside the waveform. */
    readonly audio: Tensor
    readonly factors: ItemFactors
  }
  /** The parameters of all sides by name. */
  readonly weights: ReadonlyMap<string, NamedTensor>
  readonly tokenizer: Uint8Array
  /** The model's card, Markdown. */
  readonly card: string
}

/**
 * The files of a model directory. The weights are stored once: both programs refer to places in `model.safetensors`.
 * The same source gives the same bytes, but for the last digits of parity.json, which are those of this machine.
 */
export async function makeModel(source: ModelSource, runtime: OnnxRuntime): Promise<Map<string, Uint8Array>> {
  const { config } = source
  const weights = writeSafetensors(source.weights, { format: 'pt' })
  const places = externalWeights(parseSafetensors(weights))
  const files = new Map<string, Uint8Array>([
    ['config.json', json(config)],
    ['audio.onnx', toOnnx({ outputs: { embedding: source.audio }, weights: places })],
    ['text.onnx', toOnnx({ outputs: { embedding: source.text }, weights: places })],
    ...(source.items
      ? ([
          ['item.onnx', toOnnx({ outputs: { embedding: source.items.audio }, weights: places })],
          ['factors.safetensors', writeItemFactors(source.items.factors)],
        ] as const)
      : []),
    ['model.safetensors', weights],
    ['tokenizer.json', source.tokenizer],
    ['README.md', new TextEncoder().encode(source.card)],
  ])
  files.set('parity.json', json(await parityOf(source, files, runtime)))
  return files
}

async function parityOf(
  { config, items }: ModelSource,
  files: ReadonlyMap<string, Uint8Array>,
  runtime: OnnxRuntime,
): Promise<Parity> {
  const sha256: Record<string, string> = {}
  for (const name of spaceFiles(config)) sha256[name] = await sha256Hex(files.get(name)!)
  const options = { externalData: [{ path: 'model.safetensors', data: files.get('model.safetensors')! }] }
  const audio = audioEncoder(await openProgram(runtime, files.get('audio.onnx')!, options))
  const tokenizer = createTokenizer(files.get('tokenizer.json')!, config.text)
  const text = textEncoder(await openProgram(runtime, files.get('text.onnx')!, options), tokenizer)
  const parity: Parity = {
    spaceId: await spaceId(config, sha256),
    tolerance: PARITY_TOLERANCE,
    audio: [],
    text: [],
  }
  for (const sound of PARITY_SOUNDS)
    parity.audio.push({
      sound: [...sound],
      embedding: rounded(await audio.embed(paritySound(sound, config.audio))),
    })
  for (const sentence of PARITY_TEXTS)
    parity.text.push({ text: sentence, embedding: rounded(await text.embed(sentence)) })
  if (items) {
    const { dim } = items.factors
    const item = audioEncoder(await openProgram(runtime, files.get('item.onnx')!, options))
    parity.item = []
    for (const [place, sound] of PARITY_SOUNDS.entries()) {
      const factors = Float32Array.from({ length: dim }, (_, d) => Math.cos(d + place))
      const waveform = paritySound(sound, config.audio)
      const embedding = rounded(await item.embed({ waveform, factors }))
      parity.item.push({ sound: [...sound], factors: [...factors], embedding })
    }
    await item.close()
  }
  await audio.close()
  await text.close()
  return parity
}

/** Seven digits are what float32 knows. */
function rounded(vector: Float32Array): number[] {
  return Array.from(vector, (value) => Number(value.toPrecision(7)))
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`)
}
