// Protocols on the command line: each on a small data set in its layout, with a model that loads in no time.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { schemas } from '../src/cli/index.js'
import { npy, parseNpy } from '../src/cli/npy.js'
import { parseProtocol } from '../src/evaluate/index.js'
import { findProtocol, protocolNames } from '../src/evaluate/node.js'
import { cli } from './cli-run.js'
import { encodeAudio } from './audio-files.js'
import { repositoryRoot } from './golden.js'
import { LAYOUTS, tone, writeLayout } from './protocol-layouts.js'
import { writeTinyModel } from './tiny-model.js'
import { wav } from './wav.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-evaluate-'))
after(() => rmSync(root, { recursive: true, force: true }))
process.env['XDG_CACHE_HOME'] = join(root, 'cache')
const model = join(root, 'tiny')
before(() => writeTinyModel(model, { sampleRate: 100 }))

const layout = (name: string): string => {
  const dir = join(root, 'data', name)
  return existsSync(dir) ? dir : writeLayout(dir, LAYOUTS[name])
}

async function evaluated(name: string, ...more: string[]) {
  const { code, out, err } = await cli(
    'evaluate',
    model,
    '--protocol',
    name,
    '--data',
    layout(name),
    '--json',
    ...more,
  )
  assert.equal(code, 0, `${name}: ${err}`)
  return schemas.EvaluateOutput.parse(JSON.parse(out))
}

for (const [name, { items, queries }] of Object.entries(LAYOUTS))
  test(`${name} on a small data set in its layout`, async () => {
    const report = await evaluated(name, '--samples', '50')
    assert.deepEqual([report.data.items, report.data.queries], [items, queries])
    assert.equal(report.protocol.name, name)
    assert.ok(report.protocol.unchanged)
    assert.equal(report.model.dim, 7)
    assert.ok(report.results.length > 0)
    for (const { figures } of report.results)
      for (const { metric, value, low, high } of figures) {
        assert.ok(Number.isFinite(value), metric)
        assert.ok(
          low === null || (low <= value + 1e-9 && value <= high! + 1e-9),
          `${metric}: ${low} ${value} ${high}`,
        )
      }
  })

/** Probes have tests of their own. */
const dataProtocols = async () => (await protocolNames()).filter((name) => !name.startsWith('probe'))

test('docs/evaluation.md tells of each shipped protocol and field, with what is published', async () => {
  const page = readFileSync(join(repositoryRoot, 'docs', 'evaluation.md'), 'utf8')
  for (const name of await dataProtocols()) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
    assert.ok(row, `no row of ${name}`)
    const { expected } = (await findProtocol(name)).protocol
    const numbers = [...row.split('|')[3].replaceAll(',', '').matchAll(/\d+/g)].map(([number]) =>
      Number(number),
    )
    for (const [what, count] of Object.entries(expected))
      assert.ok(numbers.includes(count), `${name}: ${count} ${what}`)
  }
  const [, example] = /```yaml\n([^]*?)```/.exec(page)!
  const protocol = parseProtocol(example, { file: 'the example' })
  assert.deepEqual(protocol.metrics, ['R@1', 'R@10', 'median rank', 'mAP'])
})

test('each shipped protocol has been tried', async () => {
  const tried = [...Object.keys(LAYOUTS), 'debian-genre', 'world-200', 'world-200-tags'] // below
  const names = await dataProtocols()
  assert.deepEqual(
    names.filter((name) => !tried.includes(name)),
    [],
  )
})

