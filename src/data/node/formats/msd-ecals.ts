import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reasonOf } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import type { PartName } from '../../pair.js'
import type { Format } from '../format.js'
import { readJsonDocument } from './json-document.js'
import { fieldOf, pairOf, pairsOf } from './pairs.js'
import { assertSubset, audioFolder, filesNamed, indexAudio, isFolder, oneOf } from './places.js'
import { asObject } from './rows.js'

const SPLIT = 'ecals_track_split.json'
const LIST_PARTS: Readonly<Record<string, PartName>> = {
  train_track: 'train',
  valid_track: 'validation',
  test_track: 'test',
}

const filesOf = async (path: string): Promise<string[]> => {
  const found = await filesNamed(path, /^annotation\.json$/i, [
    'ecals_annotation',
    'dataset/ecals_annotation',
  ])
  return found.length > 0 || (await isFolder(path)) ? found : [path]
}

/** Doh et al. 2023, "Toward Universal Text-to-Music Retrieval"; the tracks are of the Million Song Dataset. */
export const msdEcals: Format = {
  id: 'msd-ecals',
  name: 'Million Song Dataset, ECALS split',
  source: 'https://zenodo.org/record/7107130 (Doh et al. 2023); http://millionsongdataset.com',
  licence: 'see the sources; audio: previews of 7digital, not part of the data set',
  layout:
    'ecals_annotation/ with annotation.json and ecals_track_split.json, or the folder above it; the audio named by the id of its track (TRSAGNY128F425391E.mp3, in any folders) in audio/, songs/ or beside it.',

  async recognises(path) {
    const [file] = await filesOf(path)
    return file !== undefined && (await filesNamed(dirname(file), new RegExp(`^${SPLIT}$`))).length > 0
  },

  async *read(path, options) {
    assertSubset('msd-ecals', options, [])
    const file = oneOf(await filesOf(path), { path, expected: 'annotation.json' })
    const parts = await readSplit(join(dirname(file), SPLIT))
    const folder = await audioFolder(options, [dirname(file), dirname(dirname(file))])
    const index = await indexAudio(folder)
    const rows = readJsonDocument(file, { keyField: 'msd_id', signal: options.signal })
    yield* pairsOf(rows, (row) => {
      const id = fieldOf(row, 'msd_id')
      if (!/^TR[A-Z0-9]{16}$/.test(id))
        return {
          reason: `its name is ${JSON.stringify(id)}, expected the id of a track, TRSAGNY128F425391E or the like`,
        }
      const { tag = [] } = row.values
      if (!Array.isArray(tag) || !tag.every((entry) => typeof entry === 'string'))
        return { reason: 'tag is no list of strings' }
      return pairOf({
        audio: { path: index.get(id) ?? join(folder, id[2], id[3], id[4], `${id}.mp3`) },
        id,
        part: parts.get(id),
        texts: {
          tag,
          title: fieldOf(row, 'title'),
          artist: fieldOf(row, 'artist_name'),
          album: fieldOf(row, 'release'),
        },
      })
    })
  },
}

/** The part of each track. */
async function readSplit(file: string): Promise<ReadonlyMap<string, PartName>> {
  const parts = new Map<string, PartName>()
  try {
    const lists = asObject(JSON.parse(await readFile(file, 'utf8'))) ?? {}
    for (const [name, ids] of Object.entries(lists))
      if (Object.hasOwn(LIST_PARTS, name) && Array.isArray(ids))
        for (const id of ids) parts.set(String(id), LIST_PARTS[name])
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? `it is not JSON (${cause.message})` : reasonOf(cause)
    throw new AntiphonError('usage', `Cannot read ${file}: ${reason}`, { cause })
  }
  if (parts.size === 0)
    throw new AntiphonError('usage', `${file} has no lists ${Object.keys(LIST_PARTS).join(', ')}`)
  return parts
}
