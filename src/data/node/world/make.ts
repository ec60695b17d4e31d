import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { AntiphonError } from '../../../errors/index.js'
import { takeLock } from '../../../files/node.js'
import { Random } from '../../../random/index.js'
import { tripleLines } from '../../knowledge/index.js'
import { listeningLines } from '../../listening/index.js'
import { formatM3u } from '../../m3u.js'
import { LEAST_SECONDS } from '../../world/compose-track.js'
import type { WorldArtist, WorldTrack } from '../../world/facts.js'
import { worldListening } from '../../world/listeners.js'
import { worldPlaylists, type WorldPlaylist } from '../../world/playlists.js'
import { WORLD_SECONDS } from '../../world/pieces.js'
import { planWorld, type WorldOptions, type WorldPlan } from '../../world/plan.js'
import { worldGraph } from '../../world/relations.js'
import { writeWhole, writingError } from '../whole-file.js'
import { withWorkers } from '../workers.js'
import { requirePackages, soundBanks } from './banks.js'
import {
  ARTISTS,
  AUDIO,
  assertOwnFolder,
  descriptionFiles,
  describeWorld,
  GRAPH,
  isMade,
  isWhole,
  LISTENING,
  PLAYLISTS,
  tracksOf,
} from './files.js'
import type { WorldReply, WorldTask } from './worker.js'

const MOST_WORKERS = 16 // each holds the sound banks: about 400 MB
const SAMPLE_RATES = [8000, 48_000] as const
const MOST_SECONDS = 600

export interface MakeWorldOptions extends WorldOptions {
  /** Where to; made if it isn't there. */
  dir: string
  /** Length of a piece, 10 to 600. @default 30 */
  seconds?: number
  /** Of the recordings, in Hz. @default 22050 */
  sampleRate?: number
  /** Simulated listeners. @default one a piece */
  listeners?: number
  /** SF2 or SF3 files. @default MuseScore General and Fluid R3 */
  soundBanks?: readonly string[]
  /** Threads. @default one a processor, at most 16 */
  workers?: number
  onProgress?: (progress: WorldProgress) => void
  signal?: AbortSignal
}

export interface WorldProgress {
  /** Pieces that are there now, those kept from before among them. */
  done: number
  total: number
  /** The piece that was made last. */
  path: string
}

export interface WorldSummary {
  /** Pieces of the world. */
  total: number
  made: number
  kept: number
}

/**
 * Makes a world of music: `audio/artist/album/nn-title.flac` with what is said and known of it beside it (`.json`, `.mid`),
 * `artists.jsonl`, `listening.tsv`, `graph.tsv`, `playlists/*.m3u8`, and `world.json`, which says what made it. The same
 * options give the same bytes, whatever the number of workers; an interrupted run goes on where it was.
 *
 * @throws AntiphonError `usage` where the folder holds something else or packages are missing, `interrupted` when the signal
 *   fires, `locked` where another process makes it, `failed` when a piece cannot be made or written
 */
export async function makeWorld(options: MakeWorldOptions): Promise<WorldSummary> {
  const {
    pieces,
    seconds = WORLD_SECONDS,
    sampleRate = 22_050,
    listeners = pieces,
    onProgress,
    signal,
  } = options
  check({ pieces, seconds, sampleRate, listeners })
  requirePackages()
  const dir = resolve(options.dir)
  const seed = String(options.seed ?? 1)
  const banks = await soundBanks(options.soundBanks)
  const description = describeWorld({ seed, pieces, seconds, sampleRate, listeners }, banks)
  await assertOwnFolder(dir, description)
  const files = descriptionFiles(dir)
  const text = `${JSON.stringify(description, null, 2)}\n`
  try {
    await mkdir(dir, { recursive: true })
    const lock = await takeLock(dir)
    try {
      const plan = planWorld({ pieces, seed })
      const missing: number[] = []
      for (let index = 0; index < pieces; index++)
        if (!(await isMade(dir, plan.track(index).id))) missing.push(index)
      const kept = pieces - missing.length
      if (missing.length > 0 || !(await isWhole(dir))) {
        await rm(files.done, { force: true })
        await writeWhole(files.making, text)
        let done = kept
        if (missing.length > 0)
          await withWorkers<number, WorldReply>({
            entry: new URL('./worker.js', import.meta.url),
            count: workerCount(options.workers, missing.length),
            workerData: {
              dir,
              pieces,
              seed,
              seconds,
              sampleRate,
              banks: banks.map(({ path }) => path),
            } satisfies WorldTask,
            tasks: missing.values(),
            what: 'the world',
            nameOf: (index) => plan.track(index).id,
            signal,
            onReply: ({ id }) => {
              done++
              onProgress?.({ done, total: pieces, path: id })
            },
          })
        await writeWhole(join(dir, ARTISTS), artistLines(plan))
        await relate(dir, plan, { seed, listeners })
        await writeWhole(files.done, text)
        await rm(files.making, { force: true })
      }
      return { total: pieces, made: missing.length, kept }
    } finally {
      await lock.release()
    }
  } catch (error) {
    throw writingError(error, dir)
  }
}