test('a protocol may search so many tracks and no others, and says where there are fewer', async () => {
  const dir = layout('world')
  for (const name of ['world-200', 'world-200-tags']) {
    const { code, err } = await cli('evaluate', model, '--protocol', name, '--data', dir)
    assert.equal(code, 2)
    assert.match(err, new RegExp(`"${name}" searches 200 tracks, and the part .* has 4$`, 'm'))
  }
  const file = join(root, 'pool.yaml')
  const yaml = readFileSync(join(repositoryRoot, 'protocols/world-200-tags.yaml'), 'utf8')
    .replace('pool: 200', 'pool: 7')
    .replace('test: 0.16', 'test: 0.5')
    .replace('[tag]', '[title]')
    .replace('least_tracks: 5', 'least_tracks: 1')
  writeFileSync(file, yaml)
  const { code, out, err } = await cli('evaluate', model, '--protocol', file, '--data', dir, '--json')
  assert.equal(code, 0, err)
  const { data } = schemas.EvaluateOutput.parse(JSON.parse(out))
  assert.deepEqual([data.items, data.queries, data.pool], [7, 7, 7])
})

test('music by its own file tags: spellings are brought together, what says no genre is left out', async () => {
  const dir = join(root, 'tagged')
  mkdirSync(dir)
  const genres = [
    'Death Metal',
    'thrash metal',
    'Ambient',
    'Ambiance',
    'Other',
    'Soundtrack',
    'Game Soundtrack',
    'Blues',
  ]
  const samples = (i: number, seconds: number) =>
    Float32Array.from({ length: 2000 * seconds }, (_, at) => 0.3 * Math.sin(at * (0.01 + i / 500)))
  await encodeAudio(
    genres.map((genre, i) => ({
      path: join(dir, `${i}.flac`),
      format: 'flac',
      codec: 'flac',
      sampleRate: 8000,
      tags: { genre, title: `T${i}` },
      channels: [samples(i, i === 7 ? 20 : 130)],
    })),
  )
  const { code, out, err } = await cli(
    'evaluate',
    model,
    '--protocol',
    'debian-genre',
    '--data',
    dir,
    '--json',
  )
  assert.equal(code, 0, err)
  const { data, tags, results, confusion } = schemas.EvaluateOutput.parse(JSON.parse(out))
  assert.deepEqual([data.items, data.queries, data.withoutQuery, data.short], [6, 3, 2, 0])
  assert.deepEqual(
    tags!.map(({ tag, tracks }) => [tag, tracks]),
    [
      ['ambient', 2],
      ['metal', 2],
      ['soundtrack', 2],
    ],
  )
  assert.deepEqual(
    results[0].figures.map(({ metric, n }) => [metric, n]),
    [
      ['ROC-AUC', 3],
      ['PR-AUC', 3],
    ],
  )
  assert.equal(confusion, null)
})

test('pages, vectors and lists: players point at the files, rows are what was asked', async () => {
  const dir = layout('folder')
  const out = join(root, 'out')
  const saved = join(root, 'vectors')
  const {
    code,
    out: text,
    err,
  } = await cli(
    ...['evaluate', model, '--protocol', 'folder', '--data', dir, '--out', out, '--save-vectors', saved],
  )
  assert.equal(code, 0, err)
  assert.match(text, /^Pool: 3 pieces of audio, 4 queries\.$/m)
  assert.match(text, /^R@1 +\d\.\d{3} +\d\.\d{3} – \d\.\d{3} +4$/m)
  assert.deepEqual(readdirSync(out).sort(), ['report.html', 'report.json'])
  schemas.EvaluateOutput.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))
  const page = readFileSync(join(out, 'report.html'), 'utf8')
  const sources = [...page.matchAll(/<audio [^>]*src="([^"]+)"/g)].map(([, source]) => source)
  assert.ok(sources.length > 0)
  for (const source of sources) assert.ok(existsSync(join(out, decodeURIComponent(source))), source)
  assert.doesNotMatch(page, /https?:\/\/|<script/)

  const list = join(root, 'list.jsonl')
  const listed = await cli('evaluate', '--protocol', 'folder', '--data', dir, '--list', list)
  assert.equal(listed.code, 0, listed.err)
  const rows = readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string })
  const audio = rows.filter(({ kind }) => kind === 'audio').map((row) => schemas.ListedAudio.parse(row))
  const texts = rows.filter(({ kind }) => kind === 'text').map((row) => schemas.ListedText.parse(row))
  assert.deepEqual(
    audio.map(({ row, id, path }) => [row, id, existsSync(path)]),
    [
      [0, 'a/one', true],
      [1, 'a/two', true],
      [2, 'b/three', true],
    ],
  )
  assert.deepEqual(
    texts.map(({ row, text: said }) => [row, said]),
    [
      [0, 'calm'],
      [1, 'quiet'],
      [2, 'loud'],
      [3, 'odd'],
    ],
  )

  // The same vectors from outside: the same figures, and no difference.
  const files = [join(saved, 'audio.npy'), join(saved, 'text.npy')]
  const both = await cli(
    ...['compare', model, '--vectors', ...files, '--protocol', 'folder', '--data', dir, '--json'],
  )
  assert.equal(both.code, 0, both.err)
  const { models, results, versus } = schemas.CompareOutput.parse(JSON.parse(both.out))
  assert.deepEqual(
    models.map(({ name, spaceId, dim }) => [name, spaceId !== null, dim]),
    [
      ['tiny', true, 7],
      ['vectors', false, 7],
    ],
  )
  for (const { figures } of results)
    for (const { models: values, differences, metric } of figures) {
      assert.equal(values[0].value, values[1].value, metric)
      assert.deepEqual([differences[0].difference, differences[0].p], [0, 1], metric)
    }
  assert.deepEqual([versus[0].gains, versus[0].losses], [[], []])
})

