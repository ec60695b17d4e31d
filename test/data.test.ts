// Data sets on the command line: checked, mixed by weight, trained from; what is missing or wrong.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { schemas } from '../src/cli/index.js'
import { FORMATS, findSources, openSources } from '../src/data/node.js'
import { openBatches } from '../src/train/node.js'
import { parseRecipe } from '../src/train/index.js'
import { cli } from './cli-run.js'
import { tune } from './audio-files.js'
import { logOf, RATE, TINY, TRACKS, writeMusic } from './train-fixture.js'
import { wav } from './wav.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-data-'))
after(() => rmSync(root, { recursive: true, force: true }))
process.env['XDG_CACHE_HOME'] = join(root, 'cache')
const music = writeMusic(join(root, 'music'))

/** A table of five tunes that are there, one that is not, and a row without words. */
function writeTable(dir: string, { more = '' } = {}): string {
  mkdirSync(join(dir, 'clips'), { recursive: true })
  for (let i = 0; i < 5; i++) {
    const samples = Int16Array.from(tune(1.5, RATE, 90 + i), (x) => Math.round(x * 20_000))
    writeFileSync(join(dir, 'clips', `c${i}.wav`), wav(samples, { rate: RATE }))
  }
  const rows = [0, 1, 2, 3, 4, 9].map((i) => `c${i}.wav,"A tune, number ${i}.","odd, tune",Ann`)
  writeFileSync(join(dir, 'captions.csv'), `path,caption,tags,artist\n${rows.join('\n')}\n${more}`)
  return dir
}

const tables = writeTable(join(root, 'tables'))
const mixture = join(root, 'mixture.yaml')
writeFileSync(
  mixture,
  `sources:
  - { path: music, weight: 3 }
  - { path: tables/captions.csv, audio: tables/clips, name: tunes, weight: 1 }
`,
)

