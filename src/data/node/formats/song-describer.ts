import { dirname, join } from 'node:path'
import type { Format } from '../format.js'
import { readDelimited } from './delimited.js'
import { aspectsOf } from './musiccaps.js'
import { fieldOf, pairOf, pairsOf } from './pairs.js'
import { assertSubset, audioFolder, filesNamed, firstThere, isFolder, oneOf } from './places.js'
import { columnsOf } from './row-files.js'

const COLUMNS = ['caption_id', 'track_id', 'caption', 'is_valid_subset', 'path']
const FILE = /^song_describer.*\.csv(\.gz)?$/i

const filesOf = async (path: string): Promise<string[]> =>
  (await isFolder(path)) ? filesNamed(path, FILE, ['data']) : [path]

/** Manco et al. 2023, "The Song Describer Dataset". A row is a caption; a track has several. */
export const songDescriber: Format = {
  id: 'song-describer',
  name: 'Song Describer',
  source: 'https://zenodo.org/records/10072001 (Manco et al. 2023)',
  licence: 'captions: CC BY-SA 4.0; audio: Creative Commons, each file its own (audio_licenses.txt)',
  layout:
    'song_describer.csv, or a folder with it; audio/DIR/ID.2min.mp3 beside it, as it is published. Subset `valid`: the captions that were checked. All of it is for testing.',

  async recognises(path) {
    const [file] = await filesOf(path)
    if (file === undefined || !/\.csv(\.gz)?$/i.test(file)) return false
    const columns = await columnsOf(file)
    return COLUMNS.every((name) => columns.includes(name))
  },

  async *read(path, options) {
    assertSubset('song-describer', options, ['valid'])
    const file = oneOf(await filesOf(path), { path, expected: 'song_describer.csv' })
    const folder = await audioFolder(options, [dirname(file)])
    const rows = readDelimited(file, { required: COLUMNS, signal: options.signal })
    yield* pairsOf(rows, (row) => {
      const valid = fieldOf(row, 'is_valid_subset')
      if (valid !== 'True' && valid !== 'False')
        return { reason: `is_valid_subset is ${JSON.stringify(valid)}, expected True or False` }
      if (options.subset === 'valid' && valid === 'False') return 'left out'
      const id = fieldOf(row, 'track_id')
      const name = fieldOf(row, 'path')
      const caption = fieldOf(row, 'caption')
      if (id === '' || name === '' || caption === '') return { reason: 'no track_id, path or caption' }
      const tags: string[] = []
      for (const column of ['genre', 'instrument', 'mood/theme']) {
        const found = aspectsOf(fieldOf(row, column))
        if (!found) return { reason: `${column} is no list of strings as Python writes one` }
        tags.push(...found.map((tag) => tag.replace(/^.*---/, '')))
      }
      const stem = name.replace(/(\.2min)?\.mp3$/i, '')
      return pairOf({
        audio: { path: firstThere([`${stem}.2min.mp3`, `${stem}.mp3`].map((file) => join(folder, file))) },
        id,
        part: 'test',
        texts: { caption, tag: tags },
        artist: fieldOf(row, 'artist_id'),
        album: fieldOf(row, 'album_id'),
      })
    })
  },
}
