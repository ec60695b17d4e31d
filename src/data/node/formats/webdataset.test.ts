import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { tar, tarHeader } from '../../../../test/tar.js'
import type { PairSet } from '../../index.js'
import { detectFormat } from '../../node.js'
import { expandBraces } from './braces.js'
import { tarEntries } from './tar-entries.js'
import { webDataset } from './webdataset.js'

const root = await mkdtemp(join(tmpdir(), 'antiphon-tar-'))
after(() => rm(root, { recursive: true, force: true }))

async function read(path: string): Promise<PairSet> {
  const all = {
    pairs: [] as PairSet['pairs'][number][],
    wrong: [] as PairSet['wrong'][number][],
    rows: 0,
    withoutText: 0,
  }
  for await (const { pairs, wrong, rows, withoutText } of webDataset.read(path, {})) {
    all.pairs.push(...pairs)
    all.wrong.push(...wrong)
    all.rows += rows
    all.withoutText += withoutText
  }
  return all
}

const SAMPLES = {
  'a/0001.flac': 'fLaC one'.repeat(100),
  'a/0001.json': JSON.stringify({
    text: ['A song.', 'Music.'],
    tag: ['folk'],
    title: 'One',
    original_data: { x: 1 },
  }),
  'a/0002.seg.json': '{}',
  'a/0002.mp3': 'ID3 two',
  'a/0002.cls': '7',
  'a/0002.txt': 'Two.\n',
  'a/0003.wav': 'RIFF',
  'b/0001.json': '{"text": 5, "caption": "Four."}',
  'b/0001.wav': 'RIFF four',
  'b/0002.txt': 'Words alone.',
}

test('samples by their keys, audio by its place in the shard', async () => {
  const dir = join(root, 'laion')
  await mkdir(join(dir, 'train'), { recursive: true })
  const shard = join(dir, 'train', '0.tar')
  await writeFile(shard, tar(SAMPLES))
  assert.equal((await detectFormat(dir)).id, 'webdataset')
  const { pairs, wrong, rows, withoutText } = await read(dir)
  assert.deepEqual(
    pairs.map(({ track, texts }) => [
      track.id,
      track.part,
      ...texts.map(({ kind, value }) => `${kind}: ${value}`),
    ]),
    [
      ['train/0/a/0001', 'train', 'caption: A song.', 'caption: Music.', 'tag: folk', 'title: One'],
      ['train/0/a/0002', 'train', 'caption: Two.'],
      ['train/0/b/0001', 'train', 'caption: Four.'],
    ],
  )
  const bytes = await readFile(shard)
  assert.deepEqual(
    pairs.map(({ audio }) => bytes.toString('utf8', ...audio.bytes!)),
    [SAMPLES['a/0001.flac'], SAMPLES['a/0002.mp3'], SAMPLES['b/0001.wav']],
  )
  assert.equal(withoutText, 1)
  assert.deepEqual(
    wrong.map(({ file, line, reason }) => [file, line, reason]),
    [
      [shard, 0, 'b/0001.json:1: "text" is a number, expected a string or a list of strings'],
      [shard, 0, 'b/0002: words without audio'],
    ],
  )
  assert.equal(rows, 3 + 1 + 2 + 1 + 1)
})

test('a shard that was cut off gives the samples that are whole', async () => {
  const whole = tar(SAMPLES)
  const at = whole.indexOf('ID3 two')
  for (const [length, count, reason] of [
    [at + 3, 1, /truncated or damaged: it ends within a\/0002\.mp3/],
    [at - 200, 1, /truncated or damaged: it ends within a header/],
    [whole.length - 1024, 3, undefined], // without the blocks of zeros at its end, as some writers leave it
  ] as const) {
    const shard = join(root, `cut-${length}.tar`)
    await writeFile(shard, whole.subarray(0, length))
    const { pairs, wrong } = await read(shard)
    assert.equal(pairs.length, count)
    if (reason) assert.deepEqual([wrong.length, wrong[0].line, reason.test(wrong[0].reason)], [1, 0, true])
  }
  // The first file of the next sample is cut: the one before is whole.
  const two = tar({ 'x.wav': 'RIFF', 'x.txt': 'A song.', 'y.wav': 'RIFF and more' })
  await writeFile(join(root, 'next.tar'), two.subarray(0, two.indexOf('RIFF and more') + 4))
  assert.deepEqual(
    (await read(join(root, 'next.tar'))).pairs.map(({ track }) => track.id),
    ['next/x'],
  )
  const damaged = Buffer.from(whole)
  damaged[damaged.indexOf('a/0002.mp3') + 1] ^= 1
  await writeFile(join(root, 'damaged.tar'), damaged)
  const { pairs, wrong } = await read(join(root, 'damaged.tar'))
  assert.equal(pairs.length, 1)
  assert.match(wrong[0].reason, /its checksum is another/)
})

