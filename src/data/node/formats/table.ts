import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AntiphonError } from '../../../errors/index.js'
import { parsePythonList } from '../../formats/python-list.js'
import {
  clean,
  distinct,
  joined,
  kindOfField,
  partNamed,
  partProblem,
  problem,
  shapeProblem,
  stringsOf,
  type FieldKind,
} from '../../formats/texts.js'
import type { PartName, Text } from '../../pair.js'
import type { Format } from '../format.js'
import { pairsOf, type Taken } from './pairs.js'
import { assertSubset, filesNamed, isFolder, oneOf, partOfName } from './places.js'
import { columnsOf, isRowFile, readRows } from './row-files.js'
import { asObject, type Row } from './rows.js'

/** Columns that name the audio; where there are several, the first of these that is filled. */
const PATHS = [
  'path',
  'audio_path',
  'file_path',
  'filepath',
  'audio_filepath',
  'file_name',
  'filename',
  'file',
  'audio_file',
  'audio',
  'location',
  'mp3_path',
  'wav',
]

/** What a column is for: a text or the part, the audio (by its place among PATHS), the track, or the seconds taken of the file. */
type Role = FieldKind | number | 'track_id' | 'start' | 'end' | undefined

const OTHER_ROLES: Readonly<Record<string, Role>> = {
  track_id: 'track_id',
  start: 'start',
  start_s: 'start',
  start_time: 'start',
  end: 'end',
  end_s: 'end',
  end_time: 'end',
}

function roleOf(column: string): Role {
  const name = column.trim().toLowerCase()
  const path = PATHS.indexOf(name)
  if (path >= 0) return path
  return Object.hasOwn(OTHER_ROLES, name) ? OTHER_ROLES[name] : kindOfField(name)
}

const isPath = (column: string): boolean => typeof roleOf(column) === 'number'
const isText = (column: string): boolean => {
  const role = roleOf(column)
  return typeof role === 'string' && !['part', 'track_id', 'start', 'end'].includes(role)
}

/** In a folder: the tables of an AudioFolder, or the Parquet files of a data set, as the Hugging Face hub has them. */
const FOLDER_FILES = [/^metadata\.(csv|tsv|jsonl|parquet)$/i, /\.parquet$/i]

async function tablesOf(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [path]
  for (const name of FOLDER_FILES) {
    const files = await filesNamed(path, name, ['data'])
    if (files.length > 0) return files
  }
  return []
}

export const table: Format = {
  id: 'table',
  name: 'Table of paths and texts',
  source: 'your own; AudioFolder of the Hugging Face hub: https://huggingface.co/docs/datasets/audio_dataset',
  licence: 'yours',
  layout:
    'A CSV, TSV, JSONL, JSON or Parquet file with a column that names the audio (path, file, audio, file_name, …) and columns of texts (caption, tags, title, …); or a folder with metadata.csv, metadata.jsonl or Parquet files.',

  async recognises(path) {
    const [file] = await tablesOf(path)
    if (file === undefined || !isRowFile(file)) return false
    const columns = await columnsOf(file)
    return columns.some(isPath) && columns.some(isText)
  },

  async *read(path, options) {
    assertSubset('table', options, [])
    const files = await tablesOf(path)
    const isHub = await isFolder(path)
    oneOf(files, { path, expected: 'metadata.csv, metadata.jsonl or Parquet file' })
    for (const file of files) {
      if (!isRowFile(file))
        throw new AntiphonError(
          'usage',
          `${file} is no table (expected .csv, .tsv, .jsonl, .json or .parquet)`,
        )
      await assertUseful(file)
      const base = options.audio ?? dirname(resolve(file))
      const part = isHub ? partOfName(basename(file)) : undefined
      const rows = readRows(file, {
        wanted: (column) => roleOf(column) !== undefined,
        signal: options.signal,
      })
      yield* pairsOf(rows, rowTaker(base, part))
    }
  },
}

