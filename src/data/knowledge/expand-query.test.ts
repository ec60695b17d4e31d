import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { planWorld } from '../world/plan.js'
import { worldGraph } from '../world/relations.js'
import { worldPieces } from '../world/pieces.js'
import {
  expandQuery,
  findNames,
  idsOf,
  KnowledgeGraphBuilder,
  SimilarityTexts,
  verbaliseQuery,
  withoutTracks,
  type KnowledgeGraph,
} from './index.js'

function library(): KnowledgeGraph {
  const builder = new KnowledgeGraphBuilder()
  const relate = (head: string, relation: string, tail: string): void => builder.relate(head, relation, tail)
  relate('track:Hotel California', 'made_by', 'artist:Eagles')
  relate('track:Hotel California', 'has_mood', 'mood:wistful')
  relate('track:y1', 'made_by', 'artist:The Beatles')
  relate('track:y2', 'made_by', 'artist:Boyz II Men')
  builder.entity('track:y1', { name: 'Yesterday' })
  builder.entity('track:y2', { name: 'Yesterday' })
  for (const era of ['1970s', '1960s']) relate('artist:The Beatles', 'from_era', `era:${era}`)
  relate('artist:Norah Jones', 'has_genre', 'genre:Jazz')
  relate('artist:Norah Jones', 'has_instrument', 'instrument:piano')
  relate('artist:Norah', 'has_genre', 'genre:Pop')
  relate('artist:Low', 'has_genre', 'genre:Slowcore')
  relate('album:Solo Piano', 'made_by', 'artist:Chilly Gonzales')
  return builder.build()
}

const namesIn = (query: string): string[] =>
  findNames(library(), query).map(({ entity, text }) => `${entity.id} = ${text}`)

test('names are found where people put them, the longest, in spite of spelling', () => {
  const cases: readonly (readonly [string, ...string[]])[] = [
    ['similar to Norah Jones but more jazz', 'artist:Norah Jones = Norah Jones'],
    ['similar to nora jones but more jazz', 'artist:Norah Jones = nora jones'],
    ['sounds like early Beatles', 'artist:The Beatles = Beatles'],
    ['early beatels', 'artist:The Beatles = beatels'],
    ['songs like Hotel Californa', 'track:Hotel California = Hotel Californa'],
    ['songs like Yesterday by The Beatles, only slower', 'track:y1 = Yesterday'],
    ['songs like yesterday by boyz ii men', 'track:y2 = yesterday'],
    ['I love the eagles, what else is like it', 'artist:Eagles = the eagles'],
    ['something in the vein of Norah', 'artist:Norah = Norah'],
    [
      'somewhere between Norah Jones and Eagles',
      'artist:Norah Jones = Norah Jones',
      'artist:Eagles = Eagles',
    ],
    ['Norah Jones', 'artist:Norah Jones = Norah Jones'],
    ['mellow evening with Norah Jones', 'artist:Norah Jones = Norah Jones'],
    ['music like low', 'artist:Low = low'],
    // What is no name, or too far from one.
    ['calm solo piano'],
    ['low drums and a warm bass'],
    ['something like loud techno'],
    ['hotel lobby jazz'],
    ['music like slow'],
    [''],
  ]
  for (const [query, ...expected] of cases) assert.deepEqual(namesIn(query), expected, query)
  const query = 'songs like Yesterday by The Beatles'
  const [{ from, to, text }] = findNames(library(), query)
  assert.equal(query.slice(from, to), text)
})

