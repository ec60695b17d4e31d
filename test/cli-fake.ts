// A catalog of made-up tracks for the tests of the command line; run as a program it is `antiphon` over that catalog.
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type {
  Catalog,
  CatalogInfo,
  IndexEvent,
  IndexSummary,
  SearchResult,
  Track,
  Writer,
} from '../src/catalog/index.js'
import { runProcess, systemContext, type Context, type Output } from '../src/cli/index.js'
import { AntiphonError } from '../src/errors/index.js'

/** Names that break terminals: ESC sequences, newlines, overrides, C1, zero width, halves of pairs, stacks of marks. */
export const HOSTILE_NAMES = [
  'bell\x07 and \x1b[31mred\x1b[0m',
  'title\x1b]0;owned\x07',
  'two\nlines\r\nthree',
  'tab\tbed',
  'right\u202eto left\u202c',
  'c1\x9b31m csi',
  'zero\u200bwidth\u2060joiner\ufeff',
  'line\u2028separator\u2029paragraph',
  'half \ud83d pair',
  'z' + '\u0301'.repeat(200) + 'algo',
  'isolate\u2066d\u2069',
  'soft\u00adhyphen',
]

export function fakeTrack(place: number, tags: Partial<Track> = {}): Track {
  return {
    trackId: (place + 1).toString(16).padStart(16, '0'),
    path: `/music/track ${place + 1}.flac`,
    artist: `Artist ${place + 1}`,
    title: `Title ${place + 1}`,
    album: `Album ${place + 1}`,
    genre: 'jazz',
    year: 1990 + place,
    content: String(place),
    size: 1000,
    modified: 0,
    duration: 200.5 + place,
    ...tags,
  }
}

export interface FakeOptions {
  readonly tracks?: readonly Track[]
  /** Of the best result. */
  readonly match?: number
  readonly failures?: readonly { path: string; reason: string }[]
  readonly writer?: Writer | null
  /** How long a file takes to index. */
  readonly fileMs?: number
  readonly files?: number
  /** Thrown by whatever is called first. */
  readonly error?: Error
  readonly languages?: readonly string[]
}

export interface FakeCatalog extends Catalog {
  readonly calls: unknown[][]
}

/** A catalog that finds its tracks in order, one hop apart, each a little worse than the one before. */
export function fakeCatalog({
  tracks = Array.from({ length: 12 }, (_, place) => fakeTrack(place)),
  match = 93.4,
  failures = [],
  writer = null,
  fileMs = 0,
  files = 5,
  error,
}: FakeOptions = {}): FakeCatalog {
  const calls: unknown[][] = []
  const called = (...call: unknown[]) => {
    calls.push(call)
    if (error) throw error
  }
  const results = (limit = 10): SearchResult[] =>
    tracks.slice(0, limit).map(({ trackId, path, artist, title, album }, place) => ({
      rank: place + 1,
      trackId,
      path,
      artist: artist ?? null,
      title: title ?? null,
      album: album ?? null,
      start: place * 610,
      end: place * 610 + 10,
      match: Math.max(0, match - place * 7.7),
      cosine: 0.5 - place / 100,
    }))
  async function* work(signal: AbortSignal | undefined): AsyncGenerator<IndexEvent> {
    yield { kind: 'scanned', files: files + failures.length, toEmbed: files + failures.length, unchanged: 0 }
    const total = files + failures.length
    for (const failure of failures) yield { kind: 'failed', ...failure }
    let done = failures.length
    while (done < total && !signal?.aborted) {
      if (fileMs > 0) await sleep(fileMs)
      done++
      yield {
        kind: 'progress',
        done,
        total,
        audioSeconds: done * 200,
        elapsedSeconds: done * 5,
        path: `/music/track ${done}.flac`,
      }
    }
    const summary: IndexSummary = {
      embedded: done - failures.length,
      shared: 1,
      moved: 0,
      retagged: 0,
      unchanged: 0,
      removed: 0,
      failed: failures.length,
      interrupted: signal?.aborted ?? false,
      audioSeconds: done * 200,
      elapsedSeconds: done * 5,
      tracks: done,
      moments: done * 20,
    }
    yield { kind: 'done', summary }
  }
  const response = (query: string, limit?: number) => ({
    query,
    model: 'fake',
    spaceId: 'f'.repeat(16),
    results: results(limit),
  })
  return {
    calls,
    async info(): Promise<CatalogInfo> {
      called('info')
      return {
        dir: '/catalog',
        formatVersion: 1,
        model: 'fake',
        spaceId: 'f'.repeat(16),
        dim: 4,
        tracks: tracks.length,
        moments: tracks.length * 20,
        audioSeconds: 8000,
        folders: ['/music'],
        failures,
        vectorIndex: 'exact',
        bytes: 123456,
        writer,
      }
    },
    index(paths, options) {
      called('index', paths, options)
      return work(options?.signal)
    },
    async search(query, options) {
      called('search', query, options)
      return response(query, options?.limit)
    },
    async similar(target, options) {
      called('similar', target, options)
      return response(target, options?.limit)
    },
    async tags(target, options) {
      called('tags', target, options)
      return [
        { tag: 'piano', match: 88, cosine: 0.4 },
        { tag: 'calm', match: 61.5, cosine: 0.31 },
      ].slice(0, options?.limit)
    },
    async find(target) {
      return tracks.find(({ trackId, path }) => trackId === target || path === target)
    },
    async remove(target) {
      called('remove', target)
      return {
        tracks: tracks.filter(({ trackId, path }) => trackId === target || path.startsWith(target)).length,
        failures: failures.filter(({ path }) => path.startsWith(target)).length,
      }
    },
    reindex(model, options) {
      called('reindex', model, options)
      return work(options?.signal)
    },
    async vectors() {
      called('vectors')
      const matrix = Float32Array.from({ length: tracks.length * 4 }, (_, i) => Math.sin(i))
      return { tracks: [...tracks], dim: 4, matrix }
    },
    async close() {
      calls.push(['close'])
    },
  }
}

