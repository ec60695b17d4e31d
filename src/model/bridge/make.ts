import {
  compile,
  embeddedWeights,
  Graph,
  tensorBytes,
  type NamedTensor,
  type OnnxRuntime,
  type SafetensorsFile,
} from '../../graph/index.js'
import { AntiphonError } from '../../errors/index.js'
import { createTokenizer } from '../../text/index.js'
import type { ModelConfig } from '../config.js'
import { textEncoder } from '../joint-embedding.js'
import { makeModel } from '../make.js'
import { MINILM, minilm } from '../towers/minilm.js'
import { quantizeModel } from '../quantize/quantize-model.js'
import { servingScope } from '../scope.js'
import { bridgeAudio } from './audio.js'
import { BRIDGE_CARD, BRIDGE_INT8_CARD } from './card.js'
import { foldTaggers } from './fold.js'
import type { Weighting } from './weighting.js'

export interface BridgeTowers {
  readonly minilm: { readonly weights: SafetensorsFile; readonly tokenizer: Uint8Array }
  readonly msd: { readonly weights: SafetensorsFile; readonly tags: readonly string[] }
  readonly mtt: { readonly weights: SafetensorsFile; readonly tags: readonly string[] }
}

const CONFIG: ModelConfig = {
  format: 1,
  name: 'bridge',
  version: '1',
  dim: MINILM.hidden_size,
  logitScale: 20, // the temperature of 0.05 that MiniLM was trained with
  matchScale: 0.12, // what fits well stands 0.06 to 0.2 of the way from the background to 1, nonsense below 0.045
  languages: ['en'],
  audio: { sampleRate: 16_000, chunkSeconds: 10, hopSeconds: 10, minRestSeconds: 3 },
  text: { maxTokens: MINILM.maxTokens },
  madeFrom: [
    {
      name: 'all-MiniLM-L6-v2',
      license: 'Apache-2.0',
      source: 'https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2',
    },
    { name: 'musicnn, MSD weights', license: 'ISC', source: 'https://github.com/jordipons/musicnn' },
    { name: 'musicnn, MTT weights', license: 'ISC', source: 'https://github.com/jordipons/musicnn' },
  ],
}

/** How exact the weights of `bridge` are. */
export type BridgePrecision = 'float' | 'int8'

/** The files of `bridge`, or of `bridge-int8`, made from its towers. */
export async function makeBridge(
  towers: BridgeTowers,
  weighting: Weighting,
  runtime: OnnxRuntime,
  precision: BridgePrecision = 'float',
): Promise<Map<string, Uint8Array>> {
  const { sampleRate, chunkSeconds } = CONFIG.audio
  const weights = new Map<string, NamedTensor>()
  collect(weights, 'text.', towers.minilm.weights)
  for (const [name, tensor] of foldTaggers([towers.msd.weights, towers.mtt.weights]))
    weights.set(`audio.${name}`, tensor)
  weights.set('audio.tags.weight', await tagVectors(towers, weighting, runtime))
  const audio = bridgeAudio(new Graph(), {
    weighting,
    samples: sampleRate * chunkSeconds,
    dim: CONFIG.dim,
    wide: precision === 'int8' ? 'direct' : 'spectra',
  })
  const text = minilmGraph('text.')
  const source = { audio, text, weights, tokenizer: towers.minilm.tokenizer }
  return makeModel(
    precision === 'int8'
      ? quantizeModel({ ...source, config: { ...CONFIG, name: 'bridge-int8' }, card: BRIDGE_INT8_CARD })
      : { ...source, config: CONFIG, card: BRIDGE_CARD },
    runtime,
  )
}

function minilmGraph(prefix: string) {
  const graph = new Graph()
  const ids = graph.input('input_ids', ['batch', 'tokens'], 'int64')
  return minilm(ids, graph.input('attention_mask', ['batch', 'tokens'], 'int64'), servingScope(graph, prefix))
}

/** The linear layer [dim, tags]: column k is the mean text vector of tag k over the prompts, by the root of its prior. */
async function tagVectors(
  { minilm: { weights, tokenizer }, msd, mtt }: BridgeTowers,
  { prompts, priors }: Weighting,
  runtime: OnnxRuntime,
): Promise<NamedTensor> {
  const tags = [
    ...msd.tags.map((tag) => ({ tag, prior: priors.msd[tag] })),
    ...mtt.tags.map((tag) => ({ tag, prior: priors.mtt[tag] })),
  ]
  const program = await compile(runtime, {
    outputs: { embedding: minilmGraph('') },
    weights: embeddedWeights(weights),
  })
  const encoder = textEncoder(program, createTokenizer(tokenizer, CONFIG.text))
  const matrix = new Float32Array(CONFIG.dim * tags.length)
  for (const [column, { tag, prior }] of tags.entries()) {
    if (prior === undefined) throw new AntiphonError('model', `bridge: the tag "${tag}" has no prior`)
    for (const prompt of prompts) {
      const vector = await encoder.embed(prompt(tag.toLowerCase()))
      vector.forEach((value, row) => {
        matrix[row * tags.length + column] += value / prompts.length / Math.sqrt(prior)
      })
    }
  }
  await encoder.close()
  return { dtype: 'F32', shape: [CONFIG.dim, tags.length], bytes: new Uint8Array(matrix.buffer) }
}

function collect(into: Map<string, NamedTensor>, prefix: string, file: SafetensorsFile): void {
  for (const [name, { dtype, shape }] of file.entries)
    into.set(prefix + name, { dtype, shape, bytes: tensorBytes(file, name) })
}
