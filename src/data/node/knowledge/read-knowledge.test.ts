import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { KnowledgeGraphBuilder, tripleLines, type KnowledgeGraph } from '../../knowledge/index.js'
import { readKnowledge } from './index.js'

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'antiphon-knowledge-'))
})
after(() => rm(dir, { recursive: true, force: true }))

async function file(name: string, content: string): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, content)
  return path
}

const lines = (graph: KnowledgeGraph): string[] =>
  [...tripleLines(graph)].map((line) => line.replaceAll('\t', ' | ')).sort()
const ALL = { maxWrongShare: 1 }

test('triples: entities by type and name or plain, weights, comments; wrong rows by their lines', async () => {
  const path = await file(
    'triples.tsv',
    `# songs and their artists
track:Yesterday\tmade_by\tartist:The Beatles
track:Jet\tmade_by\tWings

Wings\tsimilar_to\tartist:The Beatles\t0.8
artist:The Beatles\tsimilar_to\tWings\t0.25
Wings\tname\tWings (UK)
Wings\talias\tPaul McCartney & Wings
x7\ttype\tlabel
Wings\ton_label\tx7
a\tb
a\tb\tc\tlots
a\tb\tc\t0
a\t\tc
a\tb\tc\t1\t2
`,
  )
  const { graph, rows, wrong, wrongRows, format } = await readKnowledge(path, ALL)
  assert.deepEqual(lines(graph), [
    'Wings | alias | Paul McCartney & Wings',
    'Wings | name | Wings (UK)',
    'Wings | on_label | x7',
    'Wings | type | artist',
    'artist:The Beatles | similar_to | Wings | 0.8',
    'track:Jet | made_by | Wings',
    'track:Yesterday | made_by | artist:The Beatles',
    'x7 | type | label',
  ])
  assert.deepEqual([rows, wrongRows, format], [13, 5, 'triples'])
  assert.deepEqual(
    wrong.map(({ line, reason }) => `${line}: ${reason}`),
    [
      '11: 2 fields (expected head, relation, tail and perhaps a weight, tabs between)',
      '12: weight "lots" is no number above 0',
      '13: weight "0" is no number above 0',
      '14: no relation',
      '15: 5 fields (expected head, relation, tail and perhaps a weight, tabs between)',
    ],
  )
  await assert.rejects(readKnowledge(path), { code: 'failed', message: /^5 of 13 rows are wrong/ })
})

test('types, names and aliases may be in a file of their own', async () => {
  const folder = join(dir, 'with-nodes')
  await mkdir(folder)
  await writeFile(join(folder, 'graph.tsv'), 'Q1\tmade_by\tQ2\n')
  await writeFile(
    join(folder, 'nodes.tsv'),
    'Q1\ttrack\tYesterday\nQ2\tartist\tThe Beatles\tFab Four\tBeatles\nQ3\nQ4\t\tAlone\n',
  )
  const { graph, wrong } = await readKnowledge(folder, ALL)
  assert.deepEqual(graph.entity('Q2'), {
    id: 'Q2',
    type: 'artist',
    name: 'The Beatles',
    aliases: ['Fab Four', 'Beatles'],
  })
  assert.equal(graph.entity('Q1')!.name, 'Yesterday')
  assert.equal(graph.entity('Q4')!.name, 'Alone')
  assert.deepEqual(
    wrong.map(({ file: name, line }) => [name, line]),
    [[join(folder, 'nodes.tsv'), 3]],
  )
  const named = await readKnowledge(join(folder, 'graph.tsv'), { ...ALL, nodes: join(folder, 'nodes.tsv') })
  assert.deepEqual(lines(named.graph), lines(graph))
})

