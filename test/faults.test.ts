import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { cp, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { after, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { audioExtensions } from '../src/audio/index.js'
import type { Catalog, IndexEvent, IndexSummary } from '../src/catalog/index.js'
import { LanceStore, openCatalog } from '../src/catalog/node.js'
import { AntiphonError, type ErrorCode } from '../src/errors/index.js'
import { findModel, openModel } from '../src/model/node.js'
import { fakeAudioFiles, fakeModel, seeded, writeFake } from './catalog-fakes.js'
import { makeHostileFiles } from './hostile-files.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-faults-'))
after(() => rmSync(root, { recursive: true, force: true }))
let made = 0
const place = (): string => {
  const dir = join(root, String(made++))
  mkdirSync(dir)
  return dir
}

const openFake = (dir: string): Promise<Catalog> =>
  openCatalog({
    dir,
    model: fakeModel(),
    openAudioFiles: () => fakeAudioFiles(),
    commitSeconds: 0.02,
    cacheDir: join(root, 'cache'),
  })

async function index(
  catalog: Catalog,
  ...paths: string[]
): Promise<{ summary: IndexSummary; events: IndexEvent[] }> {
  const events: IndexEvent[] = []
  for await (const event of catalog.index(paths)) events.push(event)
  const last = events.at(-1)!
  assert.ok(last.kind === 'done')
  return { summary: last.summary, events }
}

async function indexFake(dir: string, music: string): Promise<IndexSummary> {
  const catalog = await openFake(dir)
  try {
    return (await index(catalog, music)).summary
  } finally {
    await catalog.close()
  }
}

/** All that a catalog knows: tracks, and the bits of every moment's and track's vector. */
async function everything(dir: string): Promise<unknown> {
  const { space } = JSON.parse(await readFile(join(dir, 'catalog.json'), 'utf8'))
  const store = await LanceStore.open({ dir, spaceId: space.spaceId, dim: space.dim })
  const tracks = await store.tracks()
  const contents = [...(await store.contents())].sort()
  const all = {
    tracks,
    failures: await store.failures(),
    counts: await store.counts(),
    moments: await Promise.all(contents.map((content) => store.moments(content))),
    vectors: [...(await store.trackVectors(contents))].sort(([a], [b]) => (a < b ? -1 : 1)),
  }
  await store.close()
  return all
}

async function fakeLibrary(files: number, seconds: (i: number) => number): Promise<string> {
  const music = place()
  for (let i = 0; i < files; i++) {
    const sound = i % 7 === 6 ? `sound ${i - 1}` : `sound ${i}`
    const copied = i % 7 === 6 ? seconds(i - 1) : seconds(i)
    await writeFake(join(music, `${i % 4}`, `${i}.mp3`), {
      sound,
      seconds: copied,
      tags: { title: `T ${i}` },
    })
  }
  await writeFile(join(music, 'bad.mp3'), 'no audio')
  return music
}

function startChild(dir: string, music: string, ...more: string[]): ChildProcess {
  const entry = fileURLToPath(new URL('./catalog-child.js', import.meta.url))
  return spawn(process.execPath, [entry, dir, music, ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
}

const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AntiphonError, String(error))
  assert.equal(error.code, code, error.message)
  assert.match(error.message, message)
  return true
}

it(
  'is whole after kill -9 at 20 random moments, and ends as a single run does',
  { timeout: 240_000 },
  async () => {
    const music = await fakeLibrary(40, (i) => 11 + ((i * 13) % 70))
    const single = place()
    await indexFake(single, music)
    const expected = await everything(single)
    const random = seeded('kill')
    let cutShort = 0
    for (let catalogs = 0; catalogs < 4; catalogs++) {
      const dir = place()
      for (let kills = 0; kills < 5; kills++) {
        const child = startChild(dir, music)
        const ended = once(child, 'exit')
        // Most from the first event on, some while it starts.
        if (kills > 0) await Promise.race([once(child.stdout!, 'data'), ended])
        await Promise.race([sleep(random() * 500), ended])
        child.kill('SIGKILL')
        const [code] = (await ended) as [number | null]
        if (code !== 0) cutShort++
        if (!existsSync(join(dir, 'catalog.json'))) continue
        // What is there can be searched, and is right.
        const catalog = await openFake(dir)
        const { tracks, moments } = await catalog.info()
        const { results } = await catalog.search('sound 3', { limit: 50 })
        assert.equal(results.length, tracks)
        assert.ok(moments >= tracks * 0.8)
        await catalog.close()
      }
      const summary = await indexFake(dir, music)
      assert.equal(summary.tracks, 40)
      assert.deepEqual(await everything(dir), expected)
    }
    assert.ok(cutShort >= 10, `only ${cutShort} of 20 runs were cut short`)
  },
)

