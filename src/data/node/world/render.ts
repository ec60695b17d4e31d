import type { BasicSoundBank } from 'spessasynth_core'
import { Random } from '../../../random/index.js'
import type { Part, Score } from '../../composer/score.js'
import { reverbTime, toMidi } from '../../midi.js'
import type { Stereo } from '../../stereo.js'
import { amplify } from '../../world/studio/amplifier.js'
import type { WorldPiece } from '../../world/compose-track.js'
import { addNoise, master } from '../../world/studio/master.js'
import { normalise, saturate } from '../loudness.js'
import { Room } from '../room.js'
import { synthesise } from '../synthesizer.js'

/** From -12 LUFS on, peaks are held down as they were in those years. */
const LOUD = { lufs: -13, limiting: 10 ** (9 / 20) }
const ROOM_LEVEL = 0.8 // of the synthesizer's own send, so that an amplified part stands in the same room

export interface RenderOptions {
  seconds: number
  sampleRate: number
  /** What noise and unsteadiness depend on. */
  seed: string
}

/** Plays, amplifies, mixes and masters a piece: exactly as long as it is to be. */
export async function renderPiece(
  { score, recording, track }: WorldPiece,
  bank: BasicSoundBank,
  { seconds, sampleRate, seed }: RenderOptions,
): Promise<Stereo> {
  const rng = new Random(`${seed}/${track.id}`)
  const clean = score.parts.filter(({ amp }) => amp === undefined)
  const sound = await synthesise(toMidi({ ...score, parts: clean }), bank, sampleRate, { seconds })
  for (const part of score.parts)
    if (part.amp !== undefined) mix(sound, await amplified(score, part, part.amp, bank, sound), score, part)
  saturate(sound, Math.min(1, score.drive + recording.saturation))
  master(sound, recording, rng)
  const loud = recording.loudness > LOUD.lufs
  normalise(sound, { target: recording.loudness, ...(loud ? { limiting: LOUD.limiting } : {}) })
  addNoise(sound, recording, rng)
  return sound
}

/** A part alone, in the middle and in no room, through its amplifier: one channel. */
async function amplified(
  score: Score,
  part: Part,
  gain: number,
  bank: BasicSoundBank,
  { left, sampleRate }: Stereo,
): Promise<Float32Array> {
  const alone = { ...score, parts: [{ ...part, pan: 0, reverb: 0, chorus: 0, echo: 0 }] }
  const played = await synthesise(toMidi(alone), bank, sampleRate, { seconds: left.length / sampleRate })
  const one = played.left
  for (let i = 0; i < one.length; i++) one[i] += played.right[i]
  amplify(one, { gain, sampleRate })
  return one
}

/** Adds one channel to a mix at a part's place in it, and in its room. */
function mix({ left, right, sampleRate }: Stereo, one: Float32Array, score: Score, part: Part): void {
  // The middle is as loud as a side: equal power.
  const angle = ((part.pan + 1) * Math.PI) / 4
  const [l, r] = [Math.cos(angle), Math.sin(angle)].map((gain) => gain * Math.SQRT1_2)
  const send = new Float32Array(one.length)
  for (let i = 0; i < one.length; i++) {
    left[i] += one[i] * l
    right[i] += one[i] * r
    send[i] = one[i] * part.reverb * ROOM_LEVEL
  }
  if (part.reverb <= 0) return
  const room = new Room(sampleRate)
  room.time = reverbTime(score.room)
  room.process(send, left, right, 0, send.length)
}
