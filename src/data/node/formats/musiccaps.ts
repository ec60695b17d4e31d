import { basename, dirname, join } from 'node:path'
import { parsePythonList } from '../../formats/python-list.js'
import type { Format } from '../format.js'
import { readDelimited } from './delimited.js'
import { fieldOf, pairOf, pairsOf } from './pairs.js'
import { assertSubset, audioFolder, filesNamed, indexAudio, isFolder, oneOf } from './places.js'
import { columnsOf } from './row-files.js'

const COLUMNS = ['ytid', 'start_s', 'end_s', 'aspect_list', 'caption']
const FILE = /musiccaps.*\.csv(\.gz)?$/i

/** The CSV of a folder, by its name; a file may be called as one likes. */
const filesOf = async (path: string): Promise<string[]> =>
  (await isFolder(path)) ? filesNamed(path, FILE) : [path]

/** Agostinelli et al. 2023, "MusicLM: Generating Music From Text". */
export const musicCaps: Format = {
  id: 'musiccaps',
  name: 'MusicCaps',
  source: 'https://www.kaggle.com/datasets/googleai/musiccaps (Agostinelli et al. 2023, MusicLM)',
  licence: 'words: CC BY-SA 4.0; audio: of those who put it on YouTube, not part of the data set',
  layout:
    'musiccaps-public.csv, or a folder with it; clips of ten seconds named by their video (YTID.wav, [YTID]-[START-END].wav or YTID_START_END.wav, any audio format) in audio/, clips/, wav/ or beside it.',

  async recognises(path) {
    const [file] = await filesOf(path)
    if (file === undefined || !/\.csv(\.gz)?$/i.test(file)) return false
    const columns = await columnsOf(file)
    return COLUMNS.every((name) => columns.includes(name))
  },

  async *read(path, options) {
    assertSubset('musiccaps', options, ['balanced'])
    const file = oneOf(await filesOf(path), { path, expected: 'musiccaps-public.csv' })
    const folder = await audioFolder(options, [dirname(file)])
    const index = await indexAudio(folder)
    const rows = readDelimited(file, { required: COLUMNS, signal: options.signal })
    yield* pairsOf(rows, (row) => {
      const [id, start, end] = ['ytid', 'start_s', 'end_s'].map((name) => fieldOf(row, name))
      if (options.subset === 'balanced' && fieldOf(row, 'is_balanced_subset') !== 'True') return 'left out'
      const clip = clipOf({ id, start, end }, { index, folder })
      if (typeof clip !== 'string') return clip
      const aspects = aspectsOf(fieldOf(row, 'aspect_list'))
      if (!aspects) return { reason: 'aspect_list is no list of strings as Python writes one' }
      return pairOf({
        audio: { path: clip },
        id,
        part: fieldOf(row, 'is_audioset_eval') === 'True' ? 'test' : 'train',
        texts: { caption: fieldOf(row, 'caption'), tag: aspects },
      })
    })
  },
}

/** A list of strings, empty where there is nothing; undefined for something else. */
export function aspectsOf(cell: string): string[] | undefined {
  const list = cell === '' ? [] : parsePythonList(cell)
  return list?.every((entry) => typeof entry === 'string') ? list : undefined
}

/** The audio file of a clip of AudioSet, by the names that people give to it; or what is wrong with the clip. */
export function clipOf(
  { id, start, end }: { id: string; start: string; end: string },
  { index, folder }: { index: ReadonlyMap<string, string>; folder: string },
): string | { readonly reason: string } {
  if (!/^[\w-]{6,20}$/.test(id))
    return { reason: `ytid is ${JSON.stringify(id)}, expected the id of a video` }
  if (!(Number(start) >= 0 && Number(end) > Number(start)) || start === '')
    return {
      reason: `start_s ${JSON.stringify(start)} and end_s ${JSON.stringify(end)} are no piece of time`,
    }
  const [from, to] = [Number(start), Number(end)]
  const names = [
    id,
    `[${id}]-[${from}-${to}]`,
    `${id}_${from}_${to}`,
    `${id}-${from}-${to}`,
    `${id}_${from}-${to}`,
    `${id}_${from}`,
  ]
  for (const name of names) {
    const found = index.get(name)
    if (found !== undefined) return found
  }
  return join(folder, `${basename(id)}.wav`)
}
