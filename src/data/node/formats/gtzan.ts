import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PartName, WrongRow } from '../../pair.js'
import type { Format } from '../format.js'
import { pairOf, pairsOf } from './pairs.js'
import { assertSubset, filesNamed, isFolder, namesIn, oneOf } from './places.js'
import type { Row } from './rows.js'

const GENRES = ['blues', 'classical', 'country', 'disco', 'hiphop', 'jazz', 'metal', 'pop', 'reggae', 'rock']
const TRACK = /^([a-z]+)\.(\d{5})\.(wav|au|mp3|flac|ogg)$/
const LIST = /^(train|valid|test)_filtered\.txt$/
const LIST_PARTS: Readonly<Record<string, PartName>> = { train: 'train', valid: 'validation', test: 'test' }

/** The folder of the genres: the path itself, or one of the usual names in it. */
async function genresIn(path: string): Promise<string | undefined> {
  for (const folder of [
    path,
    ...['genres_original', 'genres', 'Data/genres_original'].map((name) => join(path, name)),
  ]) {
    const names = await namesIn(folder)
    if (GENRES.filter((genre) => names.includes(genre)).length >= 2) return folder
  }
  return undefined
}

/** Tzanetakis & Cook 2002, "Musical genre classification of audio signals". */
export const gtzan: Format = {
  id: 'gtzan',
  name: 'GTZAN',
  source: 'http://marsyas.info/downloads/datasets.html (Tzanetakis & Cook 2002)',
  licence: 'not stated: see the source',
  layout:
    'genres/ or genres_original/ with blues/blues.00000.wav (or .au); train_filtered.txt, valid_filtered.txt and test_filtered.txt beside them (Kereliuk et al. 2015) give the parts, and subset `filtered` takes only what they name.',

  async recognises(path) {
    const folder = await genresIn(path)
    if (folder === undefined) return false
    for (const genre of GENRES)
      if ((await namesIn(join(folder, genre))).some((name) => TRACK.exec(name)?.[1] === genre)) return true
    return false
  },

  async *read(path, options) {
    assertSubset('gtzan', options, ['filtered'])
    const folder =
      options.audio ??
      oneOf(
        [await genresIn(path)].filter((name) => name !== undefined),
        { path, expected: 'folder of genres (blues, classical, …)' },
      )
    const lists = await listsBeside(path, folder)
    if (options.subset === 'filtered')
      oneOf(lists, { path, expected: 'train_filtered.txt beside the genres' })

    const paths = new Map<string, string>()
    for (const genre of GENRES)
      for (const name of await namesIn(join(folder, genre)))
        if (TRACK.test(name)) paths.set(`${genre}/${name.replace(/\.[^.]+$/, '')}`, join(folder, genre, name))
    const parts = new Map<string, PartName>()
    const listed: { file: string; rows: Row[]; wrong: WrongRow[] }[] = []
    for (const file of lists) {
      const part = LIST_PARTS[LIST.exec(file.slice(dirname(file).length + 1))![1]]
      const { rows, wrong } = await readList(file)
      for (const { values } of rows) parts.set(values.id as string, part)
      listed.push({ file, rows, wrong })
    }
    const all = [...paths.keys()].map((id, at) => ({ line: at + 1, values: { id } }))
    const blocks =
      options.subset === 'filtered'
        ? listed
        : [{ file: folder, rows: all, wrong: listed.flatMap(({ wrong }) => wrong) }]
    yield* pairsOf(each(blocks), ({ values }) => {
      const id = values.id as string
      const [genre] = id.split('/')
      return pairOf({
        audio: { path: paths.get(id) ?? join(folder, `${id}.wav`) },
        id,
        part: parts.get(id),
        texts: { tag: genre === 'hiphop' ? 'hip hop' : genre },
      })
    })
  },
}

async function listsBeside(path: string, folder: string): Promise<string[]> {
  for (const place of [path, folder, dirname(folder)]) {
    const lists = (await isFolder(place)) ? await filesNamed(place, LIST) : []
    if (lists.length > 0) return lists
  }
  return []
}

/** A list of tracks, `blues/blues.00029.wav` in a line. */
async function readList(file: string): Promise<{ rows: Row[]; wrong: WrongRow[] }> {
  const rows: Row[] = []
  const wrong: WrongRow[] = []
  for (const [index, line] of (await readFile(file, 'utf8')).split(/\r?\n/).entries()) {
    const name = line.trim()
    if (name === '') continue
    const [, genre, track] = /^([a-z]+)\/(.+)$/.exec(name) ?? []
    if (GENRES.includes(genre) && TRACK.exec(track)?.[1] === genre)
      rows.push({ line: index + 1, values: { id: name.replace(/\.[^.]+$/, '') } })
    else
      wrong.push({
        file,
        line: index + 1,
        reason: `${JSON.stringify(name.slice(0, 80))}, expected blues/blues.00029.wav or the like`,
      })
  }
  return { rows, wrong }
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}