test('a model that knows the answers wins, and the table says where', async () => {
  const dir = layout('song-describer')
  const write = (name: string, rows: number[][]): string => {
    const path = join(root, name)
    writeFileSync(path, npy(Float32Array.from(rows.flat()), [rows.length, rows[0].length]))
    return path
  }
  const track = (i: number): number[] => [0, 1, 2, 3].map((at) => (at === i ? 2 : 0.1))
  // Tracks and captions in the order of the list: the first track has two captions.
  const knows = [
    write('k-audio.npy', [0, 1, 2, 3].map(track)),
    write('k-text.npy', [0, 0, 1, 2, 3].map(track)),
  ]
  const fools = [
    write('f-audio.npy', [0, 1, 2, 3].map(track)),
    write('f-text.npy', [1, 1, 2, 3, 0].map(track)),
  ]
  const compared = await cli(
    ...[
      'compare',
      '--vectors',
      ...fools,
      '--vectors',
      ...knows,
      '--protocol',
      'song-describer',
      '--data',
      dir,
    ],
    ...['--out', join(root, 'compared')],
  )
  assert.equal(compared.code, 0, compared.err)
  assert.match(compared.out, /^R@1 +0\.000 +1\.000 +\+1\.000 /m)
  assert.match(compared.out, /^negation +1 /m)
  assert.match(compared.out, /^1-3 words +2 /m)
  assert.match(compared.out, /Gains most: "A drum machine/)
  assert.match(readFileSync(join(root, 'compared', 'comparison.html'), 'utf8'), /k-audio/)

  const tagging = await cli(
    ...[
      'compare',
      model,
      model,
      '--protocol',
      'mtg-jamendo-moodtheme',
      '--data',
      layout('mtg-jamendo-moodtheme'),
      '--json',
    ],
  )
  assert.equal(tagging.code, 0, tagging.err)
  const { results, intervals, models } = schemas.CompareOutput.parse(JSON.parse(tagging.out))
  assert.equal(intervals.of, 'texts')
  assert.deepEqual(
    models.map(({ name }) => name),
    ['tiny', 'tiny (2)'],
  )
  assert.ok(results[0].figures.every(({ differences }) => differences[0].difference === 0))
  const classes = await cli(
    ...['compare', model, model, '--protocol', 'gtzan', '--data', layout('gtzan'), '--json'],
  )
  assert.equal(classes.code, 0, classes.err)
  assert.equal(schemas.CompareOutput.parse(JSON.parse(classes.out)).versus[0].groups.length, 10)
})

test('chunk policies: first, mean and best chunk are different scores of the same files', async () => {
  const dir = join(root, 'long')
  mkdirSync(dir)
  for (let i = 0; i < 6; i++) {
    const parts = [tone(3 + i, 10), tone(20 - i, 10)]
    writeFileSync(
      join(dir, `t${i}.wav`),
      wav(Buffer.concat(parts.map((part) => part.subarray(44))), { rate: 2205 }),
    )
    writeFileSync(join(dir, `t${i}.txt`), `text ${i}\n`)
  }
  const similarity = new Map<string, number[]>()
  for (const chunks of ['mean', 'first', 'max']) {
    const file = join(root, `${chunks}.yaml`)
    writeFileSync(
      file,
      `name: chunks\nversion: 1\ntitle: t\ndescription: t\ndata: { format: folder }\ntask: retrieval\nquery: { kinds: [caption], unit: text }\nrelevance: own-track\ndirections: [text-to-audio, audio-to-text]\naudio: { chunks: ${chunks} }\n`,
    )
    const saved = join(root, `saved-${chunks}`)
    const { code, err, out } = await cli(
      ...['evaluate', model, '--protocol', file, '--data', dir, '--save-vectors', saved, '--json'],
    )
    assert.equal(code, 0, err)
    const report = schemas.EvaluateOutput.parse(JSON.parse(out))
    assert.equal(report.space === null, chunks === 'max')
    const { rows, data } = parseNpy(readFileSync(join(saved, 'audio.npy')), 'a')
    assert.equal(rows, chunks === 'max' ? 12 : 6)
    similarity.set(chunks, [...data])
    // The ranks by brute force.
    const text = parseNpy(readFileSync(join(saved, 'text.npy')), 't')
    const score = (query: number, item: number): number => {
      const own = rows / 6
      const dots = Array.from({ length: own }, (_, chunk) =>
        text.data
          .slice(query * 7, query * 7 + 7)
          .reduce((sum, x, d) => sum + x * data[(item * own + chunk) * 7 + d], 0),
      )
      return Math.max(...dots)
    }
    const ranks = Array.from(
      { length: 6 },
      (_, query) =>
        Array.from({ length: 6 }, (_, item) => score(query, item)).filter(
          (other) => other >= score(query, query),
        ).length,
    )
    const mrr = ranks.reduce((sum, rank) => sum + 1 / rank, 0) / 6
    assert.ok(Math.abs(report.results[0].figures.find(({ metric }) => metric === 'MRR')!.value - mrr) < 1e-9)
  }
  assert.notDeepEqual(similarity.get('mean'), similarity.get('first'))
})

test('what is not there is told: where it is had, under which licence, how it is laid out', async () => {
  const empty = join(root, 'empty')
  mkdirSync(empty)
  const { code, err } = await cli('evaluate', model, '--protocol', 'gtzan', '--data', empty)
  assert.equal(code, 2)
  assert.match(
    err,
    /no folder of genres .* in .*empty\. The protocol "gtzan" measures with GTZAN: from http.*; licence: .*\. Lay it out so: /,
  )
  for (const name of [
    'song-describer',
    'musiccaps',
    'mtg-jamendo-top50',
    'magnatagatune-50',
    'fma-small',
    'msd-ecals',
    'lp-musiccaps-mtt',
  ]) {
    const missing = await cli('evaluate', model, '--protocol', name, '--data', join(root, 'nowhere'))
    assert.equal(missing.code, 2, name)
    assert.match(missing.err, /There is no .*nowhere.* from https?:.*; licence: /, name)
  }
  const captions = await cli('evaluate', model, '--protocol', 'folder', '--data', layout('folder-tags'))
  assert.equal(captions.code, 2)
  assert.match(captions.err, /kinds caption.*Texts that are there: tag, title/)
  const part = await cli(
    'evaluate',
    model,
    '--protocol',
    'gtzan',
    '--data',
    layout('gtzan'),
    '--split-by',
    'part',
  )
  assert.equal(part.code, 2)
  assert.match(part.err, /measures with the part test, and none of the 20 pairs/)
  const split = await cli(
    'evaluate',
    model,
    '--protocol',
    'folder',
    '--data',
    layout('world'),
    '--split-by',
    'artist',
    '--json',
  )
  assert.equal(split.code, 0, split.err)
  const report = schemas.EvaluateOutput.parse(JSON.parse(split.out))
  assert.deepEqual(
    [report.protocol.unchanged, report.data.split, report.data.items],
    [false, { by: 'artist', test: 0.1, seed: 1 }, 2],
  )
})

test('a folder that is a file and a model that is not there end it before anything is heard', async () => {
  const on = ['--protocol', 'folder', '--data', layout('folder'), '--samples', '9']
  const file = join(root, 'a-file')
  writeFileSync(file, '')
  for (const [args, message] of [
    [['evaluate', model, '--out', file], /Cannot make the folder .*a-file: a file is in its place/],
    [['evaluate', model, '--save-vectors', join(file, 'in')], /Cannot make the folder .*a-file/],
    [['compare', model, model, '--out', file], /Cannot make the folder/],
    [['compare', model, 'no-such-model'], /No model "no-such-model"/],
  ] as const) {
    const { code, err } = await cli(...args, ...on)
    assert.notEqual(code, 0)
    assert.match(err, message)
    assert.doesNotMatch(err, /hears|not expected/)
  }
})

test('files that cannot be read are told and left out; too many end it', async () => {
  const dir = writeLayout(join(root, 'data', 'broken'), {
    words: Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`t${i}.txt`, `text ${i}\n`])),
    audio: Array.from({ length: 24 }, (_, i) => `t${i}.wav`),
  })
  writeFileSync(join(dir, 't3.wav'), 'no audio')
  const { code, out, err } = await cli('evaluate', model, '--protocol', 'folder', '--data', dir)
  assert.equal(code, 3)
  assert.match(out, /^Pool: 23 pieces of audio, 23 queries; left out: 1 unreadable file\.$/m)
  assert.match(err, /t3\.wav could not be read: not audio/)
  writeFileSync(join(dir, 't4.wav'), 'no audio')
  const refused = await cli('evaluate', model, '--protocol', 'folder', '--data', dir)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /2 of 24 audio files are wrong \(8\.3 %, at most 5 % may be\)/)
})