test('words that say how music is are no names, although someone is called so', () => {
  const builder = new KnowledgeGraphBuilder()
  for (const name of ['Calm', 'Jazz', 'The', 'In', 'Song', 'Ballad', '.*', '(ab+)+$'])
    builder.relate(`artist:${name}`, 'has_mood', 'mood:calm')
  builder.relate('artist:Jazz', 'has_genre', 'genre:jazz')
  builder.relate('track:Calm', 'made_by', 'artist:Orly')
  const graph = builder.build()
  const cases: readonly (readonly [string, ...string[]])[] = [
    ['calm piano'],
    ['calm'],
    ['Jazz'],
    ['Calm piano'],
    ['something like calm jazz'],
    ['music in the style of jazz'],
    ['I love jazz'],
    ['music like the sea'],
    ['a song in a minor'],
    ['a sad love song'],
    ['love ballads'],
    ['similar to Calm', 'Calm'],
    ['songs like calm by orly', 'Calm'],
    ['songs like "Calm" and Jazz', 'Calm', 'Jazz'],
    ['music like The', 'The'],
    ['songs like .*', '.*'],
    ['fans of (ab+)+$', '(ab+)+$'],
  ]
  for (const [query, ...expected] of cases)
    assert.deepEqual(
      findNames(graph, query).map(({ entity }) => entity.name),
      expected,
      query,
    )
})

test('names and queries that nobody would type take no time', () => {
  const builder = new KnowledgeGraphBuilder()
  for (const name of ['x'.repeat(60_000), 'Foo '.repeat(15_000).trim(), 'Foo', 'The'])
    builder.relate(`artist:${name}`, 'has_genre', 'genre:jazz')
  const graph = builder.build()
  for (const part of ['x', 'y', 'Foo ', 'the ', '?', '. ', 'early ', 'Foo and ', '\u{1d11e}']) {
    const began = performance.now()
    const query = `like ${part.repeat(100_000 / part.length)}x`
    assert.ok(expandQuery(graph, query).text.startsWith(query.slice(0, 1000)), part)
    assert.ok(performance.now() - began < 2000, `${part}: ${performance.now() - began} ms`)
  }
  for (const part of ['even ', '#', 'more x ', 'but more love song ', 'a bit ', ', , ', "n't ", 'by By ']) {
    const began = performance.now()
    expandQuery(graph, `like Foo but ${part.repeat(100_000 / part.length)}x`)
    assert.ok(performance.now() - began < 2000, `${part}: ${performance.now() - began} ms`)
  }
  assert.equal(graph.entity('z'.repeat(100_000)), undefined)
})

test('a query is expanded by what the graph says of the named', () => {
  const graph = library()
  const query = 'similar to Nora Jones'
  const expanded = expandQuery(graph, query)
  const { text, sound, recognised } = expanded
  assert.ok(text.startsWith(`${query}. `) && /Norah Jones/.test(text), text)
  assert.match(text.slice(query.length), /piano|jazz/)
  assert.equal(sound, 'jazz, piano')
  assert.equal(recognised[0].entity.id, 'artist:Norah Jones')
  assert.ok(recognised[0].score > 0.9 && recognised[0].score < 1)
  assert.deepEqual(expanded, { query, text, sound, recognised })
  assert.deepEqual(expandQuery(graph, query), expanded)
  assert.match(
    expandQuery(graph, 'sounds like early Beatles').text,
    /^sounds like early Beatles\. From the 1960s\. /,
  )
  assert.match(expandQuery(graph, 'late Beatles').text, /From the 1970s/)
  assert.deepEqual(expandQuery(graph, 'calm piano'), {
    query: 'calm piano',
    text: 'calm piano',
    recognised: [],
  })
  // Without attributes of its own, an album sounds as its maker does; who has none sounds like nothing.
  const builder = new KnowledgeGraphBuilder()
  builder.relate('album:Kid A', 'made_by', 'artist:Radiohead')
  for (const tag of ['glitchy', 'anxious']) builder.relate('artist:Radiohead', 'has_attribute', tag)
  builder.relate('artist:Nobody Known', 'on_label', 'label:None')
  const tagged = builder.build()
  assert.equal(expandQuery(tagged, 'music like the album Kid A').sound, 'glitchy, anxious')
  assert.equal(expandQuery(tagged, 'music like Nobody Known').sound, undefined)
})

