import { basename, dirname, join } from 'node:path'
import { partNamed } from '../../formats/texts.js'
import { parsePythonList } from '../../formats/python-list.js'
import type { Format, FormatOptions } from '../format.js'
import { readDelimited } from './delimited.js'
import { aspectsOf } from './musiccaps.js'
import { fieldOf, pairOf, pairsOf } from './pairs.js'
import { assertSubset, audioFolder, filesNamed, isFolder, oneOf } from './places.js'
import { firstLine } from './row-files.js'

/** Each holds those before it. */
const SUBSETS = ['small', 'medium', 'large', 'full']
const COLUMNS = [
  'track_id',
  'set/split',
  'set/subset',
  'track/genre_top',
  'track/genres_all',
  'track/tags',
  'track/title',
  'artist/name',
  'album/title',
]

const filesOf = async (path: string): Promise<string[]> =>
  (await isFolder(path)) ? filesNamed(path, /^tracks\.csv(\.gz)?$/i, ['fma_metadata']) : [path]

/** Defferrard et al. 2017, "FMA: A Dataset For Music Analysis". */
export const fma: Format = {
  id: 'fma',
  name: 'Free Music Archive (FMA)',
  source: 'https://github.com/mdeff/fma (Defferrard et al. 2017)',
  licence: 'metadata: CC BY 4.0; audio: each file its own (column track/license)',
  layout:
    'fma_metadata/tracks.csv with its three rows of column names, genres.csv beside it; the audio in fma_small/, fma_medium/, fma_large/ or fma_full/ beside fma_metadata/. Subsets: small, medium, large, full; without one, that of the largest of these folders.',

  async recognises(path) {
    const [file] = await filesOf(path)
    if (file === undefined || !/\.csv(\.gz)?$/i.test(file)) return false
    return /^,(album|artist|set|track),.*\btrack\b/.test(await firstLine(file).catch(() => ''))
  },

  async *read(path, options) {
    assertSubset('fma', options, SUBSETS)
    const file = oneOf(await filesOf(path), { path, expected: 'fma_metadata/tracks.csv' })
    const { folder, subset } = await audioOf(dirname(file), options)
    const taken = SUBSETS.slice(0, SUBSETS.indexOf(subset) + 1)
    const genres = await genreTitles(dirname(file), options)
    const rows = readDelimited(file, { headerRows: 3, required: COLUMNS, signal: options.signal })
    yield* pairsOf(rows, (row) => {
      const [id, split, size] = ['track_id', 'set/split', 'set/subset'].map((name) => fieldOf(row, name))
      if (!/^\d+$/.test(id)) return { reason: `track_id is ${JSON.stringify(id)}, expected a number` }
      if (!SUBSETS.includes(size))
        return { reason: `set/subset is ${JSON.stringify(size)}, expected ${SUBSETS.join(', ')}` }
      if (!taken.includes(size)) return 'left out'
      const part = partNamed(split)
      if (!part)
        return { reason: `set/split is ${JSON.stringify(split)}, expected training, validation or test` }
      const tags = aspectsOf(fieldOf(row, 'track/tags'))
      if (!tags) return { reason: 'track/tags is no list of strings as Python writes one' }
      const named = genreNames(fieldOf(row, 'track/genres_all'), genres)
      if (typeof named === 'string') return { reason: named }
      const number = id.padStart(6, '0')
      return pairOf({
        audio: { path: join(folder, number.slice(0, 3), `${number}.mp3`) },
        id,
        part,
        texts: {
          tag: [fieldOf(row, 'track/genre_top'), ...named, ...tags],
          title: fieldOf(row, 'track/title'),
          artist: fieldOf(row, 'artist/name'),
          album: fieldOf(row, 'album/title'),
        },
      })
    })
  },
}

/** The folder of the audio, and the subset that it holds or that was asked for. */
async function audioOf(
  metadata: string,
  options: FormatOptions,
): Promise<{ folder: string; subset: string }> {
  const { audio, subset } = options
  if (audio !== undefined) {
    const folder = await audioFolder(options, [metadata])
    return { folder, subset: subset ?? /^fma_(small|medium|large)$/.exec(basename(folder))?.[1] ?? 'full' }
  }
  for (const beside of [dirname(metadata), metadata])
    for (const size of SUBSETS.toReversed()) {
      if (subset !== undefined && SUBSETS.indexOf(size) < SUBSETS.indexOf(subset)) continue // hasn't all of it
      const folder = join(beside, `fma_${size}`)
      if (await isFolder(folder)) return { folder, subset: subset ?? size }
    }
  return { folder: join(dirname(metadata), `fma_${subset ?? 'full'}`), subset: subset ?? 'full' }
}

async function genreTitles(
  metadata: string,
  { signal }: FormatOptions,
): Promise<ReadonlyMap<string, string> | undefined> {
  const [file] = await filesNamed(metadata, /^genres\.csv$/i)
  if (file === undefined) return undefined
  const titles = new Map<string, string>()
  for await (const { rows } of readDelimited(file, { required: ['genre_id', 'title'], signal }))
    for (const row of rows) titles.set(fieldOf(row, 'genre_id'), fieldOf(row, 'title'))
  return titles
}

/** The titles of `[21, 76]`; none where there is no table of them; or what is wrong. */
function genreNames(cell: string, titles: ReadonlyMap<string, string> | undefined): string[] | string {
  const ids = cell === '' ? [] : parsePythonList(cell)
  if (!ids?.every((id) => typeof id === 'number')) return 'track/genres_all is no list of numbers'
  if (!titles) return []
  const names: string[] = []
  for (const id of ids) {
    const title = titles.get(String(id))
    if (title === undefined) return `track/genres_all names the genre ${id}, which genres.csv hasn't`
    names.push(title)
  }
  return names
}
