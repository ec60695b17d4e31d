import { z } from 'zod'
import { AntiphonError } from '../../errors/index.js'
import { add, embedding, mean, reshape, slice, transpose, type Tensor } from '../../graph/index.js'
import type { Scope } from '../scope.js'
import { placed, pool, type Pooling } from './bert.js'
import type { AudioEncoder, TextEncoder } from './encoder.js'
import { dense } from './layers.js'
import { SPECTROGRAM_OPTIONS, spectrogram } from './spectrogram.js'
import { TRANSFORMER_SIZES, transformerBlocks, type TransformerSizes } from './transformer-block.js'

const size = z.int().positive()

/** A vision transformer (Dosovitskiy et al. 2021) over patches of a log-mel spectrogram, with the mean in place of a class token. */
export const AUDIO_TRANSFORMER_OPTIONS = SPECTROGRAM_OPTIONS.extend({
  ...TRANSFORMER_SIZES,
  layers: size.default(6),
  /** Frames and mels of a patch. */
  patch: size.default(16),
  n_mels: size.default(64),
  hop_length: size.default(512),
  n_fft: size.multipleOf(2).default(1024),
})
export type AudioTransformerOptions = z.infer<typeof AUDIO_TRANSFORMER_OPTIONS>

/** A transformer over tokens with learnt positions, as CLIP's text tower, but seeing both ways. */
export const TEXT_TRANSFORMER_OPTIONS = z.strictObject({
  ...TRANSFORMER_SIZES,
  layers: size.default(4),
  vocab_size: size.default(30_522), // of BERT's uncased English
  max_tokens: size.default(77), // CLIP
})
export type TextTransformerOptions = z.infer<typeof TEXT_TRANSFORMER_OPTIONS>

/** Log-mel [batch, frames, mels] of known length to [batch, width]; frames that fill no patch are left out. */
export function audioTransformer(features: Tensor, scope: Scope, options: AudioTransformerOptions): Tensor {
  const { patch, width } = options
  const [batch, frames, mels] = features.shape
  if (typeof frames !== 'number' || typeof mels !== 'number' || frames < patch || mels < patch)
    throw new AntiphonError('shape', `transformer: no patch of ${patch} x ${patch} in ${features.toString()}`)
  const [columns, rows] = [Math.floor(frames / patch), Math.floor(mels / patch)]
  const whole = slice(features, { axis: 1, end: columns * patch }, { axis: 2, end: rows * patch })
  const cut = transpose(reshape(whole, [batch, columns, patch, rows, patch]), [0, 1, 3, 2, 4])
  const patches = reshape(cut, [batch, columns * rows, patch * patch])
  const places = scope.parameter('pos_embedding', [columns * rows, width])
  const x = add(dense(patches, 'patch_embed.proj', width, scope), places)
  return mean(transformerBlocks(scope.dropout(x, options.dropout), scope, options), { axis: 1 })
}

export function audioTransformerEncoder(options: AudioTransformerOptions): AudioEncoder {
  checkHeads(options)
  return {
    width: options.width,
    sampleRate: options.sample_rate,
    features: (waveform) => spectrogram(waveform, options),
    encode: (features, scope) => audioTransformer(features, scope, options),
  }
}

/** Ids and mask [batch, tokens] to [batch, width]. */
export function textTransformer(
  inputIds: Tensor,
  attentionMask: Tensor,
  scope: Scope,
  { pooling, ...options }: TextTransformerOptions & { pooling: Pooling },
): Tensor {
  const { width } = options
  const words = embedding(scope.parameter('token_embedding.weight', [options.vocab_size, width]), inputIds)
  const table = scope.parameter('positional_embedding', [options.max_tokens, width])
  const x = scope.dropout(add(words, placed(table, inputIds)), options.dropout)
  return pool(transformerBlocks(x, scope, { ...options, mask: attentionMask }), attentionMask, pooling, scope)
}

export function textTransformerEncoder(options: TextTransformerOptions, pooling: Pooling): TextEncoder {
  checkHeads(options)
  return {
    width: options.width,
    maxTokens: options.max_tokens,
    vocabularySize: options.vocab_size,
    encode: (inputIds, attentionMask, scope) =>
      textTransformer(inputIds, attentionMask, scope, { ...options, pooling }),
  }
}

function checkHeads({ width, heads }: TransformerSizes): void {
  if (width % heads !== 0)
    throw new AntiphonError('usage', `transformer: a width of ${width} does not divide into ${heads} heads`)
}
