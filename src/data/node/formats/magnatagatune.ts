import { dirname, join } from 'node:path'
import type { PartName } from '../../pair.js'
import type { Format, FormatOptions } from '../format.js'
import { readDelimited } from './delimited.js'
import { fieldOf, pairOf, pairsOf } from './pairs.js'
import { assertSubset, audioFolder, filesNamed, isFolder, oneOf } from './places.js'
import { firstLine } from './row-files.js'
import type { Row } from './rows.js'

const FILE = /^annotations_final\.csv$/i
const INFO = /^clip_info_final\.csv$/i
const TOP = 50

const filesOf = async (path: string): Promise<string[]> =>
  (await isFolder(path)) ? filesNamed(path, FILE) : [path]

/** Law et al. 2009, "Evaluation of Algorithms Using Games: The Case of Music Tagging". */
export const magnaTagATune: Format = {
  id: 'magnatagatune',
  name: 'MagnaTagATune',
  source: 'https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset (Law et al. 2009)',
  licence: 'see the source; audio: from Magnatune, under its licence',
  layout:
    'annotations_final.csv, or a folder with it; clip_info_final.csv beside it for titles and names; the folders 0 to f of the clips beside it, or in mp3/ or audio/. Subset `top50`: the fifty tags that most clips have. Parts by folder, as usual: 0-b train, c validation, d-f test.',

  async recognises(path) {
    const [file] = await filesOf(path)
    if (file === undefined || !/\.csv$/i.test(file)) return false
    return /^"?clip_id"?\t.*\t"?mp3_path"?$/.test(await firstLine(file))
  },

  async *read(path, options) {
    assertSubset('magnatagatune', options, ['top50'])
    const file = oneOf(await filesOf(path), { path, expected: 'annotations_final.csv' })
    const folder = await audioFolder(options, [dirname(file)])
    const taken = options.subset === 'top50' ? await mostFrequent(file, options) : undefined
    const described = new Map<string, Row>()
    for (const info of await filesNamed(dirname(file), INFO)) {
      const required = ['clip_id', 'title', 'artist', 'album']
      for await (const { rows, wrong } of readDelimited(info, {
        ...tabs,
        required,
        signal: options.signal,
      })) {
        for (const row of rows) described.set(fieldOf(row, 'clip_id'), row)
        if (wrong.length > 0) yield { pairs: [], rows: wrong.length, wrong, withoutText: 0 }
      }
    }
    yield* pairsOf(readAnnotations(file, options), (row) => {
      const clip = fieldOf(row, 'mp3_path')
      if (!CLIP.test(clip)) return { reason: `mp3_path is ${JSON.stringify(clip)}, expected f/….mp3` }
      const tags: string[] = []
      for (const [tag, value] of Object.entries(row.values)) {
        if (tag === 'clip_id' || tag === 'mp3_path') continue
        if (value === '1') tags.push(tag)
        else if (value !== '0') return { reason: `${tag} is ${JSON.stringify(value)}, expected 0 or 1` }
      }
      const info = described.get(fieldOf(row, 'clip_id'))
      const about = (name: string): string | undefined => info && fieldOf(info, name)
      return pairOf({
        audio: { path: join(folder, clip) },
        id: songOf(clip),
        part: partOfClip(clip),
        texts: {
          tag: taken ? tags.filter((tag) => taken.has(tag)) : tags,
          title: about('title'),
          artist: about('artist'),
          album: about('album'),
        },
      })
    })
  },
}

const tabs = { delimiter: '\t' }
const CLIP = /^[0-9a-f]\/.+\.mp3$/

const readAnnotations = (file: string, { signal }: FormatOptions) =>
  readDelimited(file, { ...tabs, required: ['clip_id', 'mp3_path'], signal })

/** The song that a clip is cut from: its path without the seconds. Clips of a song must not be on two sides. */
export const songOf = (clip: string): string => clip.replace(/-\d+-\d+\.mp3$/i, '').replace(/\.mp3$/i, '')

/** The parts that all use since Dieleman & Schrauwen 2014: sixteen folders, 12:1:3. */
export function partOfClip(clip: string): PartName {
  const folder = parseInt(clip[0], 16)
  return folder < 12 ? 'train' : folder === 12 ? 'validation' : 'test'
}

async function mostFrequent(file: string, options: FormatOptions): Promise<ReadonlySet<string>> {
  const counts = new Map<string, number>()
  for await (const { rows } of readAnnotations(file, options))
    for (const { values } of rows)
      for (const [tag, value] of Object.entries(values))
        if (value === '1' && tag !== 'clip_id') counts.set(tag, (counts.get(tag) ?? 0) + 1)
  const order = [...counts].sort(([, a], [, b]) => b - a) // of equals the one whose column comes first in what was read
  return new Set(order.slice(0, TOP).map(([tag]) => tag))
}
