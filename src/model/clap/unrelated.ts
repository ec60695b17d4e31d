import { AntiphonError } from '../../errors/index.js'
import type { AudioSpec } from '../../audio/index.js'
import type { ParityComponent } from '../config.js'
import { paritySound, type ParityEncoders, type ParityReport, type Side } from '../parity.js'

/** Texts with nothing in common. */
const TEXTS = [
  'calm solo piano at night',
  'aggressive death metal with screaming vocals',
  'a dog barks in the rain',
  'upbeat electronic dance music',
  'a man reads the news',
  'silence',
]

const tones = (decay: number, amplitude: number, ...hertz: number[]): ParityComponent[] =>
  hertz.map((h) => ({ hertz: h, amplitude, decay }))
/** Sounds with nothing in common: a held chord, low drumming, hiss, one high whistle. */
const SOUNDS: readonly (readonly ParityComponent[])[] = [
  tones(0, 0.2, 220, 277.18, 329.63),
  tones(9, 0.6, 52, 81),
  tones(0, 0.03, ...Array.from({ length: 40 }, (_, i) => 2000 + 251.3 * i)),
  tones(0, 0.5, 5000),
]

/**
 * Largest mean cosine between unrelated inputs. Sound checkpoints have 0.2 to 0.3 between texts, random weights 0.9;
 * laion/larger_clap_music, whose text projection was lost when it was converted, has 0.999.
 */
const MOST_ALIKE = 0.98
const UNIT_TOLERANCE = 1e-4

/**
 * What a model without a parity file must show before it serves: its vectors are finite, of unit length, and tell unrelated texts, or sounds,
 * apart. The report's difference is that from unit length.
 * @throws AntiphonError `model` for a side that answers everything alike, or with no number.
 */
export async function compareUnrelated(
  side: Side,
  encoders: ParityEncoders,
  audio: AudioSpec,
  name: string,
): Promise<ParityReport> {
  const vectors: Float32Array[] = []
  if (side === 'text') for (const text of TEXTS) vectors.push(await encoders.text(text))
  else for (const sound of SOUNDS) vectors.push(await encoders.audio(paritySound(sound, audio)))
  const lengths = vectors.map((vector) => Math.sqrt(cosine(vector, vector)))
  if (!lengths.every(Number.isFinite))
    throw new AntiphonError(
      'model',
      `Model "${name}" is broken: its ${side} side answers with vectors that are no numbers. Its files may be damaged.`,
    )
  const alike = meanCosine(vectors)
  if (alike > MOST_ALIKE)
    throw new AntiphonError(
      'model',
      `Model "${name}" can't tell ${side === 'text' ? 'texts' : 'sounds'} apart: unrelated ones get nearly the same vector ` +
        `(mean cosine ${alike.toFixed(4)}, expected at most ${MOST_ALIKE}). The checkpoint is faulty; use another one.`,
    )
  return {
    largestDifference: Math.max(...lengths.map((length) => Math.abs(length - 1))),
    tolerance: UNIT_TOLERANCE,
  }
}

/** Over all pairs. */
function meanCosine(vectors: readonly Float32Array[]): number {
  const pairs = vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => cosine(a, b)))
  return pairs.reduce((sum, value) => sum + value, 0) / pairs.length
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}
