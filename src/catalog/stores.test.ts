import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { parseFilter, type Condition } from './filter.js'
import { MemoryStore } from './memory-store.js'
import { LanceStore } from './node/lance-store.js'
import type { EmbeddedContent, Hit, Store } from './store.js'
import type { Track } from './track.js'
import { normalised, trackVector } from './vector.js'

const DIM = 7

const folder = await mkdtemp(join(tmpdir(), 'antiphon-stores-'))
after(() => rm(folder, { recursive: true, force: true }))
let made = 0

const stores: readonly { name: string; open(): Promise<Store> }[] = [
  { name: 'MemoryStore', open: async () => new MemoryStore({ dim: DIM }) },
  {
    name: 'LanceStore',
    open: () => LanceStore.open({ dir: join(folder, String(made++)), spaceId: 'space-1', dim: DIM }),
  },
]

/** Numbers from 0 to 1 that are the same every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function vectorFrom(random: () => number): Float32Array {
  return normalised(Float32Array.from({ length: DIM }, () => random() * 2 - 1))
}

const GENRES = ['Jazz', 'rock', "drum'n'bass", 'a"b', '100%_\\', undefined]

function trackOf(i: number, content: string): Track {
  const genre = GENRES[i % GENRES.length]
  return {
    trackId: i.toString(16).padStart(16, '0'),
    path: `/music/${i % 5}/it's ${i} "q" \\ %.flac`,
    content,
    size: 1000 + i,
    modified: 1.7e12 + i / 4,
    duration: 31.5 + i,
    title: `Title ${i}`,
    ...(genre === undefined ? {} : { genre }),
    ...(i % 3 === 0 ? {} : { year: 1980 + (i % 40) }),
  }
}

/** 53 tracks of 1 to 6 moments; every ninth is a copy of the one before. */
function library(seed = 1): { contents: EmbeddedContent[]; tracks: Track[] } {
  const random = seeded(seed)
  const contents: EmbeddedContent[] = []
  const tracks: Track[] = []
  for (let i = 0; i < 53; i++) {
    if (i % 9 !== 8) {
      const moments = Array.from({ length: 1 + (i % 6) }, (_, m) => ({
        start: m * 10,
        end: m * 10 + 10,
        vector: vectorFrom(random),
      }))
      contents.push({ content: `c${i.toString(16)}'`, moments })
    }
    tracks.push(trackOf(i, contents.at(-1)!.content))
  }
  return { contents, tracks }
}

function assertSameHits(actual: Hit[], expected: Hit[]): void {
  assert.deepEqual(
    actual.map(({ track, start, end }) => ({ track, start, end })),
    expected.map(({ track, start, end }) => ({ track, start, end })),
  )
  actual.forEach((hit, i) =>
    assert.ok(Math.abs(hit.cosine - expected[i].cosine) < 1e-6, `cosine of hit ${i}`),
  )
}