test('a turn is a part of its own, and changes what is said of the sound', () => {
  const graph = library()
  const turns: readonly (readonly [string, { sound?: string; more?: string; less?: string }])[] = [
    // Pop takes the place of jazz, as both are genres.
    ['similar to Norah Jones but more Pop', { sound: 'Pop, piano', more: 'Pop' }],
    ['similar to nora jones, but with more pop.', { sound: 'pop, piano', more: 'pop' }],
    ['similar to Norah Jones, only calmer', { sound: 'calmer, jazz, piano', more: 'calmer' }],
    ['songs like Norah Jones without piano', { sound: 'jazz', less: 'piano' }],
    ['songs like Norah Jones with no piano!', { sound: 'jazz', less: 'piano' }],
    [
      'similar to Norah Jones but a bit more pop, much less piano and not so slow',
      { more: 'pop', less: 'piano, slow' },
    ],
    [
      'similar to Norah Jones but more drum and bass and without vocals',
      { sound: 'drum and bass, jazz, piano', more: 'drum and bass', less: 'vocals' },
    ],
    [
      'similar to Norah Jones but from the 1970s',
      { sound: 'from the 1970s, jazz, piano', more: 'from the 1970s' },
    ],
    ['like Norah Jones but more like Hotel California', { sound: 'wistful, jazz, piano', more: 'wistful' }],
    [
      'like Norah Jones but slower, like Low',
      { sound: 'slower, slowcore, jazz, piano', more: 'slower, slowcore' },
    ],
    ['like Norah Jones but not like Hotel California', { sound: 'jazz, piano', less: 'wistful' }],
    ['like Norah Jones with a bit more pop', { sound: 'pop, piano', more: 'pop' }],
    ['like Norah Jones with a little less piano', { sound: 'jazz', less: 'piano' }],
    ['like Norah Jones (but lots more "Pop")', { sound: 'Pop, piano', more: 'Pop' }],
    ['like Norah Jones but more pop. Also less of the piano, please', { more: 'pop', less: 'piano' }],
    [
      'like Norah Jones without drums but faster',
      { sound: 'faster, jazz, piano', more: 'faster', less: 'drums' },
    ],
    [
      'like Norah Jones but less sad, and faster',
      { sound: 'faster, jazz, piano', more: 'faster', less: 'sad' },
    ],
    [
      'like Norah Jones but no piano, no guitar, just voice',
      { sound: 'voice, jazz', more: 'voice', less: 'piano, guitar' },
    ],
    ['like Norah Jones but without any piano or jazz', { less: 'piano or jazz' }],
    [
      'like Norah Jones but not only piano but also guitar',
      { sound: 'piano, guitar, jazz', more: 'piano, guitar' },
    ],
    [
      'like Norah Jones but instead of piano, guitar',
      { sound: 'guitar, jazz', more: 'guitar', less: 'piano' },
    ],
    ['like Norah Jones except for the piano', { sound: 'jazz', less: 'piano' }],
    ["like Norah Jones but I don't want piano", { sound: 'jazz', less: 'piano' }],
    ['like Norah Jones, nothing too loud', { sound: 'jazz, piano', less: 'loud' }],
    ['like Norah Jones, slower though', { sound: 'jazz, piano' }],
    ['songs like Yesterday by Boyz II Men without strings', { less: 'strings' }],
    ['songs like Hotel California by No Doubt but slower', { sound: 'slower, wistful', more: 'slower' }],
    // No turn.
    ['similar to Norah Jones but', { sound: 'jazz, piano' }],
    ['similar to Norah Jones', { sound: 'jazz, piano' }],
    ['calm but lively, like Norah Jones', { sound: 'jazz, piano' }],
    ['like Norah Jones with or without vocals', { sound: 'jazz, piano' }],
    ['like Norah Jones, more or less', { sound: 'jazz, piano' }],
    ['artists like Norah Jones no one knows', { sound: 'jazz, piano' }],
    ['music like Norah Jones for dancing with friends', { sound: 'jazz, piano' }],
    ['songs like Hotel California by No Doubt', { sound: 'wistful' }],
  ]
  for (const [query, expected] of turns) {
    const { sound, more, less, text, recognised } = expandQuery(graph, query)
    assert.deepEqual(
      { sound, more, less },
      { sound: undefined, more: undefined, less: undefined, ...expected },
      query,
    )
    if (expected.more ?? expected.less)
      assert.equal(text.split('. ')[0], query.slice(0, recognised[0].until), 'without the turn')
  }
  // Without a name there is no turn, and a name's words are none.
  assert.deepEqual(expandQuery(graph, 'calm but more jazz'), {
    ...{ query: 'calm but more jazz', text: 'calm but more jazz', recognised: [] },
  })
  const builder = new KnowledgeGraphBuilder()
  builder.relate('track:Nothing but Thieves without Shoes', 'has_mood', 'mood:sad')
  const { text, sound, more, less } = expandQuery(
    builder.build(),
    'songs like Nothing but Thieves without Shoes but happy',
  )
  assert.ok(text.startsWith('songs like Nothing but Thieves without Shoes. '))
  assert.deepEqual([sound, more, less], ['happy, sad', 'happy', undefined])
})

