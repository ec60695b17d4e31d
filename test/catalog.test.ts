import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import type { Catalog, IndexEvent, IndexOptions, IndexSummary } from '../src/catalog/index.js'
import { openCatalog } from '../src/catalog/node.js'
import { AntiphonError, type ErrorCode } from '../src/errors/index.js'
import { fakeAudioFiles, fakeModel, writeFake } from './catalog-fakes.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-catalog-'))
after(() => rmSync(root, { recursive: true, force: true }))
let made = 0

interface World {
  readonly dir: string
  readonly music: string
  readonly catalog: Catalog
  /** Paths that were decoded since the last look. */
  readonly decoded: () => string[]
  readonly index: (
    options?: IndexOptions,
    paths?: string[],
  ) => Promise<{ events: IndexEvent[]; summary: IndexSummary }>
}

async function world(files = SONGS): Promise<World> {
  const place = join(root, String(made++))
  const [dir, music] = [join(place, 'catalog'), join(place, 'music')]
  mkdirSync(music, { recursive: true })
  for (const [name, [sound, seconds, tags]] of Object.entries(files))
    await writeFake(join(music, name), { sound, seconds, tags })
  const paths: string[] = []
  const catalog = await openCatalog({
    dir,
    model: fakeModel(),
    openAudioFiles: () => fakeAudioFiles({ decoded: paths }),
    cacheDir: join(root, 'cache'),
  })
  after(() => catalog.close())
  return {
    dir,
    music,
    catalog,
    decoded: () => paths.splice(0).sort(),
    index: (options = {}, named = [music]) => indexed(catalog, named, options),
  }
}

const SONGS: Record<
  string,
  [string, number, { artist?: string; title?: string; genre?: string; year?: number }?]
> = {
  'jazz/one.mp3': ['jazz piano', 35, { artist: 'Ann', title: 'One', genre: 'Jazz', year: 1961 }],
  'jazz/two.flac': ['jazz trumpet', 61, { artist: 'Bob', title: 'Two', genre: 'Jazz', year: 1975 }],
  'rock/three.ogg': ['rock guitar', 12, { artist: 'Cid', title: 'Three', genre: 'Rock', year: 1999 }],
  'rock/four.wav': ['rock drums', 4, { title: 'Four' }],
  'techno/five.mp3': ['techno', 100, { artist: 'Eve', genre: 'Electronic' }],
  'techno/six.MP3': ['techno acid', 27],
  'calm/seven.opus': ['calm harp', 44],
}

async function indexed(
  catalog: Catalog,
  paths: string[],
  options: IndexOptions,
): Promise<{ events: IndexEvent[]; summary: IndexSummary }> {
  const events: IndexEvent[] = []
  for await (const event of catalog.index(paths, options)) events.push(event)
  const last = events.at(-1)!
  assert.equal(last.kind, 'done')
  return { events, summary: last.summary }
}

/** The counts of a summary that are not 0. */
function counts({ summary }: { summary: IndexSummary }): Record<string, number> {
  const { embedded, shared, moved, retagged, unchanged, removed, failed } = summary
  const all = { embedded, shared, moved, retagged, unchanged, removed, failed }
  return Object.fromEntries(Object.entries(all).filter(([, n]) => n > 0))
}

function notices({ events }: { events: IndexEvent[] }): string[] {
  return events.flatMap((event) => (event.kind === 'notice' ? [event.message] : []))
}

const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AntiphonError, String(error))
  assert.equal(error.code, code, error.message)
  assert.match(error.message, message)
  return true
}

