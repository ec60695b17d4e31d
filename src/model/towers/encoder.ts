import type { Tensor } from '../../graph/index.js'
import type { Scope } from '../scope.js'

/** An audio tower. */
export interface AudioEncoder {
  /** Of what `encode` gives. */
  readonly width: number
  /** Hz */
  readonly sampleRate: number
  /** Length of the waveform that the tower was made for; longer ones are refused, shorter ones padded. */
  readonly samples?: number
  /** Waveforms [batch, samples] to what `encode` takes; no parameters, so that it can be computed once and kept. */
  features(waveform: Tensor): Tensor
  /** Features to [batch, width], not normalised. */
  encode(features: Tensor, scope: Scope): Tensor
}

/** A text tower. */
export interface TextEncoder {
  /** Of what `encode` gives. */
  readonly width: number
  readonly maxTokens: number
  /** Ids are smaller than this. */
  readonly vocabularySize: number
  /** Ids and mask, [batch, tokens] of int32 or int64, to [batch, width], not normalised. */
  encode(inputIds: Tensor, attentionMask: Tensor, scope: Scope): Tensor
}
