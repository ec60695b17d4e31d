import { createHash, type Hash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { open, rm, stat, type FileHandle } from 'node:fs/promises'
import type { ReadableStream } from 'node:stream/web'
import { AntiphonError } from '../../errors/index.js'
import { Passing, persist, reasonOf, request, type Patience } from './persist.js'

/** A file of a repository, and how to know that it is whole. */
export interface HubFile {
  /** In the repository, with slashes. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Large files have the SHA-256 of their bytes, the others git's own hash of a blob, SHA-1. */
  readonly algorithm: 'sha256' | 'git-blob-sha1'
  /** In hexadecimal. */
  readonly digest: string
}

export interface FetchFileOptions {
  readonly url: string
  readonly file: HubFile
  /** Where the bytes are gathered; what lies there already is not fetched again. */
  readonly part: string
  readonly fetch: typeof fetch
  readonly patience: Patience
  /** Bytes that are there now. */
  readonly onBytes?: (bytes: number) => void
}

/**
 * Fetches one file: goes on where an earlier try stopped, and compares the whole with its hash. Bytes are written to their
 * places, so that two processes that fetch the same file write the same.
 * @throws AntiphonError `model` when it isn't there or its bytes are not those of its hash; `failed` when the connection breaks
 *   again and again, what came is kept then; `interrupted`.
 */
export async function fetchFile(options: FetchFileOptions): Promise<void> {
  const { url, file, part, patience } = options
  for (let times = 1; times <= 2; times++) {
    let have = 0
    const rest = async (): Promise<void> => {
      for (let size = await sizeOf(part); size !== file.size; size = await sizeOf(part)) {
        have = size ?? 0
        await fetchRest(options, have)
      }
    }
    try {
      await persist(rest, patience, async () => ((await sizeOf(part)) ?? 0) > have)
    } catch (cause) {
      if (!(cause instanceof Passing)) throw cause
      const again = 'The same command goes on where this one stopped.'
      throw new AntiphonError('failed', `${url} could not be fetched: ${cause.message}. ${again}`, { cause })
    }
    if ((await digestOf(part, file)) === file.digest) return
    await rm(part, { force: true })
  }
  throw wrongBytes(file, `have another ${file.algorithm} than the hub says, twice`)
}

/** One request for what is missing behind `have` bytes. */
async function fetchRest(
  { url, file, part, fetch, patience: { signal }, onBytes }: FetchFileOptions,
  have: number,
): Promise<void> {
  // Compressed on the way, ranges would count other bytes than the file's.
  const headers = { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) }
  const response = await request(fetch, url, { signal, headers })
  const start = await startOf(response, url, { have, file, part })
  const target = await open(part, constants.O_RDWR | constants.O_CREAT)
  try {
    const end = await writeFrom(target, start, response, file, onBytes)
    await target.sync()
    if (end > file.size) await target.truncate(0)
    if (end > file.size) throw wrongBytes(file, 'are more')
    if (end < file.size) throw new Passing(`the connection ended after ${end} of ${file.size} bytes`)
  } finally {
    await target.close()
  }
}

/** Where in the file the answer's bytes belong. */
async function startOf(
  response: Response,
  url: string,
  { have, file, part }: { have: number; file: HubFile; part: string },
): Promise<number> {
  const { status, headers } = response
  if (status === 200) return 0 // all of it, whether or not a range was asked for
  if (status === 206) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? []
    if (Number(first) === have && (total === '*' || Number(total) === file.size)) return have
  }
  await response.body?.cancel()
  if (status === 206 || status === 416) {
    await rm(part, { force: true }) // nothing that this server could go on from
    throw new Passing(`the server has no bytes from ${have} of ${file.size} on`)
  }
  throw new AntiphonError('model', `${url} could not be fetched: the server answered ${status}`)
}

/** Writes a body to its place; the place after the last byte comes back. Stops at the first byte too many. */
async function writeFrom(
  target: FileHandle,
  start: number,
  { body }: Response,
  { size }: HubFile,
  onBytes: FetchFileOptions['onBytes'],
): Promise<number> {
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader()
  for (let at = start; ;) {
    let bytes: Uint8Array | undefined
    try {
      bytes = (await reader?.read())?.value
    } catch (cause) {
      throw new Passing(reasonOf(cause), { cause })
    }
    if (!bytes) return at
    if (at + bytes.length > size) {
      await reader?.cancel()
      return at + bytes.length
    }
    await target.write(bytes, 0, bytes.length, at)
    at += bytes.length
    onBytes?.(at)
  }
}

/** The hash of a file on disk, as the hub writes it. */
export async function digestOf(path: string, { size, algorithm }: HubFile): Promise<string> {
  const hash: Hash =
    algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`)
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer)
  return hash.digest('hex')
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch {
    return undefined
  }
}

function wrongBytes({ path, size }: HubFile, how: string): AntiphonError {
  return new AntiphonError(
    'model',
    `${path} came damaged: its bytes, ${size} expected, ${how}. Nothing of it is kept; try another endpoint (HF_ENDPOINT).`,
  )
}