it('indexes a folder and answers a sentence with tracks and moments', async () => {
  const { catalog, music, index } = await world()
  const { events, summary } = await index()
  assert.deepEqual(counts({ summary }), { embedded: 7 })
  assert.equal(events[0].kind, 'scanned')
  // 35 s: 3 chunks and a rest of 5; 61: 6; 12: 1; 4 is a whole track; 100: 10; 27: 2 and a rest; 44: 4 and a rest.
  assert.deepEqual([summary.tracks, summary.moments], [7, 4 + 6 + 1 + 1 + 10 + 3 + 5])

  const { results, ...head } = await catalog.search('trumpet jazz', { limit: 3 })
  assert.deepEqual(head, { query: 'trumpet jazz', model: 'fake', spaceId: fakeModel().spaceId })
  assert.equal(results.length, 3)
  assert.deepEqual(
    results.map((result) => result.rank),
    [1, 2, 3],
  )
  assert.equal(results[0].path, join(music, 'jazz/two.flac'))
  assert.deepEqual([results[0].artist, results[0].title, results[0].album], ['Bob', 'Two', null])
  assert.ok(results[0].end - results[0].start === 10 && results[0].end <= 61)
  assert.ok(results[0].match > results[1].match && results[0].match <= 100)

  const info = await catalog.info()
  assert.deepEqual([info.tracks, info.moments, info.folders, info.failures], [7, 30, [music], []])
  assert.equal(info.vectorIndex, 'exact')
  assert.ok(info.bytes > 1000)
})

it('says "nothing fits" of a nonsense query, and finds a track by its filters', async () => {
  const { catalog, index } = await world()
  await index()
  const good = await catalog.search('techno')
  const nonsense = await catalog.search('qwertz uiop asdfg')
  assert.ok(good.results[0].match > 60, String(good.results[0].match))
  assert.ok(nonsense.results[0].match < good.results[0].match - 20, String(nonsense.results[0].match))
  const jazz = await catalog.search('techno', { where: 'genre=jazz,year>1970' })
  assert.deepEqual(
    jazz.results.map((result) => result.title),
    ['Two'],
  )
  await assert.rejects(
    catalog.search('x', { where: 'mood=sad' }),
    fails('usage', /unknown field "mood".*artist, album/),
  )
  await assert.rejects(catalog.search('x', { limit: 0 }), fails('usage', /limit/))
  await assert.rejects(catalog.search('x', { like: 'nobody' }), fails('usage', /No track "nobody"/))
})

it('compares tracks, mixes a track with words, and takes words away', async () => {
  const { catalog, music, index } = await world({
    ...SONGS,
    'techno/calm.mp3': ['techno calm', 20],
    'techno/rock.mp3': ['techno rock', 20],
  })
  await index()
  const id = (await catalog.find(join(music, 'techno/five.mp3')))!.trackId
  assert.match(id, /^[0-9a-f]{16}$/)
  const similar = await catalog.similar(id, { limit: 3 })
  assert.ok(similar.results.every((result) => result.path.includes('/techno/')))
  assert.ok(!similar.results.some((result) => result.trackId === id))
  const calmer = await catalog.search('calm', { like: join(music, 'techno/five.mp3') })
  assert.equal(calmer.results[0].path, join(music, 'techno/calm.mp3'))
  const plain = await catalog.search('techno')
  const less = await catalog.search('techno', { less: 'rock' })
  const rankOf = (name: string, { results }: typeof less): number =>
    results.findIndex((result) => result.path === join(music, name))
  assert.ok(rankOf('techno/rock.mp3', less) > rankOf('techno/rock.mp3', plain))
  const more = await catalog.search('techno', { more: 'rock' })
  assert.ok(rankOf('techno/rock.mp3', more) < rankOf('techno/rock.mp3', plain))
  assert.deepEqual(await catalog.search('techno', { more: ['rock'] }), more)
  // A file that the catalog does not know.
  const file = join(root, 'unknown.mp3')
  await writeFake(file, { sound: 'jazz piano', seconds: 22 })
  assert.equal((await catalog.similar(file)).results[0].path, join(music, 'jazz/one.mp3'))
  assert.equal((await catalog.tags(file, { limit: 2 }))[0].tag, 'jazz')
  const tags = await catalog.tags(id, { limit: 50 })
  assert.equal(tags[0].tag, 'techno')
  const matches = tags.map(({ match }) => match)
  assert.deepEqual(
    matches,
    [...matches].sort((a, b) => b - a),
    'best first',
  )
})