/** Of JSON only the rows tell. */
async function assertUseful(file: string): Promise<void> {
  const columns = await columnsOf(file)
  if (columns.length === 0 || /\.(json|jsonl|ndjson)(\.gz)?$/i.test(file)) return
  const found = `(found ${columns.slice(0, 20).join(', ')})`
  if (!columns.some(isPath))
    throw new AntiphonError(
      'usage',
      `${file} has no column with the path of the audio, such as path ${found}`,
    )
  if (!columns.some(isText))
    throw new AntiphonError('usage', `${file} has no column of texts, such as caption, tags, title ${found}`)
}

/** Takes rows of any columns; what a column is for is found out once. */
function rowTaker(base: string, filePart: PartName | undefined): (row: Row) => Taken {
  const roles = new Map<string, Role>()
  return ({ values }) => {
    const texts: Text[] = []
    let path: unknown
    let pathRole = Infinity
    let part = filePart
    let id: string | undefined
    const seconds: { start?: number; end?: number } = {}
    for (const column in values) {
      let role = roles.get(column)
      if (role === undefined && !roles.has(column)) roles.set(column, (role = roleOf(column)))
      const value = values[column]
      if (role === undefined || value === null || value === undefined || value === '') continue
      if (typeof role === 'number') {
        if (role < pathRole) [path, pathRole] = [value, role]
      } else if (role === 'track_id') id = clean(`${value as string | number | bigint}`)
      else if (role === 'start' || role === 'end') {
        const found = Number(value)
        if (!(found >= 0))
          return { reason: `${JSON.stringify(column)} is ${JSON.stringify(value)}, expected seconds` }
        seconds[role] = found
      } else {
        const found = stringsOf(listIn(value), role)
        if (!found) return { reason: shapeProblem(column, value) }
        for (const text of found) {
          const reason = problem(text)
          if (reason) return { reason: `${JSON.stringify(column)}: ${reason}` }
          if (role === 'part') {
            part = partNamed(text)
            if (!part) return { reason: partProblem(column, text) }
          } else texts.push({ kind: role, value: text })
        }
      }
    }
    const name = pathIn(path)
    if (typeof name !== 'string') return name
    if (texts.length === 0)
      return { reason: 'it says nothing of the audio: no caption, tag, title or other text' }
    const { start, end } = seconds
    if (end !== undefined && end <= (start ?? 0))
      return { reason: `it ends at ${end} s, which is not behind its start` }
    const artist = joined(texts, 'artist')
    const album = joined(texts, 'album')
    const title = joined(texts, 'title')
    return {
      audio: {
        path: placeOf(name, base),
        ...(start !== undefined && { start }),
        ...(end !== undefined && { end }),
      },
      texts: texts.length === 1 ? texts : distinct(texts),
      track: {
        id: id || name,
        ...(artist && { artist }),
        ...(album && { album }),
        ...(title && { title }),
        ...(part && { part }),
      },
    }
  }
}

/** A cell of text may hold a list as Python or JSON writes it. */
function listIn(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('[') || !value.endsWith(']')) return value
  const list = parsePythonList(value)
  return list?.every((entry) => typeof entry === 'string') ? list : value
}

/** The path of the audio, or why there is none; the hub's audio is an object with one. */
function pathIn(value: unknown): string | { readonly reason: string } {
  const held = asObject(value)
  if (held?.bytes !== null && held?.bytes !== undefined)
    return { reason: 'its audio is inside of the table: write it to files, and their paths into the table' }
  const path = held ? held.path : value
  if (typeof path !== 'string' || path.trim() === '')
    return { reason: `no path to the audio (expected ${PATHS.slice(0, 6).join(', ')} or the like)` }
  if (/^(https?|s3|gs|hf|ftp):\/\//i.test(path)) return { reason: `${path} is an address, expected a file` }
  if (problem(path)) return { reason: `the path of the audio: ${problem(path)}` }
  return path.startsWith('file://') ? fileURLToPath(path) : path.trim()
}

function placeOf(name: string, base: string): string {
  if (isAbsolute(name)) return name
  return /(^|[\\/])\.{1,2}[\\/]|\/\//.test(name) ? join(base, name) : base + sep + name
}
