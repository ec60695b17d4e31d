// Excerpts in the real formats of published data sets, written by hand (the words are our own), and what they must give.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import type { Pair, PairSet } from '../src/data/index.js'
import { detectFormat, findFormat, FORMATS } from '../src/data/node.js'
import { repositoryRoot } from './golden.js'
import { read } from './read-data-set.js'

const excerpts = join(repositoryRoot, 'test', 'data-sets')
const root = await mkdtemp(join(tmpdir(), 'antiphon-data-sets-'))
after(() => rm(root, { recursive: true, force: true }))

/** A copy of an excerpt with empty files where its audio lies. */
async function withAudio(name: string, files: readonly string[]): Promise<string> {
  const dir = join(await mkdtemp(join(root, 'x')), name)
  await cp(join(excerpts, name), dir, { recursive: true })
  for (const file of files) {
    await mkdir(dirname(join(dir, file)), { recursive: true })
    await writeFile(join(dir, file), '')
  }
  return dir
}

const said = ({ texts }: Pair): string[] => texts.map(({ kind, value }) => `${kind}: ${value}`)
const told = ({ wrong }: PairSet): string[] =>
  wrong.map(({ file, line, reason }) => `${file.replace(/^.*[\\/]/, '')}:${line}: ${reason}`)
const inside = (dir: string, { audio }: Pair): string => audio.path.slice(dir.length + 1)

test('MusicCaps: aspects, captions over lines, parts, and seven ways to be wrong', async () => {
  const dir = await withAudio('musiccaps', [
    'clips/[-aB3dE_gH1j]-[30-40].mp3',
    'clips/Qw3rTy_uI0p_0_10.flac',
    'clips/x/lAst0ne0000.wav',
  ])
  const found = await read('musiccaps', dir)
  assert.deepEqual(found.pairs.map(said), [
    ['caption: A lone upright piano, slow and sad.', 'tag: slow tempo', 'tag: upright piano', 'tag: sad'],
    [
      'caption: Someone sings "la la" over an e-bass. Cups are heard.',
      'tag: e-bass',
      "tag: singer's voice",
      'tag: no other instruments',
      'tag: café sounds',
    ],
    ['caption: A hum.'],
    ['caption: A fiddle plays a jig.', 'tag: fiddle', 'tag: jig'],
  ])
  assert.deepEqual(
    found.pairs.map((pair) => [pair.track.id, pair.track.part, inside(dir, pair)]),
    [
      ['-aB3dE_gH1j', 'test', 'clips/[-aB3dE_gH1j]-[30-40].mp3'],
      ['Qw3rTy_uI0p', 'train', 'clips/Qw3rTy_uI0p_0_10.flac'],
      ['zX9cV8bN7m6', 'train', 'clips/zX9cV8bN7m6.wav'], // not there: where it is expected
      ['lAst0ne0000', 'test', 'clips/x/lAst0ne0000.wav'],
    ],
  )
  assert.deepEqual(told(found), [
    'musiccaps-public.csv:6: aspect_list is no list of strings as Python writes one',
    'musiccaps-public.csv:7: ytid is "", expected the id of a video',
    'musiccaps-public.csv:8: 5 fields, expected 9',
    'musiccaps-public.csv:9: start_s "40" and end_s "30" are no piece of time',
    'musiccaps-public.csv:10: a quote that is not closed',
  ])
  assert.equal(found.rows, 9)
  const balanced = await read('musiccaps', join(dir, 'musiccaps-public.csv'), { subset: 'balanced' })
  assert.deepEqual(
    balanced.pairs.map(({ track }) => track.id),
    ['Qw3rTy_uI0p', 'lAst0ne0000'],
  )
})

test('Song Describer: several captions of a track, all of it for testing', async () => {
  const dir = await withAudio('song-describer', ['audio/34/1004034.2min.mp3', 'audio/71/1009671.mp3'])
  const found = await read('song-describer', dir)
  assert.deepEqual(
    found.pairs.map((pair) => [pair.track.id, pair.track.artist, inside(dir, pair)]),
    [
      ['1004034', '437829', 'audio/34/1004034.2min.mp3'],
      ['1004034', '437829', 'audio/34/1004034.2min.mp3'],
      ['1009671', '443332', 'audio/71/1009671.mp3'],
      ['1009675', '443333', 'audio/75/1009675.2min.mp3'],
    ],
  )
  assert.ok(found.pairs.every(({ track }) => track.part === 'test'))
  assert.deepEqual(said(found.pairs[2]), [
    'caption: A guitar and a voice; "unplugged".',
    'tag: acousticguitar',
    'tag: voice',
  ])
  assert.deepEqual(told(found), [
    'song_describer.csv:5: no track_id, path or caption',
    'song_describer.csv:6: is_valid_subset is "maybe", expected True or False',
    'song_describer.csv:7: 13 fields, expected 12',
  ])
  const valid = await read('song-describer', dir, { subset: 'valid' })
  assert.equal(valid.pairs.length, 3)
})

