import { mkdir, readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { audioExtensions } from '../../audio/index.js'
import { AntiphonError } from '../../errors/index.js'
import type { JointEmbedding } from '../../model/index.js'
import { Background } from '../background.js'
import type {
  Catalog,
  CatalogInfo,
  IndexEvent,
  IndexOptions,
  Removed,
  SearchOptions,
  SearchResponse,
  SearchResult,
} from '../catalog.js'
import { parseFilter } from '../filter.js'
import { audioMatch, textMatch } from '../match.js'
import { queryVector } from '../query-vector.js'
import type { Hit, Store } from '../store.js'
import type { Track } from '../track.js'
import { dot, mean, trackVector } from '../vector.js'
import { vocabulary } from '../vocabulary.js'
import type { AudioFiles } from './audio-files.js'
import { embedTrack } from './embed-track.js'
import { EventQueue } from './event-queue.js'
import { Gate } from './gate.js'
import { indexLibrary } from './index-library.js'
import { LanceStore } from './lance-store.js'
import { takeLock, writerOf } from './lock.js'
import { FORMAT_VERSION, readManifest, writeManifest, type Manifest, type Space } from './manifest.js'
import { reindexLibrary } from './reindex-library.js'
import { storeError } from './store-error.js'
import { vocabularyVectors } from './vocabulary-vectors.js'
import { isUnder } from './walk.js'

export interface LibraryCatalogOptions {
  readonly dir: string
  /** A name or the path of a model directory; undefined: the one that the catalog was made with. */
  readonly model: string | JointEmbedding | undefined
  readonly defaultModel: string
  readonly openModel: (model: string, options: { workers?: number }) => Promise<JointEmbedding>
  readonly openAudioFiles: () => AudioFiles
  readonly commitSeconds: number
  readonly cacheDir: string
}

const DEFAULT_LIMIT = 10
/** Vectors that stand for the library: their mean is known to a 30th of its deviation. */
const SAMPLE_SIZE = 1_000
/** A catalog that stays open sees a growing library with this delay. */
const SAMPLE_LIFETIME_MS = 60_000

interface Sample {
  readonly takenAt: number
  readonly vectors: Promise<readonly [Float32Array[], number]>
}

/** A catalog in a folder: the manifest `catalog.json`, the lock of the one who writes, and the store. */
export class LibraryCatalog implements Catalog {
  readonly #options: LibraryCatalogOptions
  #manifest: Manifest | undefined
  #store: LanceStore | undefined
  #model: JointEmbedding | undefined
  #audioFiles: AudioFiles | undefined
  #vocabulary: Promise<Float32Array[]> | undefined
  readonly #samples = new Map<'moments' | 'tracks', Sample>()

  constructor(options: LibraryCatalogOptions) {
    this.#options = options
  }

  async info(): Promise<CatalogInfo> {
    return this.#reading(async (store, { space, folders }) => {
      const { tracks, moments, audioSeconds, vectorIndex } = await store.counts()
      return {
        dir: this.#options.dir,
        formatVersion: FORMAT_VERSION,
        ...space,
        tracks,
        moments,
        audioSeconds,
        folders,
        failures: (await store.failures()).map(({ path, reason }) => ({ path, reason })),
        vectorIndex,
        bytes: await bytesUnder(this.#options.dir),
        writer: await writerOf(this.#options.dir),
      }
    })
  }

  index(paths: readonly string[], options: IndexOptions = {}): AsyncIterable<IndexEvent> {
    if (paths.length === 0) throw new AntiphonError('usage', 'Name at least one folder or file to index')
    return this.#writing(options, async (emit, signal) => {
      const { dir } = this.#options
      const manifest = await readManifest(dir)
      const { model, release } = await this.#modelForWriting(this.#modelName(manifest), options.workers)
      try {
        if (manifest) this.#checkSpace(manifest.space, model)
        const space: Space = manifest?.space ?? {
          model: this.#modelName(manifest),
          spaceId: model.spaceId,
          dim: model.dim,
        }
        const folders = manifest?.folders ?? []
        const store = await this.#openStore(space)
        if (manifest) await this.#dropStrangers(manifest)
        await store.repair()
        const summary = await indexLibrary(paths, {
          ...options,
          signal,
          store,
          model,
          audioFiles: this.#audio(),
          extensions: new Set(audioExtensions),
          folders,
          workers: options.workers ?? availableParallelism(),
          commitSeconds: this.#options.commitSeconds,
          onFolders: async (named) => {
            const all = [...new Set([...folders, ...named])].sort()
            this.#manifest = { ...(manifest ?? { formatVersion: FORMAT_VERSION, space }), folders: all }
            await writeManifest(dir, this.#manifest)
          },
          emit,
        })
        this.#samples.clear()
        emit({ kind: 'done', summary })
      } finally {
        await release()
      }
    })
  }

  async search(query: string, { limit, where, like, less }: SearchOptions = {}): Promise<SearchResponse> {
    const options = { limit: checkedLimit(limit), where: where === undefined ? [] : parseFilter(where) }
    return this.#reading(async (store, { space }) => {
      const model = await this.#modelForSpace(space)
      const liked = like === undefined ? undefined : await this.#vectorOf(like, store, space)
      const [text, lessText] = await model.embedText(less === undefined ? [query] : [query, less])
      const [sample] = await this.#sample('moments', store)
      const { vector, spread } = queryVector({ text, like: liked?.vector, less: lessText }, sample)
      const hits = await store.nearest(vector, { ...options, without: liked?.track?.trackId })
      const background = await this.#background('moments', store, model)
      const usual = liked ? background.ofAudio(vector) : background.ofText(vector)
      const unit = model.matchScale * spread
      return respond(query, space, hits, (cosine) => textMatch(cosine, usual, unit))
    })
  }

  async similar(
    trackOrFile: string,
    { limit, where }: { limit?: number; where?: string } = {},
  ): Promise<SearchResponse> {
    const options = { limit: checkedLimit(limit), where: where === undefined ? [] : parseFilter(where) }
    return this.#reading(async (store, { space }) => {
      const { vector, track } = await this.#vectorOf(trackOrFile, store, space)
      const hits = await store.nearestTracks(vector, { ...options, without: track?.trackId })
      const [sample] = await this.#sample('tracks', store)
      const usual = dot(vector, Float32Array.from(mean(sample, store.dim)))
      return respond(trackOrFile, space, hits, (cosine) => audioMatch(cosine, usual))
    })
  }

  async tags(
    trackOrFile: string,
    { limit }: { limit?: number } = {},
  ): Promise<readonly { tag: string; match: number; cosine: number }[]> {
    const most = checkedLimit(limit)
    return this.#reading(async (store, { space }) => {
      const { vector } = await this.#vectorOf(trackOrFile, store, space)
      const model = await this.#modelForSpace(space)
      const background = await this.#background('tracks', store, model)
      const texts = await this.#vocabularyVectors(model)
      return vocabulary
        .map((tag, i) => ({ tag, cosine: dot(texts[i], vector), usual: background.ofText(texts[i]) }))
        .sort((a, b) => b.cosine - b.usual - (a.cosine - a.usual))
        .slice(0, most)
        .map(({ tag, cosine, usual }) => ({ tag, match: textMatch(cosine, usual, model.matchScale), cosine }))
    })
  }

  async find(trackOrPath: string): Promise<Track | undefined> {
    return this.#reading((store) => findTrack(store, trackOrPath))
  }

  async remove(target: string): Promise<Removed> {
    const { dir } = this.#options
    const manifest = await this.#require()
    const lock = await takeLock(dir)
    try {
      const store = await this.#openStore(manifest.space)
      await store.repair()
      const one = await findTrack(store, target)
      const path = one?.path ?? resolve(target)
      const tracks = one ? [one] : (await store.tracks()).filter((track) => isUnder(track.path, path))
      const failures = (await store.failures()).filter((failure) => isUnder(failure.path, path))
      const folders = manifest.folders.filter((folder) => !isUnder(folder, path))
      if (folders.length < manifest.folders.length) await writeManifest(dir, { ...manifest, folders })
      await store.put({
        removed: tracks.map((track) => track.trackId),
        resolved: failures.map((failure) => failure.path),
      })
      if (tracks.length > 0) await store.tidy()
      this.#samples.clear()
      return { tracks: tracks.length, failures: failures.length }
    } catch (error) {
      throw storeError(error, dir)
    } finally {
      await lock.release()
    }
  }

  reindex(modelName: string, options: IndexOptions = {}): AsyncIterable<IndexEvent> {
    return this.#writing(options, async (emit, signal) => {
      const { dir } = this.#options
      const manifest = await this.#require()
      const name = storedName(modelName)
      const { model, release } = await this.#modelForWriting(name, options.workers)
      try {
        const space: Space = { model: name, spaceId: model.spaceId, dim: model.dim }
        const building: Manifest = { ...manifest, building: space }
        if (space.spaceId === manifest.space.spaceId) {
          emit({ kind: 'notice', message: `The catalog is in the space of "${name}" already` })
        } else await writeManifest(dir, building)
        await this.#dropStrangers(building)
        const store = await LanceStore.open({ dir, spaceId: space.spaceId, dim: space.dim })
        try {
          await store.repair()
          const { summary, missing } = await reindexLibrary({
            ...options,
            signal,
            store,
            model,
            audioFiles: this.#audio(),
            workers: options.workers ?? availableParallelism(),
            commitSeconds: this.#options.commitSeconds,
            emit,
          })
          const whole = missing.length === 0 || (options.prune && options.limit === undefined)
          if (!summary.interrupted && whole) {
            await store.put({ removed: missing.map((track) => track.trackId) })
            await store.tidy()
            const { formatVersion, folders } = manifest
            const swapped: Manifest = { formatVersion, folders, space }
            await writeManifest(dir, swapped)
            await this.#dropStrangers(swapped)
            await this.#forgetStore()
          } else if (!summary.interrupted) {
            const message = `${missing.length} of ${summary.tracks} tracks have no vectors of "${name}" yet; the old ones stay in use. Run \`antiphon reindex --model ${modelName}\` again to go on, with --prune to drop the tracks whose files cannot be read`
            emit({ kind: 'notice', message })
          }
          emit({ kind: 'done', summary })
        } finally {
          await store.close()
        }
      } finally {
        await release()
      }
    })
  }

  async vectors(): Promise<{ tracks: Track[]; dim: number; matrix: Float32Array }> {
    return this.#reading(async (store) => {
      const all = await store.tracks()
      const byContent = await store.trackVectors([...new Set(all.map((track) => track.content))])
      const tracks = all.filter((track) => byContent.has(track.content))
      const matrix = new Float32Array(tracks.length * store.dim)
      tracks.forEach((track, i) => matrix.set(byContent.get(track.content)!, i * store.dim))
      return { tracks, dim: store.dim, matrix }
    })
  }

  async close(): Promise<void> {
    await this.#forgetStore()
    await this.#audioFiles?.close()
    this.#audioFiles = undefined
    if (typeof this.#options.model !== 'object') await this.#model?.close()
    this.#model = undefined
  }

  /** Runs a reader on the store as it is now. */
  async #reading<T>(read: (store: Store, manifest: Manifest) => Promise<T>): Promise<T> {
    const manifest = await this.#require()
    try {
      return await read(await this.#openStore(manifest.space), manifest)
    } catch (error) {
      throw storeError(error, this.#options.dir)
    }
  }

  /** Runs a writer under the lock, and hands on what it tells. Ends when the reader of the events goes away, too. */
  async *#writing(
    { signal }: IndexOptions,
    write: (emit: (event: IndexEvent) => void, signal: AbortSignal) => Promise<void>,
  ): AsyncGenerator<IndexEvent, void, void> {
    const { dir } = this.#options
    try {
      await mkdir(dir, { recursive: true })
    } catch (error) {
      throw storeError(error, dir)
    }
    const lock = await takeLock(dir)
    const gone = new AbortController()
    const stop = signal ? AbortSignal.any([signal, gone.signal]) : gone.signal
    const events = new EventQueue<IndexEvent>()
    const work = write((event) => events.push(event), stop).finally(() => events.end())
    work.catch(() => undefined) // it is awaited below
    try {
      yield* events
      await work
    } catch (error) {
      throw storeError(error, dir)
    } finally {
      gone.abort()
      await work.catch(() => undefined)
      await lock.release()
    }
  }

  async #require(): Promise<Manifest> {
    const manifest = await readManifest(this.#options.dir)
    if (manifest) return (this.#manifest = manifest)
    throw new AntiphonError(
      'failed',
      `There is no catalog in ${this.#options.dir} yet: run \`antiphon index FOLDER\` first, or name another with --catalog DIR`,
    )
  }

  async #openStore({ spaceId, dim }: Space): Promise<LanceStore> {
    if (this.#store?.spaceId !== spaceId) {
      await this.#forgetStore()
      this.#store = await LanceStore.open({ dir: this.#options.dir, spaceId, dim })
    }
    return this.#store
  }

  async #forgetStore(): Promise<void> {
    await this.#store?.close()
    this.#store = undefined
    this.#samples.clear()
  }

  /** Drops vectors of spaces that the manifest does not name: an earlier build that was given up, or a swap cut short. */
  async #dropStrangers({ space, building }: Manifest): Promise<void> {
    const named = building ? [space, building] : [space]
    await LanceStore.keepSpaces(
      this.#options.dir,
      named.map(({ spaceId }) => spaceId),
    )
  }

  #audio(): AudioFiles {
    return (this.#audioFiles ??= this.#options.openAudioFiles())
  }

  #modelName(manifest: Manifest | undefined): string {
    const { model, defaultModel } = this.#options
    if (typeof model === 'object') return model.name
    return model === undefined ? (manifest?.space.model ?? defaultModel) : storedName(model)
  }

  /** The model of a space for reading. Errors: `space` if another one was asked for. */
  async #modelForSpace(space: Space): Promise<JointEmbedding> {
    const { model, openModel } = this.#options
    if (typeof model === 'object') this.#model = model
    else this.#model ??= await openModel(model ?? space.model, {})
    this.#checkSpace(space, this.#model)
    return this.#model
  }

  /** A model with as many workers as are asked for. */
  async #modelForWriting(
    name: string,
    workers: number | undefined,
  ): Promise<{ model: JointEmbedding; release: () => Promise<void> }> {
    const { model, openModel } = this.#options
    if (typeof model === 'object' && model.name === name) return { model, release: async () => undefined }
    const opened = await openModel(name, { workers })
    return { model: opened, release: () => opened.close() }
  }

  #checkSpace(space: Space, model: JointEmbedding): void {
    if (space.spaceId === model.spaceId) return
    const { dir } = this.#options
    const wanted = this.#modelName(undefined)
    const name = typeof this.#options.model === 'string' ? wanted : model.name
    const spaces = `space ${space.spaceId.slice(0, 12)}, not ${model.spaceId.slice(0, 12)}`
    const because =
      space.model === name
        ? `The model "${name}" has changed since the catalog ${dir} was made (${spaces})`
        : `The catalog ${dir} was made with "${space.model}", not with "${name}" (${spaces})`
    const otherwise = space.model === name ? '' : `, or use --model ${space.model}`
    throw new AntiphonError(
      'space',
      `${because}. Embed it again with \`antiphon reindex --model ${name}\`${otherwise}`,
    )
  }

  /** The vector of a track, or of any audio file, which is embedded on the spot. */
  async #vectorOf(
    trackOrFile: string,
    store: Store,
    space: Space,
  ): Promise<{ vector: Float32Array; track?: Track }> {
    const track = await findTrack(store, trackOrFile)
    if (track) {
      const vector = (await store.trackVectors([track.content])).get(track.content)
      if (vector) return { vector, track }
    }
    const path = resolve(trackOrFile)
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    )
    if (!isFile)
      throw new AntiphonError(
        'usage',
        `No track "${trackOrFile}" (expected a track id, the path of a track in the catalog, or an audio file)`,
      )
    const model = await this.#modelForSpace(space)
    const moments = await embedTrack(path, { audioFiles: this.#audio(), model, gate: new Gate(2) })
    if (moments.length === 0) throw new AntiphonError('file', `Could not read "${path}": it holds no sound`)
    return { vector: trackVector(moments) }
  }

  /** Vectors that stand for the library, and how many pieces of audio it holds. */
  #sample(of: 'moments' | 'tracks', store: Store): Promise<readonly [Float32Array[], number]> {
    const known = this.#samples.get(of)
    if (known && performance.now() - known.takenAt < SAMPLE_LIFETIME_MS) return known.vectors
    const vectors = Promise.all([
      store.sample(of, SAMPLE_SIZE),
      store.counts().then(({ contents }) => contents),
    ])
    vectors.catch(() => this.#samples.delete(of))
    this.#samples.set(of, { takenAt: performance.now(), vectors })
    return vectors
  }

  async #background(of: 'moments' | 'tracks', store: Store, model: JointEmbedding): Promise<Background> {
    const [vectors, contents] = await this.#sample(of, store)
    const texts = Background.needsTexts(contents) ? await this.#vocabularyVectors(model) : undefined
    return new Background(vectors, contents, store.dim, texts && Float32Array.from(mean(texts, store.dim)))
  }

  #vocabularyVectors(model: JointEmbedding): Promise<Float32Array[]> {
    return (this.#vocabulary ??= vocabularyVectors(model, this.#options.cacheDir))
  }
}

