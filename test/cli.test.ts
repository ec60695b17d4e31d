import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import stringWidth from 'string-width'
import { AntiphonError, type ErrorCode } from '../src/errors/index.js'
import { run, schemas } from '../src/cli/index.js'
import { repositoryRoot } from './golden.js'
import { fakeContext, fakeTrack, HOSTILE_NAMES, type FakeContextOptions } from './cli-fake.js'

const folder = mkdtempSync(join(tmpdir(), 'antiphon-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))

async function call(args: string[], options: FakeContextOptions = {}) {
  const context = fakeContext(options)
  const code = await run(args, context)
  return { code, out: context.out(), err: context.err(), context }
}

test('search prints a table', async () => {
  const { code, out, err } = await call(['search', 'calm piano', '-n', '3'])
  assert.equal(code, 0)
  assert.equal(err, '')
  assert.deepEqual(out.split('\n'), [
    '#  artist    title       at  match  path',
    '1  Artist 1  Title 1   0:00     93  /music/track 1.flac',
    '2  Artist 2  Title 2  10:10     86  /music/track 2.flac',
    '3  Artist 3  Title 3  20:20     78  /music/track 3.flac',
    '',
  ])
})

test('words need no quotes, options go to the catalog, and it is closed', async () => {
  const args = ['search', 'calm', 'piano', '--where', 'genre=jazz', '--like', 'x.flac', '--less', 'drums']
  const { context } = await call([...args, '--more', 'strings', '--catalog', '/c', '--model', 'bridge'])
  assert.deepEqual(context.opened, [{ dir: '/c', model: 'bridge' }])
  assert.deepEqual(context.catalog.calls, [
    [
      'search',
      'calm piano',
      { limit: 10, where: 'genre=jazz', like: 'x.flac', more: ['strings'], less: 'drums' },
    ],
    ['close'],
  ])
})

test('the environment names catalog and model, options win', async () => {
  const env = { ANTIPHON_CATALOG: '/from/env', ANTIPHON_MODEL: 'env-model' }
  assert.deepEqual((await call(['info'], { env })).context.opened, [{ dir: '/from/env', model: 'env-model' }])
  const args = ['--catalog', '/option', '--model', 'other', 'info']
  assert.deepEqual((await call(args, { env })).context.opened, [{ dir: '/option', model: 'other' }])
})

test('a table fits every terminal, whatever the names', async () => {
  const tracks = HOSTILE_NAMES.map((name, place) =>
    fakeTrack(place, { title: name, artist: `久石譲 ${name}`, path: `/music/${name}.flac` }),
  )
  for (const columns of [10, 21, 40, 72, 80, 119, 120, 200]) {
    const { code, out } = await call(['search', 'x', '-n', '50'], { columns, tracks })
    assert.equal(code, 0)
    const lines = out.split('\n')
    assert.equal(lines.length, tracks.length + 2)
    for (const line of lines) assert.ok(stringWidth(line) <= columns, `${columns}: ${line}`)

    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b\u2028\u2066]/)
  }
})

test('a track without tags goes by its file name', async () => {
  const tracks = [fakeTrack(0, { title: undefined, artist: undefined }), fakeTrack(1, { title: '' })]
  const { out } = await call(['search', 'x'], { columns: 80, tracks })
  assert.match(out, /\n1 +track 1\.flac +0:00/)
  assert.match(out, /\n2 +Artist 2 +track 2\.flac +10:10/)
})