it('does only what is new on a second run', async () => {
  const { music, index, decoded, catalog } = await world()
  await index()
  decoded()
  assert.deepEqual(counts(await index()), { unchanged: 7 })
  const before = (await catalog.find(join(music, 'jazz/one.mp3')))!

  // Moved; renamed and tagged anew; a copy; tags alone; time of change alone; new.
  renameSync(join(music, 'jazz/one.mp3'), join(music, 'one.mp3'))
  rmSync(join(music, 'rock/four.wav'))
  await writeFake(join(music, 'rock/4.wav'), { sound: 'rock drums', seconds: 4, tags: { title: 'IV' } })
  await cp(join(music, 'techno/five.mp3'), join(music, 'techno/copy.mp3'))
  await writeFake(join(music, 'jazz/two.flac'), { sound: 'jazz trumpet', seconds: 61, tags: { title: 'II' } })
  utimesSync(join(music, 'rock/three.ogg'), 1e9, 1e9)
  await writeFake(join(music, 'new.mp3'), { sound: 'new', seconds: 10 })
  const run = await index()
  assert.deepEqual(counts(run), { embedded: 1, shared: 1, moved: 2, retagged: 1, unchanged: 4 })
  assert.deepEqual(decoded(), [join(music, 'new.mp3')])
  assert.equal((await catalog.find(before.trackId))!.path, join(music, 'one.mp3'))
  assert.equal((await catalog.find(join(music, 'rock/4.wav')))!.title, 'IV')
  const two = (await catalog.find(join(music, 'jazz/two.flac')))!
  assert.deepEqual([two.title, two.artist], ['II', undefined])
  assert.equal(run.summary.tracks, 9)
  assert.equal(run.summary.moments, 31)
  assert.deepEqual(counts(await index()), { unchanged: 9 })
})

it('keeps the ids of files that change places, and takes a replaced file for a new one', async () => {
  const { music, index, decoded, catalog } = await world()
  await index()
  decoded()
  const [a, b, c] = ['jazz/one.mp3', 'jazz/two.flac', 'calm/seven.opus'].map((name) => join(music, name))
  const idA = (await catalog.find(a))!.trackId
  const idB = (await catalog.find(b))!.trackId
  const idC = (await catalog.find(c))!.trackId
  await rename(a, `${a}.tmp`)
  await rename(b, a)
  await rename(`${a}.tmp`, b)
  await writeFake(c, { sound: 'other', seconds: 15 })
  assert.deepEqual(counts(await index()), { embedded: 1, moved: 2, unchanged: 4 })
  assert.deepEqual(decoded(), [c])
  assert.equal((await catalog.find(a))!.trackId, idB)
  assert.equal((await catalog.find(b))!.trackId, idA)
  assert.notEqual((await catalog.find(c))!.trackId, idC)
  assert.equal(await catalog.find(idC), undefined)
  assert.equal((await catalog.info()).tracks, 7)
})

it('drops vanished files only where that is safe', async () => {
  const { music, index, catalog } = await world()
  await index()
  const known = async (): Promise<number> => (await catalog.info()).tracks
  // One of seven: dropped.
  rmSync(join(music, 'rock/four.wav'))
  assert.deepEqual(counts(await index()), { unchanged: 6, removed: 1 })
  // Outside of what is named: kept.
  rmSync(join(music, 'rock/three.ogg'))
  assert.deepEqual(counts(await index({}, [join(music, 'jazz')])), { unchanged: 2 })
  assert.equal(await known(), 6)
  // Too many: kept, until --prune.
  rmSync(join(music, 'techno/five.mp3'))
  const kept = await index()
  assert.deepEqual(counts(kept), { unchanged: 4 })
  assert.match(notices(kept)[0], /2 of 6 known tracks .* --prune/)
  assert.equal(await known(), 6)
  assert.deepEqual(counts(await index({ prune: true })), { unchanged: 4, removed: 2 })
  assert.equal(await known(), 4)
  // A disk that is not mounted leaves an empty folder, or none.
  renameSync(music, `${music}.away`)
  mkdirSync(music)
  const empty = await index({ prune: true })
  assert.match(notices(empty)[0], /is empty/)
  assert.equal(await known(), 4)
  rmSync(music, { recursive: true })
  await assert.rejects(index({ prune: true }), fails('usage', /does not exist/))
  assert.equal(await known(), 4)
  renameSync(`${music}.away`, music)
  assert.deepEqual(counts(await index()), { unchanged: 4 })
})

