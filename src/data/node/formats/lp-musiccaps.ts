import { basename, dirname, join } from 'node:path'
import { parsePythonList } from '../../formats/python-list.js'
import type { PartName } from '../../pair.js'
import type { Format, FormatOptions } from '../format.js'
import { partOfClip, songOf } from './magnatagatune.js'
import { clipOf } from './musiccaps.js'
import { fieldOf, pairOf, pairsOf, type Taken } from './pairs.js'
import { assertSubset, audioFolder, filesNamed, indexAudio, isFolder, oneOf, partOfName } from './places.js'
import { columnsOf, isRowFile, readRows } from './row-files.js'
import type { Row } from './rows.js'

const FILE = /\.(parquet|csv|json|jsonl)(\.gz)?$/i
/** Column that no other data set has. */
const MARK = 'caption_writing'
const CAPTIONS = ['caption_ground_truth', 'caption_writing', 'caption_summary', 'caption_paraphrase']
const TAGS = ['tag', 'tag_top188', 'tag_top50', 'aspect_list']
/** What the publishers advise against: attributes that a language model made up. */
const UNADVISED_CAPTION = 'caption_attribute_prediction'
const UNADVISED_TAGS = 'pseudo_attribute'

/** Tables that are looked into to find out what a folder holds: a folder of music may have a JSON for each file. */
const MOST_LOOKED_AT = 5

const tablesOf = async (path: string): Promise<string[]> =>
  (await isFolder(path)) ? filesNamed(path, FILE, ['data']) : [path].filter(isRowFile)

async function withCaptions(files: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const file of files) if ((await columnsOf(file)).includes(MARK)) found.push(file)
  return found
}

/** Doh et al. 2023, "LP-MusicCaps: LLM-Based Pseudo Music Captioning". */
export const lpMusicCaps: Format = {
  id: 'lp-musiccaps',
  name: 'LP-MusicCaps',
  source: 'https://huggingface.co/datasets/seungheondoh/LP-MusicCaps-MSD, -MTT and -MC (Doh et al. 2023)',
  licence:
    'words: MIT as its cards say, made of tags with licences of their own; audio: see MSD, MagnaTagATune, MusicCaps',
  layout:
    'The Parquet files of one of the three (data/train-….parquet), or CSV or JSON of the same columns; audio at the column path (MSD, MTT) or named by the video (MC) in audio/ or beside it. Subset `all`: also the attributes that the publishers advise against.',

  async recognises(path) {
    const files = await tablesOf(path)
    return (await withCaptions(files.slice(0, MOST_LOOKED_AT))).length > 0
  },

  async *read(path, options) {
    assertSubset('lp-musiccaps', options, ['all'])
    const files = await withCaptions(await tablesOf(path))
    const first = oneOf(files, { path, expected: `table with a column ${MARK}` })
    const words = dirname(first)
    const folder = await audioFolder(options, basename(words) === 'data' ? [dirname(words), words] : [words])
    const isMc = (await columnsOf(first)).includes('ytid')
    const index = isMc ? await indexAudio(folder) : new Map<string, string>()
    for (const file of files) {
      const rows = readRows(file, { required: [MARK], signal: options.signal })
      yield* pairsOf(rows, (row) => {
        const place = isMc
          ? placeOfClip(row, { index, folder })
          : placeOfTrack(row, folder, partOfName(basename(file)))
        return 'reason' in place ? place : pairOfRow(row, place, options)
      })
    }
  },
}

interface Place {
  readonly path: string
  readonly id: string
  readonly part: PartName | undefined
}

function placeOfClip(
  row: Row,
  audio: { index: ReadonlyMap<string, string>; folder: string },
): Place | { readonly reason: string } {
  const [id, start, end] = ['ytid', 'start_s', 'end_s'].map((name) => fieldOf(row, name))
  const path = clipOf({ id, start, end }, audio)
  if (typeof path !== 'string') return path
  const isTest = /^true$/i.test(String(row.values.is_audioset_eval))
  return { path, id, part: isTest ? 'test' : 'train' }
}

/** Of MSD a track, of MagnaTagATune a clip, whose track is the song. */
function placeOfTrack(
  row: Row,
  folder: string,
  part: PartName | undefined,
): Place | { readonly reason: string } {
  const path = fieldOf(row, 'path')
  const id = fieldOf(row, 'track_id')
  if (path === '' || id === '') return { reason: 'no track_id or path' }
  const isClip = 'tag_top188' in row.values || 'tag_top50' in row.values
  return {
    path: join(folder, path),
    id: isClip ? songOf(path) : id,
    part: part ?? (isClip && /^[0-9a-f]\//.test(path) ? partOfClip(path) : undefined),
  }
}

function pairOfRow(row: Row, { path, id, part }: Place, { subset }: FormatOptions): Taken {
  const tags: string[] = []
  for (const name of [...TAGS, ...(subset === 'all' ? [UNADVISED_TAGS] : [])]) {
    const found = listOf(row.values[name])
    if (!found) return { reason: `${name} is no list of strings` }
    tags.push(...found)
  }
  const captions = subset === 'all' ? [...CAPTIONS, UNADVISED_CAPTION] : CAPTIONS
  return pairOf({
    audio: { path },
    id,
    part,
    texts: {
      caption: captions.map((name) => fieldOf(row, name)),
      tag: tags,
      title: fieldOf(row, 'title'),
      artist: fieldOf(row, 'artist_name'),
      album: fieldOf(row, 'release'),
    },
  })
}

/** A list as Parquet and JSON have it, or as Python writes it into a CSV. */
function listOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null || value === '') return []
  const list: unknown = typeof value === 'string' ? parsePythonList(value) : value
  return Array.isArray(list) && list.every((entry) => typeof entry === 'string') ? list : undefined
}
