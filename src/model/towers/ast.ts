import { z } from 'zod'
import {
  add,
  concat,
  conv2d,
  div,
  expand,
  logMel,
  mean,
  pad,
  reshape,
  slice,
  sub,
  transpose,
  unsqueeze,
  type LogMelOptions,
  type Tensor,
} from '../../graph/index.js'
import { normal } from '../initializer.js'
import type { Scope } from '../scope.js'
import type { AudioEncoder } from './encoder.js'
import { ACTIVATIONS, normalize } from './layers.js'
import { preNormBlock } from './pre-norm-block.js'
import { selfAttention } from './self-attention.js'

const size = z.int().positive()
const share = z.number().min(0).lt(1)

/**
 * Audio Spectrogram Transformer (Gong et al. 2021), under the names of a published `config.json` and
 * `preprocessor_config.json`; the defaults are those of the model trained on AudioSet.
 */
export const AST_OPTIONS = z.strictObject({
  hidden_size: size.default(768),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(3072),
  hidden_act: z.enum(ACTIVATIONS).default('gelu'),
  hidden_dropout_prob: share.default(0),
  attention_probs_dropout_prob: share.default(0),
  layer_norm_eps: z.number().positive().default(1e-12),
  initializer_range: z.number().positive().default(0.02),
  qkv_bias: z.literal(true).default(true),
  patch_size: size.default(16),
  frequency_stride: size.default(10),
  time_stride: size.default(10),
  /** Frames that the network sees: shorter spectrograms are padded, longer ones cut. */
  max_length: size.default(1024),
  num_mel_bins: size.default(128),
  /** Mean and standard deviation of AudioSet's spectrograms. */
  mean: z.number().default(-4.2677393),
  std: z.number().positive().default(4.5689974),
})
export type AstOptions = z.infer<typeof AST_OPTIONS>

const SAMPLE_RATE = 16_000

/** Kaldi's filter banks: frames of 25 ms every 10 ms. */
const KALDI: Omit<LogMelOptions, 'nMels'> = {
  sampleRate: SAMPLE_RATE,
  nFft: 512,
  winLength: 400,
  hopLength: 160,
  window: 'symmetric',
  windowPlacement: 'start',
  center: false,
  removeDcOffset: true,
  preemphasis: 0.97,
  fMin: 20,
  melScale: 'htk',
  triangles: 'mel',
  compression: { kind: 'log', floor: 1.1920929e-7 }, // the epsilon of float32
}

/** Waveforms [batch, samples] of known length at 16 kHz to normalised log-mel [batch, max_length, num_mel_bins]. */
export function astFeatures(waveform: Tensor, options: AstOptions): Tensor {
  const { max_length: frames, num_mel_bins: nMels } = options
  const logs = logMel(waveform, { ...KALDI, nMels })
  const heard = logs.shape[1] as number
  const fitted =
    heard > frames
      ? slice(logs, { axis: 1, end: frames })
      : pad(logs, { axes: [{ axis: 1, after: frames - heard }] })
  return div(sub(fitted, options.mean), 2 * options.std)
}

/** The last hidden state: class token, distillation token and patches of log-mel [batch, frames, mels], [batch, tokens, width]. */
export function ast(features: Tensor, scope: Scope, options: AstOptions): Tensor {
  const { hidden_size: width, patch_size: patch, layer_norm_eps: epsilon } = options
  const init = normal(options.initializer_range)
  const projection = 'embeddings.patch_embeddings.projection'
  const grid = conv2d(
    unsqueeze(transpose(features), 1),
    scope.parameter(`${projection}.weight`, [width, 1, patch, patch], init),
    {
      bias: scope.parameter(`${projection}.bias`, [width]),
      stride: [options.frequency_stride, options.time_stride],
    },
  )
  const [batch, , rows, columns] = grid.shape
  const patches = transpose(reshape(grid, [batch, width, (rows as number) * (columns as number)]))
  const first = ['cls_token', 'distillation_token'].map((name) =>
    expand(scope.parameter(`embeddings.${name}`, [1, 1, width], init), [batch, 1, width]),
  )
  const tokens = concat([...first, patches], { axis: 1 })
  const places = scope.parameter(
    'embeddings.position_embeddings',
    [1, tokens.shape[1] as number, width],
    init,
  )
  let x = scope.dropout(add(tokens, places), options.hidden_dropout_prob)
  for (let index = 0; index < options.num_hidden_layers; index++) {
    const layer = scope.within(`encoder.layer.${index}.`)
    const attend = (y: Tensor): Tensor =>
      selfAttention(y, 'attention.attention', layer, {
        heads: options.num_attention_heads,
        dropout: options.attention_probs_dropout_prob,
        init,
      })
    x = preNormBlock(x, attend, layer, {
      intermediate: options.intermediate_size,
      epsilon,
      activation: options.hidden_act,
      dropout: options.hidden_dropout_prob,
      init,
    })
  }
  return normalize(x, 'layernorm', scope, epsilon)
}

export function astEncoder(options: AstOptions): AudioEncoder {
  return {
    width: options.hidden_size,
    sampleRate: SAMPLE_RATE,
    features: (waveform) => astFeatures(waveform, options),
    encode: (features, scope) => mean(slice(ast(features, scope, options), { axis: 1, end: 2 }), { axis: 1 }),
  }
}
