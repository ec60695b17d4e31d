import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { listeningLines, type ListeningMatrix, type ListeningRow } from '../../listening/index.js'
import { eachLine } from './lines.js'
import { readListening } from './index.js'

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'antiphon-listening-'))
})
after(() => rm(dir, { recursive: true, force: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, content)
  return path
}

const flat = (matrix: ListeningMatrix): string[] =>
  [...listeningLines(matrix.rows())].map((line) => line.replaceAll('\t', ' '))
const ALL = { maxWrongShare: 1 }

test('triples: rows of a user and a track are added up, wrong ones are told by their lines', async () => {
  const path = await file(
    'triples.tsv',
    Buffer.concat([
      Buffer.from(
        '\uFEFFann\tt1\t3\r\nann\tt2\t1\n\nben\tt1\t0\nben\tt1\t-2\nben\tt1\t1.5\nben\tt1\nben\tt1\t2\t9\n\tt1\t2\nben\t\t2\n',
      ),
      Buffer.from([0x62, 0xff, 0x09, 0x74, 0x09, 0x31, 0x0a]),
      Buffer.from('ben\tt1\t4294967296\nann\tt1\t4\nbjörk\tt3\t7'),
    ]),
  )
  const { matrix, wrong, ...counts } = await readListening(path, ALL)
  assert.deepEqual(flat(matrix), ['ann t1 7', 'ann t2 1', 'björk t3 7'])
  assert.deepEqual(counts, { format: 'triples', rows: 13, repeated: 1, wrongRows: 9 })
  assert.deepEqual(
    wrong.map(({ line, reason }) => `${line}: ${reason}`),
    [
      '4: count "0" is no whole number from 1',
      '5: count "-2" is no whole number from 1',
      '6: count "1.5" is no whole number from 1',
      '7: 2 fields (expected 3)',
      '8: 4 fields (expected 3)',
      '9: no user',
      '10: no item',
      '11: it is not UTF-8',
      '12: count "4294967296" is no whole number from 1',
    ],
  )
  await assert.rejects(readListening(path), {
    code: 'failed',
    message: /^9 of 13 rows are wrong .*triples\.tsv:4: /s,
  })
})

test('a header says which column is what, in CSV always', async () => {
  const rows =
    'plays,track_id,user_id\n3,"a ""quoted"", track",ann\n1,t2,ben\n1,"t2,ben\n5,t2,"ben"\nx,t2,ben\n'
  const { matrix, wrong, format } = await readListening(await file('a.csv', rows), ALL)
  assert.deepEqual(flat(matrix), ['ann a "quoted", track 3', 'ben t2 6'])
  assert.equal(format, 'csv')
  assert.deepEqual(
    wrong.map(({ line, reason }) => `${line}: ${reason}`),
    ['4: quotes that do not fit', '6: count "x" is no whole number from 1'],
  )
  const tabs = await readListening(await file('b.tsv', 'user\tcount\titem\tother\nann\t2\tt1\tx\n'))
  assert.deepEqual(flat(tabs.matrix), ['ann t1 2'])
  await assert.rejects(readListening(await file('c.csv', 'a,b,c\n1,2,3\n')), {
    code: 'usage',
    message: /c\.csv:1: columns a, b, c \(expected a header/,
  })
})

// Rows as in train_triplets.txt and unique_tracks.txt of the Million Song Dataset (http://millionsongdataset.com/tasteprofile/).
const USER = 'b80344d063b5ccb3212f76538f3d9e43d87dca9e'
const TASTE = `${USER}\tSOAKIMP12A8C130995\t1\n${USER}\tSOAPDEY12A81C210A9\t2\n${USER}\tSOBBMDR12A8C13253B\t5\n${USER}\tSOXXXXX12A8C13253B\t5\n`
const TRACKS =
  'TRAAAAA128F0000001<SEP>SOAKIMP12A8C130995<SEP>An Artist<SEP>A Title\n' +
  'TRAAAAB128F0000002<SEP>SOAPDEY12A81C210A9<SEP>Another<SEP>B <SEP> side\n' +
  'TRAAAAC128F0000003<SEP>SOAPDEY12A81C210A9<SEP>Another<SEP>B side\n' +
  'TRAAAAB128F0000002<SEP>SOBBMDR12A8C13253B<SEP>Another<SEP>B side\n' +
  'broken line\n'

test('the Taste Profile: songs become tracks where these are listed', async () => {
  const songs = await readListening(await file('train_triplets.txt', TASTE))
  assert.equal(songs.format, 'taste-profile')
  assert.equal(songs.matrix.count(USER, 'SOBBMDR12A8C13253B'), 5)
  const tracks = await file('tracks.txt', TRACKS)
  const { matrix, wrong, rows, repeated } = await readListening(join(dir, 'train_triplets.txt'), {
    ...ALL,
    tracks,
  })
  // Two songs of one track are added up; a song with two tracks counts for the first.
  assert.deepEqual(flat(matrix), [`${USER} TRAAAAA128F0000001 1`, `${USER} TRAAAAB128F0000002 7`])
  assert.deepEqual([rows, repeated], [9, 1])
  assert.deepEqual(
    wrong.map(({ line, reason }) => `${line}: ${reason}`),
    ['5: expected track<SEP>song<SEP>artist<SEP>title', `4: song "SOXXXXX12A8C13253B" is not in ${tracks}`],
  )
  // A folder with both files; the one is found beside the other.
  await file('unique_tracks.txt', TRACKS)
  const folder = await readListening(dir, ALL)
  assert.deepEqual(flat(folder.matrix), flat(matrix))
  await rm(join(dir, 'unique_tracks.txt'))
})

// Rows as in usersha1-artmbid-artname-plays.tsv (http://ocelma.net/MusicRecommendationDataset/lastfm-360K.html).
const SHA1 = '00000c289a1829a808ac09c00daf10bc3c4e223b'
const LASTFM = `${SHA1}\t3bd73256-3905-4f3a-97e2-8b341527f805\tbetty blowtorch\t2137\n${SHA1}\t\tsome band\t12\nsep 20, 2008\t\tsome band\t12\n`

test('Last.fm-360K: artists by name, or by MBID where they have one', async () => {
  const path = await file('plays.tsv', LASTFM)
  const { matrix, wrong, format } = await readListening(path, ALL)
  assert.equal(format, 'lastfm-360k')
  assert.deepEqual(flat(matrix), [`${SHA1} betty blowtorch 2137`, `${SHA1} some band 12`])
  assert.deepEqual(
    wrong.map(({ line, reason }) => `${line}: ${reason}`),
    ['3: user "sep 20, 2008" is no SHA-1'],
  )
  const byMbid = await readListening(path, { ...ALL, artists: 'mbid' })
  assert.deepEqual([...byMbid.matrix.items], ['3bd73256-3905-4f3a-97e2-8b341527f805', 'some band'])
})

test('what is written is read, zipped too', async () => {
  const name = fc
    .string({ minLength: 1, maxLength: 8 })
    .filter((text) => !/[\t\r\n]|^#|^\uFEFF/.test(text) && text.trim() !== '')
  const rows = fc.uniqueArray(fc.record({ user: name, item: name, count: fc.integer({ min: 1, max: 99 }) }), {
    minLength: 1,
    maxLength: 40,
    selector: ({ user, item }) => JSON.stringify([user, item]),
  })
  await fc.assert(
    fc.asyncProperty(rows, async (list: ListeningRow[]) => {
      const text = [...listeningLines(list)].join('\n')
      const path = await file('round.tsv.gz', gzipSync(text))
      const { matrix } = await readListening(path, { format: 'triples' })
      const key = ({ user, item, count }: ListeningRow): string => JSON.stringify([user, item, count])
      assert.deepEqual([...matrix.rows()].map(key).sort(), list.map(key).sort())
    }),
    { numRuns: 40 },
  )
  assert.throws(() => [...listeningLines([{ user: 'a\tb', item: 'c', count: 1 }])], RangeError)
})

test('what is not there, not known or cut off is told', async () => {
  await assert.rejects(readListening(join(dir, 'nowhere')), {
    code: 'usage',
    message: /Cannot read .*nowhere/,
  })
  await assert.rejects(readListening(await file('prose.txt', 'Once upon a time\n')), {
    code: 'usage',
    message: /prose\.txt:1: no layout/,
  })
  await assert.rejects(readListening(await file('empty.tsv', '')), { code: 'usage' })
  const zipped = gzipSync('ann\tt1\t1\n'.repeat(100_000))
  const cut = await file('cut.tsv.gz', zipped.subarray(0, zipped.length - 40))
  await assert.rejects(readListening(cut), { code: 'file', message: /Cannot read .*cut\.tsv\.gz/ })
  const aborted = AbortSignal.abort()
  const path = await file('ok.tsv', 'ann\tt1\t1\n')
  await assert.rejects(readListening(path, { signal: aborted }), { code: 'interrupted' })
  await assert.rejects(readListening(path, { tracks: path }), {
    code: 'usage',
    message: /goes with the Taste Profile/,
  })
})

test('lines are those of the text, wherever blocks end', async () => {
  const lengths = [0, 1, 7, 1000, 65_536, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_011, 0, 5]
  const lines = lengths.map((length, i) => String.fromCharCode(97 + i).repeat(length))
  for (const [end, last] of [
    ['\n', ''],
    ['\r\n', '\r\n'],
    ['\n', '\n'],
  ] as const) {
    const path = await file('lines.txt', lines.join(end) + last)
    const seen: string[] = []
    await eachLine(path, {
      line: (bytes, from, to, number) => {
        seen.push(bytes.toString('utf8', from, to))
        assert.equal(number, seen.length)
      },
      wrong: (reason) => assert.fail(reason),
    })
    assert.ok(seen.every((line, i) => line === lines[i]))
    assert.equal(seen.length, lines.length)
  }
})