test('check tells hours, texts, tags, missing files and wrong rows, for people and as JSON', async () => {
  const whole = await cli('data', 'check', music, '--json')
  assert.equal(whole.code, 0, whole.err)
  const found = schemas.DataCheckOutput.parse(JSON.parse(whole.out))
  assert.deepEqual([found.pairs, found.tracks, found.artists, found.wrong.rows], [TRACKS, TRACKS, TRACKS, 0])
  const seconds = Array.from({ length: TRACKS }, (_, i) => 1.6 + 0.21 * i).reduce((a, b) => a + b)
  assert.ok(Math.abs(found.audio.seconds! - seconds) < 0.01, `${found.audio.seconds} against ${seconds}`)
  const people = await cli('data', 'check', music, '--tags', '2')
  assert.equal(people.code, 0)
  assert.match(people.out, /^pairs +14 of 14 tracks$/m)
  assert.match(people.out, /^caption +14 +0 % /m)
  assert.match(people.out, /^TAG \(5\) +PAIRS$/m)
  assert.equal(people.out.match(/^(slow|loud|lo-fi|piano|odd) +\d+ +\d+ %$/gm)?.length, 2)

  const clips = join(tables, 'clips')
  const broken = join(clips, 'c1.wav')
  const kept = readFileSync(broken)
  writeFileSync(broken, 'no audio')
  try {
    const partly = await cli('data', 'check', join(tables, 'captions.csv'), '--audio', clips)
    assert.equal(partly.code, 1, partly.out + partly.err)
    assert.match(partly.out, /^Refused: 1 of 5 audio files can't be read \(at most 5 % may be\)\.$/m)
    assert.match(partly.out, /1 audio file not there:\n {2}.*c9\.wav/)
    assert.match(partly.out, /1 audio file can't be read:\n {2}.*c1\.wav: not audio/)
    const quick = schemas.DataCheckOutput.parse(
      JSON.parse(
        (await cli('data', 'check', join(tables, 'captions.csv'), '--audio', clips, '--quick', '--json')).out,
      ),
    )
    assert.deepEqual([quick.audio.seconds, quick.audio.broken, quick.audio.missing], [null, null, 1])
    assert.deepEqual(quick.refusals, [])
  } finally {
    writeFileSync(broken, kept)
  }

  const bad = writeTable(join(root, 'bad'), { more: 'c0.wav,only two\n' })
  const refused = await cli('data', 'check', join(bad, 'captions.csv'), '--audio', join(bad, 'clips'))
  assert.equal(refused.code, 1)
  assert.match(refused.out, /1 of 7 rows are wrong \(14 %\):\n {2}.*captions\.csv:8: /)
  assert.equal((await cli('data', 'check', join(root, 'nowhere'))).code, 2)
})

test('check exits with 1 where training refuses, and says why', async () => {
  const csv = join(root, 'gone.csv')
  writeFileSync(csv, 'path,caption\ngone.wav,A tune.\n')
  const gone = await cli('data', 'check', csv)
  assert.deepEqual([gone.code, /^Refused: no pair has its audio\.$/m.test(gone.out)], [1, true], gone.out)
  await assert.rejects(openSources(await findSources(csv)), { code: 'usage' })

  const empty = join(root, 'empty.csv')
  writeFileSync(empty, 'path,caption\n')
  const none = await cli('data', 'check', empty)
  assert.deepEqual(
    [none.code, /^Refused: there is no audio with text\.$/m.test(none.out)],
    [1, true],
    none.out,
  )

  // Few wrong rows among those of all sources, too many among those of one.
  const several = join(root, 'several.yaml')
  const rows = Array.from({ length: 60 }, (_, i) => `c${i % 5}.wav,Tune ${i}.`)
  writeFileSync(join(root, 'many.csv'), `path,caption\n${rows.join('\n')}\n`)
  writeFileSync(join(root, 'few.csv'), 'path,caption\nc0.wav,A tune.\nc1.wav\n')
  writeFileSync(
    several,
    'sources:\n  - { path: many.csv, audio: tables/clips }\n  - { path: few.csv, audio: tables/clips }\n',
  )
  const mixed = await cli('data', 'check', several, '--json')
  const { refusals } = schemas.DataCheckOutput.parse(JSON.parse(mixed.out))
  assert.deepEqual([mixed.code, refusals], [1, ['1 of 2 rows of few are wrong (at most 5 % may be)']])
  await assert.rejects(openSources(await findSources(several)), { code: 'failed' })
})

test('check tells listening and relations, alone or beside pairs', async () => {
  const dir = join(root, 'world')
  mkdirSync(dir)
  writeFileSync(join(dir, 'listening.tsv'), 'ann\tt1\t3\nann\tt2\t1\nben\tt1\t5\nben\tt2\tmany\n')
  writeFileSync(join(dir, 'graph.tsv'), 'track:t1\tmade_by\tartist:Cy\ntrack:t2\tmade_by\tartist:Cy\n')
  const both = await cli('data', 'check', dir, '--json')
  const { pairs, listening, graph } = schemas.DataCheckOutput.parse(JSON.parse(both.out))
  assert.equal(both.code, 1, 'a quarter of the rows is wrong')
  assert.equal(pairs, 0)
  assert.deepEqual(
    [listening?.users, listening?.items, listening?.plays, listening?.wrong.rows],
    [2, 2, 9, 1],
  )
  assert.deepEqual(graph?.byType, { track: 2, artist: 1 })
  const people = await cli('data', 'check', join(dir, 'graph.tsv'))
  assert.equal(people.code, 0, people.err)
  assert.match(people.out, /^relations +2: made_by 2$/m)
  const named = join(dir, 'relations.tsv')
  writeFileSync(named, readFileSync(join(dir, 'graph.tsv')))
  assert.match((await cli('data', 'check', named, '--format', 'triples')).out, /^relations +2: made_by 2$/m)
  const counts = await cli('data', 'check', join(dir, 'listening.tsv'), '--format', 'triples')
  assert.match(counts.out, /^plays +9; /m)
  writeFileSync(named, 'track:t1\tmade_by\ntrack:t2\n')
  const broken = await cli('data', 'check', named, '--format', 'triples')
  assert.equal(broken.code, 1)
  assert.match(broken.err, /2 of 2 rows are wrong.*relations\.tsv:1: /s)
  const world = writeMusic(join(dir, 'audio'))
  writeFileSync(join(dir, 'listening.tsv'), 'ann\tt1\t3\n')
  const whole = await cli('data', 'check', dir)
  assert.equal(whole.code, 0, whole.err)
  assert.ok(whole.out.includes(`pairs    ${TRACKS} of`), `${world}: ${whole.out}`)
  assert.match(whole.out, /^users +1, each with 1 in the middle, 1 to 1 items$/m)
})

test('formats are listed with source and licence', async () => {
  const { out, code } = await cli('data', 'formats', '--json')
  assert.equal(code, 0)
  const { formats } = schemas.DataFormatsOutput.parse(JSON.parse(out))
  assert.deepEqual(
    formats.map(({ id }) => id),
    FORMATS.map(({ id }) => id),
  )
  const people = await cli('data', 'formats')
  for (const { id, licence } of formats) {
    assert.ok(people.out.includes(id))
    assert.ok(licence.length > 3)
  }
})

test('a mixture gives each source its share of every batch; ids of tracks are told apart', async () => {
  const pairs = await openSources(await findSources(mixture))
  assert.deepEqual(
    pairs.sources.map(({ name, pairs: count, missing, share }) => ({ name, count, missing, share })),
    [
      { name: 'music', count: TRACKS, missing: 0, share: 0.75 },
      { name: 'tunes', count: 5, missing: 1, share: 0.25 },
    ],
  )
  assert.equal(pairs.missing, 1)
  assert.ok(pairs.pairs.every(({ track, source }) => track.id.startsWith(source === 0 ? 'music/' : 'tunes/')))
  const batches = await openBatches({
    pairs: pairs.pairs,
    shares: pairs.sources.map(({ name, share }) => ({ name, share: share! })),
    recipe: parseRecipe(TINY),
    sampleRate: RATE,
    cacheDir: join(root, 'cache-batches'),
  })
  try {
    for (let step = 0; step < 7; step++) {
      const sources = [...batches.indices(step)].map((index) => pairs.pairs[index].source)
      assert.deepEqual(sources, [0, 0, 0, 1])
    }
  } finally {
    await batches.close()
  }
})

test('training takes a mixture, notes how it was read, and goes on with it', async () => {
  const recipe = join(root, 'tiny.yaml')
  writeFileSync(recipe, TINY)
  const out = join(root, 'run')
  const trained = await cli(
    'train',
    recipe,
    '--data',
    mixture,
    '--out',
    out,
    '--json',
    '--set',
    'schedule.steps=3',
  )
  assert.equal(trained.code, 0, trained.err)
  schemas.TrainOutput.parse(JSON.parse(trained.out))
  assert.match(trained.err, /1 pair left out: their audio is not there/)
  assert.equal(logOf(out).length, 3)

  const named = join(root, 'named')
  const table = join(tables, 'captions.csv')
  const set = ['--set', 'schedule.steps=2', 'schedule.warmup=0', 'data.batch=2']
  const reading = ['--format', 'table', '--audio', join(tables, 'clips')]
  assert.equal(
    (await cli('train', recipe, '--data', table, ...reading, '--out', named, ...set, '--json')).code,
    0,
  )
  const origin = JSON.parse(await readFile(join(named, 'run.json'), 'utf8')) as object
  assert.deepEqual({ ...origin }, { ...origin, reading: { format: 'table', audio: join(tables, 'clips') } })
  const again = await cli('train', '--resume', named, '--json')
  assert.equal(again.code, 0, again.err)

  const both = await cli('train', recipe, '--data', mixture, '--format', 'table', '--out', join(root, 'no'))
  assert.equal(both.code, 2)
  assert.match(both.err, /leave --format, --audio and --subset out/)
})
