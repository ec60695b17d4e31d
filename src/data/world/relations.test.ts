import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeGraph, planWorld, tripleLines, worldGraph, worldPieces, type WorldTrack } from '../index.js'
import { Random } from '../../random/index.js'
import { albumEntity, artistEntity, trackEntity } from './relations.js'

const PIECES = 330
const { artists } = planWorld({ pieces: PIECES, seed: 3 })
const tracks = [...worldPieces({ pieces: PIECES, seed: 3 })].map(({ track }) => track)
const graph = worldGraph(tracks, artists, { seed: 3 })

const ofArtist = new Map<string, WorldTrack[]>()
for (const track of tracks) ofArtist.set(track.artist, [...(ofArtist.get(track.artist) ?? []), track])

/** Share of tags that tracks of two artists have in common, over all pairs of them (Jaccard). */
function sharedTags(one: string, other: string): number {
  let [sum, pairs] = [0, 0]
  for (const a of ofArtist.get(one)!)
    for (const b of ofArtist.get(other)!) {
      const common = a.tags.filter((tag) => b.tags.includes(tag)).length
      sum += common / (a.tags.length + b.tags.length - common)
      pairs++
    }
  return sum / pairs
}

const similarOf = (name: string): string[] =>
  graph.neighbours(artistEntity(name), { relation: 'similar_to' }).map(({ entity }) => entity.name)

test('similar artists sound alike: their tracks share more tags than those of others', () => {
  const rng = new Random(1)
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const near: number[] = []
  const nearest: number[] = []
  const random: number[] = []
  for (const { name } of artists) {
    const similar = similarOf(name)
    assert.ok(similar.length >= 5, `${name} has ${similar.length}`)
    nearest.push(sharedTags(name, similar[0]))
    near.push(...similar.map((other) => sharedTags(name, other)))
    const others = artists.filter((other) => other.name !== name && !similar.includes(other.name))
    random.push(...Array.from({ length: 7 }, () => sharedTags(name, rng.pick(others).name)))
  }
  assert.ok(mean(near) > 1.4 * mean(random), `${mean(near)} and ${mean(random)}`)
  assert.ok(mean(nearest) > 2 * mean(random), `${mean(nearest)} and ${mean(random)}`)
})

test('tracks, albums and artists are related as the facts say', () => {
  for (const track of tracks.filter((_, i) => i % 7 === 0)) {
    const id = trackEntity(track.id)
    assert.equal(graph.entity(id)!.name, track.title)
    const tails = (relation: string): string[] =>
      graph
        .neighbours(id, { relation, direction: 'out' })
        .map(({ entity }) => entity.name)
        .sort()
    assert.deepEqual(tails('made_by'), [track.artist])
    assert.deepEqual(tails('on_album'), [track.album])
    assert.deepEqual(tails('has_instrument'), track.instruments.map(({ name }) => name).sort())
    assert.deepEqual(tails('from_era'), [track.production.era])
    const said = graph.neighbours(id, { direction: 'out' }).map(({ entity }) => entity.name.toLowerCase())
    for (const tag of [...track.tags, ...track.moods, track.genre, track.tempo])
      assert.ok(said.includes(tag.toLowerCase()), `${track.id} lacks ${tag}`)
    assert.equal(graph.neighbours(albumEntity(track.artist, track.album), { relation: 'made_by' }).length, 1)
  }
  const { byType } = describeGraph(graph)
  assert.deepEqual([byType.track, byType.artist], [PIECES, artists.length])
})

test('influences came a generation before', () => {
  const years = new Map(artists.map(({ name, years: [first] }) => [name, first]))
  const influences = [...graph.triples()].filter(({ relation }) => relation === 'influenced_by')
  assert.ok(influences.length > 5, `${influences.length}`)
  for (const { head, tail } of influences) {
    const [later, earlier] = [head, tail].map((id) => years.get(graph.entity(id)!.name)!)
    assert.ok(later - earlier >= 8)
    assert.ok(similarOf(graph.entity(head)!.name).includes(graph.entity(tail)!.name))
  }
})

test('the same facts and seed give the same graph', () => {
  const lines = (seed: number): string =>
    [...tripleLines(worldGraph(tracks.values(), artists, { seed }))].join('\n')
  assert.equal(lines(3), [...tripleLines(graph)].join('\n'))
  assert.notEqual(lines(4), lines(3))
  assert.throws(() => worldGraph(tracks, artists.slice(1), { seed: 3 }), /who is not among the artists/)
})