for (const kind of stores) {
  const open = (): Promise<Store> => kind.open()
  describe(kind.name, () => {
    it('is empty at first', async () => {
      const store = await open()
      assert.deepEqual(await store.tracks(), [])
      assert.deepEqual(await store.failures(), [])
      assert.deepEqual(await store.nearest(vectorFrom(seeded(3)), { limit: 3 }), [])
      assert.deepEqual(await store.sample('moments', 5), [])
      assert.equal(await store.find('nothing'), undefined)
      assert.deepEqual(await store.counts(), {
        tracks: 0,
        moments: 0,
        contents: 0,
        audioSeconds: 0,
        vectorIndex: 'exact',
      })
      await store.tidy()
      await store.close()
    })

    it('finds what brute force finds, in bits what was put', async () => {
      const { contents, tracks } = library()
      const store = await open()
      const oracle = new MemoryStore({ dim: DIM })
      // In uneven batches, as indexing writes.
      for (let at = 0; at < 53; at += 11) {
        const batch = { contents: contents.slice(at, at + 11), tracks: tracks.slice(at, at + 11) }
        await store.put(batch)
        await oracle.put(batch)
      }
      assert.deepEqual(await store.tracks(), await oracle.tracks())
      assert.deepEqual(await store.counts(), await oracle.counts())
      assert.deepEqual(await store.contents(), await oracle.contents())
      const random = seeded(2)
      const filters = [
        '',
        'genre=jazz',
        'genre!=jazz',
        "genre=drum'n'bass",
        'genre="a\\"b"',
        'genre=100%_\\',
        'genre~%',
        'year>=1990,duration<60',
        'path~/3/',
        'path~\\',
        'path=nowhere',
        'artist!=x',
        'artist=x',
      ]
      for (const filter of filters) {
        const where = filter === '' ? [] : parseFilter(filter)
        for (const limit of [1, 7, 11, 100]) {
          const vector = vectorFrom(random)
          const options = { limit, where, without: tracks[limit % 53].trackId }
          assertSameHits(await store.nearest(vector, options), await oracle.nearest(vector, options))
          assertSameHits(
            await store.nearestTracks(vector, options),
            await oracle.nearestTracks(vector, options),
          )
        }
      }
      for (const { content, moments } of contents.slice(0, 9)) {
        assert.deepEqual(await store.moments(content), moments)
        assert.deepEqual((await store.trackVectors([content, 'x'])).get(content), trackVector(moments))
      }
      await store.tidy()
      assert.deepEqual(await store.counts(), await oracle.counts())
      await store.close()
    })

    it('updates tracks by id, removes them, and forgets vectors that none uses', async () => {
      const { contents, tracks } = library()
      const store = await open()
      await store.put({ contents, tracks })
      const [first, second, third] = tracks as [Track, Track, Track]
      const moved = { ...first, path: '/elsewhere/x.mp3', artist: "O'Neil" }
      // Two that change places in one batch.
      await store.put({
        tracks: [moved, { ...second, path: third.path }, { ...third, path: second.path }],
        removed: [tracks[7].trackId, tracks[10].trackId],
      })
      assert.deepEqual(await store.find(first.trackId), moved)
      assert.deepEqual(await store.find('/elsewhere/x.mp3'), moved)
      assert.equal((await store.find(third.path))!.trackId, second.trackId)
      assert.equal((await store.counts()).tracks, 51)
      await store.tidy()
      const left = await store.contents()
      assert.ok(left.has(tracks[7].content), 'a copy still uses it')
      assert.ok(!left.has(tracks[10].content))
      assert.equal((await store.moments(tracks[10].content)).length, 0)
      await store.close()
    })

    it('remembers failures until they are resolved', async () => {
      const store = await open()
      const failures = ["/a/it's.mp3", '/b.mp3', '/c.mp3'].map((path, i) => ({
        path,
        size: i,
        modified: 5 + i,
        reason: 'empty',
      }))
      await store.put({ failures })
      await store.put({ failures: [{ ...failures[1], reason: 'truncated' }], resolved: ["/a/it's.mp3"] })
      assert.deepEqual(await store.failures(), [{ ...failures[1], reason: 'truncated' }, failures[2]])
      await store.close()
    })

    it('samples evenly and alike', async () => {
      const { contents, tracks } = library()
      const store = await open()
      await store.put({ contents, tracks })
      const moments = contents.flatMap((content) => content.moments.map((moment) => moment.vector))
      assert.deepEqual(await store.sample('moments', 1000), moments)
      const few = await store.sample('moments', 13)
      assert.equal(few.length, 13)
      assert.deepEqual(await store.sample('moments', 13), few)
      assert.equal((await store.sample('tracks', 1000)).length, contents.length)
      await store.close()
    })

    it('takes any text in paths, tags and filters', async () => {
      const store = await open()
      const { contents } = library()
      let i = 0
      await fc.assert(
        fc.asyncProperty(
          fc.stringMatching(/^[a'"%_\\;\-\n\u0000é]{1,12}$/u),
          fc.constantFrom('=', '~', '!=' as const),
          async (text, operator) => {
            const track = { ...trackOf(i++, contents[0].content), path: `/p/${text}/${i}`, artist: text }
            await store.put({ tracks: [track] })
            assert.deepEqual(await store.find(track.path), track)
            const where = [{ field: 'artist', operator, value: text } satisfies Condition]
            const found = await store.tracks(where)
            assert.equal(
              found.some(({ trackId }) => trackId === track.trackId),
              operator !== '!=',
            )
            await store.remove([track.trackId])
            assert.equal(await store.find(track.path), undefined)
          },
        ),
        { numRuns: 25, seed: 7 },
      )
      await store.close()
    })
  })
}

it('LanceStore takes a table whose making was cut short for one that is not there yet', async () => {
  const dir = join(folder, String(made++))
  const { contents, tracks } = library()
  for (const name of ['tracks', 'failures', 'moments-s', 'wholes-s'])
    await mkdir(join(dir, `${name}.lance`, '_versions'), { recursive: true })
  await writeFile(join(dir, 'tracks.lance', '_versions', '1.manifest.tmp'), 'half')
  const store = await LanceStore.open({ dir, spaceId: 's', dim: DIM })
  assert.deepEqual(await store.tracks(), [])
  assert.deepEqual(await store.failures(), [])
  assert.deepEqual(await store.nearest(contents[0].moments[0].vector, { limit: 3 }), [])
  await store.repair()
  await store.put({ contents, tracks })
  assert.equal((await store.counts()).moments, contents.flatMap(({ moments }) => moments).length)
  await store.close()
  // A table that is broken otherwise is not passed over.
  for (const file of await readdir(join(dir, 'tracks.lance', '_versions')))
    await writeFile(join(dir, 'tracks.lance', '_versions', file), 'broken')
  const broken = await LanceStore.open({ dir, spaceId: 's', dim: DIM })
  await assert.rejects(broken.tracks())
  await broken.close()
})