test('vectors that do not fit are refused with what was expected', async () => {
  const dir = layout('folder')
  const file = (name: string, rows: number, columns: number): string => {
    const path = join(root, name)
    writeFileSync(path, npy(new Float32Array(rows * columns).fill(1), [rows, columns]))
    return path
  }
  const compare = (...args: string[]) =>
    cli('compare', model, '--protocol', 'folder', '--data', dir, '--vectors', ...args)
  const [audio, text] = [file('a3.npy', 3, 5), file('t4.npy', 4, 5)]
  const cases: [string[], RegExp][] = [
    [[audio], /--vectors has 1 files .* expected pairs of AUDIO\.npy TEXT\.npy/],
    [
      [file('a2.npy', 2, 5), text],
      /a2\.npy has 2 rows, expected 3: one for each line of kind "audio" that antiphon evaluate --protocol folder --list/,
    ],
    [[audio, file('t5.npy', 5, 5)], /t5\.npy has 5 rows, expected 4/],
    [[audio, file('t6.npy', 4, 6)], /a3\.npy has 5 dimensions and .*t6\.npy has 6/],
    [[audio, join(root, 'none.npy')], /Cannot read .*none\.npy/],
    [[audio, join(dir, 'a', 'one.txt')], /one\.txt is no \.npy file/],
  ]
  for (const [args, message] of cases) {
    const { code, err } = await compare(...args)
    assert.equal(code, 2, err)
    assert.match(err, message)
  }
  const zero = join(root, 'zero.npy')
  writeFileSync(zero, npy(new Float32Array(20), [4, 5]))
  assert.match((await compare(audio, zero)).err, /Row 0 of .*zero\.npy is no vector \(of "calm"\)/)
  const alone = await cli('compare', model, '--protocol', 'folder', '--data', dir)
  assert.equal(alone.code, 2)
  assert.match(alone.err, /1 to compare, expected two or more/)
})