it('takes a file for a copy while the old one may only be on a disk that is away', async () => {
  const { music, index, catalog } = await world()
  await index()
  const other = `${music}-2`
  await cp(music, other, { recursive: true })
  renameSync(music, `${music}.away`)
  mkdirSync(music)
  const track = (await catalog.find(join(music, 'jazz/one.mp3')))!
  assert.deepEqual(counts(await index({}, [other])), { shared: 7 })
  assert.equal((await catalog.find(track.trackId))!.path, track.path)
  rmSync(music, { recursive: true })
  renameSync(`${music}.away`, music)
  // The old folder is there, and the file has left it: it has moved.
  await rename(join(music, 'jazz/one.mp3'), join(root, 'away.mp3'))
  assert.deepEqual(counts(await index({}, [join(root, 'away.mp3')])), { moved: 1 })
  assert.equal((await catalog.find(track.trackId))!.path, join(root, 'away.mp3'))
})

it('names files that fail, does not try them again, and does when they change', async () => {
  const { music, index, catalog, decoded } = await world()
  await writeFile(join(music, 'bad.mp3'), 'this is text')
  await writeFake(join(music, 'cut.mp3'), { sound: 'cut', seconds: 20, broken: 'truncated' })
  await cp(join(music, 'cut.mp3'), join(music, 'cut copy.mp3'))
  await writeFile(join(music, 'empty.mp3'), '')
  await writeFake(join(music, 'silent.mp3'), { sound: 'x', seconds: 0 })
  const first = await index()
  assert.deepEqual(counts(first), { embedded: 7, failed: 5 })
  const reasons = first.events.flatMap((event) =>
    event.kind === 'failed' ? [[event.path, event.reason]] : [],
  )
  assert.deepEqual(reasons.sort(), [
    [join(music, 'bad.mp3'), 'not audio'],
    [join(music, 'cut copy.mp3'), 'truncated'],
    [join(music, 'cut.mp3'), 'truncated'],
    [join(music, 'empty.mp3'), 'not audio'],
    [join(music, 'silent.mp3'), 'it holds no sound'],
  ])
  assert.equal((await catalog.info()).failures.length, 5)
  decoded()
  const second = await index()
  assert.deepEqual(counts(second), { unchanged: 7, failed: 5 })
  assert.match(
    notices(second)[0],
    /5 files that failed before .*`antiphon info` names them, --retry tries them again/,
  )
  assert.deepEqual(decoded(), [])
  await writeFake(join(music, 'cut.mp3'), { sound: 'cut', seconds: 20 })
  rmSync(join(music, 'empty.mp3'))
  assert.deepEqual(counts(await index({ retry: true })), { embedded: 1, unchanged: 7, failed: 3 })
  assert.equal((await catalog.info()).failures.length, 3)
})

