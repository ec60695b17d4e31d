import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compile,
  gradients,
  Graph,
  mul,
  sum,
  type NumericArray,
  type Tensor,
  type Value,
} from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { servingScope, trainingScope, type Scope } from '../scope.js'
import { createAudioEncoder } from './audio-encoders.js'
import type { AudioEncoder } from './encoder.js'
import { createTextEncoder } from './text-encoders.js'

const runtime = await nodeRuntime()
const BATCH = 3
const TOKENS = 7

/** Each audio tower in a small size, with the length of a waveform. */
const AUDIO: Readonly<
  Record<string, { options?: Record<string, unknown>; samples: number; checks?: number }>
> = {
  musicnn: { samples: 187 * 256, checks: 5 },
  yamnet: { samples: 25_000, checks: 5 },
  conv1d: { options: { width: 6, output: 5, n_mels: 20, batch_norm: true }, samples: 66_000 },
  short_chunk: { options: { width: 2, n_mels: 40, n_fft: 1024, dropout: 0.2 }, samples: 17_000, checks: 5 },
  music_transformer: {
    options: {
      conv_ndim: 3,
      n_mels: 20,
      hop_length: 512,
      pools: [
        [2, 2],
        [2, 3],
      ],
      attention_ndim: 12,
      attention_nheads: 3,
      attention_nlayers: 2,
    },
    samples: 19_000,
    checks: 8,
  },
  resnet: { options: { width: 4, layers: [1, 2], heads: 4, output: 11, n_mels: 32 }, samples: 16_000 },
  ast: {
    options: {
      hidden_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 3,
      intermediate_size: 7,
      num_mel_bins: 40,
      max_length: 50,
      hidden_dropout_prob: 0.2,
      attention_probs_dropout_prob: 0.1,
    },
    samples: 7777,
  },
  htsat: {
    options: {
      spec_size: 64,
      num_mel_bins: 16,
      patch_embeds_hidden_size: 6,
      depths: [2, 2],
      num_attention_heads: [2, 3],
      window_size: 4,
      max_length_s: 1,
      projection_dim: 11,
    },
    samples: 20_000,
  },
  transformer: {
    options: { width: 12, layers: 2, n_mels: 40, patch: 16, dropout: 0.1 },
    samples: 27_000,
  },
}

const SMALL_BERT = {
  vocab_size: 97,
  hidden_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  intermediate_size: 7,
}
const TEXT: Readonly<Record<string, Record<string, unknown>>> = {
  minilm: SMALL_BERT,
  bert: { ...SMALL_BERT, projection_dim: 11 },
  roberta: SMALL_BERT,
  transformer: { vocab_size: 97, width: 12, layers: 2, dropout: 0.1 },
}

let seed = 7
const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
const centred = (): number => 2 * random() - 1
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < a.length; i++) total += a[i] * b[i]
  return total
}
const length = (a: Float32Array): number => Math.sqrt(dot(a, a))

interface Input {
  readonly shape: readonly number[]
  readonly data: NumericArray
}

/**
 * Of some parameters, d loss / d parameter along the gradient and along a random direction, against the difference of two
 * runs. Dropout and batch norms are on.
 */
