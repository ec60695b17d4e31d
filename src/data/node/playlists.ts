import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reasonOf, walk } from '../../audio/node.js'
import { clean, problem } from '../formats/texts.js'
import { parseM3u } from '../m3u.js'
import type { Text, WrongRow } from '../pair.js'

const EXTENSIONS: ReadonlySet<string> = new Set(['.m3u', '.m3u8'])
const MOST_BYTES = 64 * 2 ** 20 // half a million tracks

/** What the playlists of a folder say of its audio files. */
export interface PlaylistTexts {
  /** Titles of the playlists that hold a file, by its absolute path. */
  readonly of: ReadonlyMap<string, readonly Text[]>
  /** Playlists that can't be read. */
  readonly wrong: readonly WrongRow[]
}

/**
 * Reads the playlists (`.m3u`, `.m3u8`) in a folder and the folders of it: titles of playlists say of a track what people
 * think it goes with, as MuLan learns from (Huang et al. 2022). Entries are relative to their playlist, absolute, or `file:`
 * addresses; those of the web, and of other places, belong to nothing here.
 */
export async function readPlaylists(dir: string): Promise<PlaylistTexts> {
  const { files } = await walk([resolve(dir)], EXTENSIONS)
  const of = new Map<string, Text[]>()
  const wrong: WrongRow[] = []
  for (const { path } of files) {
    const refuse = (reason: string): void => void wrong.push({ file: path, line: 0, reason })
    try {
      if ((await stat(path)).size > MOST_BYTES) {
        refuse(`${MOST_BYTES / 2 ** 20} MB and more, which is no playlist`)
        continue
      }
      const { title, entries } = parseM3u(decoded(await readFile(path)))
      const value = clean(title ?? basename(path, extname(path)))
      const reason = problem(value)
      if (reason !== undefined) refuse(`its title: ${reason}`)
      if (value === '' || reason !== undefined) continue
      for (const file of new Set(entries.flatMap((entry) => fileOf(entry, dirname(path))))) {
        const said = of.get(file) ?? []
        of.set(file, [...said, { kind: 'playlist', value }])
      }
    } catch (error) {
      refuse(reasonOf(error))
    }
  }
  return { of, wrong }
}

/** What is no UTF-8 is Latin-1, as `.m3u` was. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The paths that an entry may mean: on Windows folders are divided by the other slash. */
function fileOf(entry: string, dir: string): string[] {
  if (/^file:/i.test(entry))
    try {
      return [fileURLToPath(entry)]
    } catch {
      return []
    }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(entry) || entry.includes('\0')) return []
  const path = resolve(dir, entry)
  return entry.includes('\\') ? [path, resolve(dir, entry.replaceAll('\\', '/'))] : [path]
}
