import { join } from 'node:path'
import { split, type Pair, type WorldTrack } from '../../src/data/index.js'
import { findSources, makeWorld, openSources, readWorldTracks } from '../../src/data/node.js'
import { drawPool, parseProtocol } from '../../src/evaluate/index.js'
import type { Recipe } from '../../src/train/index.js'
import { readFileSync } from 'node:fs'
import { repositoryRoot } from '../process.js'
import type { Pool } from './system.js'

const PIECES = 1400
const SEED = 1

/** What every recipe is evaluated by, and the pool of both. */
export const PROTOCOLS = { captions: 'world-200', tags: 'world-200-tags' } as const

/** Makes the world that recipes train on; what is there of it stays. */
export async function recipesWorld(dir: string, say: (line: string) => void): Promise<string> {
  let said = 0
  await makeWorld({
    dir,
    pieces: PIECES,
    seed: SEED,
    onProgress: ({ done, total }) => {
      if (done < said + 100) return
      said = done
      say(`world: ${done} of ${total} pieces`)
    },
  })
  return dir
}

/** The world's tracks by the id that pairs have. */
export async function tracksOf(world: string): Promise<Map<string, WorldTrack>> {
  const tracks = new Map<string, WorldTrack>()
  for await (const track of readWorldTracks(world)) tracks.set(`audio/${track.id}`, track)
  return tracks
}

/** What a recipe trains on, before its texts are changed. */
export async function trainedPairs(world: string, { data, seed }: Recipe): Promise<readonly Pair[]> {
  const { split_by: by, validation, test } = data
  const { pairs } = await openSources(await findSources(world), {})
  return split(pairs, { by, validation, test, seed }).train
}

/** The tracks that the protocols search, as they draw them. */
export async function poolOf(world: string, trackOf: ReadonlyMap<string, WorldTrack>): Promise<Pool> {
  const file = join(repositoryRoot, 'protocols', `${PROTOCOLS.captions}.yaml`)
  const { data, name } = parseProtocol(readFileSync(file, 'utf8'), { file })
  const { pairs } = await openSources(await findSources(world), {})
  const { by, test, seed } = data.split!
  const held = split(pairs, { by, test, validation: 0, seed }).test
  const pool = drawPool(held, data.pool!, name)
  return { pairs: pool, tracks: pool.map((pair) => known(pair, trackOf)) }
}

function known({ track }: Pair, trackOf: ReadonlyMap<string, WorldTrack>): WorldTrack {
  const found = trackOf.get(track.id)
  if (!found) throw new Error(`The world has no facts of ${track.id}`)
  return found
}
