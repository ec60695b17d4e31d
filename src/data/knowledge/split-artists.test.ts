import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { KnowledgeGraphBuilder, splitArtists, type ArtistSplit, type KnowledgeGraph } from './index.js'

const SIDES = ['train', 'validation', 'test'] as const

const ids = (graph: KnowledgeGraph, ...types: string[]): string[] =>
  [...graph.entities()].filter(({ type }) => types.includes(type)).map(({ id }) => id)

const lines = (graph: KnowledgeGraph): string[] =>
  [...graph.triples()].map(({ head, relation, tail, weight }) => `${head} ${relation} ${tail} ${weight}`)

/** Tracks by one to three artists, some with a `;` in their ids, albums of any tracks, similar artists, genres. */
const graphs = fc
  .record({
    tracks: fc.array(
      fc.record({
        makers: fc.uniqueArray(fc.nat(30), { minLength: 0, maxLength: 2 }),
        album: fc.option(fc.nat(15)),
        genre: fc.nat(3),
      }),
      { minLength: 20, maxLength: 60 },
    ),
    similar: fc.array(fc.tuple(fc.nat(35), fc.nat(35)), { maxLength: 40 }),
  })
  .map(({ tracks, similar }) => {
    const builder = new KnowledgeGraphBuilder()
    const artist = (number: number): string =>
      `artist:${number % 4 === 0 ? `x;${number};y` : `Band ${number}`}`
    tracks.forEach(({ makers, album, genre }, number) => {
      for (const maker of makers) builder.relate(`track:${number}`, 'made_by', artist(maker))
      builder.relate(`track:${number}`, 'has_genre', `genre:${genre}`)
      if (album === null) return
      builder.relate(`track:${number}`, 'on_album', `album:${album}`)
      if (makers.length > 0) builder.relate(`album:${album}`, 'made_by', artist(makers[0]))
    })
    for (const [one, other] of similar)
      if (one !== other) builder.relate(artist(one), 'similar_to', artist(other))
    builder.relate('genre:0', 'subgenre_of', 'genre:1')
    return builder.build()
  })

test('no artist, track or album is on two sides, no artist is known through a relation, and nothing is lost', () => {
  let divided = 0
  fc.assert(
    fc.property(graphs, fc.nat(99), (graph, seed) => {
      let parts: ArtistSplit
      try {
        parts = splitArtists(graph, { validation: 0.2, test: 0.2, seed })
      } catch (error) {
        // All tied together by their tracks: said, not done wrongly.
        return /No pairs for/.test((error as Error).message)
      }
      divided++
      const sides = SIDES.map((side) => ids(parts[side], 'artist', 'track', 'album'))
      const all = sides.flat()
      assert.equal(new Set(all).size, all.length)
      assert.deepEqual(all.sort(), ids(graph, 'artist', 'track', 'album').sort())
      // Who made a track together is together: relations of tracks to artists are never dropped.
      for (const { head, relation } of parts.dropped)
        assert.ok(!(relation === 'made_by' && head.startsWith('track:')), head)
      const kept = SIDES.flatMap((side) => lines(parts[side]))
      const dropped = parts.dropped.map((t) => `${t.head} ${t.relation} ${t.tail} ${t.weight}`)
      assert.deepEqual([...new Set([...kept, ...dropped])].sort(), lines(graph).sort())
      // What is shared by genres alone is on each side.
      for (const side of SIDES) assert.ok(lines(parts[side]).includes('genre:0 subgenre_of genre:1 1'))
      return true
    }),
    { numRuns: 80 },
  )
  assert.ok(divided > 40, `${divided} divided`)
})

test('the shares are met, and a seed is a split', () => {
  const builder = new KnowledgeGraphBuilder()
  for (let track = 0; track < 200; track++)
    builder.relate(`track:${track}`, 'made_by', `artist:${track % 50}`)
  const graph = builder.build()
  const parts = splitArtists(graph, { validation: 0.1, test: 0.2, seed: 3 })
  assert.equal(ids(parts.validation, 'track').length, 20)
  assert.equal(ids(parts.test, 'track').length, 40)
  const of = (seed: number): string => ids(splitArtists(graph, { seed }).validation, 'artist').join()
  assert.equal(of(1), of(1))
  assert.notEqual(of(1), of(2))
})
