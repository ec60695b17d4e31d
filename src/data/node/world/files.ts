import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { AntiphonError } from '../../../errors/index.js'
import type { WorldArtist, WorldTrack } from '../../world/facts.js'
import { fileName } from '../../world/names.js'
import type { SoundBankFile } from './banks.js'

/** Goes up when the same seed makes other bytes, so that worlds are not mixed. */
export const WORLD_VERSION = 1
export const AUDIO = 'audio'
export const ARTISTS = 'artists.jsonl'
export const LISTENING = 'listening.tsv'
export const GRAPH = 'graph.tsv'
export const PLAYLISTS = 'playlists'
const DONE = 'world.json'
const MAKING = 'world.making.json'

/** What makes a world: the same gives the same bytes. */
export interface WorldDescription {
  readonly version: number
  readonly seed: string
  readonly pieces: number
  readonly seconds: number
  readonly sampleRate: number
  readonly listeners: number
  readonly soundBanks: readonly { readonly name: string; readonly hash: string }[]
}

export function describeWorld(
  options: Omit<WorldDescription, 'version' | 'soundBanks'>,
  banks: readonly SoundBankFile[],
): WorldDescription {
  const { seed, pieces, seconds, sampleRate, listeners } = options
  return {
    version: WORLD_VERSION,
    seed,
    pieces,
    seconds,
    sampleRate,
    listeners,
    soundBanks: banks.map(({ name, hash }) => ({ name, hash })),
  }
}

/** The description's file while the world is being made, and when it is whole. */
export const descriptionFiles = (dir: string) => ({ making: join(dir, MAKING), done: join(dir, DONE) })

/**
 * Makes sure that a folder is new, empty, or holds this world, whole or begun.
 * @throws AntiphonError `usage` where it holds another world or anything else
 */
export async function assertOwnFolder(dir: string, wanted: WorldDescription): Promise<void> {
  const names = await readdir(dir).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR')
      throw new AntiphonError('usage', `${dir} is a file: name a folder`, { cause: error })
    throw error
  })
  const there = names.filter((name) => name !== 'lock' && !name.startsWith('.'))
  if (there.length === 0) return
  const file = [DONE, MAKING].find((name) => there.includes(name))
  if (file === undefined)
    throw new AntiphonError(
      'usage',
      `${dir} holds something else ("${there[0]}"): name a new or an empty folder`,
    )
  const found = await readFile(join(dir, file), 'utf8')
  const difference = differenceOf(found, wanted)
  if (difference)
    throw new AntiphonError(
      'usage',
      `${dir} holds another world (${difference}): name another folder, or delete this one`,
    )
}

/** "pieces 100 instead of 200" */
function differenceOf(json: string, wanted: WorldDescription): string | undefined {
  let found: Partial<WorldDescription> | null
  try {
    found = JSON.parse(json) as Partial<WorldDescription> | null
  } catch {
    return 'its description is not JSON'
  }
  for (const [key, value] of Object.entries(wanted) as [keyof WorldDescription, unknown][])
    if (JSON.stringify(found?.[key]) !== JSON.stringify(value))
      return key === 'soundBanks'
        ? 'other sound banks'
        : `${key} ${JSON.stringify(found?.[key])} instead of ${JSON.stringify(value)}`
  return undefined
}

/** Whether a piece is there. Files have their names only when they are whole, and the recording is written last. */
export async function isMade(dir: string, id: string): Promise<boolean> {
  const base = join(dir, AUDIO, id)
  const files = await Promise.all(
    ['.flac', '.json', '.mid'].map((ending) => stat(base + ending).catch(() => undefined)),
  )
  return files.every((file) => file?.isFile() && file.size > 0)
}

/** Whether everything but the pieces is there: the description is written last. */
export async function isWhole(dir: string): Promise<boolean> {
  const names = await readdir(dir)
  return [DONE, ARTISTS, LISTENING, GRAPH, PLAYLISTS].every((name) => names.includes(name))
}

/** @throws AntiphonError `usage` where the folder holds no whole world */
export async function readDescription(dir: string): Promise<WorldDescription> {
  const text = await readFile(join(dir, DONE), 'utf8').catch((cause: unknown) => {
    throw new AntiphonError(
      'usage',
      `${dir} holds no world that is whole (no ${DONE}): make one with "antiphon data make world"`,
      { cause },
    )
  })
  return JSON.parse(text) as WorldDescription
}

/** Those of a made world, in the order of their pieces. */
export async function* readWorldArtists(dir: string): AsyncGenerator<WorldArtist> {
  await readDescription(dir)
  const lines = createInterface({ input: createReadStream(join(dir, ARTISTS)), crlfDelay: Infinity })
  for await (const line of lines) if (line !== '') yield JSON.parse(line) as WorldArtist
}

/** What is known of a made world's pieces, artist by artist; those of one artist are held at a time. */
export async function* readWorldTracks(dir: string): AsyncGenerator<WorldTrack> {
  for await (const { name } of readWorldArtists(dir)) yield* await tracksOf(dir, name)
}

/** An artist's pieces as they were written, in the order of their years and albums. */
export async function tracksOf(dir: string, artist: string): Promise<WorldTrack[]> {
  const folder = join(dir, AUDIO, fileName(artist))
  const tracks: WorldTrack[] = []
  for (const album of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()))
    for (const name of await readdir(join(folder, album.name))) {
      if (!name.endsWith('.json')) continue
      const { facts } = JSON.parse(await readFile(join(folder, album.name, name), 'utf8')) as {
        facts: WorldTrack
      }
      tracks.push(facts)
    }
  return tracks.sort((a, b) => a.year - b.year || (a.id < b.id ? -1 : 1))
}
