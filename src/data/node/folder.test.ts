import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { compose, describeWrongRow, findStyle, type Pair } from '../index.js'
import { readFolder } from '../node.js'

const root = await mkdtemp(join(tmpdir(), 'antiphon-folder-'))
after(() => rm(root, { recursive: true, force: true }))

let folders = 0
/** A folder with these files; what has no content is audio, which a reader of texts does not open. */
async function folder(files: Record<string, string | Buffer>): Promise<string> {
  const dir = join(root, String(folders++))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(dir, name, '..'), { recursive: true })
    await writeFile(join(dir, name), content)
  }
  return dir
}

const texts = ({ texts }: Pair, kind: string): string[] =>
  texts.filter((text) => text.kind === kind).map((text) => text.value)

test('captions from lines, fields in the shapes that people use, both together', async () => {
  const dir = await folder({
    'b/two.mp3': '',
    'b/two.txt': 'A slow song.\r\n\r\n  A sad   song. \nA slow song.\n',
    'a/one.flac': '',
    'a/one.json': JSON.stringify({
      captions: ['First caption.', { caption: 'Second caption.', annotator: 3 }],
      tags: 'Rock, loud ;  fast',
      title: 'One',
      artist: ['Ann', 'Ben'],
      album: null,
      duration: 12.5,
      constructor: 'a field of no meaning',
    }),
    'a/one.txt': 'Third caption.\n',
    // audiocraft's, and LAION's
    'c.wav': '',
    'c.json':
      '\uFEFF' +
      JSON.stringify({ description: 'Fiddle.', keywords: 'folk', genre: '', moods: ['warm', 'Folk'] }),
    'd.ogg': '',
    'd.json': JSON.stringify({ text: ['Birds and bells.'], tag: ['bells'], original_data: { title: 'x' } }),
    'unsaid.wav': '',
    'LICENSE.txt': 'no audio of this name\n',
    'notes.json': '{ broken',
  })
  const { pairs, rows, wrong, withoutText } = await readFolder(dir)
  assert.deepEqual(wrong, [])
  assert.equal(withoutText, 1)
  assert.equal(rows, 4 + 1 + 3 + 4 + 2)
  assert.deepEqual(
    pairs.map(({ track }) => track),
    [{ id: 'a/one', artist: 'Ann; Ben', title: 'One' }, { id: 'b/two' }, { id: 'c' }, { id: 'd' }],
  )
  assert.deepEqual(pairs[0].audio, { path: join(dir, 'a/one.flac') })
  assert.deepEqual(texts(pairs[0], 'caption'), ['Third caption.', 'First caption.', 'Second caption.'])
  assert.deepEqual(texts(pairs[0], 'tag'), ['Rock', 'loud', 'fast'])
  assert.deepEqual(texts(pairs[0], 'artist'), ['Ann', 'Ben'])
  assert.deepEqual(texts(pairs[1], 'caption'), ['A slow song.', 'A sad song.'])
  assert.deepEqual(texts(pairs[2], 'tag'), ['folk', 'warm'])
  assert.deepEqual(texts(pairs[3], 'caption'), ['Birds and bells.'])
})

test('what the composer of the demo library writes', async () => {
  const { info } = compose(findStyle('ambient'), { seed: 1, variant: 0 })
  const dir = await folder({
    'ambient/01-drift.flac': '',
    'ambient/01-drift.mid': '',
    'ambient/01-drift.json': JSON.stringify({ ...info, recording: { version: 1 } }, null, 2),
  })
  const { pairs } = await readFolder(dir)
  assert.equal(pairs.length, 1)
  assert.deepEqual(texts(pairs[0], 'caption'), [info.caption])
  // Its style stands in `genre` too, with a capital: once is enough.
  assert.deepEqual(
    texts(pairs[0], 'tag').map((tag) => tag.toLowerCase()),
    info.tags,
  )
  const { artist, album, title } = info
  assert.deepEqual(pairs[0].track, { id: 'ambient/01-drift', artist, album, title })
})

