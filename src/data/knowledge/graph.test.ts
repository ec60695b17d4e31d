import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { describeGraph, KnowledgeGraphBuilder, tripleLines, type KnowledgeGraph } from './index.js'

type Edge = readonly [head: number, relation: string, tail: number, weight: number]

const edges = (nodes: number, most: number): fc.Arbitrary<Edge[]> =>
  fc.array(
    fc.tuple(
      fc.nat(nodes - 1),
      fc.constantFrom('made_by', 'similar_to', 'has_mood', 'sampled'),
      fc.nat(nodes - 1),
      fc.constantFrom(1, 2, 3, 0.5),
    ),
    { maxLength: most },
  )

function build(list: readonly Edge[]): KnowledgeGraph {
  const builder = new KnowledgeGraphBuilder()
  for (const [head, relation, tail, weight] of list) builder.relate(`n${head}`, relation, `n${tail}`, weight)
  return builder.build()
}

/** The plain way: what `neighbours` should give, as text. */
function around(list: readonly Edge[], node: number, direction: 'in' | 'out' | 'both'): string[] {
  const seen = new Map<string, number>()
  const see = (other: number, relation: string, way: string, weight: number): void => {
    const key = `${relation} ${way} n${other}`
    seen.set(key, Math.max(weight, seen.get(key) ?? 0))
  }
  for (const [head, relation, tail, weight] of list) {
    const both = relation === 'similar_to'
    if (head === node && (both || direction !== 'in')) see(tail, relation, both ? 'both' : 'out', weight)
    if (tail === node && (both || direction !== 'out')) see(head, relation, both ? 'both' : 'in', weight)
  }
  return [...seen].map(([key, weight]) => `${key} ${weight}`).sort()
}

test('neighbours are those of the list of relations: both ways where symmetric, the heaviest of equal ones', () => {
  fc.assert(
    fc.property(edges(7, 40), (list) => {
      const graph = build(list)
      for (let node = 0; node < 7; node++)
        for (const direction of ['in', 'out', 'both'] as const) {
          if (!graph.has(`n${node}`)) continue
          const got = graph
            .neighbours(`n${node}`, { direction })
            .map((n) => `${n.relation} ${n.direction} ${n.entity.id} ${n.weight}`)
          assert.deepEqual([...new Set(got)].sort(), around(list, node, direction))
        }
    }),
  )
})

test('paths are the shortest ones, all of them', () => {
  fc.assert(
    fc.property(
      edges(8, 16),
      fc.nat(7),
      fc.nat(7),
      fc.integer({ min: 1, max: 4 }),
      (list, from, to, maxLength) => {
        const graph = build(list)
        if (!graph.has(`n${from}`) || !graph.has(`n${to}`)) return
        // The plain way: every walk, length by length.
        let walks: string[][] = [[`n${from}`]]
        let found: string[][] = from === to ? [[`n${from}`]] : []
        for (let length = 1; length <= maxLength && found.length === 0; length++) {
          walks = walks.flatMap((walk) =>
            graph
              .neighbours(walk[walk.length - 1])
              .map(({ entity, relation, direction }) => [
                ...walk.slice(0, -1),
                `${walk[walk.length - 1]} ${relation} ${direction}`,
                entity.id,
              ]),
          )
          found = walks.filter((walk) => walk[walk.length - 1] === `n${to}`)
        }
        const got = graph
          .paths(`n${from}`, `n${to}`, { maxLength, limit: 1000 })
          .map((steps) => [...steps.map((s) => `${s.from} ${s.relation} ${s.direction}`), `n${to}`])
        const text = (paths: string[][]): string[] =>
          [...new Set(paths.map((path) => path.join(' > ')))].sort()
        assert.deepEqual(text(got), text(found))
        if (got.length > 2) assert.equal(graph.paths(`n${from}`, `n${to}`, { maxLength, limit: 2 }).length, 2)
      },
    ),
    { numRuns: 200 },
  )
})

test('similar by attributes is the cosine of rarities', () => {
  const attributes = fc.array(fc.tuple(fc.nat(5), fc.nat(4), fc.constantFrom(1, 4, 9)), { maxLength: 25 })
  fc.assert(
    fc.property(attributes, (list) => {
      const builder = new KnowledgeGraphBuilder()
      for (let track = 0; track < 6; track++) builder.entity(`track:${track}`)
      const weights = new Map<string, number>()
      for (const [track, mood, weight] of list) {
        builder.relate(`track:${track}`, 'has_mood', `mood:${mood}`, weight)
        const key = `${track} ${mood}`
        weights.set(key, Math.max(weight, weights.get(key) ?? 0))
      }
      const graph = builder.build()
      const holders = (mood: number): number =>
        [0, 1, 2, 3, 4, 5].filter((t) => weights.has(`${t} ${mood}`)).length
      const vector = (track: number): number[] =>
        [0, 1, 2, 3, 4].map((mood) =>
          weights.has(`${track} ${mood}`)
            ? Math.sqrt(weights.get(`${track} ${mood}`)!) * Math.log(1 + graph.size / holders(mood))
            : 0,
        )
      const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0)
      for (let track = 0; track < 6; track++) {
        const own = vector(track)
        const expected = [0, 1, 2, 3, 4, 5]
          .filter((other) => other !== track)
          .map(
            (other) => dot(own, vector(other)) / Math.sqrt(dot(own, own) * dot(vector(other), vector(other))),
          )
          .filter((cosine) => cosine > 0)
          .sort((a, b) => b - a)
        const got = graph.similar(`track:${track}`, { by: 'attributes' })
        assert.equal(got.length, expected.length)
        got.forEach(({ score }, i) => assert.ok(Math.abs(score - expected[i]) < 1e-9))
      }
    }),
    { numRuns: 60 },
  )
})

