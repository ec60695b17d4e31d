import { createReadStream } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { createGunzip } from 'node:zlib'
import { reasonOf } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import type { ListeningMatrix } from '../../listening/matrix.js'
import type { WrongRow } from '../../pair.js'
import { assertFewWrong, MAX_WRONG_SHARE } from '../../wrong-rows.js'
import { columnsOf } from './columns.js'
import type { ListeningFormat } from './listening-format.js'
import { readRows } from './listening-rows.js'
import { WrongRowList } from './wrong-row-list.js'

export interface ReadListeningOptions {
  /** @default what the first line looks like */
  readonly format?: ListeningFormat
  /** Of the Taste Profile: `unique_tracks.txt`, to turn songs into tracks. @default beside the file, where it is there */
  readonly tracks?: string
  /** Of Last.fm-360K: what names an artist; one without MBID has its name. @default 'name' */
  readonly artists?: 'name' | 'mbid'
  /** Rows that may be wrong. @default 0.05 */
  readonly maxWrongShare?: number
  readonly signal?: AbortSignal
}

export interface Listening {
  readonly matrix: ListeningMatrix
  readonly format: ListeningFormat
  /** Rows that were read, the wrong ones among them. */
  readonly rows: number
  /** Rows of a user and an item that were there before: their counts are added up. */
  readonly repeated: number
  /** The first thousand. */
  readonly wrong: readonly WrongRow[]
  readonly wrongRows: number
}

/** In a folder: what these data sets call their files. */
const FILES = ['listening.tsv', 'train_triplets.txt', 'usersha1-artmbid-artname-plays.tsv', 'listening.csv']
const TRACKS = 'unique_tracks.txt'

/**
 * Reads who heard what how often: a file, also with `.gz` at its end, or a folder with one of the names that data sets give.
 * @throws AntiphonError `usage` where there is none, or its first line is of no known layout; `failed` where more rows are
 * wrong than may be; `interrupted`
 */
export async function readListening(path: string, options: ReadListeningOptions = {}): Promise<Listening> {
  const { maxWrongShare = MAX_WRONG_SHARE, artists = 'name', signal } = options
  const file = await fileAt(resolve(path))
  const format = options.format ?? detect(file, await firstLine(file))
  const wrong = new WrongRowList()
  let tracks = options.tracks === undefined ? undefined : resolve(options.tracks)
  if (format === 'taste-profile') tracks ??= await existing([join(file, '..', TRACKS)])
  else if (tracks !== undefined)
    throw new AntiphonError('usage', `${TRACKS} goes with the Taste Profile; ${path} looks like ${format}`)
  const { builder, rows } = await readRows(file, { format, artists, tracks, wrong, signal })
  assertFewWrong(wrong.rows, { total: rows, count: wrong.count, maxShare: maxWrongShare })
  if (builder.rows === 0) {
    assertFewWrong(wrong.rows, { total: rows, count: wrong.count, maxShare: 0 })
    throw new AntiphonError('usage', `${path} has no listening`)
  }
  const matrix = builder.build()
  return {
    matrix,
    format,
    rows,
    repeated: builder.rows - matrix.entries,
    wrong: wrong.rows,
    wrongRows: wrong.count,
  }
}

/**
 * The file of listening that a path names or a folder has, by its name or its first line; undefined where there is none.
 * @throws AntiphonError `usage` where the path is not there
 */
export async function findListening(path: string): Promise<string | undefined> {
  const place = resolve(path)
  const info = await stat(place).catch((cause: unknown) => {
    throw new AntiphonError('usage', `Cannot read ${path}: ${reasonOf(cause)}`, { cause })
  })
  const named = (names: readonly string[]): string[] => names.flatMap((name) => [name, `${name}.gz`])
  if (info.isDirectory()) return existing(named(FILES).map((name) => join(place, name)))
  if (named(FILES).includes(basename(place))) return place
  if (!/\.(tsv|csv|txt)(\.gz)?$/i.test(place)) return undefined
  const line = await firstLine(place)
  const fields = line.split('\t')
  const counts = fields.length >= 3 && fields.length <= 4 && /^\d+$/.test(fields[fields.length - 1])
  return counts || columnsOf(fields) || columnsOf(line.split(',')) ? place : undefined
}

async function fileAt(path: string): Promise<string> {
  let isFolder: boolean
  try {
    isFolder = (await stat(path)).isDirectory()
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot read ${path}: ${reasonOf(cause)}`, { cause })
  }
  if (!isFolder) return path
  const found = await existing(FILES.flatMap((name) => [join(path, name), join(path, `${name}.gz`)]))
  if (found !== undefined) return found
  throw new AntiphonError(
    'usage',
    `There is no listening in ${path} (expected ${FILES.join(', ')}, or name a file)`,
  )
}

async function existing(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths)
    try {
      await access(path)
      return path
    } catch {
      // The next one.
    }
  return undefined
}

function detect(path: string, line: string): ListeningFormat {
  const fields = line.split('\t')
  if (fields.length === 4 && /^\d+$/.test(fields[3])) return 'lastfm-360k'
  if (fields.length === 3 && /^[0-9a-f]{40}$/.test(fields[0]) && /^SO[A-Z0-9]{16}$/.test(fields[1]))
    return 'taste-profile'
  if (fields.length === 3 || (fields.length > 3 && columnsOf(fields))) return 'triples'
  if (fields.length === 1 && line.includes(',')) return 'csv'
  throw new AntiphonError(
    'usage',
    `${path}:1: no layout of listening that is known: expected user, item and count with tabs between, or commas and a header; found ${JSON.stringify(line.slice(0, 80))}`,
  )
}

async function firstLine(path: string): Promise<string> {
  const head = path.endsWith('.gz') ? await unzippedHead(path) : await plainHead(path)
  return head.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0]
}

const HEAD = 64 * 1024

async function plainHead(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

async function unzippedHead(path: string): Promise<string> {
  const stream = createReadStream(path)
  const unzipped = stream.pipe(createGunzip())
  try {
    for await (const block of unzipped as AsyncIterable<Buffer>) return block.toString()
    return ''
  } catch (cause) {
    throw new AntiphonError('file', `Cannot read ${path}: ${reasonOf(cause)}`, { cause })
  } finally {
    stream.destroy()
  }
}