test('MTG-Jamendo: any number of tags, names from raw.meta.tsv, one part for a track', async () => {
  const dir = await withAudio('mtg-jamendo', ['audio_low/48/948.low.mp3', 'audio_low/50/950.mp3'])
  const found = await read('mtg-jamendo', dir, { subset: 'moodtheme' })
  const [test, first, second] = found.pairs
  assert.deepEqual(said(first), [
    'tag: background',
    'title: "Rain" in May',
    'artist: The Example',
    'album: Weather',
  ])
  assert.deepEqual(said(second), ['tag: background', 'tag: "calm"', 'tag: film'])
  assert.deepEqual(test.track, {
    id: 'track_0003524',
    artist: 'artist_000530',
    album: 'album_000552',
    part: 'test',
  })
  assert.deepEqual([first.track.part, first.track.artist], ['train', 'The Example'])
  assert.equal(inside(dir, first), 'audio_low/48/948.low.mp3')
  assert.equal(inside(dir, second), 'audio_low/50/950.mp3')
  assert.deepEqual(told(found), [
    'raw.meta.tsv:3: 2 fields, expected 8',
    'autotagging_moodtheme-train.tsv:4: the tag "background", expected genre---rock or the like',
    'autotagging_moodtheme-train.tsv:5: 5 fields, expected 6',
    'autotagging_moodtheme-train.tsv:6: TRACK_ID is "no_track", expected track_0000948 or the like',
  ])
  // The same track is for testing instruments and for learning moods.
  await assert.rejects(read('mtg-jamendo', dir), {
    code: 'usage',
    message: /track_0000948 is in autotagging_instrument-test\.tsv and in .*-train\.tsv.*--subset/,
  })
  const one = await read('mtg-jamendo', join(dir, 'autotagging_instrument-test.tsv'))
  assert.deepEqual(said(one.pairs[0]).slice(0, 1), ['tag: piano'])
  await assert.rejects(read('mtg-jamendo', dir, { subset: 'moods' }), {
    code: 'usage',
    message: /no subset "moods" \(expected moodtheme, instrument/,
  })
})

test('MagnaTagATune: columns of tags, clips of a song are one track, parts by folder', async () => {
  const dir = await withAudio('magnatagatune', ['mp3/f/some_band-an_album-01-a_song-30-59.mp3'])
  const found = await read('magnatagatune', dir)
  assert.deepEqual(found.pairs.map(said), [
    ['tag: guitar', 'tag: not classical', 'title: A "Song"', 'artist: Some Band', 'album: An Album'],
    ['tag: harpsichord', 'tag: guitar', 'tag: no singer'],
    ['tag: guitar'],
  ])
  assert.deepEqual(
    found.pairs.map((pair) => [pair.track.id, pair.track.part, inside(dir, pair)]),
    [
      ['f/some_band-an_album-01-a_song', 'test', 'mp3/f/some_band-an_album-01-a_song-30-59.mp3'],
      ['f/some_band-an_album-01-a_song', 'test', 'mp3/f/some_band-an_album-01-a_song-59-88.mp3'],
      ['0/third-album-03-song', 'train', 'mp3/0/third-album-03-song-117-146.mp3'],
    ],
  )
  assert.equal(found.withoutText, 1) // a clip without a tag
  assert.deepEqual(told(found), [
    'annotations_final.csv:6: guitar is "2", expected 0 or 1',
    'annotations_final.csv:7: mp3_path is "", expected f/….mp3',
    'annotations_final.csv:8: 3 fields, expected 9',
  ])
  assert.equal((await read('magnatagatune', dir, { subset: 'top50' })).pairs.length, 3)
})

test('GTZAN: the folder is the genre, fault-filtered lists give the parts', async () => {
  const dir = join(excerpts, 'gtzan')
  const all = await read('gtzan', dir)
  assert.deepEqual(
    all.pairs.map((pair) => [...said(pair), pair.track.id, pair.track.part]),
    [
      ['tag: blues', 'blues/blues.00000', undefined],
      ['tag: blues', 'blues/blues.00029', 'train'],
      ['tag: hip hop', 'hiphop/hiphop.00001', 'validation'],
      ['tag: rock', 'rock/rock.00002', 'train'],
    ],
  )
  const filtered = await read('gtzan', dir, { subset: 'filtered' })
  assert.deepEqual(filtered.pairs.map(({ track }) => `${track.part} ${track.id}`).sort(), [
    'test jazz/jazz.00003',
    'train blues/blues.00029',
    'train rock/rock.00002',
    'validation hiphop/hiphop.00001',
  ])
  const missing = filtered.pairs.find(({ track }) => track.id === 'jazz/jazz.00003')!
  assert.equal(inside(dir, missing), 'genres_original/jazz/jazz.00003.wav')
  for (const found of [all, filtered])
    assert.deepEqual(told(found), [
      'valid_filtered.txt:2: "hiphop.00002", expected blues/blues.00029.wav or the like',
    ])
})

test('FMA: three rows of names, fields with lines in them, subsets within each other', async () => {
  const dir = await withAudio('fma', ['fma_medium/000/000002.mp3'])
  const found = await read('fma', dir)
  assert.deepEqual(found.pairs.map(said), [
    ['tag: Hip-Hop', 'title: Food for One', 'artist: Example', 'album: AWOL Example'],
    [
      'tag: Hip-Hop',
      'tag: Rap',
      'tag: live',
      'tag: d.j. set',
      'title: Electric Example',
      'artist: Example',
      'album: AWOL Example',
    ],
    ['tag: Pop', 'title: Free Way', 'artist: Vile, Curtis', 'album: Constant Example'],
  ])
  assert.deepEqual(
    found.pairs.map((pair) => [pair.track.part, inside(dir, pair)]),
    [
      ['train', 'fma_medium/000/000002.mp3'],
      ['train', 'fma_medium/000/000003.mp3'],
      ['test', 'fma_medium/000/000010.mp3'],
    ],
  )
  assert.deepEqual(told(found), [
    "tracks.csv:9: track/genres_all names the genre 99, which genres.csv hasn't",
    'tracks.csv:10: set/split is "tests", expected training, validation or test',
  ])
  assert.equal(found.rows, 5) // the large one is not of the subset whose audio is there
  assert.equal((await read('fma', join(dir, 'fma_metadata'), { subset: 'small' })).pairs.length, 2)
  const large = await read('fma', dir, { subset: 'large' })
  assert.equal(large.pairs.length, 4)
  assert.equal(inside(dir, large.pairs[2]), 'fma_large/000/000005.mp3')
})

test('MSD with the ECALS split: one large object, entry by entry', async () => {
  const dir = await withAudio('msd-ecals', ['songs/S/A/G/TRSAGNY128F425391E.mp3'])
  const found = await read('msd-ecals', dir)
  assert.deepEqual(found.pairs.map(said), [
    [
      'tag: laid back',
      'tag: hip hop',
      'tag: 90s',
      'title: A Song {in braces}',
      'artist: An "Artist"',
      'album: An Album',
    ],
    ['tag: sad', 'title: F', 'artist: Éf', 'album: F'],
  ])
  assert.deepEqual(
    found.pairs.map((pair) => [pair.track.part, inside(dir, pair)]),
    [
      ['train', 'songs/S/A/G/TRSAGNY128F425391E.mp3'],
      ['test', 'songs/F/A/A/TRFAAAA128F4229ABC.mp3'],
    ],
  )
  assert.equal(found.withoutText, 1)
  const reasons = told(found)
  assert.equal(reasons[0], 'annotation.json:10: tag is no list of strings')
  assert.match(reasons[1], /^annotation\.json:11: not JSON \(/)
  assert.equal(reasons[2], 'annotation.json:12: not a JSON object with fields such as path, captions, tags')
  assert.match(reasons[3], /^annotation\.json:13: its name is "not an id"/)
  assert.equal(reasons.length, 4)
  assert.equal(found.rows, 7)
})

test('LP-MusicCaps of three data sets: without what its publishers advise against', async () => {
  const msd = await read('lp-musiccaps', join(excerpts, 'lp-musiccaps', 'msd'))
  assert.deepEqual(said(msd.pairs[0]), [
    'caption: A laid back piece of hip hop.',
    'caption: Laid back hip hop.',
    'caption: Hip hop that takes its time.',
    'tag: hip hop',
    'tag: laid back',
    'title: In the Sun',
    'artist: Example Development',
    'album: Zing',
  ])
  assert.equal(msd.pairs[0].track.part, 'train')
  assert.equal(inside(join(excerpts, 'lp-musiccaps', 'msd'), msd.pairs[0]), '3/0/3012345.clip.mp3')
  assert.deepEqual(told(msd), [
    'train.jsonl:2: no track_id or path',
    'train.jsonl:3: tag is no list of strings',
  ])
  const all = await read('lp-musiccaps', join(excerpts, 'lp-musiccaps', 'msd'), { subset: 'all' })
  assert.ok(said(all.pairs[0]).includes('caption: A slow drum loop of 80 beats.'))
  assert.ok(said(all.pairs[0]).includes('tag: drum loop'))

  const mtt = await read('lp-musiccaps', join(excerpts, 'lp-musiccaps', 'mtt'))
  assert.deepEqual(mtt.pairs[0].track, {
    id: 'f/some_band-an_album-01-a_song',
    artist: 'Some Band',
    album: 'An Album',
    title: 'A Song',
    part: 'validation',
  })
  assert.deepEqual([mtt.rows, mtt.withoutText, mtt.wrong.length], [2, 1, 0])

  const mc = await read('lp-musiccaps', join(excerpts, 'lp-musiccaps', 'mc', 'test.csv'))
  assert.deepEqual([mc.pairs[0].track.id, mc.pairs[0].track.part], ['-aB3dE_gH1j', 'test'])
  assert.equal(said(mc.pairs[0]).filter((text) => text.startsWith('caption')).length, 4)
  assert.deepEqual(told(mc), ['test.csv:3: ytid is "bad", expected the id of a video'])
})

test('a table of one’s own: a mark at its start, CRLF, and each way to be wrong', async () => {
  const file = join(excerpts, 'table', 'music.csv')
  const found = await read('table', file)
  assert.deepEqual(
    found.pairs.map((pair) => [pair.audio.path, pair.track.part, ...said(pair)]),
    [
      [
        join(excerpts, 'table/a/one.flac'),
        'train',
        'caption: First, of two',
        'tag: rock',
        'tag: loud',
        'artist: Ann',
      ],
      [
        join(excerpts, 'table/a/two.flac'),
        'validation',
        'caption: Second',
        'tag: soft',
        'tag: piano',
        'artist: Ben',
      ],
      [join(excerpts, 'table/a/three.flac'), 'test', 'artist: Ben'],
      [join(excerpts, 'b/ten.flac'), 'validation', 'caption: Tenth', 'tag: x', 'artist: Ben'],
    ],
  )
  assert.deepEqual(
    found.pairs.map(({ track }) => track.id),
    ['a/one.flac', 'a/two.flac', 'a/three.flac', '../b/ten.flac'],
  )
  const reasons = told(found)
  assert.deepEqual(
    reasons.map((reason) => reason.split(':')[1]),
    ['5', '7', '8', '9', '10', '11', '12'],
  )
  for (const [at, reason] of [
    /no path to the audio \(expected path, audio_path/,
    /"split" is "tset", expected train, validation or test/,
    /five\.flac is an address, expected a file/,
    /it is not UTF-8/,
    /it holds a NUL/,
    /a quote that is not closed/,
    /characters behind a closing quote, expected a delimiter/,
  ].entries())
    assert.match(reasons[at], reason)
  assert.equal(found.rows, 11)
})

test('a format is known by its id or found out; what is neither is told with what there is', async () => {
  const music = join(root, 'music')
  await mkdir(join(music, 'album'), { recursive: true })
  await writeFile(join(music, 'backup.tar.gz'), '')
  await writeFile(join(music, 'album', 'one.MP3'), '')
  await writeFile(join(music, 'two.wav'), '')
  assert.equal((await detectFormat(music)).id, 'folder')
  await writeFile(join(music, 'metadata.csv'), 'file_name,text\ntwo.wav,Two.\n')
  const { pairs } = await read('table', music)
  assert.deepEqual(pairs[0].audio, { path: join(music, 'two.wav') })

  for (const format of FORMATS) assert.equal(findFormat(format.id), format)
  assert.throws(() => findFormat('music-caps'), {
    code: 'usage',
    message: /^Unknown format "music-caps" \(expected musiccaps, song-describer, /,
  })
  await assert.rejects(detectFormat(join(root, 'nowhere')), { code: 'usage', message: /it does not exist/ })
  await mkdir(join(root, 'nothing'))
  await assert.rejects(detectFormat(join(root, 'nothing')), {
    code: 'usage',
    message:
      /none of the formats that are read \(musiccaps, [^]*folder, file-tags\); "antiphon data formats"/,
  })
  await assert.rejects(read('table', music, { subset: 'x' }), {
    code: 'usage',
    message: /table has no subsets/,
  })
})

test('docs/data-sets.md has a section for each format, with its source and licence', () => {
  const page = readFileSync(join(repositoryRoot, 'docs', 'data-sets.md'), 'utf8')
  const sections = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((section) => [/`([a-z-]+)`/.exec(section.split('\n', 1)[0])?.[1], section]),
  )
  for (const { id, source } of FORMATS) {
    const section = sections.get(id)
    assert.ok(section, `no section of ${id}`)
    assert.match(section, /^\*\*From\*\*/m, id)
    assert.match(section, /^\*\*Licence\*\*/m, id)
    assert.match(section, /^\*\*Files\*\*/m, id)
    assert.match(section, /^\*\*Read\*\*/m, id)
    for (const [address] of source.matchAll(/https?:\/\/[^\s,;)]+/g))
      assert.ok(section.includes(address), `${id}: ${address}`)
  }
  assert.equal(new Set(FORMATS.map(({ id }) => id)).size, FORMATS.length)
})
