import { basename, dirname, extname, relative, resolve, sep } from 'node:path'
import { audioExtensions } from '../../../audio/index.js'
import { reasonOf, walk } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import { distinct, partNamed } from '../../formats/texts.js'
import type { AudioRef, Pair, PairSet, PartName, TrackInfo, WrongRow } from '../../pair.js'
import { parseJsonSidecar, parseTextSidecar, type Sidecar } from '../../sidecar.js'
import type { Format } from '../format.js'
import { expandBraces } from './braces.js'
import { assertSubset, filesNamed, isFolder, namesIn, partOfName } from './places.js'
import { MAX_ROW_BYTES } from './rows.js'
import { BrokenArchive, tarEntries, type TarEntry } from './tar-entries.js'

const PACKED = /\.(tar\.(gz|bz2|xz|zst)|tgz)$/i
const PAIRS_A_BLOCK = 1024
const PARSERS: Readonly<Record<string, (text: string) => Sidecar>> = {
  json: parseJsonSidecar,
  txt: parseTextSidecar,
}

/** As LAION's audio data sets and many others are published. */
export const webDataset: Format = {
  id: 'webdataset',
  name: 'WebDataset',
  source: 'https://github.com/webdataset/webdataset; as in LAION-Audio-630K (Wu et al. 2023)',
  licence: 'see the data set',
  layout:
    'Tar shards, a folder of them, or a pattern (shard-{000000..000011}.tar). Files of one name up to its first dot belong together: KEY.flac (or another audio format), KEY.json with the fields of a sidecar, KEY.txt with a caption a line. Audio stays in the archive.',

  async recognises(path) {
    if (/\{.*\}.*\.tar$/i.test(path)) return true
    if (!(await isFolder(path))) return /\.tar$/i.test(path) || PACKED.test(path)
    const names = await namesIn(path)
    if (names.some((name) => audioExtensions.includes(extname(name).toLowerCase()))) return false // an archive lies beside
    return (await filesNamed(path, /\.(tar|tar\.gz|tgz)$/i, PART_FOLDERS)).length > 0
  },

  async *read(path, options) {
    assertSubset('webdataset', options, [])
    const shards = await shardsOf(path)
    const packed = shards.find((shard) => PACKED.test(shard))
    if (packed !== undefined)
      throw new AntiphonError(
        'usage',
        `${packed} is compressed, so that no place in it can be sought: unpack it to .tar`,
      )
    if (shards.length === 0) throw new AntiphonError('usage', `There are no tar shards in ${path}`)
    const root = (await isFolder(path)) ? resolve(path) : dirname(resolve(shards[0]))
    for (const shard of shards) yield* readShard(shard, root, options.signal)
  },
}

/** Folders that LAION puts the shards of a part in. */
const PART_FOLDERS = ['train', 'valid', 'test', 'validation']

async function shardsOf(path: string): Promise<string[]> {
  if (path.includes('{')) return expandBraces(resolve(path))
  if (!(await isFolder(path))) return [resolve(path)]
  const { files } = await walk([path], new Set(['.tar', '.gz', '.tgz']))
  return files.map((file) => file.path).filter((file) => /\.tar$/i.test(file) || PACKED.test(file))
}

async function* readShard(
  shard: string,
  root: string,
  signal?: AbortSignal,
): AsyncGenerator<PairSet, void, void> {
  const name = relative(root, shard)
    .replace(/\.tar$/i, '')
    .split(sep)
    .join('/')
  const part = partOfName(basename(shard)) ?? name.split('/').map(partNamed).find(Boolean)
  let block = new Block(shard, name, part)
  let sample: TarEntry[] = []
  let key: string | undefined
  try {
    for await (const entry of tarEntries(shard)) {
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      const entryKey = keyOf(entry.name)
      if (entryKey !== key) {
        await block.add(key, sample)
        sample = []
        key = entryKey
        if (block.pairs.length + block.wrong.length >= PAIRS_A_BLOCK) {
          yield block
          block = new Block(shard, name, part)
        }
      }
      sample.push(entry)
    }
    await block.add(key, sample)
  } catch (error) {
    if (error instanceof BrokenArchive) {
      // Where a file of another sample is cut, the one before is whole; else nobody knows.
      if (error.cut !== undefined && keyOf(error.cut) !== key) await block.add(key, sample)
      block.refuse(`truncated or damaged: ${error.message}`)
    } else if ((error as NodeJS.ErrnoException).syscall !== undefined) block.refuse(reasonOf(error))
    else throw error
  }
  yield block
}

/** What a file of a sample is called before its first dot, folders included. */
function keyOf(name: string): string {
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  return folder + name.slice(folder.length).split('.', 1)[0]
}

/** Gathers the samples of a shard. */
class Block implements PairSet {
  readonly pairs: Pair[] = []
  readonly wrong: WrongRow[] = []
  rows = 0
  withoutText = 0
  private readonly shard: string
  private readonly name: string
  private readonly part: PartName | undefined

  constructor(shard: string, name: string, part: PartName | undefined) {
    this.shard = shard
    this.name = name
    this.part = part
  }

  /** An archive has no lines. */
  refuse(reason: string): void {
    this.rows++
    this.wrong.push({ file: this.shard, line: 0, reason })
  }

  async add(key: string | undefined, entries: readonly TarEntry[]): Promise<void> {
    if (key === undefined) return
    let audio: AudioRef | undefined
    const texts: Sidecar['texts'][number][] = []
    let track: Omit<TrackInfo, 'id'> = this.part ? { part: this.part } : {}
    for (const entry of entries) {
      const extension = entry.name.slice(key.length + 1).toLowerCase()
      if (audioExtensions.includes(extname(`.${extension}`)) || audioExtensions.includes(`.${extension}`))
        audio ??= { path: this.shard, bytes: entry.bytes }
      if (!Object.hasOwn(PARSERS, extension)) continue
      const said = await this.sidecar(entry, PARSERS[extension])
      texts.push(...said.texts)
      track = { ...track, ...said.track }
    }
    if (!audio) {
      if (texts.length > 0) this.refuse(`${key}: words without audio`)
    } else if (texts.length === 0) this.withoutText++
    else this.pairs.push({ audio, texts: distinct(texts), track: { id: `${this.name}/${key}`, ...track } })
  }

  private async sidecar(entry: TarEntry, parse: (text: string) => Sidecar): Promise<Sidecar> {
    const none: Sidecar = { texts: [], track: {}, rows: 0, wrong: [] }
    if (entry.bytes[1] - entry.bytes[0] > MAX_ROW_BYTES) {
      this.refuse(`${entry.name}: more than ${MAX_ROW_BYTES} bytes`)
      return none
    }
    let text: string
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(await entry.read())
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      this.refuse(`${entry.name}: it is not UTF-8`)
      return none
    }
    const said = parse(text)
    this.rows += said.rows
    for (const { line, reason } of said.wrong)
      this.wrong.push({ file: this.shard, line: 0, reason: `${entry.name}:${line}: ${reason}` })
    return said
  }
}