it('keeps the old vectors when reindex is killed, goes on with the new ones, and swaps', async () => {
  const music = await fakeLibrary(24, (i) => 11 + ((i * 13) % 70))
  const [dir, single] = [place(), place()]
  await indexFake(dir, music)
  const before = await everything(dir)
  const next = fakeModel({ name: 'new', seed: 'new' })
  const direct = await openCatalog({ dir: single, model: next, openAudioFiles: () => fakeAudioFiles() })
  await index(direct, music)
  await direct.close()
  const manifest = async () => JSON.parse(await readFile(join(dir, 'catalog.json'), 'utf8'))

  const catalog = await openFake(dir)
  const random = seeded('reindex')
  let cutShort = 0
  let unchanged = 0
  for (let kills = 0; (await manifest()).space.model === 'fake'; kills++) {
    assert.ok(kills < 60, 'it comes to an end')
    const child = startChild(dir, music, '--reindex')
    const ended = once(child, 'exit')
    child.stdout!.on('data', (lines: Buffer) => {
      for (const line of lines.toString().split('\n')) {
        const event = line.startsWith('{"kind":"scanned"') ? (JSON.parse(line) as IndexEvent) : undefined
        if (event?.kind === 'scanned') unchanged = Math.max(unchanged, event.unchanged)
      }
    })
    await Promise.race([once(child.stdout!, 'data'), ended])
    await Promise.race([sleep(random() * 150 * (1 + kills)), ended])
    child.kill('SIGKILL')
    await ended
    if ((await manifest()).space.model !== 'fake') break
    cutShort++
    assert.deepEqual(await everything(dir), before)
    assert.equal((await catalog.search('sound 3', { limit: 50 })).results.length, 24)
  }
  await catalog.close()
  assert.ok(cutShort >= 2, `only ${cutShort} runs were cut short`)
  assert.ok(unchanged > 0, 'a later run went on where one was killed')
  // The swap may have been cut short, too: the next writer clears what is left.
  const swapped = await openCatalog({ dir, model: next, openAudioFiles: () => fakeAudioFiles() })
  await index(swapped, music)
  await swapped.close()
  assert.deepEqual(await everything(dir), await everything(single))
  assert.ok(!readdirSync(dir).some((name) => name.includes(fakeModel().spaceId)))
})

it('lets one indexer work at a time, and anyone search meanwhile', async () => {
  const music = await fakeLibrary(30, () => 60)
  const dir = place()
  const child = startChild(dir, music)
  const ended = once(child, 'exit')
  await once(child.stdout!, 'data')
  child.stdout!.resume()
  const catalog = await openFake(dir)
  await assert.rejects(
    index(catalog, music),
    fails('locked', new RegExp(`Process ${child.pid} has been writing`)),
  )
  const { writer } = await catalog.info()
  assert.deepEqual([writer?.pid, writer?.host], [child.pid, hostname()])
  assert.ok(Math.abs(Date.now() - Date.parse(writer!.since)) < 60_000)
  while (child.exitCode === null && (await catalog.info()).tracks === 0) await sleep(20)
  assert.ok((await catalog.search('sound 1')).results.length > 0)
  assert.deepEqual(await ended, [0, null])
  assert.equal((await index(catalog, music)).summary.unchanged, 30)
  // The lock of one that was killed is taken.
  rmSync(join(music, '0'), { recursive: true })
  const killed = startChild(dir, music)
  await once(killed.stdout!, 'data')
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  assert.ok(existsSync(join(dir, 'lock')))
  assert.equal((await catalog.info()).writer, null)
  assert.equal((await index(catalog, music)).summary.tracks, 30)
  await catalog.close()
})

/** A small disk of its own, where the machine lets us mount one. */
function mountSmall(
  t: TestContext,
  size: string,
): { dir: string; remount(options: string): void } | undefined {
  const dir = place()
  const mount = (options: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir], { stdio: 'ignore' })
  try {
    if (process.platform !== 'linux') throw new Error('tmpfs is of Linux')
    mount(`size=${size}`)
  } catch (error) {
    console.warn(`SKIPPED: ${t.name}: cannot mount a tmpfs (${(error as Error).message})`)
    t.skip('cannot mount a tmpfs')
    return undefined
  }
  after(() => execFileSync('umount', ['-l', dir]))
  return { dir, remount: (options) => mount(`remount,${options}`) }
}

