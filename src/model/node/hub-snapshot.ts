import { existsSync } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { clapTowers } from '../clap/files.js'
import { digestOf, fetchFile, type HubFile } from './hub-file.js'
import { persist, reasonOf, request, type Patience } from './persist.js'

export interface HubProgress {
  /** The file that is being fetched. */
  readonly file: string
  /** Bytes of all files that are there. */
  readonly bytes: number
  readonly totalBytes: number
}

export interface HubOptions extends Patience {
  /** Where the hub's API is. @default HF_ENDPOINT, or https://huggingface.co */
  readonly endpoint?: string
  readonly fetch?: typeof fetch
  readonly onProgress?: (progress: HubProgress) => void
}

export interface Snapshot {
  /** owner/name */
  readonly repository: string
  /** A branch, tag or commit. */
  readonly revision: string
  /** The directory to make. */
  readonly into: string
}

const PUBLIC_HUB = 'https://huggingface.co'
const MOST_FILES = 10_000 // more is no model
const MOST_TURNS = 3
const COMMIT = /^[0-9a-f]{40}$/

/**
 * Fetches what Antiphon reads of a model repository: its small files, its safetensors, and the towers of CLAP. The directory appears when
 * all of it is there and compared with the hub's hashes; until then it is DIRECTORY.partial, from which a later call goes on.
 * @throws AntiphonError `model` for a repository that isn't there, isn't public, or has unsafe file names or wrong bytes;
 *   `failed` when the hub can't be reached; `interrupted`.
 */
export async function fetchSnapshot(snapshot: Snapshot, options: HubOptions): Promise<void> {
  for (let turn = 1; ; turn++)
    try {
      return await fetchAll(snapshot, options)
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException
      if (code === 'ENOENT' && existsSync(join(snapshot.into, 'config.json'))) return // another process was faster
      if (cause instanceof AntiphonError || code === undefined) throw cause
      // Where two make and move the same folder at once, it may be away for a moment; what is there is gone on with.
      if (code === 'ENOENT' && turn < MOST_TURNS) continue
      throw new AntiphonError('failed', `${snapshot.into} could not be written: ${message}`, { cause })
    }
}

async function fetchAll(snapshot: Snapshot, options: HubOptions): Promise<void> {
  const { repository, into } = snapshot
  const endpoint = endpointOf(options.endpoint)
  const fetcher = options.fetch ?? fetch
  const patience = { wait: options.wait, signal: options.signal }
  const { commit, files } = await list(snapshot, endpoint, (url, init) =>
    persist(() => request(fetcher, url, { ...init, signal: options.signal }), patience),
  )
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  const draft = `${into}.partial`
  const parts = join(draft, '.parts')
  await mkdir(parts, { recursive: true })
  let before = 0
  for (const file of files) {
    const target = join(draft, ...file.path.split('/'))
    const progress = (bytes: number): void =>
      options.onProgress?.({ file: file.path, bytes: before + bytes, totalBytes })
    if (!(await isWhole(target, file))) {
      const part = join(parts, file.digest) // by its hash: a part of another commit's file is never gone on with
      const url = `${endpoint}/${repository}/resolve/${commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`
      await fetchFile({ url, file, part, fetch: fetcher, patience, onBytes: progress })
      await mkdir(dirname(target), { recursive: true })
      await moved(part, target, () => isWhole(target, file))
    }
    progress(file.size)
    before += file.size
  }
  const source = { repository, revision: snapshot.revision, commit, files }
  await writeFile(join(draft, 'hub.json'), `${JSON.stringify(source, null, 1)}\n`)
  await moved(draft, into, () => Promise.resolve(existsSync(join(into, 'config.json'))))
  await rm(join(into, '.parts'), { recursive: true, force: true })
}

/** Moves, unless another process has just done the same. */
async function moved(from: string, to: string, isThere: () => Promise<boolean>): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!(await isThere())) throw error
    await rm(from, { recursive: true, force: true })
  }
}

async function isWhole(path: string, file: HubFile): Promise<boolean> {
  try {
    return (await stat(path)).size === file.size && (await digestOf(path, file)) === file.digest
  } catch {
    return false
  }
}