/** Two bands and what they made. */
function bands(): KnowledgeGraph {
  const builder = new KnowledgeGraphBuilder()
  builder.entity('a1', { type: 'artist', name: 'The Beatles', aliases: ['Fab Four'] })
  builder.entity('artist:Wings')
  for (const track of ['Help!', 'Yesterday']) builder.relate(`track:${track}`, 'made_by', 'a1')
  builder.relate('track:Jet', 'made_by', 'artist:Wings')
  builder.relate('track:Help!', 'has_genre', 'genre:rock')
  builder.relate('track:Jet', 'has_genre', 'genre:rock')
  builder.relate('a1', 'similar_to', 'artist:Wings', 0.75)
  builder.relate('track:Help!', 'on_album', 'Help', 1)
  return builder.build()
}

test('an entity has the type and name that are given, or that its id or a relation tells', () => {
  const graph = bands()
  assert.deepEqual(graph.entity('a1'), {
    id: 'a1',
    type: 'artist',
    name: 'The Beatles',
    aliases: ['Fab Four'],
  })
  assert.deepEqual(graph.entity('artist:Wings'), {
    id: 'artist:Wings',
    type: 'artist',
    name: 'Wings',
    aliases: [],
  })
  assert.equal(graph.entity('Help')!.type, 'album')
  assert.equal(graph.entity('nobody'), undefined)
  assert.throws(() => graph.neighbours('nobody'), {
    code: 'usage',
    message: 'The graph has no entity "nobody"',
  })
  assert.deepEqual(
    [...graph.entities({ type: 'artist' })].map(({ name }) => name),
    ['The Beatles', 'Wings'],
  )
})

test('similar tracks: by what they share, then by their artists', () => {
  const graph = bands()
  const found = graph.similar('track:Help!').map(({ entity, by }) => `${entity.name}, ${by}`)
  assert.deepEqual(found, ['Jet, attributes', 'Yesterday, artist'])
  const byArtist = graph.similar('track:Yesterday').map(({ entity, score }) => [entity.name, score])
  assert.deepEqual(byArtist, [
    ['Help!', 1],
    ['Jet', 0.75],
  ])
  assert.deepEqual(
    graph.similar('a1').map(({ entity, by }) => [entity.id, by]),
    [['artist:Wings', 'similar_to']],
  )
  assert.equal(graph.similar('track:Help!', { limit: 1 }).length, 1)
})

test('names are found by name and alias, of a type', () => {
  const graph = bands()
  assert.equal(graph.find('beatels')[0].entity.id, 'a1')
  assert.equal(graph.find('fab for')[0].entity.id, 'a1')
  assert.equal(graph.find('fab for')[0].name, 'Fab Four')
  // A track and an album; the track has more relations.
  assert.deepEqual(
    graph.find('help').map(({ entity, score }) => [entity.type, score]),
    [
      ['track', 1],
      ['album', 1],
    ],
  )
  assert.deepEqual(
    graph.find('help', { type: 'track' }).map(({ entity }) => entity.id),
    ['track:Help!'],
  )
  assert.deepEqual(graph.find('beatels', { type: 'label' }), [])
})

test('a graph is summed up, and written as lines', () => {
  const graph = bands()
  assert.deepEqual(describeGraph(graph), {
    entities: 7,
    relations: 7,
    byType: { track: 3, artist: 2, album: 1, genre: 1 },
    byRelation: { made_by: 3, has_genre: 2, on_album: 1, similar_to: 1 },
    degree: { least: 1, median: 2, most: 3 },
  })
  assert.deepEqual([...tripleLines(graph)].slice(0, 5), [
    'a1\ttype\tartist',
    'a1\tname\tThe Beatles',
    'a1\talias\tFab Four',
    'Help\ttype\talbum',
    'a1\tsimilar_to\tartist:Wings\t0.75',
  ])
})

test('a weight that is no number above 0 is refused', () => {
  const builder = new KnowledgeGraphBuilder()
  for (const weight of [0, -1, NaN, Infinity])
    assert.throws(() => builder.relate('a', 'similar_to', 'b', weight), RangeError)
})