it('walks through links, dots, odd names and folders that are named twice', async () => {
  const { music, index, catalog } = await world()
  symlinkSync(music, join(music, 'jazz/loop'))
  symlinkSync(join(music, 'jazz/one.mp3'), join(music, 'link.mp3'))
  symlinkSync('/nowhere/at/all.mp3', join(music, 'dangling.mp3'))
  mkdirSync(join(music, '.hidden'))
  await writeFake(join(music, '.hidden/x.mp3'), { sound: 'hidden', seconds: 10 })
  await writeFake(join(music, '._one.mp3'), { sound: 'apple', seconds: 10 })
  await writeFake(join(music, "it's\n“odd”\u202e.mp3"), { sound: 'odd', seconds: 10 })
  await writeFake(join(music, 'notes.txt'), { sound: 'text', seconds: 10 })
  mkdirSync(join(music, 'folder.mp3'))
  let expected: Record<string, number> = { embedded: 8, shared: 1, failed: 1 }
  if (process.platform === 'linux') {
    writeFileSync(
      Buffer.concat([Buffer.from(join(music, 'caf')), Buffer.from([0xe9]), Buffer.from('.mp3')]),
      '{}',
    )
    execFileSync('mkfifo', [join(music, 'pipe.mp3')])
    expected = { ...expected, failed: 3 }
  }
  const run = await index({}, [music, join(music, 'jazz'), join(music, 'notes.txt')])
  assert.deepEqual(counts(run), { ...expected, embedded: 9 })
  const failures = new Map((await catalog.info()).failures.map(({ path, reason }) => [path, reason]))
  assert.match(failures.get(join(music, 'dangling.mp3'))!, /does not exist/)
  if (process.platform === 'linux') {
    assert.match(failures.get(join(music, 'caf\\xe9.mp3'))!, /UTF-8/)
    assert.match(failures.get(join(music, 'pipe.mp3'))!, /not a regular file/)
  }
  await assert.rejects(index({}, [join(music, 'nope')]), fails('usage', /nope: it does not exist/))
})

it('stops at a limit, and goes on from there', async () => {
  const { index, decoded } = await world()
  assert.deepEqual(counts(await index({ limit: 3 })), { embedded: 3 })
  assert.equal(decoded().length, 3)
  assert.deepEqual(counts(await index({ limit: 3 })), { embedded: 3, unchanged: 3 })
  assert.deepEqual(counts(await index({ limit: 3 })), { embedded: 1, unchanged: 6 })
})

it('stops cleanly when it is told to, and when nobody listens any more', async () => {
  const { catalog, music, index, dir } = await world()
  const controller = new AbortController()
  const events: IndexEvent[] = []
  for await (const event of catalog.index([music], { signal: controller.signal })) {
    events.push(event)
    if (event.kind === 'progress' && event.done === 2) controller.abort()
  }
  const last = events.at(-1)!
  assert.ok(last.kind === 'done' && last.summary.interrupted && last.summary.embedded >= 2)
  assert.equal((await catalog.info()).tracks, last.summary.embedded)
  for await (const event of catalog.index([music])) if (event.kind === 'scanned') break
  assert.ok(!readdirSync(dir).includes('lock'))
  const { summary } = await index()
  assert.equal(summary.tracks, 7)
})

it('writes nothing into the music folders, and forgets what it is told to', async () => {
  const { catalog, music, index, dir } = await world()
  const listing = (): string[] => readdirSync(music, { recursive: true }).map(String).sort()
  const before = listing()
  await index()
  assert.deepEqual(listing(), before)
  assert.deepEqual(await catalog.remove('nothing'), { tracks: 0, failures: 0 })
  assert.deepEqual(await catalog.remove(join(music, 'jazz/one.mp3')), { tracks: 1, failures: 0 })
  assert.deepEqual(await catalog.remove(join(music, 'rock')), { tracks: 2, failures: 0 })
  const { trackId } = (await catalog.find(join(music, 'calm/seven.opus')))!
  assert.deepEqual(await catalog.remove(trackId), { tracks: 1, failures: 0 })
  const info = await catalog.info()
  assert.deepEqual([info.tracks, info.moments, info.folders], [3, 6 + 10 + 3, [music]])
  assert.deepEqual(await catalog.remove(music), { tracks: 3, failures: 0 })
  assert.deepEqual((await catalog.info()).folders, [])
  assert.deepEqual((await catalog.search('jazz')).results, [])
  assert.deepEqual(listing(), before)
  assert.ok(!readdirSync(dir).includes('lock'))
})