test('wrong rows are told with file and line, and are left out', async () => {
  const many = Array.from({ length: 100 }, (_, i) => `caption ${i}`)
  const dir = await folder({
    'a.wav': '',
    'a.txt': [...many.slice(0, 6), 'with a \u0007 bell', ...many.slice(6)].join('\n'),
    'b.wav': '',
    'b.json': '{\n  "caption": "fine",\n  "tags": 7,\n  "title": [{}]\n}\n',
    'c.wav': '',
    'c.json': '{\n  "caption": "no end",\n',
    'd.wav': '',
    'd.txt': Buffer.from([0x41, 0xff, 0x42]),
    'e.wav': '',
    'e.json': '["a list"]',
  })
  const { pairs, rows, wrong } = await readFolder(dir, { maxWrongShare: 0.06 })
  assert.deepEqual(
    pairs.map(({ track, texts }) => [track.id, texts.length]),
    [
      ['a', 100],
      ['b', 1],
    ],
  )
  assert.equal(rows, 101 + 3 + 1 + 1 + 1)
  const told = wrong.map((row) => describeWrongRow(row).replace(dir, '').replace(/[\\/]/, ''))
  assert.match(told[0], /^a\.txt:7: it holds characters/)
  assert.match(told[1], /^b\.json:3: "tags" is a number, expected a string or a list of strings$/)
  assert.match(told[2], /^b\.json:4: "title" is a list of other things/)
  assert.match(told[3], /^c\.json:3: not JSON \(/)
  assert.match(told[4], /^d\.txt: it is not UTF-8$/)
  assert.match(told[5], /^e\.json:1: not a JSON object/)
  assert.equal(told.length, 6)
  await assert.rejects(readFolder(dir), {
    code: 'failed',
    message: /^6 of 107 rows are wrong \(5\.6 %, at most 5 % may be\):\n {2}.*a\.txt:7: .*\n[^]*and 1 more$/,
  })
})

test('a line of JSON is found in the middle of it', async () => {
  const dir = await folder({
    'a.wav': '',
    'a.json': '{\n "caption": "x",\n "tags": [1 2]\n}',
    'b.wav': '',
    'b.txt': 'b',
  })
  const { wrong } = await readFolder(dir, { maxWrongShare: 1 })
  assert.equal(wrong[0].line, 3)
})

test('linked folders are read; folders with nothing to learn from are refused', async () => {
  const dir = await folder({ 'a.wav': '', 'a.txt': 'A song.' })
  const empty = await folder({ 'readme.txt': 'nothing' })
  await symlink(dir, join(empty, 'disk'))
  const { pairs } = await readFolder(empty)
  assert.deepEqual(
    pairs.map(({ track }) => track.id),
    ['disk/a'],
  )
  await assert.rejects(readFolder(await folder({ 'x.txt': 'words' })), {
    code: 'usage',
    message: /There is no audio/,
  })
  await assert.rejects(readFolder(await folder({ 'x.wav': '' })), {
    code: 'usage',
    message: /Nothing is said of the 1/,
  })
  await assert.rejects(readFolder(join(dir, 'nowhere')), { code: 'usage', message: /does not exist/ })
  await assert.rejects(readFolder(dir, { signal: AbortSignal.abort() }), { code: 'interrupted' })
})

test('titles of playlists are texts of the tracks that they hold', async () => {
  const dir = await folder({
    'a/one.mp3': '',
    'a/Two Caf\u00e9s.mp3': '',
    'a/Two Caf\u00e9s.txt': 'A slow song.\n',
    'a/three.mp3': '',
    'alone.mp3': '',
    'a/late night.m3u8': '\uFEFF#EXTM3U\r\n#EXTINF:3,One\r\none.mp3\r\n\r\n./Two%20Caf%C3%A9s.mp3\r\n',
    'a/16.m3u': Buffer.from('\uFEFFONE.MP3\r', 'utf16le'),
    'lists/1.M3U':
      '#PLAYLIST:  Rainy  sunday \n../a/two cafe\u0301s.mp3\n..\\a\\three.mp3\nhttp://radio/one.mp3\n/etc/passwd\na\0b\nfile://%\n%E0\n',
    'lists/Caf\u00e9.m3u': Buffer.from('#PLAYLIST:Caf\u00e9\n../a/one.mp3\n../a/one.mp3\n', 'latin1'),
    'lists/empty.m3u8': '',
  })
  await writeFile(join(dir, 'lists/address.m3u8'), `${pathToFileURL(join(dir, 'a/three.mp3')).href}\n`)
  const { pairs, rows, wrong, withoutText } = await readFolder(dir)
  assert.deepEqual(
    pairs.map((pair) => [pair.track.id, texts(pair, 'playlist').sort(), texts(pair, 'caption')]),
    [
      ['a/Two Caf\u00e9s', ['Rainy sunday', 'late night'], ['A slow song.']],
      ['a/one', ['16', 'Caf\u00e9', 'late night'], []],
      ['a/three', ['Rainy sunday', 'address'], []],
    ],
  )
  assert.deepEqual([rows, wrong, withoutText], [6 + 1, [], 1])
})

test('one broken playlist of many is told, and no more', async () => {
  const files = Array.from({ length: 30 }, (_, i): [string, string] => [`${i}.m3u8`, 'one.mp3\n'])
  const broken = { 'broken.m3u': '#PLAYLIST:a\0b\none.mp3\n', 'one.mp3': '' }
  const dir = await folder({ ...Object.fromEntries(files), ...broken })
  const { pairs, rows, wrong } = await readFolder(dir)
  assert.equal(texts(pairs[0], 'playlist').length, 30)
  assert.equal(rows, 31)
  const reason = 'its title: it holds characters that are no text'
  assert.deepEqual(wrong, [{ file: join(dir, 'broken.m3u'), line: 0, reason }])
})