async function checkGradients(
  inputs: Readonly<Record<string, Input>>,
  encode: (inputs: Record<string, Tensor>, scope: Scope) => Tensor,
  checks = 16,
): Promise<void> {
  const graph = new Graph()
  const scope = trainingScope(graph, 'tower.')
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      graph.input(name, shape, data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
  const vectors = encode(tensors, scope)
  const [rows, width] = vectors.shape as number[]
  const cotangent = Float32Array.from({ length: rows * width }, centred)
  const loss = sum(mul(vectors, graph.constant(cotangent, [rows, width])))
  const weights = [...scope.parameters].filter(([, { kind }]) => kind === 'weight')
  const found = gradients(
    loss,
    weights.map(([, { tensor }]) => tensor),
  )
  const program = await compile(runtime, {
    outputs: { loss, ...Object.fromEntries(weights.map(([name], i) => [`gradient/${name}`, found[i]])) },
  })
  const forward = await compile(runtime, { outputs: { loss } })
  const feeds: Record<string, Value> = { ...inputs }
  for (const { input, keep } of scope.masks) {
    const shape = input.shape as number[]
    const length = shape.reduce((a, b) => a * b)
    const { name } = input.source as { name: string }
    feeds[name] = { shape, data: Uint8Array.from({ length }, () => Number(random() < keep)) }
  }
  for (const [name, { tensor, init, kind }] of scope.parameters) {
    const shape = tensor.shape as number[]
    const values = init(shape, random)
    const read = program.inputs.some((input) => input.name === name)
    // Biases and norms away from their beginnings, which would hide mistakes.
    if (read)
      feeds[name] = { shape, data: kind === 'weight' ? values.map((v) => v + 0.1 * centred()) : values }
  }
  const before = await program.run(feeds)
  const norms = weights.map(([name]) => length(before[`gradient/${name}`].data as Float32Array))
  const largest = Math.max(...norms)
  const every = Math.ceil(weights.length / checks)
  for (const [i, [name]] of weights.entries()) {
    if (i % every !== 0) continue
    const start = feeds[name].data as Float32Array
    const gradient = before[`gradient/${name}`].data as Float32Array
    for (const direction of [gradient, start.map(centred)]) {
      const size = length(direction)
      if (size === 0) continue
      const step = Math.min(3e-4, 0.3 / norms[i]) // steep losses are straight over short ways only
      const lossAt = async (sign: number): Promise<number> => {
        const data = start.map((value, k) => value + (sign * step * direction[k]) / size)
        const moved = { ...feeds, [name]: { ...feeds[name], data } }
        return (await forward.run(moved)).loss.data[0] as number
      }
      const slope = ((await lossAt(1)) - (await lossAt(-1))) / (2 * step)
      const expected = dot(gradient, direction) / size
      const allowed = 0.05 * Math.max(norms[i], 0.02 * largest)
      assert.ok(
        Math.abs(slope - expected) <= allowed,
        `${name}: ${slope}, gradient ${expected} of ${norms[i]}`,
      )
    }
  }
}

/** Input features of an encoder for noise that grows. */
async function featuresOf(encoder: AudioEncoder, samples: number): Promise<Input> {
  const graph = new Graph()
  const features = encoder.features(graph.input('waveform', ['batch', samples]))
  const program = await compile(runtime, { outputs: { features } })
  const data = Float32Array.from(
    { length: BATCH * samples },
    (_, i) => centred() * (0.01 + i / BATCH / samples),
  )
  const values = (await program.run({ waveform: data })).features
  // Decibels, as they come, are far from where weights that nobody trained do anything sensible.
  const scaled = (values.data as Float32Array).map((value) => value / 10)
  return { shape: values.shape, data: scaled }
}

for (const [name, { options, samples, checks }] of Object.entries(AUDIO))
  test(`the audio encoder ${name} serves and trains by one function`, async () => {
    const encoder = createAudioEncoder({ encoder: name, options })
    const features = await featuresOf(encoder, samples)
    const graph = new Graph()
    const x = graph.input('features', ['batch', ...features.shape.slice(1)])
    const served = encoder.encode(x, servingScope(graph))
    assert.deepEqual(served.shape, ['batch', encoder.width])
    await checkGradients({ features }, (inputs, scope) => encoder.encode(inputs.features, scope), checks)
  })

for (const [name, options] of Object.entries(TEXT))
  test(`the text encoder ${name} serves and trains by one function`, async () => {
    const encoder = createTextEncoder({ encoder: name, options })
    const graph = new Graph()
    const [ids, mask] = ['ids', 'mask'].map((input) => graph.input(input, ['batch', 'tokens'], 'int64'))
    assert.deepEqual(encoder.encode(ids, mask, servingScope(graph)).shape, ['batch', encoder.width])
    const lengths = [7, 4, 1]
    const shape = [BATCH, TOKENS]
    const real = (i: number): boolean => i % TOKENS < lengths[Math.floor(i / TOKENS)]
    const numbers = (value: (i: number) => number) => ({
      shape,
      data: Int32Array.from({ length: BATCH * TOKENS }, (_, i) => (real(i) ? value(i) : 0)),
    })
    await checkGradients(
      { ids: numbers((i) => 3 + ((i * 11) % 31)), mask: numbers(() => 1) },
      (inputs, scope) => encoder.encode(inputs.ids, inputs.mask, scope),
    )
  })