test('a PAX size below nothing, which leads back to what was read, ends the archive', async () => {
  const record = '14 size=-1536\n' // from the content of b.txt to the header of its PAX records
  const padded = (text: string): Buffer => Buffer.concat([Buffer.from(text)], 512)
  const path = join(root, 'backwards.tar')
  await writeFile(
    path,
    Buffer.concat([
      tar({ 'a.txt': 'A song.' }).subarray(0, 1024),
      tarHeader({ name: 'pax', size: record.length, type: 'x' }),
      padded(record),
      tarHeader({ name: 'b.txt', size: 5 }),
      padded('Words'),
      Buffer.alloc(1024),
    ]),
  )
  const names: string[] = []
  const all = async (): Promise<void> => {
    for await (const { name } of tarEntries(path)) if (names.push(name) > 2) return
  }
  await assert.rejects(all(), { message: 'the size of b.txt is none' })
  assert.deepEqual(names, ['a.txt'])
})

test('patterns of shards; one that is missing is a wrong row; compressed ones are refused', async () => {
  for (const i of [0, 1])
    await writeFile(
      join(root, `shard-00${i}.tar`),
      tar({ [`k${i}.wav`]: 'RIFF', [`k${i}.txt`]: `Number ${i}.` }),
    )
  const pattern = join(root, 'shard-{000..002}.tar')
  assert.equal((await detectFormat(pattern)).id, 'webdataset')
  const { pairs, wrong } = await read(pattern)
  assert.deepEqual(
    pairs.map(({ track }) => track.id),
    ['shard-000/k0', 'shard-001/k1'],
  )
  assert.deepEqual(
    [wrong.length, wrong[0].file, wrong[0].reason],
    [1, join(root, 'shard-002.tar'), 'it does not exist'],
  )
  await writeFile(join(root, 'x.tar.gz'), '')
  await assert.rejects(read(join(root, 'x.tar.gz')), { code: 'usage', message: /unpack it to \.tar/ })
  assert.deepEqual(expandBraces('{a,b}/{08..10}.tar'), [
    'a/08.tar',
    'a/09.tar',
    'a/10.tar',
    'b/08.tar',
    'b/09.tar',
    'b/10.tar',
  ])
  assert.deepEqual(expandBraces('x{9..11}'), ['x9', 'x10', 'x11'])
  for (const bad of ['x{1', 'x{5..1}', 'x{0..9999999}'])
    assert.throws(() => expandBraces(bad), { code: 'usage' })
})

const systemTar = (() => {
  try {
    return /GNU tar/.test(execFileSync('tar', ['--version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
})()

test(
  'archives of the system’s tar, in its three formats',
  { skip: !systemTar && 'there is no GNU tar' },
  async () => {
    const dir = join(root, 'files')
    const names = ['short.txt', `${'long/'.repeat(30)}name-é-音.wav`, `${'x'.repeat(120)}.txt`]
    for (const [i, name] of names.entries()) {
      await mkdir(join(dir, name, '..'), { recursive: true })
      await writeFile(join(dir, name), `content ${i}`.repeat(i * 100))
    }
    for (const format of ['gnu', 'pax', 'ustar']) {
      const archive = join(root, `${format}.tar`)
      const taken = format === 'ustar' ? names.slice(0, 2) : names // ustar has no place for the third
      execFileSync('tar', ['-C', dir, `--format=${format}`, '-cf', archive, ...taken])
      const found: [string, string][] = []
      for await (const entry of tarEntries(archive)) found.push([entry.name, (await entry.read()).toString()])
      assert.deepEqual(
        found,
        taken.map((name) => [name, `content ${names.indexOf(name)}`.repeat(names.indexOf(name) * 100)]),
        format,
      )
    }
  },
)

// Windows would write the zeros of the hole.
const noHoles = process.platform === 'win32' && 'files have no holes'

test('audio is never read: a shard of 12 GB takes no time', { skip: noHoles }, async () => {
  const path = join(root, 'large.tar')
  const size = 12 * 2 ** 30
  const file = await open(path, 'w')
  const behind = tar({ 'a.txt': 'A song.' })
  await file.write(tarHeader({ name: 'a.wav', size, binarySize: true }), 0, 512, 0)
  await file.write(behind, 0, behind.length, 512 + size) // a hole between them
  await file.close()
  const { pairs } = await read(path)
  assert.deepEqual(pairs[0].audio, { path, bytes: [512, 512 + size] })
  await rm(path)
})
