import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { embedding, Graph, l2Normalize, linear, maskedMean, type NamedTensor } from '../src/graph/index.js'
import { nodeRuntime } from '../src/graph/node.js'
import { makeModel, type ModelConfig } from '../src/model/index.js'
import { repositoryRoot } from './golden.js'

export const TINY_CONFIG: ModelConfig = {
  format: 1,
  name: 'tiny',
  version: '1',
  dim: 7,
  logitScale: 10,
  matchScale: 0.2,
  languages: ['en'],
  audio: { sampleRate: 11, chunkSeconds: 10, hopSeconds: 10, minRestSeconds: 3 },
  text: { maxTokens: 9 },
  madeFrom: [],
}

/** Samples of one chunk. */
export const TINY_SAMPLES = 110

/**
 * A whole model directory that loads in no time: both sides are one linear layer of fixed numbers.
 * @param sampleRate Hz; the usual one is for chunks that tests make themselves, as few files can be resampled to it
 * @param step another one makes another model
 */
export async function writeTinyModel(
  dir: string,
  { sampleRate = TINY_CONFIG.audio.sampleRate, step = 1.7 } = {},
): Promise<string> {
  const samples = sampleRate * TINY_CONFIG.audio.chunkSeconds
  const words = 30_522
  const numbers = (step: number, shape: readonly number[]): NamedTensor => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).map((_, i) => Math.sin(step * i + 1))
    return { dtype: 'F32', shape, bytes: new Uint8Array(data.buffer) }
  }
  const weights = new Map([
    ['audio.weight', numbers(step, [TINY_CONFIG.dim, samples])],
    ['text.weight', numbers(2.3, [words, TINY_CONFIG.dim])],
  ])
  const audio = new Graph()
  const waveform = audio.input('waveform', ['batch', samples])
  const text = new Graph()
  const ids = text.input('input_ids', ['batch', 'tokens'], 'int64')
  const mask = text.input('attention_mask', ['batch', 'tokens'], 'int64')
  const rows = embedding(text.parameter('text.weight', [words, TINY_CONFIG.dim]), ids)
  const files = await makeModel(
    {
      config: { ...TINY_CONFIG, audio: { ...TINY_CONFIG.audio, sampleRate } },
      audio: l2Normalize(linear(waveform, audio.parameter('audio.weight', [TINY_CONFIG.dim, samples]))),
      text: l2Normalize(maskedMean(rows, mask)),
      weights,
      tokenizer: readFileSync(join(repositoryRoot, 'models/towers/minilm/tokenizer.json')),
      card: '# tiny\n',
    },
    await nodeRuntime(),
  )
  mkdirSync(dir, { recursive: true })
  for (const [name, bytes] of files) writeFileSync(join(dir, name), bytes)
  return dir
}
