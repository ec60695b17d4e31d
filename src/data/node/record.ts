import type { BasicSoundBank } from 'spessasynth_core'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DemoEntry } from '../demo-plan.js'
import type { PieceInfo } from '../composer/piece.js'
import { toMidi } from '../midi.js'
import { encodeFlac, type Comments } from './flac.js'
import { normalise, saturate } from './loudness.js'
import { synthesise } from './synthesizer.js'
import { writeWhole } from './whole-file.js'

const SAMPLE_RATE = 44_100

/** Goes up when the same score would sound different, so that recordings made before are made again. */
const RECORDING_VERSION = 1

/** What stands beside a recording under the same name: the score, and what is known of it. */
function sidecars({ piece }: DemoEntry): { midi: Uint8Array; json: string } {
  const { room, drive } = piece.score
  const recording = { version: RECORDING_VERSION, sampleRate: SAMPLE_RATE, room, drive }
  const json = `${JSON.stringify({ ...piece.info, recording }, null, 2)}\n`
  return { midi: toMidi(piece.score), json }
}

/** Whether a piece is there as it would be made now. The FLAC file comes last, so it stands for the whole. */
export async function isRecorded(dir: string, entry: DemoEntry): Promise<boolean> {
  const { midi, json } = sidecars(entry)
  const base = join(dir, entry.path)
  try {
    const [oldMidi, oldJson, flac] = await Promise.all([
      readFile(`${base}.mid`),
      readFile(`${base}.json`, 'utf8'),
      stat(`${base}.flac`),
    ])
    return oldJson === json && oldMidi.equals(midi) && flac.size > 0
  } catch {
    return false
  }
}

/** Plays, normalises, encodes and writes a piece: `.mid` and `.json`, then `.flac`. */
export async function record(
  dir: string,
  entry: DemoEntry,
  bank: BasicSoundBank,
): Promise<{ seconds: number }> {
  const { midi, json } = sidecars(entry)
  const base = join(dir, entry.path)
  await mkdir(dirname(base), { recursive: true })
  await rm(`${base}.flac`, { force: true }) // its sidecars may be about to change
  await writeWhole(`${base}.mid`, midi)
  await writeWhole(`${base}.json`, json)
  const sound = await synthesise(midi, bank, SAMPLE_RATE)
  saturate(sound, entry.piece.score.drive)
  normalise(sound)
  await writeWhole(`${base}.flac`, await encodeFlac(sound, comments(entry.piece.info)))
  return { seconds: sound.left.length / SAMPLE_RATE }
}

function comments(info: PieceInfo): Comments {
  return {
    title: info.title,
    artist: info.artist,
    album: info.album,
    tracknumber: String(info.track),
    genre: info.genre,
    date: String(info.year),
    bpm: String(info.bpm),
    key: info.key,
    mood: info.moods,
    description: info.caption,
    comment: `Composed by Antiphon: style ${info.style}, piece ${info.track}, seed ${info.seed}`,
  }
}
