import {
  add,
  cast,
  div,
  equal,
  logSoftmax,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  sum,
  transpose,
  unsqueeze,
  type Tensor,
} from '../../graph/index.js'
import { lossError, places, similarities } from './similarity.js'

/**
 * Contrastive loss of tracks with several captions each (SupCon's L_out, Khosla et al. 2020), Z = logitScale audio captionsᵀ:
 * half of -mean_i mean_{p of i} ln( exp Z_ip / Σ_j exp Z_ij ) over tracks, half the cross entropy of each caption with its track.
 * Tracks without a caption are wrong answers only.
 * @param audio unit vectors [tracks, width]
 * @param captions unit vectors [captions, width]
 * @param logitScale exp(log_scale), the inverse temperature
 * @param track int32 [captions], the row of `audio` that each caption belongs to
 */
export function multiPositive(audio: Tensor, captions: Tensor, logitScale: Tensor, track: Tensor): Tensor {
  const [tracks, width] = audio.shape
  const [count] = captions.shape
  if (audio.rank !== 2 || captions.rank !== 2 || captions.shape[1] !== width || typeof tracks !== 'number')
    throw lossError(
      'multiPositive',
      `${audio.toString()} and ${captions.toString()} are not [tracks, width] and [captions, width]`,
    )
  if (track.dtype !== 'int32' || track.rank !== 1 || track.shape[0] !== count)
    throw lossError(
      'multiPositive',
      `track ${track.toString()} is not an int32 for each of ${count} captions`,
    )
  const logits = similarities(audio, captions, logitScale)
  const belongs = cast(equal(unsqueeze(places(audio.graph, tracks), 1), unsqueeze(track, 0)), 'float32')
  const captionsOfTrack = sum(belongs, { axis: 1 })
  const hasCaption = minimum(captionsOfTrack, 1)
  const found = div(sum(mul(belongs, logSoftmax(logits)), { axis: 1 }), maximum(captionsOfTrack, 1))
  const toText = div(sum(mul(hasCaption, found)), sum(hasCaption))
  const toAudio = mean(sum(mul(transpose(belongs), logSoftmax(transpose(logits))), { axis: 1 }))
  return neg(mul(add(toText, toAudio), 0.5))
}