test('colours only where they are wanted', async () => {
  assert.match((await call(['search', 'x'], { columns: 80, colour: true })).out, /\x1b\[2m.*\x1b\[22m/)
  assert.ok(!(await call(['search', 'x'], { columns: 80 })).out.includes('\x1b'))
})

test('a query that nothing fits says so', async () => {
  assert.match((await call(['search', 'x'], { match: 12 })).out, /^Nothing here fits well/)
  assert.doesNotMatch((await call(['search', 'x'])).out, /Nothing/)
  assert.match((await call(['search', 'x'], { tracks: [] })).out, /^No tracks found: .*antiphon index DIR/)
  assert.doesNotMatch((await call(['search', 'x', '--json'], { match: 12 })).out, /Nothing/)
})

test('JSON of every command is what its schema says', async () => {
  const failures = [{ path: '/music/\x1bbad.mp3', reason: 'it is empty' }]
  const calls: [string[], { parse(value: unknown): unknown }][] = [
    [['search', 'x'], schemas.SearchOutput],
    [['similar', 'x'], schemas.SearchOutput],
    [['tags', 'x'], schemas.TagsOutput],
    [['info'], schemas.InfoOutput],
    [['index', '/music'], schemas.IndexOutput],
    [['reindex', '--model', 'x', '--prune'], schemas.IndexOutput],
    [['remove', '/music'], schemas.RemoveOutput],
    [['export', '--npy', `${folder}/schema`], schemas.ExportOutput],
  ]
  const tracks = HOSTILE_NAMES.map((name, place) => fakeTrack(place, { title: name, album: undefined }))
  for (const [args, schema] of calls)
    for (const placed of [
      [...args, '--json'],
      ['--json', ...args],
    ]) {
      const { out } = await call(placed, { failures, tracks, columns: 80, colour: true })

      assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/)
      schema.parse(JSON.parse(out))
    }
  const { out } = await call(['search', 'x', '--json'], { tracks })
  const parsed = schemas.SearchOutput.parse(JSON.parse(out))
  assert.deepEqual(
    parsed.results.map(({ title }) => title),
    HOSTILE_NAMES.slice(0, 10).map((name) => JSON.parse(JSON.stringify(name))),
  )
  assert.deepEqual(Object.keys(JSON.parse(out)), ['query', 'model', 'spaceId', 'knowledge', 'results'])
  assert.deepEqual(Object.keys(JSON.parse(out).results[0]), [
    'rank',
    'trackId',
    'path',
    'artist',
    'title',
    'album',
    'start',
    'end',
    'match',
    'cosine',
  ])
})

test('a query in another script gets a hint, unless the model knows more', async () => {
  const hinted = await call(['search', '静かなピアノ', '--json'])
  assert.equal(hinted.code, 0)
  assert.equal(hinted.err, 'The model fake knows English only; in other languages expect poor answers.\n')
  assert.equal(JSON.parse(hinted.out).query, '静かなピアノ')
  assert.equal((await call(['search', '静かなピアノ'], { languages: ['en', 'ja'] })).err, '')
})

test('wrong usage exits with 2 and says what to do', async () => {
  const wrong: [string[], RegExp][] = [
    [[], /Usage: antiphon/],
    [['serach', 'x'], /unknown command 'serach'.*search/],
    [['search'], /missing required argument 'words'/],
    [['search', ''], /query is empty/],
    [['search', ' ', '\t'], /query is empty/],
    [['search', '', '--like', 'x'], /antiphon similar/],
    [['search', 'x', '-n', '0'], /'0' is invalid.*from 1 on/],
    [['search', 'x', '-n', '-3'], /invalid.*from 1 on/],
    [['search', 'x', '-n', '1e3'], /from 1 on/],
    [['search', 'x', '-n'], /argument missing/],
    [['search', 'x', '--nope'], /unknown option '--nope'/],
    [['search', 'x', '--json', '--m3u', '-'], /both want stdout/],
    [['similar', 'x', '--json', '--m3u', '-'], /both want stdout/],
    [['index'], /missing required argument 'dirs'/],
    [['index', 'x', '--workers', 'two'], /from 1 on/],
    [['index', 'x', '--limit', '0'], /from 1 on/],
    [['reindex'], /Which model\?.*reindex --model NAME/],
    [['export'], /--npy/],
    [['remove'], /missing required argument/],
    [['remove', '/nowhere'], /no track "\/nowhere"/],
    [['index', 'x', '--workers', '999999999'], /at most 64/],
    [['remove', ''], /<track\|dir> is empty/],
    [['index', 'x', ' '], /<dirs> is empty/],
    [['info', '--catalog', ''], /--catalog is empty/],
    [['export', '--npy', ''], /--npy is empty/],
    [['search', 'x', '--less', ''], /--less is empty/],
    [['search', 'x', '--more', ' '], /--more is empty/],
    [['info', 'extra'], /too many arguments/],
  ]
  for (const [args, expected] of wrong) {
    const { code, out, err, context } = await call(args)
    assert.equal(code, 2, args.join(' '))
    assert.equal(out, '')
    assert.match(err, expected)
    assert.doesNotMatch(err, /\n {4}at /)
    if (args.length > 0) assert.equal(err.indexOf('\n'), err.length - 1, `one paragraph: ${err}`)
    assert.ok(!context.catalog.calls.some(([name]) => name === 'search'))
  }
})

test('errors of the catalog become exit codes; stacks are for --debug', async () => {
  const codes: [ErrorCode, number][] = [
    ['usage', 2],
    ['failed', 1],
    ['file', 1],
    ['model', 1],
    ['locked', 4],
    ['space', 5],
    ['interrupted', 130],
  ]
  for (const [code, exit] of codes) {
    const error = new AntiphonError(code, 'A \x1b[31mbad\nthing.', { cause: new Error('underneath') })
    const plain = await call(['search', 'x'], { error })
    assert.equal(plain.code, exit)
    assert.equal(plain.err, 'antiphon: A \\x1b[31mbad thing.\n')
    assert.deepEqual(plain.context.catalog.calls.at(-1), ['close'])
    const debug = await call(['search', 'x', '--debug'], { error })
    assert.equal(debug.code, exit)
    assert.match(debug.err, /\n {4}at [^]*Caused by: Error: underneath\n {4}at /)
  }
})

test('errors of the system come with advice, others with the way to learn more', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  assert.deepEqual(
    (await call(['info'], { error: full })).err,
    'antiphon: ENOSPC: no space left on device, write. The disk is full: free some space, then run the same command again.\n',
  )
  const { code, err } = await call(['info'], { error: new TypeError('x is undefined') })
  assert.equal(code, 1)
  assert.match(err, /^antiphon: x is undefined\. .*--debug/)
})