test('what is written is read', async () => {
  const id = fc
    .string({ minLength: 1, maxLength: 6 })
    .filter((text) => !/[\t\r\n]/.test(text) && !text.startsWith('#'))
  const relation = fc.constantFrom('made_by', 'similar_to', 'has_genre', 'sampled')
  const edge = fc.tuple(id, relation, id, fc.float({ min: Math.fround(0.001), max: 1000, noNaN: true }))
  await fc.assert(
    fc.asyncProperty(fc.array(edge, { minLength: 1, maxLength: 30 }), async (edges) => {
      const builder = new KnowledgeGraphBuilder()
      for (const [head, name, tail, weight] of edges) builder.relate(head, name, tail, weight)
      builder.entity(edges[0][0], { name: 'a name', aliases: ['other', 'names'] })
      const graph = builder.build()
      const { graph: read } = await readKnowledge(await file('round.tsv', [...tripleLines(graph)].join('\n')))
      // Of what holds both ways, which end comes first follows from the order of the lines.
      const bothWays = (line: string): string => {
        const [head, relation, tail, ...weight] = line.split(' | ')
        return relation === 'similar_to' ? [...[head, tail].sort(), relation, ...weight].join(' | ') : line
      }
      assert.deepEqual(lines(read).map(bothWays).sort(), lines(graph).map(bothWays).sort())
    }),
    { numRuns: 60 },
  )
})

// In the form of https://musicbrainz.org/doc/MusicBrainz_API, as in the dumps: an entity a line.
const BEATLES = 'b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d'
const PAUL = 'ba550d0e-adac-4864-b88b-407cab5e76af'
const artist = {
  id: BEATLES,
  name: 'The Beatles',
  'sort-name': 'Beatles, The',
  type: 'Group',
  'life-span': { begin: '1960', end: '1970-04-10', ended: true },
  area: { id: 'a1', name: 'United Kingdom', 'sort-name': 'United Kingdom' },
  aliases: [{ name: 'Fab Four', locale: null, primary: null }],
  genres: [{ id: 'g1', name: 'rock', count: 30, disambiguation: '' }],
  tags: [
    { name: 'rock', count: 30 },
    { name: 'british invasion', count: 9 },
    { name: 'k-pop', count: -2 },
  ],
  relations: [
    {
      type: 'member of band',
      'target-type': 'artist',
      direction: 'backward',
      artist: { id: PAUL, name: 'Paul McCartney' },
      attributes: ['bass guitar'],
    },
    {
      type: 'official homepage',
      'target-type': 'url',
      direction: 'forward',
      url: { id: 'u', resource: 'https://example.org' },
    },
  ],
}
const recording = {
  id: 'rec1',
  title: 'Yesterday',
  length: 125000,
  video: false,
  'first-release-date': '1965-08-06',
  'artist-credit': [{ name: 'The Beatles', joinphrase: '', artist: { id: BEATLES, name: 'The Beatles' } }],
  releases: [{ id: 'rel1', title: 'Help!', 'release-group': { id: 'rg1', title: 'Help!' } }],
  relations: [
    {
      type: 'instrument',
      'target-type': 'artist',
      direction: 'backward',
      attributes: ['acoustic guitar'],
      artist: { id: PAUL, name: 'Paul McCartney' },
    },
  ],
}
const release = {
  id: 'rel2',
  title: 'Now and Then (compilation)',
  date: '1996',
  status: 'Official',
  'artist-credit': [
    {
      name: 'Various Artists',
      artist: { id: '89ad4ac3-39f7-470e-963a-56509c546377', name: 'Various Artists' },
    },
  ],
  'release-group': { id: 'rg2', title: 'Now and Then' },
  'label-info': [{ 'catalog-number': '1', label: { id: 'l1', name: 'Apple Records' } }, { label: null }],
  media: [
    {
      tracks: [
        {
          id: 't',
          recording: { id: 'rec1', title: 'Yesterday', 'artist-credit': recording['artist-credit'] },
        },
      ],
    },
  ],
}

