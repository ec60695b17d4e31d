import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Random } from '../../random/index.js'
import {
  drawQuery,
  KnowledgeGraphBuilder,
  verbaliseEntity,
  verbaliseQuery,
  type KnowledgeGraph,
} from './index.js'

function library(): KnowledgeGraph {
  const builder = new KnowledgeGraphBuilder()
  const relate = (head: string, relation: string, tail: string): void => builder.relate(head, relation, tail)
  relate('track:Hotel California', 'made_by', 'artist:Eagles')
  relate('track:Hotel California', 'on_album', 'album:Hotel California')
  relate('album:Hotel California', 'made_by', 'artist:Eagles')
  relate('track:Hotel California', 'has_instrument', 'instrument:electric guitar')
  relate('track:Hotel California', 'has_mood', 'mood:melancholy')
  relate('artist:The Beatles', 'from_era', 'era:1970s')
  relate('artist:The Beatles', 'from_era', 'era:1960s')
  relate('artist:The Beatles', 'has_genre', 'genre:Rock')
  relate('artist:Eagles', 'has_genre', 'genre:Rock')
  relate('artist:Norah Jones', 'has_genre', 'genre:Jazz')
  relate('artist:Norah Jones', 'similar_to', 'artist:The Beatles')
  for (const tag of ['no drums', 'vinyl crackle', 'dance'])
    relate('track:Hotel California', 'has_attribute', `tag:${tag}`)
  return builder.build()
}

/** What is said of a query under many seeds, in lower case. */
function said(query: Parameters<typeof verbaliseQuery>[1]): Set<string> {
  const graph = library()
  return new Set(
    Array.from({ length: 300 }, (_, seed) =>
      verbaliseQuery(graph, query, new Random(seed)).text.toLowerCase(),
    ),
  )
}

test('queries are said as people ask them', () => {
  const track = said({ like: ['track:Hotel California'] })
  assert.ok(
    track.has('songs like hotel california') && track.has('music similar to hotel california by eagles'),
  )
  const turned = said({ like: ['artist:Norah Jones'], wanted: ['genre:Jazz'] })
  assert.ok(turned.has('music similar to norah jones but more jazz'))
  const era = said({ like: ['artist:The Beatles'], wanted: ['era:1960s'] })
  assert.ok(era.has('sounds like early beatles') && era.has('sounds like 1960s beatles'))
  assert.ok([...era].every((text) => /(early|1960s) beatles/.test(text) && !text.includes(' but ')))
  const both = said({
    like: ['artist:Eagles', 'artist:Norah Jones'],
    unwanted: ['instrument:electric guitar', 'tag:dance'],
  })
  assert.ok(both.has('somewhere between eagles and norah jones, but without electric guitar and less dance'))
  for (const [unwanted, text] of [
    ['tag:no drums', /with drums/],
    ['tag:vinyl crackle', /without the vinyl crackle sound/],
    ['mood:melancholy', /(less|not so) melancholy/],
    ['era:1970s', /not from the 1970s/],
  ] as const)
    for (const one of said({ like: ['artist:Eagles'], unwanted: [unwanted] })) assert.match(one, text)
})

test('a query says what it refers to, and is the same for the same seed', () => {
  const graph = library()
  const ids = [...graph.entities()]
    .filter(({ type }) => ['track', 'artist'].includes(type))
    .map(({ id }) => id)
  fc.assert(
    fc.property(fc.constantFrom(...ids), fc.nat(), (id, seed) => {
      const query = drawQuery(graph, id, new Random(seed))
      assert.deepEqual(drawQuery(graph, id, new Random(seed)), query)
      assert.deepEqual(query.like, [id])
      const text = query.text.toLowerCase()
      const name = graph.entity(id)!.name.toLowerCase().replace(/^the /, '')
      assert.ok(text.includes(name), text)
      for (const attribute of [...query.wanted, ...query.unwanted]) {
        const word = graph.entity(attribute)!.name.toLowerCase().replace(/^no /, '')
        // The era of an artist may be said as "early".
        if (!/\b(early|late)\b/.test(text)) assert.ok(text.includes(word), `${text}: ${word}`)
      }
      // Wanted is what it has not, unwanted what it has.
      const own = graph.neighbours(id, { direction: 'out' }).map(({ entity }) => entity.id)
      assert.ok(query.wanted.every((attribute) => !own.includes(attribute)))
      assert.ok(query.unwanted.every((attribute) => own.includes(attribute)))
    }),
  )
  assert.throws(() => verbaliseQuery(graph, { like: [] }, new Random(1)), RangeError)
  assert.throws(() => verbaliseQuery(graph, { like: ['nobody'] }, new Random(1)), { code: 'usage' })
})

test('a document names its entity and nothing that is not beside it', () => {
  const graph = library()
  const names = [...graph.entities()]
  const texts = new Set<string>()
  fc.assert(
    fc.property(fc.constantFrom(...names.map(({ id }) => id)), fc.nat(), (id, seed) => {
      const { text, about, mentions } = verbaliseEntity(graph, id, new Random(seed))
      assert.equal(about, id)
      texts.add(text)
      const lower = text.toLowerCase()
      assert.ok(lower.includes(graph.entity(id)!.name.toLowerCase()), text)
      for (const entity of names)
        if (entity.id !== id && !mentions.includes(entity.id)) {
          // "rock" is in no other name; a title may be the album's too.
          const other = names.some((one) => one.id !== entity.id && one.name === entity.name)
          assert.ok(other || !lower.includes(entity.name.toLowerCase()), `${text}: ${entity.name}`)
        }
      assert.ok(!/ {2}|\{\}|undefined|\ba (electric|act)\b/.test(text), text)
    }),
    { numRuns: 300 },
  )
  assert.ok(texts.size > 60, `${texts.size} texts`)
})