function checkedLimit(limit = DEFAULT_LIMIT): number {
  if (Number.isInteger(limit) && limit > 0) return limit
  throw new AntiphonError('usage', `The limit ${limit} is not a whole number above 0`)
}

function respond(
  query: string,
  { model, spaceId }: Space,
  hits: readonly Hit[],
  match: (cosine: number) => number,
): SearchResponse {
  const results = hits.map(({ track, start, end, cosine }, i): SearchResult => ({
    rank: i + 1,
    trackId: track.trackId,
    path: track.path,
    artist: track.artist ?? null,
    title: track.title ?? null,
    album: track.album ?? null,
    start,
    end,
    match: match(cosine),
    cosine,
  }))
  return { query, model, spaceId, results }
}

/** By id, by path as it is written, or by path from here. */
async function findTrack(store: Store, trackOrPath: string): Promise<Track | undefined> {
  return (await store.find(trackOrPath)) ?? (await store.find(resolve(trackOrPath)))
}

/** A model's name as the manifest keeps it: paths absolute, so that they hold from everywhere. */
function storedName(model: string): string {
  return model.includes('/') || model.includes(sep) || isAbsolute(model) ? resolve(model) : model
}

async function bytesUnder(dir: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    const path = join(dir, entry.name)
    // Files may go while they are counted.
    bytes += entry.isDirectory()
      ? await bytesUnder(path)
      : ((await stat(path).catch(() => undefined))?.size ?? 0)
  }
  return bytes
}