it('makes no catalog among other files, in the music, or of nothing', async () => {
  const { catalog, music, dir, index } = await world()
  const inPlace = async (folder: string, named = [music]): Promise<void> => {
    const options = {
      model: fakeModel(),
      openAudioFiles: () => fakeAudioFiles(),
      cacheDir: join(root, 'cache'),
    }
    const other = await openCatalog({ dir: folder, ...options })
    await assert.rejects(
      indexed(other, named, {}),
      fails('usage', /name a new or an empty folder with --catalog/),
    )
    await other.close()
  }
  const before = readdirSync(music, { recursive: true })
  await inPlace(music)
  await inPlace(join(music, 'jazz'), [join(music, 'rock')])
  await inPlace(join(music, 'jazz', 'one.mp3'))
  assert.deepEqual(readdirSync(music, { recursive: true }), before)
  for (const missing of [[join(music, 'nowhere')], [music, join(music, 'nowhere')], [''], []])
    await assert.rejects(index({}, missing), fails('usage', /does not exist|empty name|at least one/))
  assert.ok(!existsSync(dir), 'nothing was made')
  await assert.rejects(openCatalog({ dir: 's3://bucket/x' }), fails('usage', /is an address/))
  await index()
  await assert.rejects(catalog.remove(' '), fails('usage', /empty name/))
  // What a run that was killed at its very start has left is no obstacle.
  rmSync(join(dir, 'catalog.json'))
  writeFileSync(join(dir, 'lock'), '')
  assert.equal((await index()).summary.tracks, 7)
})

it('forgets files that failed, by folder or by path, so that they are tried again', async () => {
  const { catalog, music, index, dir } = await world()
  for (const name of ['bad/a.mp3', 'bad/b.mp3', 'rock/c.mp3']) {
    mkdirSync(join(music, 'bad'), { recursive: true })
    await writeFile(join(music, name), 'text')
  }
  await index()
  const failing = async (): Promise<string[]> => (await catalog.info()).failures.map(({ path }) => path)
  assert.deepEqual(await catalog.remove(join(music, 'bad/a.mp3')), { tracks: 0, failures: 1 })
  assert.deepEqual(await failing(), [join(music, 'bad/b.mp3'), join(music, 'rock/c.mp3')])
  assert.deepEqual(await catalog.remove(join(music, 'bad')), { tracks: 0, failures: 1 })
  assert.deepEqual(await catalog.remove(join(music, 'rock')), { tracks: 2, failures: 1 })
  assert.deepEqual(await failing(), [])
  assert.ok(!readdirSync(dir).includes('lock'))
  const again = await index()
  assert.deepEqual(counts(again), { embedded: 2, unchanged: 5, failed: 3 })
  assert.deepEqual(notices(again), [])
})

it('gives track vectors as one matrix', async () => {
  const { catalog, music, index } = await world()
  await index()
  await cp(join(music, 'rock/four.wav'), join(music, 'copy.wav'))
  await index()
  const { tracks, dim, matrix } = await catalog.vectors()
  assert.equal(matrix.length, 8 * dim)
  const row = (name: string): Float32Array => {
    const i = tracks.findIndex((track) => track.path === join(music, name))
    return matrix.slice(i * dim, (i + 1) * dim)
  }
  assert.deepEqual(row('copy.wav'), row('rock/four.wav'))
  assert.ok(Math.abs(Math.hypot(...row('jazz/two.flac')) - 1) < 1e-6)
})