const pieces = 140
const { artists } = planWorld({ pieces, seed: 3 })
const tracks = [...worldPieces({ pieces, seed: 3 })].map(({ track }) => track)
const world = worldGraph(tracks, artists, { seed: 3 })

test('of queries as the templates say them, nearly all name whom they name', () => {
  let [right, all] = [0, 0]
  for (const [index, { id }] of [
    ...world.entities({ type: 'artist' }),
    ...world.entities({ type: 'track' }),
  ].entries()) {
    const { text } = verbaliseQuery(world, { like: [id] }, new Random(index))
    const name = world.entity(id)!.name
    all++
    if (findNames(world, text).some(({ entity }) => entity.name === name)) right++
  }
  assert.ok(right > 0.95 * all, `${right} of ${all}`)
})

test('texts of similarity name what the track is like, not what was taken out of the graph', () => {
  const infos = tracks.map(({ id, artist, title }) => ({ id: `audio/${id}`, artist, title }))
  const apart = new Set(artists.slice(0, 3).map(({ name }) => name))
  const [kept, held] = [true, false].map((is) => infos.filter(({ artist }) => apart.has(artist) !== is))
  const graph = withoutTracks(world, { kept, apart: held })
  for (const info of held) {
    assert.equal(graph.has(`track:${info.id.slice(6)}`), false)
    assert.equal(graph.has(`artist:${info.artist}`), false)
  }
  for (const info of kept) assert.equal(idsOf(graph, info).track, `track:${info.id.slice(6)}`)
  const texts = new SimilarityTexts(graph, { context: 0.5, seed: 1 })
  const said = kept.flatMap((info) =>
    Array.from({ length: 6 }, (_, i) => ({ info, text: texts.draw(info, new Random(i))! })),
  )
  for (const { text } of said)
    for (const name of apart) assert.ok(!text.toLowerCase().includes(name.toLowerCase()), `${name}: ${text}`)
  const documents = said.filter(({ text }) => text.includes('. ')).length
  assert.ok(
    documents > 0.35 * said.length && documents < 0.65 * said.length,
    `${documents} of ${said.length}`,
  )
  const turned = said.filter(({ text }) => /(but|, only) /.test(text.split('. ')[0])).length
  assert.ok(turned > 0.3 * said.length, `${turned} of ${said.length}`)
  // The same draw, the same text.
  assert.equal(
    texts.draw(kept[0], new Random(1)),
    new SimilarityTexts(graph, { context: 0.5, seed: 1 }).draw(kept[0], new Random(1)),
  )
  assert.equal(texts.draw({ id: 'nobody knows it' }, new Random(1)), undefined)
})
