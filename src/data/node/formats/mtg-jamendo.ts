import { basename, dirname, join, resolve } from 'node:path'
import { AntiphonError } from '../../../errors/index.js'
import type { PartName } from '../../pair.js'
import type { Format, FormatOptions } from '../format.js'
import { readDelimited } from './delimited.js'
import { fieldOf, pairOf, pairsOf, type Taken } from './pairs.js'
import { assertSubset, audioFolder, filesNamed, firstThere, isFolder, oneOf, partOfName } from './places.js'
import { firstLine } from './row-files.js'
import type { Row } from './rows.js'

const COLUMNS = ['TRACK_ID', 'ARTIST_ID', 'ALBUM_ID', 'PATH', 'DURATION', 'TAGS']
const FILE = /^(autotagging|raw_30s)[a-z0-9_]*(-(train|validation|test))?\.tsv$/
const TASKS = ['moodtheme', 'instrument', 'genre', 'top50tags', 'autotagging']

/** The set of tags that a file is of: `autotagging_moodtheme-train.tsv` -> moodtheme. */
const taskOf = (file: string): string => /^autotagging_([a-z0-9]+)/.exec(basename(file))?.[1] ?? 'autotagging'

interface Described {
  readonly title: string
  readonly artist: string
  readonly album: string
}

/** Bogdanov et al. 2019, "The MTG-Jamendo Dataset for Automatic Music Tagging". */
export const mtgJamendo: Format = {
  id: 'mtg-jamendo',
  name: 'MTG-Jamendo',
  source: 'https://github.com/MTG/mtg-jamendo-dataset (Bogdanov et al. 2019)',
  licence: 'tags: CC BY-NC-SA 4.0; audio: Creative Commons, each file its own (audio_licenses.txt)',
  layout:
    'A TSV of tags (autotagging_moodtheme-train.tsv), or a folder with several, such as data/splits/split-0; raw.meta.tsv beside it or above it for titles and names; audio at PATH, or with .low.mp3, in audio/ or audio_low/. Subsets: moodtheme, instrument, genre, top50tags, autotagging (all tags).',

  async recognises(path) {
    if (await isFolder(path)) return (await filesNamed(path, FILE)).length > 0
    return /\.tsv$/i.test(path) && (await firstLine(path)) === COLUMNS.join('\t')
  },

  async *read(path, options) {
    assertSubset('mtg-jamendo', options, TASKS)
    const files = chooseFiles(await filesOf(path), options.subset)
    const first = oneOf(files, {
      path,
      expected: options.subset ? `TSV file of the subset ${options.subset}` : 'autotagging….tsv',
    })
    const above = ancestors(dirname(resolve(first)))
    const folder = await findAudio(above, options)
    const described = new Map<string, Described>()
    for (const place of above) {
      const [meta] = await filesNamed(join(place, 'raw.meta.tsv'), /./)
      if (meta === undefined) continue
      yield* readDescriptions(meta, described, options.signal)
      break
    }
    const partOf = new Map<string, { file: string; part: PartName | undefined }>()
    for (const file of files) {
      const part = partOfName(file)
      const rows = readDelimited(file, {
        delimiter: '\t',
        quoted: false,
        openEnd: true,
        required: COLUMNS,
        signal: options.signal,
      })
      yield* pairsOf(rows, (row) => {
        const id = fieldOf(row, 'TRACK_ID')
        const earlier = partOf.get(id)
        if (earlier && earlier.part !== part)
          throw new AntiphonError(
            'usage',
            `${id} is in ${basename(earlier.file)} and in ${basename(file)}, two parts: choose one with --subset (${TASKS.join(', ')})`,
          )
        partOf.set(id, { file, part })
        return pairOfRow(row, { folder, part, described: described.get(id) })
      })
    }
  },
}

const filesOf = async (path: string): Promise<string[]> =>
  (await isFolder(path)) ? filesNamed(path, FILE, ['splits/split-0', 'data/splits/split-0', 'data']) : [path]

/** Of a set of tags that is there whole and in parts, the parts; the set of all tags holds those of the others. */
function chooseFiles(files: readonly string[], subset: string | undefined): string[] {
  if (files.length < 2) return files.filter((file) => subset === undefined || taskOf(file) === subset)
  const task = subset ?? (files.some((file) => taskOf(file) === 'autotagging') ? 'autotagging' : undefined)
  const chosen = files.filter((file) => task === undefined || taskOf(file) === task)
  return chosen.filter(
    (file) =>
      partOfName(file) !== undefined ||
      !chosen.some((other) => taskOf(other) === taskOf(file) && partOfName(other) !== undefined),
  )
}

/** The folder that has the folders of the audio, `00` to `99`, as it is published. */
async function findAudio(above: readonly string[], options: FormatOptions): Promise<string> {
  if (options.audio === undefined)
    for (const place of above)
      for (const name of ['audio', 'audio_low', '.']) {
        const folder = join(place, name)
        if (await isFolder(join(folder, '00'))) return folder
      }
  return audioFolder(options, [above[0]], ['audio_low'])
}

/** A folder and those above it, as far as the repository goes. */
function ancestors(folder: string): string[] {
  const found = [folder]
  for (let i = 0; i < 3; i++) found.push(dirname(found[i]))
  return [...new Set(found)]
}

async function* readDescriptions(file: string, into: Map<string, Described>, signal?: AbortSignal) {
  const required = ['TRACK_ID', 'TRACK_NAME', 'ARTIST_NAME', 'ALBUM_NAME']
  const rows = readDelimited(file, { delimiter: '\t', quoted: false, required, signal })
  for await (const block of rows) {
    for (const row of block.rows)
      into.set(fieldOf(row, 'TRACK_ID'), {
        title: fieldOf(row, 'TRACK_NAME'),
        artist: fieldOf(row, 'ARTIST_NAME'),
        album: fieldOf(row, 'ALBUM_NAME'),
      })
    const { wrong } = block
    if (wrong.length > 0) yield { pairs: [], rows: wrong.length, wrong, withoutText: 0 }
  }
}

function pairOfRow(
  row: Row,
  {
    folder,
    part,
    described,
  }: { folder: string; part: PartName | undefined; described: Described | undefined },
): Taken {
  const [id, artist, album, path] = ['TRACK_ID', 'ARTIST_ID', 'ALBUM_ID', 'PATH'].map((name) =>
    fieldOf(row, name),
  )
  if (!/^track_\d+$/.test(id))
    return { reason: `TRACK_ID is ${JSON.stringify(id)}, expected track_0000948 or the like` }
  if (!/\.mp3$/i.test(path))
    return { reason: `PATH is ${JSON.stringify(path)}, expected 48/948.mp3 or the like` }
  const tags: string[] = []
  for (const tag of (row.values.TAGS as string).split('\t')) {
    const [, word] = /^[a-z/]+---(.+)$/.exec(tag) ?? []
    if (word === undefined)
      return { reason: `the tag ${JSON.stringify(tag)}, expected genre---rock or the like` }
    tags.push(word)
  }
  const { title, artist: artistName, album: albumName } = described ?? {}
  return pairOf({
    audio: {
      path: firstThere([path, path.replace(/\.mp3$/i, '.low.mp3')].map((name) => join(folder, name))),
    },
    id,
    part,
    texts: { tag: tags, title, artist: artistName, album: albumName },
    artist: artistName || artist,
    album: albumName || album,
  })
}
