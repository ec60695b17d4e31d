import type { BasicSoundBank } from 'spessasynth_core'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { toMidi } from '../../midi.js'
import { composeTrack } from '../../world/compose-track.js'
import { planWorld } from '../../world/plan.js'
import { encodeFlac } from '../flac.js'
import { loadSoundBank } from '../synthesizer.js'
import { writeWhole, writingError } from '../whole-file.js'
import { AUDIO } from './files.js'
import { renderPiece } from './render.js'
import { sidecarOf } from './sidecar.js'

/** What a worker is started with; then it takes numbers of pieces, one at a time. */
export interface WorldTask {
  dir: string
  pieces: number
  seed: string
  seconds: number
  sampleRate: number
  /** Paths. */
  banks: readonly string[]
}

export interface WorldReply {
  id: string
}

const { dir, pieces, seed, seconds, sampleRate, banks } = workerData as WorldTask
const plan = planWorld({ pieces, seed })
const loaded = new Map<string, BasicSoundBank>()

/** The bank of an artist's voice: each is read when it is first needed. */
function bankOf(voice: number): BasicSoundBank {
  const path = banks[Math.floor(voice * banks.length)]
  const bank = loaded.get(path) ?? loadSoundBank(path)
  loaded.set(path, bank)
  return bank
}

async function make(index: number): Promise<WorldReply> {
  const planned = plan.track(index)
  const piece = composeTrack(planned, { seconds })
  const base = join(dir, AUDIO, planned.id)
  const { json, comments } = sidecarOf(piece, planned.artist, seed)
  const sound = await renderPiece(piece, bankOf(piece.voice), { seconds, sampleRate, seed })
  const flac = await encodeFlac(sound, comments)
  try {
    await mkdir(dirname(base), { recursive: true })
    await writeWhole(`${base}.mid`, toMidi(piece.score))
    await writeWhole(`${base}.json`, json)
    await writeWhole(`${base}.flac`, flac) // last: it stands for the whole
  } catch (error) {
    throw writingError(error, base)
  }
  return { id: planned.id }
}

parentPort?.on('message', (index: number) => {
  void make(index).then((reply) => parentPort?.postMessage(reply))
})