it('refuses another space with the command that helps, and embeds again beside the old vectors', async () => {
  const { catalog, music, index, dir } = await world()
  await index()
  await index({}, [await copyOf(music, 'techno/five.mp3', 'five again.mp3')])
  const models = { old: fakeModel({ name: 'old' }), new: fakeModel({ name: 'new', seed: 'new' }) }
  const open = (model?: string): Promise<Catalog> =>
    openCatalog({
      dir,
      model,
      openAudioFiles: () => fakeAudioFiles(),
      cacheDir: join(root, 'cache'),
      openModel: async (name) => (name === 'new' ? models.new : models.old),
    })
  const other = await open('new')
  await assert.rejects(
    other.search('jazz'),
    fails('space', /made with "fake", not with "new".*reindex --model new/),
  )
  await assert.rejects(indexed(other, [music], {}), fails('space', /reindex --model new.*--model fake/))
  const reindexed = async (options: IndexOptions = {}): Promise<IndexEvent[]> => {
    const events: IndexEvent[] = []
    for await (const event of other.reindex('new', options)) events.push(event)
    return events
  }
  // What a drop that was cut short has left of the new space is in nobody's way.
  for (const table of ['moments', 'wholes']) {
    const versions = join(dir, `${table}-${models.new.spaceId}.lance`, '_versions')
    mkdirSync(versions, { recursive: true })
    writeFileSync(join(versions, '1.manifest'), 'its data is gone')
  }
  // In two goes; meanwhile the old space is searched.
  const events = await reindexed({ limit: 4 })
  assert.match(notices({ events })[0], /reindex --model new/)
  assert.equal((await catalog.search('jazz piano')).results[0].path, join(music, 'jazz/one.mp3'))
  // A file that is away stops the swap ...
  await rename(join(music, 'techno/six.MP3'), join(root, 'six'))
  const away = await reindexed()
  assert.match(notices({ events: away })[0], /1 of 8 tracks .* --prune/)
  assert.equal((await catalog.info()).model, 'fake')
  await rename(join(root, 'six'), join(music, 'techno/six.MP3'))
  models.new.calls = 0
  const last = (await reindexed()).at(-1)!
  assert.ok(last.kind === 'done' && last.summary.embedded === 1 && last.summary.unchanged === 6)
  assert.equal(models.new.calls, 3)
  const info = await other.info()
  assert.deepEqual([info.model, info.spaceId, info.tracks, info.moments], ['new', models.new.spaceId, 8, 30])
  assert.equal((await other.search('jazz piano')).results[0].path, join(music, 'jazz/one.mp3'))
  await assert.rejects(catalog.search('jazz'), fails('space', /reindex --model fake/))
  // Nothing is left of the old space, and the model is found again without its name.
  assert.ok(!readdirSync(dir).some((name) => name.includes(fakeModel().spaceId)))
  assert.equal((await (await open()).search('jazz piano')).results[0].path, join(music, 'jazz/one.mp3'))
})

async function copyOf(folder: string, name: string, copy: string): Promise<string> {
  await cp(join(folder, name), join(folder, copy))
  return join(folder, copy)
}

it('says what to do where there is no catalog, or a newer or broken one', async () => {
  const { catalog, music, index, dir } = await world()
  await assert.rejects(catalog.search('jazz'), fails('failed', /antiphon index FOLDER/))
  await assert.rejects(catalog.info(), fails('failed', /no catalog in/))
  await index()
  const manifest = JSON.parse(await readFile(join(dir, 'catalog.json'), 'utf8'))
  await writeFile(join(dir, 'catalog.json'), JSON.stringify({ ...manifest, formatVersion: 99 }))
  await assert.rejects(catalog.search('jazz'), fails('failed', /format 99.*up to 1.*npm install/))
  await assert.rejects(index(), fails('failed', /format 99/))
  await writeFile(join(dir, 'catalog.json'), JSON.stringify({ formatVersion: 0, folders: [music, '/a b'] }))
  const old = fails(
    'failed',
    /old format 0.* delete catalog\.json and the \.lance folders in it and run `antiphon index \S+music "\/a b"`/,
  )
  await assert.rejects(catalog.search('jazz'), old)
  await assert.rejects(index(), old)
  await writeFile(join(dir, 'catalog.json'), '{"formatVersion": 1')
  await assert.rejects(catalog.search('jazz'), fails('failed', /catalog\.json is broken/))
  await rm(join(dir, 'catalog.json'))
})

it('gives the same bits with any number of workers, in any order of files', async () => {
  const one = await world()
  await one.index({ workers: 1 })
  const two = await world()
  const files = Object.keys(SONGS).map((name) => join(two.music, name))
  await two.index({ workers: 2 }, files.slice(4))
  await two.index({ workers: 2 }, files)
  const [a, b] = [await one.catalog.vectors(), await two.catalog.vectors()]
  assert.deepEqual(a.matrix, b.matrix)
})
