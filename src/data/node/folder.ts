import { opendir, readFile } from 'node:fs/promises'
import { extname, join, relative, resolve, sep } from 'node:path'
import { audioExtensions } from '../../audio/index.js'
import { reasonOf, walk } from '../../audio/node.js'
import { AntiphonError } from '../../errors/index.js'
import { distinct } from '../formats/texts.js'
import type { Pair, PairSet, WrongRow } from '../pair.js'
import { parseJsonSidecar, parseTextSidecar, type Sidecar } from '../sidecar.js'
import { assertFewWrong, MAX_WRONG_SHARE } from '../wrong-rows.js'
import type { Format } from './format.js'
import { readPlaylists, type PlaylistTexts } from './playlists.js'

export interface FolderOptions {
  /** Rows that may be wrong. @default 0.05 */
  readonly maxWrongShare?: number
  readonly signal?: AbortSignal
}

const FILES_AT_ONCE = 32
const FILES_A_BLOCK = 1024
/** Entries that are looked at to find audio. */
const MOST_ENTRIES = 10_000

const PARSERS = [
  ['.txt', parseTextSidecar],
  ['.json', parseJsonSidecar],
] as const

/**
 * A folder of music with a `.txt` (a caption a line) or a `.json` (captions, tags, title, artist, album) of the same name
 * beside an audio file, or both; the demo library is one. Pairs come in the order of their paths; a track's id is its path
 * inside the folder, without extension. A line of text and a field of a JSON are rows.
 */
export const folder: Format = {
  id: 'folder',
  name: 'Folder with words beside the audio',
  source: 'your own; the demo library; audiocraft’s metadata: https://github.com/facebookresearch/audiocraft',
  licence: 'yours',
  layout:
    'Audio files in any folders, and beside each a .txt (a caption a line) or a .json (captions, tags, title, artist, album, …) of the same name, or both. Titles of playlists (.m3u, .m3u8) in them are texts of the tracks they hold.',

  recognises: (path) => holdsAudio(path),

  async *read(path, { audio = path, subset, signal }) {
    if (subset !== undefined)
      throw new AntiphonError('usage', `A folder has no subsets, but "${subset}" was asked for`)
    const root = resolve(audio)
    const { files } = await walk([root], new Set(audioExtensions))
    if (files.length === 0) throw new AntiphonError('usage', `There is no audio in ${audio}`)
    const playlists = await readPlaylists(
      path,
      files.map((file) => file.path),
    )
    const { rows, wrong } = playlists
    if (rows > 0) yield { pairs: [], rows, wrong, withoutText: 0 }
    for (let at = 0; at < files.length; at += FILES_A_BLOCK)
      yield await readFiles(
        files.slice(at, at + FILES_A_BLOCK).map((file) => file.path),
        { root, words: resolve(path), playlists, signal },
      )
  },
}

async function readFiles(
  files: readonly string[],
  {
    root,
    words,
    playlists,
    signal,
  }: { root: string; words: string; playlists: PlaylistTexts; signal?: AbortSignal },
): Promise<PairSet> {
  const pairs: Pair[] = []
  const wrong: WrongRow[] = []
  let rows = 0
  let withoutText = 0
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
    if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    const paths = files.slice(at, at + FILES_AT_ONCE)
    const stems = paths.map((path) => relative(root, path).slice(0, -extname(path).length))
    const all = await Promise.all(stems.map((stem) => sidecarsOf(join(words, stem))))
    for (const [index, said] of all.entries()) {
      rows += said.reduce((sum, { sidecar }) => sum + sidecar.rows, 0)
      for (const { file, sidecar } of said) wrong.push(...sidecar.wrong.map((row) => ({ file, ...row })))
      const listed = playlists.of.get(paths[index]) ?? []
      const texts = distinct([...said.flatMap(({ sidecar }) => sidecar.texts), ...listed])
      if (texts.length === 0) withoutText++
      else {
        const known = said.reduce((all, { sidecar }) => ({ ...all, ...sidecar.track }), {})
        const id = stems[index].split(sep).join('/')
        pairs.push({ audio: { path: paths[index] }, texts, track: { id, ...known } })
      }
    }
  }
  return { pairs, rows, wrong, withoutText }
}

/**
 * Reads a folder with words beside the audio at once.
 * @throws AntiphonError `usage` where the folder does not exist or holds no audio with text, `failed` where more rows are
 * wrong than may be, `interrupted`
 */
export async function readFolder(
  dir: string,
  { maxWrongShare = MAX_WRONG_SHARE, signal }: FolderOptions = {},
): Promise<PairSet> {
  const pairs: Pair[] = []
  const wrong: WrongRow[] = []
  let rows = 0
  let withoutText = 0
  for await (const part of folder.read(dir, { signal })) {
    pairs.push(...part.pairs)
    wrong.push(...part.wrong)
    rows += part.rows
    withoutText += part.withoutText
  }
  assertFewWrong(wrong, { total: rows, maxShare: maxWrongShare })
  if (pairs.length > 0) return { pairs, rows, wrong, withoutText }
  throw new AntiphonError(
    'usage',
    `Nothing is said of the ${withoutText} audio files in ${dir}: put a .txt or .json of the same name beside each`,
  )
}

async function sidecarsOf(stem: string): Promise<{ file: string; sidecar: Sidecar }[]> {
  const found: { file: string; sidecar: Sidecar }[] = []
  for (const [extension, parse] of PARSERS) {
    const file = stem + extension
    try {
      found.push({ file, sidecar: parse(decodeUtf8(await readFile(file))) })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      const reason = error instanceof TypeError ? 'it is not UTF-8' : reasonOf(error)
      found.push({ file, sidecar: { texts: [], track: {}, rows: 1, wrong: [{ line: 0, reason }] } })
    }
  }
  return found
}

/** @throws TypeError */
const decodeUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

/** Whether there is an audio file in a folder, or in the folders of it, as far as one looks. */
async function holdsAudio(dir: string): Promise<boolean> {
  const waiting = [dir]
  let seen = 0
  for (let at = 0; at < waiting.length; at++)
    try {
      for await (const entry of await opendir(waiting[at])) {
        if (entry.name.startsWith('.')) continue
        if (entry.isDirectory() || entry.isSymbolicLink()) waiting.push(join(waiting[at], entry.name))
        if (!entry.isDirectory() && audioExtensions.includes(extname(entry.name).toLowerCase())) return true
        if (++seen > MOST_ENTRIES) return false
      }
    } catch {
      continue // no folder
    }
  return false
}
