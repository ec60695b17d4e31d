import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parseFilter } from '../filter.js'
import { MemoryStore } from '../memory-store.js'
import type { EmbeddedContent, Hit } from '../store.js'
import type { Track } from '../track.js'
import { normalised } from '../vector.js'
import { LanceStore } from './lance-store.js'
import { INDEX_FROM_ROWS } from './vector-index.js'

const DIM = 32
const MOMENTS = 11
const TRACKS = Math.ceil(INDEX_FROM_ROWS / MOMENTS) + 7

/** Numbers from 0 to 1 that are the same every time (a linear congruential generator). */
let state = 1
const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32

function near(centre: Float32Array): Float32Array {
  return normalised(centre.map((x) => x + (random() - 0.5) * 0.6))
}

const centres = Array.from({ length: 60 }, () => Float32Array.from({ length: DIM }, () => random() - 0.5))
let made = 0

function track(): { content: EmbeddedContent; track: Track } {
  const i = made++
  const content = i.toString(16).padStart(12, '0')
  const moments = Array.from({ length: MOMENTS }, (_, m) => ({
    start: m * 10,
    end: m * 10 + 10,
    vector: near(centres[(i + m) % 60]),
  }))
  return {
    content: { content, moments },
    track: {
      trackId: i.toString(16).padStart(16, '0'),
      path: `/music/${i}.mp3`,
      content,
      size: i,
      modified: i,
      duration: MOMENTS * 10,
      year: 1900 + (i % 200),
      genre: i % 97 === 5 ? 'rare' : i % 3 === 0 ? 'jazz' : 'rock',
    },
  }
}

describe(`an approximate index over ${TRACKS * MOMENTS} moments`, () => {
  const oracle = new MemoryStore({ dim: DIM })
  let store: LanceStore
  let dir: string

  async function add(count: number): Promise<void> {
    const rows = Array.from({ length: count }, track)
    const batch = { contents: rows.map((row) => row.content), tracks: rows.map((row) => row.track) }
    await oracle.put(batch)
    await store.put(batch)
  }

  const paths = (hits: readonly Hit[]): string[] => hits.map((hit) => hit.track.path)

  async function recall(filter?: string): Promise<number> {
    let found = 0
    let wanted = 0
    for (let query = 0; query < 40; query++) {
      const vector = near(centres[query])
      const options = { limit: 10, where: filter === undefined ? [] : parseFilter(filter) }
      const expected = new Set(paths(await oracle.nearest(vector, options)))
      wanted += expected.size
      found += paths(await store.nearest(vector, options)).filter((path) => expected.has(path)).length
    }
    return found / Math.max(1, wanted)
  }

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'antiphon-index-'))
    store = await LanceStore.open({ dir, spaceId: 's', dim: DIM })
    await add(TRACKS)
    await store.tidy()
  })
  after(async () => {
    await store.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('is there, finds nearly all, and says their cosines exactly', async () => {
    assert.equal((await store.counts()).vectorIndex, 'approximate')
    assert.ok((await recall()) >= 0.97, String(await recall()))
    const vector = near(centres[7])
    const [hit] = await store.nearest(vector, { limit: 1 })
    const [exact] = await oracle.nearest(vector, { limit: 1 })
    assert.ok(Math.abs(hit.cosine - exact.cosine) < 1e-6)
  })

  it('answers a filter as brute force does, however few tracks meet it', async () => {
    assert.equal(await recall('year=1907'), 1)
    assert.equal(await recall('genre=rare'), 1)
    assert.ok((await recall('genre=rock')) >= 0.97)
    assert.equal(await recall('genre=none'), 0)
    // More tracks than the index would ever look at.
    const where = parseFilter('genre=jazz')
    const all = await store.nearest(near(centres[3]), { limit: 10_000, where })
    assert.equal(all.length, (await oracle.tracks(where)).length)
  })

  it('finds what came after it was built, and no longer what went', async () => {
    const newest = track()
    await oracle.put({ contents: [newest.content], tracks: [newest.track] })
    await store.put({ contents: [newest.content], tracks: [newest.track] })
    const { vector } = newest.content.moments[4]
    assert.deepEqual(paths(await store.nearest(vector, { limit: 1 })), [newest.track.path])
    await store.tidy()
    assert.deepEqual(paths(await store.nearest(vector, { limit: 1 })), [newest.track.path])
    await add(300)
    await store.tidy()
    assert.ok((await recall()) >= 0.97)
    const gone = (await oracle.tracks()).filter((_, i) => i % 2 === 0).map(({ trackId }) => trackId)
    await oracle.remove(gone)
    await store.remove(gone)
    assert.ok((await recall()) >= 0.97)
    await oracle.tidy()
    await store.tidy()
    assert.deepEqual(await store.contents(), await oracle.contents())
    assert.equal((await store.counts()).moments, (await oracle.counts()).moments)
    assert.ok((await recall()) >= 0.97)
  })
})