test('help and version go to stdout', async () => {
  const help = await call(['--help'])
  assert.equal(help.code, 0)
  assert.match(help.out, /Examples:\n {2}antiphon index ~\/Music/)
  for (const command of [
    'index',
    'search',
    'similar',
    'tags',
    'info',
    'remove',
    'export',
    'reindex',
    'doctor',
  ]) {
    assert.match(help.out, new RegExp(`^ {2}${command} `, 'm'))
    const own = await call([command, '--help'])
    assert.equal(own.code, 0)
    assert.match(own.out, new RegExp(`^Usage: antiphon ${command} [^]*--catalog <dir>`))
  }
  const version = await call(['--version'])
  assert.equal(version.code, 0)
  assert.match(version.out, /^\d+\.\d+\.\d+\n$/)
  for (const line of (await call(['--help'], { columns: 80 })).out.split('\n'))
    assert.ok(line.length <= 80, line)
})

test('index shows progress on stderr, the summary on stdout, and remembers failures', async () => {
  const failures = [{ path: '/music/a\nb.mp3', reason: 'not audio' }]
  const { code, out, err } = await call(['index', '/music'], { failures, columns: 80 })
  assert.equal(code, 3)
  assert.match(err, /6 audio files found: 6 to read, 0 unchanged\n/)
  assert.match(err, /failed \/music\/a\\nb\.mp3: not audio\n/)
  assert.match(err, /6 of 6 files.*\r\x1b\[K$/)
  assert.equal(
    out,
    '5 tracks indexed, 1 equal to known audio, 1 failed.\n20 min of music in 30 s (40× real time).\n' +
      'The catalog holds 6 tracks and 120 moments.\n',
  )
  const piped = await call(['index', '/music'], { failures })
  assert.ok(!piped.err.includes('\r') && !piped.err.includes('\x1b'))
  assert.equal((await call(['index', '/music'])).code, 0)
})

test('a folder without music is told, with what counts as music', async () => {
  const { code, out, err } = await call(['index', '/nothing'], { files: 0 })
  assert.equal(code, 0)
  assert.match(err, /^No audio files found\. .* flac, .*mp3/)
  assert.match(out, /^0 tracks indexed/)
})

test('index --json ends with the failures', async () => {
  const failures = [{ path: '/music/a\nb.mp3', reason: 'not audio' }]
  const { code, out } = await call(
    ['index', '/music', '--json', '--retry', '--prune', '--limit', '7', '--workers', '1'],
    {
      failures,
    },
  )
  assert.equal(code, 3)
  const summary = schemas.IndexOutput.parse(JSON.parse(out))
  assert.deepEqual(summary.failures, failures)
})

test('an interrupted index keeps what is done and says how to go on', async () => {
  const context = fakeContext({ files: 50, fileMs: 5 })
  setTimeout(() => context.interrupt(), 40)
  assert.equal(await run(['index', '/music'], context), 130)
  assert.match(context.err(), /Stopping: .*\n[^]*Stopped\. .*same command goes on/)
  assert.match(context.out(), /tracks? indexed/)
  assert.deepEqual(context.catalog.calls.at(-1), ['close'])
})

test('reindex opens the catalog as it is, whatever model is named', async () => {
  const { code, context } = await call(['reindex', '--model', 'next'], { env: { ANTIPHON_MODEL: 'env' } })
  assert.equal(code, 0)
  assert.deepEqual(context.opened[0].model, undefined)
  assert.equal(context.catalog.calls[0][1], 'next')
})

test('a playlist keeps to the convention and leaves out what it cannot hold', async () => {
  const tracks = [
    fakeTrack(0, { artist: '久石譲' }),
    fakeTrack(1, { path: '/music/two\nlines.flac' }),
    fakeTrack(2, { title: 'new\nline\x1b[31m', artist: undefined }),
    fakeTrack(3, { title: undefined, artist: undefined, path: '/music/#4 ü.flac' }),
  ]
  const expected =
    '#EXTM3U\n#EXTENC:UTF-8\n#EXTINF:201,久石譲 - Title 1\n/music/track 1.flac\n' +
    '#EXTINF:203,new\\nline\\x1b[31m\n/music/track 3.flac\n/music/#4 ü.flac\n'
  const piped = await call(['search', 'x', '--m3u', '-'], { tracks })
  assert.equal(piped.out, expected)
  assert.match(piped.err, /^Left out of the playlist: \/music\/two\\nlines\.flac .*\n$/)
  const file = join(folder, 'list.m3u8')
  writeFileSync(file, 'old')
  const written = await call(['similar', 'x', '--m3u', file], { tracks })
  assert.equal(written.code, 0)
  assert.equal(readFileSync(file, 'utf8'), expected)
  assert.match(written.out, /^#  artist/)
  assert.match(written.err, /Wrote 3 of 4 tracks to/)
  const nowhere = await call(['search', 'x', '--m3u', join(folder, 'missing', 'list.m3u8')], { tracks })
  assert.equal(nowhere.code, 1)
  assert.match(
    nowhere.err,
    /^antiphon: Cannot write .*list\.m3u8: the folder .*missing does not exist; make it first/m,
  )
})

test('tags, info, remove', async () => {
  const tags = await call(['tags', 'x'])
  assert.equal(tags.out, 'tag    match\npiano     88\ncalm      62\n')
  const failures = Array.from({ length: 13 }, (_, i) => ({ path: `/music/${i}\x1b.mp3`, reason: 'empty' }))
  const info = await call(['info'], { failures })
  assert.match(info.out, /^tracks {3}12$/m)
  assert.match(info.out, /^music {4}2 h 13 min$/m)
  assert.match(info.out, /^13 files could not be read:\n {2}\/music\/0\\x1b\.mp3: empty\n/m)
  assert.match(info.out, /and 3 more; "antiphon info --json" lists all\n$/)
  assert.equal(
    (await call(['remove', '/music'])).out,
    'Forgot 12 tracks. The files themselves are untouched.\n',
  )
  assert.equal(
    (await call(['remove', '/music'], { failures })).out,
    'Forgot 12 tracks and 13 files that could not be read. The files themselves are untouched.\n',
  )
  const failed = await call(['remove', '/music/7'], { failures })
  assert.deepEqual(
    [failed.code, failed.out],
    [0, 'Forgot 1 file that could not be read. The files themselves are untouched.\n'],
  )
})

test('export writes a matrix that reads back, and the tracks in the same order', async () => {
  const prefix = join(folder, 'vectors')
  const { code, out, context } = await call(['export', '--npy', prefix])
  assert.equal(code, 0)
  assert.match(out, /^Wrote 12 tracks: float32 \[12, 4\] in .*vectors\.npy.*vectors\.jsonl\n$/)
  const { matrix, tracks } = await context.catalog.vectors()
  assert.deepEqual(readNpy(readFileSync(`${prefix}.npy`)), { shape: [12, 4], data: [...matrix] })
  const lines = readFileSync(`${prefix}.jsonl`, 'utf8').trimEnd().split('\n')
  const rows = lines.map((line) => schemas.ExportedTrack.parse(JSON.parse(line)))
  assert.deepEqual(
    rows.map(({ row, trackId }) => [row, trackId]),
    tracks.map(({ trackId }, row) => [row, trackId]),
  )

  assert.equal((await call(['export', '--npy', folder, '--json'])).code, 0)
  assert.equal(readNpy(readFileSync(join(folder, 'tracks.npy'))).shape[0], 12)
  assert.equal((await call(['export', '--npy', prefix], { tracks: [] })).code, 0)
  assert.deepEqual(readNpy(readFileSync(`${prefix}.npy`)), { shape: [0, 4], data: [] })
})

const python = [join(repositoryRoot, '.venv-reference', 'bin', 'python'), 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
)
test(
  'numpy reads the matrix',
  { skip: python ? false : 'NOT TESTED: no Python with numpy here' },
  async () => {
    const prefix = join(folder, 'numpy')
    const { context } = await call(['export', '--npy', prefix])
    const script =
      'import numpy, sys; a = numpy.load(sys.argv[1]); print(a.dtype, a.shape, a.flags.c_contiguous, *a.ravel())'
    const { stdout } = spawnSync(python!, ['-c', script, `${prefix}.npy`], { encoding: 'utf8' })
    assert.match(stdout, /^float32 \(12, 4\) True /)
    const read = Float32Array.from(stdout.trim().split(' ').slice(4), Number)
    assert.deepEqual([...read], [...(await context.catalog.vectors()).matrix])
  },
)

test('doctor tries what is needed and says how to fix what is broken', async () => {
  const healthy = await call(['doctor', '--catalog', join(folder, 'none', 'yet')])
  assert.equal(healthy.code, 0, healthy.out)
  assert.match(healthy.out, /^ok {4}decoder +starts and decodes/m)
  assert.match(healthy.out, /^ok {4}parity +largest difference 1\.2e-7, at most 1\.0e-4 allowed$/m)
  assert.match(healthy.out, /^ok {4}catalog +.*none.yet is empty; "antiphon index DIR" makes it$/m)
  assert.match(healthy.out, /Everything that is needed works\.\n$/)
  assert.match(
    (await call(['doctor', '--catalog', folder])).out,
    /^ok {4}catalog +12 tracks, 240 moments; format 1.*\nok {4}writer +none$/m,
  )
  const writer = { pid: 4711, host: 'elsewhere', since: '2026-01-02T03:04:05.678Z' }
  assert.match(
    (await call(['doctor', '--catalog', folder], { writer })).out,
    /^ok {4}writer +process 4711 on elsewhere since 2026-01-02T03:04:05\.678Z$/m,
  )
  assert.deepEqual(JSON.parse((await call(['info', '--json'], { writer })).out).writer, writer)

  const model = { name: 'm', dir: '/m', spaceId: 'f'.repeat(16), largestDifference: 0.5, tolerance: 1e-4 }
  const broken: [RegExp, FakeContextOptions][] = [
    [/^fail {2}parity .*5\.0e-1[^]*Get the model again/m, { machine: { checkModel: async () => model } }],
    [
      /^fail {2}parity .*NaN/m,
      { machine: { checkModel: async () => ({ ...model, largestDifference: NaN }) } },
    ],
    [
      /^fail {2}model +no \\x1b model\n +In a clone/m,
      { machine: { checkModel: () => Promise.reject(new Error('no \x1b model')) } },
    ],
    [
      /^fail {2}decoder +gone\n +Reinstall/m,
      { machine: { decode: () => Promise.reject(new Error('gone')) } },
    ],
    [/^fail {2}decoder .*15000 samples/m, { machine: { decode: async () => new Float32Array(15_000) } }],
    [/^fail {2}decoder .*0 Hz/m, { machine: { decode: async () => new Float32Array(16_000) } }],
    [
      /^fail {2}ONNX Runtime .*no glibc/m,
      { machine: { onnxRuntime: () => Promise.reject(new Error('no glibc')) } },
    ],
    [
      /^fail {2}space .*by fake in space f+,.*\n +Embed .*reindex --model m", or use --model fake/m,
      { machine: { checkModel: async () => ({ ...model, spaceId: 'x', largestDifference: 0 }) } },
    ],
    [/^fail {2}catalog +torn/m, { error: new AntiphonError('failed', 'torn') }],
  ]
  for (const [expected, options] of broken) {
    const { code, out } = await call(['doctor', '--catalog', folder], options)
    assert.equal(code, 1)
    assert.match(out, expected)
    const json = await call(['doctor', '--json', '--catalog', folder], options)
    assert.equal(json.code, 1)
    const report = schemas.DoctorOutput.parse(JSON.parse(json.out))
    assert.equal(report.ok, false)
    assert.equal(report.checks.filter(({ status }) => status === 'fail').length, 1)
  }
})

/** Reads what the format's description says, not what our writer does. */
function readNpy(file: Buffer): { shape: number[]; data: number[] } {
  assert.equal(file.subarray(0, 6).toString('latin1'), '\x93NUMPY')
  assert.equal(file[6], 1)
  const length = file.readUInt16LE(8)
  const header = file.subarray(10, 10 + length).toString('latin1')
  assert.match(header, /'descr': '<f4'.*'fortran_order': False.*\n$/)
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number)
  const data: number[] = []
  for (let at = 10 + length; at < file.length; at += 4) data.push(file.readFloatLE(at))
  return { shape, data }
}

test(
  'what is written goes through symbolic links and into pipes, and replaces neither',
  { skip: process.platform === 'win32' ? 'Windows has neither' : false },
  async () => {
    const real = join(folder, 'real.m3u8')
    const link = join(folder, 'link.m3u8')
    symlinkSync(real, link)
    writeFileSync(real, 'before')
    assert.equal((await call(['search', 'x', '--m3u', link])).code, 0)
    assert.ok(lstatSync(link).isSymbolicLink())
    assert.match(readFileSync(real, 'utf8'), /^#EXTM3U/)

    const pipe = join(folder, 'pipe.m3u8')
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0)
    const reader = spawn('cat', [pipe])
    let read = ''
    reader.stdout.on('data', (data) => (read += data))
    assert.equal((await call(['search', 'x', '--m3u', pipe])).code, 0)
    await once(reader, 'close')
    assert.match(read, /^#EXTM3U/)
    assert.ok(lstatSync(pipe).isFIFO())
  },
)