/** The commit that a revision stands for, and the files of it that are wanted, small ones first. */
async function list(
  { repository, revision }: Snapshot,
  endpoint: string,
  fetcher: typeof fetch,
): Promise<{ commit: string; files: HubFile[] }> {
  const { listFiles, modelInfo } = await import('@huggingface/hub') // 30 ms that only a download costs
  const hub = { hubUrl: endpoint, fetch: fetcher }
  const found: { path: string; size: number; oid?: string; lfs?: { oid: string; size: number } }[] = []
  let commit: string
  try {
    commit = (await modelInfo({ ...hub, name: repository, revision, additionalFields: ['sha'] })).sha
    if (!COMMIT.test(commit)) throw new Error(`its commit is ${commit}`)
    for await (const entry of listFiles({ ...hub, repo: repository, revision: commit, recursive: true })) {
      if (entry.type === 'file') found.push(entry)
      if (found.length > MOST_FILES) throw new Error(`it has more than ${MOST_FILES} files`)
    }
  } catch (cause) {
    throw listingError(cause, repository, revision, endpoint)
  }
  for (const { path } of found) assertSafe(path, repository)
  const names = wantedOf(found.map(({ path }) => path))
  if (!names.has('config.json'))
    throw new AntiphonError('model', `${repository} on the hub has no config.json: it is no model`)
  const files = found
    .filter(({ path }) => names.has(path))
    .map((entry) => hubFile(entry, repository))
    .sort((a, b) => a.size - b.size)
  return { commit, files }
}

/** Other formats of the same weights stay where they are: they would double the download. */
function wantedOf(paths: readonly string[]): Set<string> {
  const plain = paths.filter((path) =>
    /^[^/]+\.(json|txt|model|safetensors)$|^(README\.md|LICEN[CS]E.*)$/.test(path),
  )
  return new Set([...plain, ...clapTowers(paths)])
}

function hubFile(
  { path, size, oid, lfs }: { path: string; size: number; oid?: string; lfs?: { oid: string; size: number } },
  repository: string,
): HubFile {
  const file: HubFile = lfs
    ? { path, size: lfs.size, algorithm: 'sha256', digest: lfs.oid }
    : { path, size, algorithm: 'git-blob-sha1', digest: oid ?? '' }
  const isHash = (lfs ? /^[0-9a-f]{64}$/ : COMMIT).test(file.digest)
  if (isHash && Number.isSafeInteger(file.size) && file.size >= 0) return file
  throw new AntiphonError('model', `${repository} on the hub lists ${path} without its size and hash`)
}

/** A repository's names become paths here: none may lead out of the directory, on any system. */
function assertSafe(path: string, repository: string): void {
  const safe =
    typeof path === 'string' &&
    !/[\u0000-\u001f\\:]/.test(path) &&
    path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  if (!safe)
    throw new AntiphonError(
      'model',
      `${repository} on the hub has a file with an unsafe name, ${JSON.stringify(path)}; nothing was fetched`,
    )
}

function listingError(cause: unknown, repository: string, revision: string, endpoint: string): AntiphonError {
  if (cause instanceof AntiphonError) return cause
  const { statusCode: status } = cause as { statusCode?: number }
  if (status === 401 || status === 403 || status === 404)
    return new AntiphonError(
      'model',
      `${endpoint} has no public model ${repository} at revision "${revision}" (it answered ${status}). ` +
        'One that asks for a login can be fetched by hand into ANTIPHON_MODELS.',
      { cause },
    )
  return new AntiphonError('failed', `${repository} could not be listed at ${endpoint}: ${reasonOf(cause)}`, {
    cause,
  })
}

function endpointOf(endpoint: string | undefined): string {
  const chosen = endpoint ?? (process.env['HF_ENDPOINT'] || PUBLIC_HUB)
  const url = URL.canParse(chosen) ? new URL(chosen) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new AntiphonError(
      'usage',
      `The hub's endpoint is "${chosen}" (expected a URL, such as ${PUBLIC_HUB})`,
    )
  return chosen.replace(/\/+$/, '')
}
