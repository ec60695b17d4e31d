import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reasonOf, walk } from '../../audio/node.js'
import { clean, problem } from '../formats/texts.js'
import { parseM3u } from '../m3u.js'
import type { Text, WrongRow } from '../pair.js'

const EXTENSIONS: ReadonlySet<string> = new Set(['.m3u', '.m3u8'])
const MOST_BYTES = 4 * 2 ** 20 // some ten thousand tracks

/** What the playlists of a folder say of its audio files. */
export interface PlaylistTexts {
  /** Titles of the playlists that hold a file, by its path as it is among `files`. */
  readonly of: ReadonlyMap<string, readonly Text[]>
  /** Playlists that were found, and those of them that can't be read. */
  readonly rows: number
  readonly wrong: readonly WrongRow[]
}

/**
 * Reads the playlists (`.m3u`, `.m3u8`) in a folder and the folders of it: titles of playlists say of a track what people
 * think it goes with, as MuLan learns from (Huang et al. 2022). Entries are relative to their playlist, absolute, or `file:`
 * addresses, also with blanks as %20, or in other cases and forms of letters than the file has; those of the web, and of other
 * places, belong to nothing here.
 * @param files absolute paths of the audio
 */
export async function readPlaylists(dir: string, files: readonly string[]): Promise<PlaylistTexts> {
  const { files: playlists } = await walk([resolve(dir)], EXTENSIONS)
  const of = new Map<string, Text[]>()
  const wrong: WrongRow[] = []
  if (playlists.length === 0) return { of, rows: 0, wrong }
  const known = new Set(files)
  const alike = new Map<string, string | undefined>()
  for (const file of files) alike.set(plain(file), alike.has(plain(file)) ? undefined : file)
  const find = (path: string): string | undefined => (known.has(path) ? path : alike.get(plain(path)))
  for (const { path } of playlists) {
    const refuse = (reason: string): void => void wrong.push({ file: path, line: 0, reason })
    try {
      if ((await stat(path)).size > MOST_BYTES) {
        refuse(`more than ${MOST_BYTES / 2 ** 20} MB, which is no playlist`)
        continue
      }
      const { title, entries } = parseM3u(decoded(await readFile(path)))
      const value = clean(title ?? basename(path, extname(path)))
      const reason = problem(value)
      if (reason !== undefined) refuse(`its title: ${reason}`)
      if (value === '' || reason !== undefined) continue
      const listed = new Set<string>()
      for (const entry of entries)
        for (const file of filesOf(entry, dirname(path))) {
          const found = find(file)
          if (found !== undefined) listed.add(found)
        }
      for (const file of listed) {
        const said = of.get(file)
        if (said) said.push({ kind: 'playlist', value })
        else of.set(file, [{ kind: 'playlist', value }])
      }
    } catch (error) {
      refuse(reasonOf(error))
    }
  }
  return { of, rows: playlists.length, wrong }
}

const plain = (path: string): string => path.normalize('NFC').toLowerCase()

/** What is neither UTF-8 nor marked as UTF-16 is Latin-1, as `.m3u` was. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The paths that an entry may mean: on Windows folders are divided by the other slash, and some players write addresses. */
function filesOf(entry: string, dir: string): string[] {
  if (entry.includes('\0') || /^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(entry)) return []
  try {
    if (/^file:/i.test(entry)) return [fileURLToPath(entry)]
    const ways = [entry, entry.replaceAll('\\', '/')]
    if (entry.includes('%')) ways.push(decodeURIComponent(entry))
    return [...new Set(ways)].map((way) => resolve(dir, way))
  } catch {
    return [resolve(dir, entry)]
  }
}
