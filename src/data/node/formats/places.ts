import { existsSync } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { audioExtensions } from '../../../audio/index.js'
import { walk } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import { partNamed } from '../../formats/texts.js'
import type { PartName } from '../../pair.js'
import type { FormatOptions } from '../format.js'

/** Entries of a folder that are looked at to find out what it is. */
const MOST_ENTRIES = 5000

/** Names of folders that people put audio in, beside the words. */
const AUDIO_FOLDERS = ['audio', 'clips', 'wav', 'wavs', 'mp3', 'mp3s', 'flac', 'music', 'songs', 'audios']

/** The names in a folder, in order; of a large one the first thousands. None where it is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const entry of await opendir(folder)) if (names.push(entry.name) >= MOST_ENTRIES) break
  } catch {
    return []
  }
  return names.sort()
}

/** The files of a data set that has this name: the path itself, or those in it, or in a folder of it. */
export async function filesNamed(
  path: string,
  name: RegExp,
  folders: readonly string[] = [],
): Promise<string[]> {
  if (!(await isFolder(path))) return name.test(basename(path)) && existsSync(path) ? [path] : []
  for (const folder of [path, ...folders.map((inside) => join(path, inside))]) {
    const found = (await namesIn(folder)).filter((entry) => name.test(entry))
    if (found.length > 0) return found.map((entry) => join(folder, entry))
  }
  return []
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/** @throws AntiphonError `usage` where there is none */
export function oneOf(
  files: readonly string[],
  { path, expected }: { path: string; expected: string },
): string {
  if (files.length > 0) return files[0]
  throw new AntiphonError('usage', `There is no ${expected} in ${path}`)
}

/**
 * Where the audio is: the folder that was named, or one of the usual names beside the words, or where they are.
 * @param beside the folder of the words, and others that may hold the audio's
 */
export async function audioFolder(
  { audio }: FormatOptions,
  beside: readonly string[],
  names: readonly string[] = [],
): Promise<string> {
  if (audio !== undefined) {
    if (await isFolder(audio)) return audio
    throw new AntiphonError('usage', `There is no folder ${audio}`)
  }
  for (const folder of beside)
    for (const name of [...names, ...AUDIO_FOLDERS]) {
      const found = join(folder, name)
      if (await isFolder(found)) return found
    }
  return resolve(beside[0])
}

/** Audio files by their names without extension; of several with one name the first by its path. */
export async function indexAudio(folder: string): Promise<Map<string, string>> {
  const { files } = await walk([folder], new Set(audioExtensions))
  const index = new Map<string, string>()
  for (const { path } of files) {
    const stem = basename(path, extname(path))
    if (!index.has(stem)) index.set(stem, path)
  }
  return index
}

/** The first of these that is there, or else the first. */
export function firstThere(paths: readonly string[]): string {
  return paths.find((path) => existsSync(path)) ?? paths[0]
}

/** The part that a file's or a folder's name tells: `train-00000-of-00002.parquet`, `autotagging-test.tsv`. */
export function partOfName(name: string): PartName | undefined {
  for (const word of basename(name).split(/[-_.]/)) {
    const part = partNamed(word)
    if (part) return part
  }
  return undefined
}

/** @throws AntiphonError `usage` for a subset that a data set hasn't */
export function assertSubset(id: string, { subset }: FormatOptions, known: readonly string[]): void {
  if (subset === undefined || known.includes(subset)) return
  throw new AntiphonError(
    'usage',
    known.length === 0
      ? `${id} has no subsets, but "${subset}" was asked for`
      : `${id} has no subset "${subset}" (expected ${known.join(', ')})`,
  )
}
