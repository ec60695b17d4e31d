import { MIDIBuilder } from 'spessasynth_core'
import { instrument } from './composer/instruments.js'
import { TICKS } from './composer/performance.js'
import type { Score } from './composer/score.js'

const DRUM_CHANNEL = 9
const CONTROLLER = { bank: 0, volume: 7, pan: 10, expression: 11, reverb: 91, chorus: 93, echo: 94 } as const
const GS_REVERB_TIME = [0x40, 0x01, 0x34] as const
const META = { timeSignature: 0x58 } as const
const BEND_CENTRE = 8192
const BEND_SEMITONES = 2 // General MIDI's default range

/** Decay of the room in seconds at GS reverb times 0 and 127: ours to define, between them it grows by ratio. */
const DECAY = [0.3, 6] as const

/** The GS reverb time, 0 to 127, of a room that takes `seconds` to fall by 60 dB. */
export function reverbTime(seconds: number): number {
  return seven(Math.log(seconds / DECAY[0]) / Math.log(DECAY[1] / DECAY[0]))
}

/** The decay that a GS reverb time stands for, in seconds. */
export function roomSeconds(time: number): number {
  return DECAY[0] * (DECAY[1] / DECAY[0]) ** (time / 127)
}

/** A Roland GS parameter change: system exclusive, without its status byte. */
function gsParameter(address: readonly [number, number, number], value: number): number[] {
  const sum = address[0] + address[1] + address[2] + value
  return [0x41, 0x10, 0x42, 0x12, ...address, value, (128 - (sum % 128)) % 128, 0xf7]
}

/** Writes a score as a Standard MIDI File, format 1: a track of tempo and metre, then one a part. */
export function toMidi(score: Score): Uint8Array {
  const { metre } = score
  const midi = new MIDIBuilder({
    timeDivision: TICKS,
    initialTempo: score.tempo[0]?.bpm ?? 120,
    format: 1,
    name: score.title,
  })
  const power = Math.log2(metre.unit)
  midi.addEvent(0, 0, META.timeSignature, [metre.count, power, metre.unit === 8 ? 36 : 24, 8])
  for (const { at, bpm } of score.tempo.slice(1)) midi.setTempo(ticks(at), bpm)
  const melodic = channels()
  for (const part of score.parts) {
    const { name, program, bank, kit } = instrument(part.instrument)
    const channel = kit ? DRUM_CHANNEL : melodic()
    midi.addTrack(name)
    const track = midi.tracks.length - 1
    if (track === 1) midi.systemExclusive(0, track, gsParameter(GS_REVERB_TIME, reverbTime(score.room)))
    const control = (at: number, controller: number, value: number): void =>
      midi.controllerChange(ticks(at), track, channel, controller, seven(value))
    if (!kit) midi.controllerChange(0, track, channel, CONTROLLER.bank, bank ?? 0)
    midi.programChange(0, track, channel, program)
    control(0, CONTROLLER.volume, part.level)
    midi.controllerChange(0, track, channel, CONTROLLER.pan, Math.round(64 + part.pan * 63))
    control(0, CONTROLLER.reverb, part.reverb)
    control(0, CONTROLLER.chorus, part.chorus)
    if (part.echo > 0) control(0, CONTROLLER.echo, part.echo)
    for (const { at, controller, value } of part.controls) {
      if (controller === 'bend') {
        const bend = BEND_CENTRE + Math.round((value / BEND_SEMITONES) * (BEND_CENTRE - 1))
        midi.pitchWheel(ticks(at), track, channel, Math.max(0, Math.min(16383, bend)))
      } else control(at, controller, value)
    }
    for (const { at, beats, pitch, velocity } of part.notes) {
      midi.noteOn(ticks(at), track, channel, pitch, Math.max(1, seven(velocity)))
      midi.noteOff(ticks(at + beats), track, channel, pitch)
    }
  }
  for (const track of midi.tracks) {
    // A note that ends where another begins ends first; the sort is stable, so everything else keeps its order.
    track.events.sort((a, b) => a.ticks - b.ticks || Number(isNoteOn(a)) - Number(isNoteOn(b)))
  }
  midi.flush(false)
  return new Uint8Array(midi.writeMIDI())
}

function isNoteOn(event: { statusByte: number }): boolean {
  return event.statusByte >= 0x90 && event.statusByte <= 0x9f
}

function ticks(beats: number): number {
  return Math.round(beats * TICKS)
}

function seven(value: number): number {
  return Math.max(0, Math.min(127, Math.round(value * 127)))
}

/** Channels 0 to 15 without the drums' own. */
function channels(): () => number {
  let next = 0
  return () => {
    if (next === DRUM_CHANNEL) next++
    if (next > 15)
      throw new RangeError('Cannot write more than 15 melodic parts and one kit into one MIDI file')
    return next++
  }
}
