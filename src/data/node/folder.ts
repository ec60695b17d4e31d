import { readFile } from 'node:fs/promises'
import { extname, relative, resolve, sep } from 'node:path'
import { audioExtensions } from '../../audio/index.js'
import { reasonOf, walk } from '../../audio/node.js'
import { AntiphonError } from '../../errors/index.js'
import type { Pair, PairSet, WrongRow } from '../pair.js'
import { distinct, parseJsonSidecar, parseTextSidecar, type Sidecar } from '../sidecar.js'
import { assertFewWrong, MAX_WRONG_SHARE } from '../wrong-rows.js'

export interface FolderOptions {
  /** Rows that may be wrong. @default 0.05 */
  readonly maxWrongShare?: number
  readonly signal?: AbortSignal
}

const FILES_AT_ONCE = 32

const PARSERS = [
  ['.txt', parseTextSidecar],
  ['.json', parseJsonSidecar],
] as const

/**
 * A folder of music with a `.txt` (a caption a line) or a `.json` (captions, tags, title, artist, album) of the same name
 * beside an audio file, or both; the demo library is one. Pairs come in the order of their paths; a track's id is its path
 * inside the folder, without extension.
 * @throws AntiphonError `usage` where the folder does not exist or holds no audio with text, `failed` where more rows are
 * wrong than may be, `interrupted`
 */
export async function readFolder(
  dir: string,
  { maxWrongShare = MAX_WRONG_SHARE, signal }: FolderOptions = {},
): Promise<PairSet> {
  const root = resolve(dir)
  const { files } = await walk([root], new Set(audioExtensions))
  const pairs: Pair[] = []
  const wrong: WrongRow[] = []
  let rows = 0
  let withoutText = 0
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
    if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    const paths = files.slice(at, at + FILES_AT_ONCE).map((file) => file.path)
    for (const [index, said] of (await Promise.all(paths.map(sidecarsOf))).entries()) {
      const path = paths[index]
      rows += said.reduce((sum, { sidecar }) => sum + sidecar.rows, 0)
      for (const { file, sidecar } of said) wrong.push(...sidecar.wrong.map((row) => ({ file, ...row })))
      const texts = distinct(said.flatMap(({ sidecar }) => sidecar.texts))
      if (texts.length === 0) withoutText++
      else {
        const known = said.reduce((all, { sidecar }) => ({ ...all, ...sidecar.track }), {})
        pairs.push({ audio: { path }, texts, track: { id: trackId(root, path), ...known } })
      }
    }
  }
  assertFewWrong(wrong, { total: rows, maxShare: maxWrongShare })
  if (pairs.length > 0) return { pairs, rows, wrong, withoutText }
  throw new AntiphonError(
    'usage',
    files.length === 0
      ? `There is no audio in ${dir}`
      : `Nothing is said of the ${files.length} audio files in ${dir}: put a .txt or .json of the same name beside each`,
  )
}

async function sidecarsOf(path: string): Promise<{ file: string; sidecar: Sidecar }[]> {
  const stem = path.slice(0, -extname(path).length)
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

function trackId(root: string, path: string): string {
  const inside = relative(root, path)
  return inside.slice(0, -extname(inside).length).split(sep).join('/')
}