function workerCount(wanted = availableParallelism(), missing: number): number {
  return Math.max(1, Math.min(wanted, MOST_WORKERS, missing))
}

function check(numbers: { pieces: number; seconds: number; sampleRate: number; listeners: number }): void {
  const { pieces, seconds, sampleRate, listeners } = numbers
  const wrong = (message: string): never => {
    throw new AntiphonError('usage', message)
  }
  if (!Number.isSafeInteger(pieces) || pieces < 1) wrong(`${pieces} pieces are no world (expected 1 or more)`)
  if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS))
    wrong(`Pieces can't be ${seconds} s long (expected ${LEAST_SECONDS} to ${MOST_SECONDS})`)
  const [low, high] = SAMPLE_RATES
  if (!Number.isInteger(sampleRate) || sampleRate < low || sampleRate > high)
    wrong(`A sample rate of ${sampleRate} Hz is not possible (expected ${low} to ${high})`)
  if (!Number.isSafeInteger(listeners) || listeners < 0)
    wrong(`${listeners} listeners are not possible (expected 0 or more)`)
}

function artistLines({ artists }: WorldPlan): string {
  return artists
    .map(
      ({ name, styles, manner, instruments, years }: WorldArtist) =>
        `${JSON.stringify({ name, styles, manner, instruments, years } satisfies WorldArtist)}\n`,
    )
    .join('')
}

/** Who listens to what, and what belongs together: from the facts of all pieces, as they were written. */
async function relate(
  dir: string,
  { artists }: WorldPlan,
  { seed, listeners }: { seed: string; listeners: number },
): Promise<void> {
  const tracks: WorldTrack[] = []
  for (const { name } of artists) tracks.push(...(await tracksOf(dir, name)))
  const number = seedNumber(seed)
  await writeLines(join(dir, GRAPH), tripleLines(worldGraph(tracks, artists, { seed: number })))
  const rows = worldListening(tracks, artists, { seed: number, listeners })
  await writeLines(join(dir, LISTENING), listeningLines(rows))
  await writePlaylists(dir, worldPlaylists(tracks, { seed: number }))
}

/** The folder has its name when all are there. */
async function writePlaylists(dir: string, playlists: Iterable<WorldPlaylist>): Promise<void> {
  const part = join(dir, `${PLAYLISTS}.part`)
  await rm(part, { recursive: true, force: true })
  await mkdir(part)
  let number = 0
  for (const { title, tracks } of playlists) {
    const entries = tracks.map((id) => `../${AUDIO}/${id}.flac`)
    const name = `${String(++number).padStart(4, '0')}.m3u8`
    await writeFile(join(part, name), formatM3u({ title, entries }))
  }
  await rm(join(dir, PLAYLISTS), { recursive: true, force: true })
  await rename(part, join(dir, PLAYLISTS))
}

/** A seed that is a whole number as it is, another one as a number of its own. */
function seedNumber(seed: string): number {
  const number = Number(seed)
  return Number.isSafeInteger(number) ? number : new Random(seed).int(0, 2 ** 31)
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const part = `${path}.part`
  const stream = createWriteStream(part)
  const failed = once(stream, 'error').then(([error]) => {
    throw error
  })
  failed.catch(() => undefined)
  for (const line of lines)
    if (!stream.write(`${line}\n`)) await Promise.race([once(stream, 'drain'), failed])
  stream.end()
  await finished(stream)
  await rename(part, path)
}