it('says when the disk is full, stays whole, and goes on when there is room', async (t) => {
  const disk = mountSmall(t, '1m')
  if (!disk) return
  const music = await fakeLibrary(40, () => 400)
  const catalog = await openFake(disk.dir)
  await assert.rejects(index(catalog, music), fails('failed', /disk .* is full.*run the same command again/))
  const { tracks } = await catalog.info()
  assert.ok(tracks < 40)
  assert.equal((await catalog.search('sound 1', { limit: 99 })).results.length, tracks)
  disk.remount('size=64m')
  const { summary } = await index(catalog, music)
  assert.equal(summary.tracks, 40)
  assert.equal(summary.embedded + summary.shared + summary.unchanged, 40)
  await catalog.close()
  const single = place()
  await indexFake(single, music)
  assert.deepEqual(await everything(disk.dir), await everything(single))
})

it('searches a read-only catalog, and says that it cannot be changed', async (t) => {
  const disk = mountSmall(t, '64m')
  if (!disk) return
  const music = await fakeLibrary(9, () => 30)
  await indexFake(disk.dir, music)
  disk.remount('ro')
  const catalog = await openFake(disk.dir)
  assert.equal((await catalog.search('sound 3')).results.length, 9)
  assert.equal((await catalog.info()).tracks, 9)
  const refused = fails('failed', /Cannot write to the catalog|read-only/)
  await assert.rejects(index(catalog, music), refused)
  await assert.rejects(catalog.remove(music), refused)
  await catalog.close()
})

it('indexes all good files of a hostile folder, and names every bad one', { timeout: 240_000 }, async (t) => {
  const music = place()
  const files = await makeHostileFiles(music, { skip: (what) => t.diagnostic(`SKIPPED: ${what}`) })
  const catalog = await openCatalog({ dir: place(), model: fakeModel({ sampleRate: 16_000 }) })
  // What a walk takes for audio, and the others by name.
  const unlikely = files.filter(({ path }) => !audioExtensions.includes(extname(path).toLowerCase()))
  const { summary, events } = await index(catalog, music, ...unlikely.map(({ path }) => path))
  const failed = new Map(
    events.flatMap((event) => (event.kind === 'failed' ? [[event.path, event.reason]] : [])),
  )
  const good = new Set<string>()
  for (const { path, why } of files.filter((file) => file.good)) {
    const track = await catalog.find(path)
    assert.ok(track, `${path} (${why}) is indexed, not "${failed.get(path)}"`)
    good.add(track.content)
  }
  // A folder that is named like a file is a folder.
  const bad = files.filter(
    ({ good, path }) => !good && !lstatSync(path, { throwIfNoEntry: false })?.isDirectory(),
  )
  assert.ok(bad.length >= 60, String(bad.length))
  const copies: { path: string; why: string; content: string | undefined }[] = []
  for (const { path, why } of bad) {
    // Bytes that are no UTF-8 are named by their numbers.
    const named = [...failed.keys()].find(
      (other) => other.replaceAll(/\\x[0-9a-f]{2}/g, '\ufffd') === path || other === path,
    )
    if (named) assert.ok(failed.get(named)!.length > 3, why)
    else copies.push({ path, why, content: (await catalog.find(path))?.content })
  }
  // A header that lies before audio packets that are all there: a copy of a good file.
  assert.deepEqual(copies.slice(1), [])
  assert.ok(
    copies.every(({ content }) => good.has(content!)),
    JSON.stringify(copies),
  )
  assert.equal(summary.failed, bad.length - copies.length)
  assert.equal(summary.tracks, files.filter((file) => file.good).length + copies.length)
  assert.equal((await catalog.info()).failures.length, summary.failed)
  await catalog.close()
})

it('refuses a truncated model before anything is written', async (t) => {
  let bridge: string
  try {
    bridge = findModel('bridge')
  } catch {
    console.warn(`SKIPPED: ${t.name}: the model "bridge" is not built`)
    t.skip('the model "bridge" is not built')
    return
  }
  const music = await fakeLibrary(3, () => 30)
  for (const name of ['audio.onnx', 'model.safetensors', 'config.json']) {
    const [model, dir] = [join(place(), 'cut'), join(place(), 'catalog')]
    await cp(bridge, model, { recursive: true })
    await truncate(join(model, name), Math.floor((await stat(join(model, name))).size / 2))
    const catalog = await openCatalog({ dir, model, openModel, openAudioFiles: () => fakeAudioFiles() })
    await assert.rejects(index(catalog, music), fails('model', /cut/))
    assert.ok(!existsSync(join(dir, 'catalog.json')))
    await catalog.close()
  }
})
