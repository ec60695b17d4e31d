import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { type Protocol, type TestSet } from '../../evaluate/index.js'
import { itemNames } from '../../data/index.js'
import { normalised, type EmbeddedChunk, type ItemEmbedding, type JointEmbedding } from '../../model/index.js'
import {
  defaultCacheDir,
  embedFiles,
  openModel,
  type AudioPiece,
  type UnreadableAudio,
} from '../../model/node.js'
import type { Context, GlobalOptions } from '../context.js'
import { fetchingView } from '../fetching.js'
import { Bar } from '../bar.js'
import { parseNpy, type NpyMatrix } from '../npy.js'
import { PieceProgress } from '../piece-progress.js'
import { promptsOf } from './test-list.js'

/** Who is measured: the vectors of a test set, from a model or from elsewhere. */
export interface Contender {
  readonly name: string
  /** Null for vectors from elsewhere. */
  readonly spaceId: string | null
  readonly dim: number
  /** Pieces that were embedded with factors of who listens to them; null where the model has none. */
  readonly known: number | null
  /** Of each item the vectors that stand for it, or why there are none. */
  readonly audio: readonly (readonly Float32Array[] | UnreadableAudio)[]
  /** Of each prompt of the test set, unit length. */
  readonly prompts: ReadonlyMap<string, Float32Array>
}

const TEXTS_AT_ONCE = 32

/** A model hears and reads the test set. @throws AntiphonError `model`, `interrupted`, `failed` */
export async function modelContender(
  nameOrDir: string,
  { set, protocol }: { readonly set: TestSet; readonly protocol: Protocol },
  {
    context,
    options,
    signal,
  }: {
    context: Context
    options: GlobalOptions & { readonly withoutFactors?: boolean }
    signal: AbortSignal
  },
): Promise<Contender> {
  const { device } = options
  const fetching = new Bar(context.stderr, context.now)
  const model = await openModel(nameOrDir, {
    ...(device === undefined ? {} : { device }),
    pretrained: {
      allowDownload: true,
      onProgress: (progress) => fetching.update(fetchingView(progress)),
      signal,
    },
  }).finally(() => fetching.clear())
  const progress = new PieceProgress(context, { what: `${model.name} hears`, pieces: 'files' })
  try {
    // Probes compare pieces with changed ones, which nobody has listened to.
    const isHeardOnly = options.withoutFactors === true || protocol.probes !== undefined
    const pieces = await piecesOf(set, isHeardOnly ? undefined : model.items)
    const audio = await embedFiles({
      audio: pieces,
      model,
      keep: (chunks) => standFor(chunks, protocol),
      hopSeconds: protocol.audio.hop,
      cacheDir: join(defaultCacheDir(), 'evaluate'),
      onProgress: ({ done, total, path }) => progress.update({ done, total, behind: path }),
      signal,
    })
    progress.clear()
    const prompts = await embedPrompts(model, promptsOf(set), { context, signal })
    const { name, spaceId, dim } = model
    const known = model.items ? pieces.filter(({ item }) => item !== undefined).length : null
    return { name, spaceId, dim, known, audio, prompts }
  } finally {
    progress.clear()
    await model.close()
  }
}

/** The audio of items, and which the model has factors of. */
async function piecesOf({ items }: TestSet, known: ItemEmbedding | undefined): Promise<AudioPiece[]> {
  return Promise.all(
    items.map(async ({ audio, track }) => {
      const item = await known?.find(itemNames(track))
      return item === undefined ? audio : { ...audio, item }
    }),
  )
}

/** The vectors of a piece of audio, by the protocol's chunk policy; their mean is taken later. */
function standFor(chunks: readonly EmbeddedChunk[], { audio }: Protocol): Float32Array[] {
  const vectors = chunks.map(({ vector }) => vector)
  return audio.chunks === 'first' ? vectors.slice(0, 1) : vectors
}

async function embedPrompts(
  model: Pick<JointEmbedding, 'name' | 'embedText'>,
  prompts: readonly string[],
  { context, signal }: { context: Context; signal: AbortSignal },
): Promise<Map<string, Float32Array>> {
  const progress = new PieceProgress(context, { what: `${model.name} reads`, pieces: 'texts' })
  const found = new Map<string, Float32Array>()
  try {
    for (let from = 0; from < prompts.length; from += TEXTS_AT_ONCE) {
      if (signal.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      const some = prompts.slice(from, from + TEXTS_AT_ONCE)
      const vectors = await model.embedText(some)
      some.forEach((prompt, i) => found.set(prompt, vectors[i]))
      progress.update({ done: found.size, total: prompts.length })
    }
  } finally {
    progress.clear()
  }
  return found
}

/**
 * Vectors that were computed elsewhere, a row for each line of `--list`. They are brought to unit length; a row of audio that isn't
 * numbers says that this piece could not be read.
 * @throws AntiphonError `usage` where they don't fit the test set
 */
export async function outsideContender(
  files: readonly [audio: string, text: string],
  { set, protocol }: { readonly set: TestSet; readonly protocol: Protocol },
): Promise<Contender> {
  const prompts = promptsOf(set)
  const [audio, text] = await Promise.all(files.map(readMatrix))
  const expected = [
    [files[0], audio.rows, set.items.length, 'audio'],
    [files[1], text.rows, prompts.length, 'text'],
  ] as const
  for (const [file, rows, wanted, kind] of expected)
    if (rows !== wanted)
      throw new AntiphonError(
        'usage',
        `${file} has ${rows} rows, expected ${wanted}: one for each line of kind "${kind}" that antiphon evaluate --protocol ${protocol.name} --list FILE writes, in that order`,
      )
  if (audio.columns !== text.columns)
    throw new AntiphonError(
      'usage',
      `${files[0]} has ${audio.columns} dimensions and ${files[1]} has ${text.columns}; expected the same space`,
    )
  return {
    name: nameOf(files[0]),
    spaceId: null,
    known: null,
    dim: audio.columns,
    audio: set.items.map((_, row) => {
      const vector = unitRow(audio, row)
      return vector ? [vector] : { reason: `row ${row} of ${files[0]} is no vector` }
    }),
    prompts: new Map(
      prompts.map((prompt, row) => {
        const vector = unitRow(text, row)
        if (!vector)
          throw new AntiphonError(
            'usage',
            `Row ${row} of ${files[1]} is no vector (of ${JSON.stringify(prompt)}): expected numbers that aren't all 0`,
          )
        return [prompt, vector]
      }),
    ),
  }
}

async function readMatrix(file: string): Promise<NpyMatrix> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot read ${file}: ${(cause as Error).message}`, { cause })
  }
  return parseNpy(bytes, file)
}

function unitRow({ columns, data }: NpyMatrix, row: number): Float32Array | undefined {
  const vector = data.subarray(row * columns, (row + 1) * columns)
  return vector.every(Number.isFinite) && vector.some((value) => value !== 0) ? normalised(vector) : undefined
}

/** Of `clap/audio.npy` clap, of `clap-audio.npy` clap-audio. */
function nameOf(file: string): string {
  const stem = file.replace(/^.*[/\\]/, '').replace(/\.npy$/i, '')
  const folder = dirname(file).replace(/^.*[/\\]/, '')
  return stem === 'audio' && folder !== '.' && folder !== '' ? folder : stem
}