test('MusicBrainz: lines of a dump', async () => {
  const path = await file(
    'mixed.jsonl',
    [artist, recording, release, { id: 'x' }, { name: 'no id', 'sort-name': 'x', 'life-span': {} }]
      .map((value) => JSON.stringify(value))
      .join('\n') + '\n{"id": "cut\n',
  )
  const { graph, format, rows, wrong } = await readKnowledge(path, ALL)
  assert.equal(format, 'musicbrainz')
  assert.equal(rows, 6)
  assert.deepEqual(lines(graph), [
    'album:rg1 | name | Help!',
    'album:rg2 | from_era | era:1990s',
    'album:rg2 | name | Now and Then',
    'album:rg2 | on_label | label:l1',
    `artist:${BEATLES} | alias | Fab Four`,
    `artist:${BEATLES} | from_era | era:1960s`,
    `artist:${BEATLES} | from_place | place:a1`,
    `artist:${BEATLES} | has_attribute | tag:british invasion | 9`,
    `artist:${BEATLES} | has_genre | genre:rock | 30`,
    `artist:${BEATLES} | name | The Beatles`,
    `artist:${PAUL} | instrument | track:rec1`,
    `artist:${PAUL} | member_of | artist:${BEATLES}`,
    `artist:${PAUL} | name | Paul McCartney`,
    'label:l1 | name | Apple Records',
    'place:a1 | name | United Kingdom',
    'track:rec1 | from_era | era:1960s',
    'track:rec1 | has_instrument | instrument:acoustic guitar',
    `track:rec1 | made_by | artist:${BEATLES}`,
    'track:rec1 | name | Yesterday',
    'track:rec1 | on_album | album:rg1',
    'track:rec1 | on_album | album:rg2',
  ])
  assert.deepEqual(
    wrong.map(({ line }) => line),
    [4, 5, 6],
  )
  assert.match(wrong[0].reason, /does not look like an artist/)
  assert.match(wrong[1].reason, /^id: /)
  assert.match(wrong[2].reason, /^no JSON: /)
  assert.equal(graph.find('the beetles', { type: 'artist' })[0].entity.id, `artist:${BEATLES}`)
})

test('MusicBrainz: a response over several lines, a list of a search, files of a dump by their names', async () => {
  const one = await readKnowledge(await file('response.json', JSON.stringify(artist, null, 2)))
  assert.equal(one.graph.entity(`artist:${BEATLES}`)!.name, 'The Beatles')
  const found = { created: '2024', count: 2, offset: 0, recordings: [recording, { title: 'no id' }] }
  const list = await readKnowledge(await file('search.json', JSON.stringify(found, null, 1)), ALL)
  assert.deepEqual([list.rows, list.wrongRows, list.wrong[0].line], [2, 1, 0])
  assert.match(list.wrong[0].reason, /^recordings\[1\]: id: /)
  assert.equal(list.graph.entity('track:rec1')!.name, 'Yesterday')
  const dump = join(dir, 'mbdump')
  await mkdir(dump)
  // A bare artist looks like nothing; the file says it.
  await writeFile(join(dump, 'artist'), '{"id":"a9","name":"Nico"}\n')
  await writeFile(join(dump, 'recording'), `${JSON.stringify(recording)}\n`)
  const { graph } = await readKnowledge(dump)
  assert.equal(graph.entity('artist:a9')!.name, 'Nico')
  assert.ok(graph.has('track:rec1'))
})

test('what is not there is told', async () => {
  await assert.rejects(readKnowledge(join(dir, 'nowhere')), {
    code: 'usage',
    message: /Cannot read .*nowhere/,
  })
  const empty = join(dir, 'empty')
  await mkdir(empty)
  await assert.rejects(readKnowledge(empty), { code: 'usage', message: /no knowledge graph/ })
  await assert.rejects(readKnowledge(await file('none.tsv', '# nothing\n')), {
    code: 'usage',
    message: /no relations/,
  })
  const path = await file('ok.tsv', 'a\tsimilar_to\tb\n')
  await assert.rejects(readKnowledge(path, { signal: AbortSignal.abort() }), { code: 'interrupted' })
  await assert.rejects(readKnowledge(path, { nodes: join(dir, 'nowhere') }), { code: 'usage' })
})
