import { readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { isUnder } from '../../audio/node.js'
import { audioExtensions } from '../../audio/index.js'
import { AntiphonError } from '../../errors/index.js'
import type {
  Catalog,
  CatalogInfo,
  IndexEvent,
  IndexOptions,
  Removed,
  SearchOptions,
  SearchResponse,
} from '../catalog.js'
import type { Track } from '../track.js'
import type { AudioFiles } from './audio-files.js'
import { assertCanIndex } from './catalog-folder.js'
import { CatalogModel, storedName, type CatalogModelOptions } from './catalog-model.js'
import { indexLibrary } from './index-library.js'
import { LanceStore } from './lance-store.js'
import { LibraryBackground } from './library-background.js'
import { findTrack, LibrarySearch } from './library-search.js'
import { writerOf } from '../../files/node.js'
import { FORMAT_VERSION, readManifest, writeManifest, type Manifest, type Space } from './manifest.js'
import { reindexLibrary } from './reindex-library.js'
import { storeError } from './store-error.js'
import { eventsUnderLock, underLock } from './under-lock.js'

export interface LibraryCatalogOptions extends CatalogModelOptions {
  readonly openAudioFiles: () => AudioFiles
  readonly commitSeconds: number
  readonly cacheDir: string
}

/** A catalog in a folder: the manifest `catalog.json`, the lock of the one who writes, and the store. */
export class LibraryCatalog implements Catalog {
  readonly #options: LibraryCatalogOptions
  readonly #model: CatalogModel
  readonly #background: LibraryBackground
  #store: LanceStore | undefined
  #audioFiles: AudioFiles | undefined

  constructor(options: LibraryCatalogOptions) {
    this.#options = options
    this.#model = new CatalogModel(options)
    this.#background = new LibraryBackground(options.cacheDir)
  }

  async info(): Promise<CatalogInfo> {
    const { dir } = this.#options
    return this.#reading(async (store, { space, folders }) => {
      const { tracks, moments, audioSeconds, vectorIndex } = await store.counts()
      return {
        dir,
        formatVersion: FORMAT_VERSION,
        ...space,
        tracks,
        moments,
        audioSeconds,
        folders,
        failures: (await store.failures()).map(({ path, reason }) => ({ path, reason })),
        vectorIndex,
        bytes: await bytesUnder(dir),
        writer: await writerOf(dir),
      }
    })
  }

  async search(query: string, options: SearchOptions = {}): Promise<SearchResponse> {
    return this.#searching((library) => library.search(query, options))
  }

  async similar(
    trackOrFile: string,
    options: { limit?: number; where?: string } = {},
  ): Promise<SearchResponse> {
    return this.#searching((library) => library.similar(trackOrFile, options))
  }

  async tags(
    trackOrFile: string,
    options: { limit?: number } = {},
  ): Promise<readonly { tag: string; match: number; cosine: number }[]> {
    return this.#searching((library) => library.tags(trackOrFile, options))
  }

  async find(trackOrPath: string): Promise<Track | undefined> {
    return this.#reading((store) => findTrack(store, trackOrPath))
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

  index(paths: readonly string[], options: IndexOptions = {}): AsyncIterable<IndexEvent> {
    const { dir } = this.#options
    const named = [...paths]
    const allowed = () => assertCanIndex(dir, named)
    return eventsUnderLock({ dir, allowed, signal: options.signal }, async (emit, signal) => {
      const manifest = await readManifest(dir)
      const name = this.#model.name(manifest)
      await this.#model.forWriting(name, options.workers, async (model) => {
        if (manifest) this.#model.check(manifest.space, model)
        const space = manifest?.space ?? { model: name, spaceId: model.spaceId, dim: model.dim }
        const folders = manifest?.folders ?? []
        const store = await this.#openStore(space)
        if (manifest) await this.#keepSpaces(manifest)
        await store.repair()
        const summary = await indexLibrary(named, {
          ...this.#writerOptions(options),
          signal,
          emit,
          store,
          model,
          extensions: new Set(audioExtensions),
          folders,
          onFolders: async (indexed) => {
            const all = [...new Set([...folders, ...indexed])].sort()
            await writeManifest(dir, {
              ...(manifest ?? { formatVersion: FORMAT_VERSION, space }),
              folders: all,
            })
          },
        })
        this.#background.forget()
        emit({ kind: 'done', summary })
      })
    })
  }

  async remove(target: string): Promise<Removed> {
    if (target.trim() === '')
      throw new AntiphonError('usage', 'The track or folder to forget has an empty name')
    const { dir } = this.#options
    await this.#manifest()
    return underLock(dir, async () => {
      const manifest = await this.#manifest()
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
      this.#background.forget()
      return { tracks: tracks.length, failures: failures.length }
    })
  }

  reindex(modelName: string, options: IndexOptions = {}): AsyncIterable<IndexEvent> {
    const { dir } = this.#options
    const name = storedName(modelName)
    return eventsUnderLock({ dir, signal: options.signal }, async (emit, signal) => {
      const manifest = await this.#manifest()
      await this.#model.forWriting(name, options.workers, async (model) => {
        const space: Space = { model: name, spaceId: model.spaceId, dim: model.dim }
        const { formatVersion, folders } = manifest
        const isThere = space.spaceId === manifest.space.spaceId
        if (isThere) emit({ kind: 'notice', message: `The catalog is in the space of "${name}" already` })
        if (space.spaceId !== manifest.building?.spaceId) {
          // What a drop that was cut short has left of this space must not be built upon.
          const alone: Manifest = { formatVersion, folders, space: manifest.space }
          await writeManifest(dir, alone)
          await this.#keepSpaces(alone)
          if (!isThere) await writeManifest(dir, { ...alone, building: space })
        }
        const store = await LanceStore.open({ dir, ...space })
        try {
          await store.repair()
          const run = { ...this.#writerOptions(options), signal, emit, store, model }
          const { summary, missing } = await reindexLibrary(run)
          const whole = missing.length === 0 || (options.prune && options.limit === undefined)
          if (!summary.interrupted && whole) {
            await store.put({ removed: missing.map((track) => track.trackId) })
            await store.tidy()
            const swapped: Manifest = { formatVersion, folders, space }
            await writeManifest(dir, swapped)
            await this.#keepSpaces(swapped)
            await this.#forgetStore()
          } else if (!summary.interrupted) {
            const message = `${missing.length} of ${summary.tracks} tracks have no vectors of "${name}" yet; the old ones stay in use. Run \`antiphon reindex --model ${modelName}\` again to go on, with --prune to drop the tracks whose files cannot be read`
            emit({ kind: 'notice', message })
          }
          emit({ kind: 'done', summary })
        } finally {
          await store.close()
        }
      })
    })
  }

  async close(): Promise<void> {
    await this.#forgetStore()
    await this.#audioFiles?.close()
    this.#audioFiles = undefined
    await this.#model.close()
  }

  /** Runs a reader on the store as it is now. */
  async #reading<T>(read: (store: LanceStore, manifest: Manifest) => Promise<T>): Promise<T> {
    const manifest = await this.#manifest()
    try {
      return await read(await this.#openStore(manifest.space), manifest)
    } catch (error) {
      throw storeError(error, this.#options.dir)
    }
  }

  async #searching<T>(ask: (library: LibrarySearch) => Promise<T>): Promise<T> {
    const [model, background, audioFiles] = [this.#model, this.#background, () => this.#audio()]
    return this.#reading((store, { space }) =>
      ask(new LibrarySearch({ store, space, model, background, audioFiles })),
    )
  }

  #writerOptions({ limit, prune, retry, workers = availableParallelism() }: IndexOptions) {
    const { commitSeconds } = this.#options
    return { limit, prune, retry, workers, commitSeconds, audioFiles: this.#audio() }
  }

  async #manifest(): Promise<Manifest> {
    const manifest = await readManifest(this.#options.dir)
    if (manifest) return manifest
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
    this.#background.forget()
  }

  /** Drops vectors of spaces that the manifest does not name: an earlier build that was given up, or a swap cut short. */
  async #keepSpaces({ space, building = space }: Manifest): Promise<void> {
    await LanceStore.keepSpaces(this.#options.dir, [space.spaceId, building.spaceId])
  }

  #audio(): AudioFiles {
    return (this.#audioFiles ??= this.#options.openAudioFiles())
  }
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