export interface FakeContext extends Context {
  readonly out: () => string
  readonly err: () => string
  readonly catalog: FakeCatalog
  readonly opened: { dir?: string; model?: string }[]
  readonly interrupt: () => void
  /** Lets time pass. */
  readonly wait: (milliseconds: number) => void
}

export interface FakeContextOptions extends FakeOptions {
  readonly columns?: number
  readonly colour?: boolean
  readonly env?: Record<string, string>
  readonly machine?: Partial<Context['machine']>
}

/** A context in memory; a terminal of `columns` where given, a pipe otherwise. */
export function fakeContext(options: FakeContextOptions = {}): FakeContext {
  const { columns, colour = false, env = {} } = options
  const catalog = fakeCatalog(options)
  const opened: { dir?: string; model?: string }[] = []
  const controller = new AbortController()
  let time = 0
  const texts = { out: '', err: '' }
  const output = (name: 'out' | 'err'): Output => ({
    write: (text) => {
      texts[name] += text
    },
    interactive: columns !== undefined,
    columns: columns ?? 80,
    colour,
  })
  return {
    stdout: output('out'),
    stderr: output('err'),
    env,
    now: () => time,
    openCatalog: async (openOptions) => {
      opened.push(openOptions)
      return catalog
    },
    modelLanguages: async () => options.languages ?? ['en'],
    machine: {
      onnxRuntime: async () => ({ version: '1.30.0', providers: ['cpu'] }),
      decode: async (_path, sampleRate) =>
        Float32Array.from(
          { length: sampleRate },
          (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / sampleRate),
        ),
      checkModel: async () => ({
        name: 'fake',
        dir: '/models/fake',
        spaceId: 'f'.repeat(16),
        largestDifference: 1.2e-7,
        tolerance: 1e-4,
      }),
      ...options.machine,
    },
    interruption: () => controller.signal,
    out: () => texts.out,
    err: () => texts.err,
    catalog,
    opened,
    interrupt: () => controller.abort(),
    wait: (milliseconds) => {
      time += milliseconds
    },
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { FAKE_FILES, FAKE_FILE_MS, FAKE_ERROR, FAKE_TRACKS } = process.env
  const catalog = fakeCatalog({
    files: FAKE_FILES ? Number(FAKE_FILES) : undefined,
    fileMs: FAKE_FILE_MS ? Number(FAKE_FILE_MS) : undefined,
    tracks: FAKE_TRACKS
      ? Array.from({ length: Number(FAKE_TRACKS) }, (_, place) => fakeTrack(place))
      : undefined,
    error: FAKE_ERROR ? new AntiphonError(FAKE_ERROR as 'locked', `A ${FAKE_ERROR} error.`) : undefined,
  })
  await runProcess(process.argv.slice(2), { ...systemContext(), openCatalog: async () => catalog })
}
