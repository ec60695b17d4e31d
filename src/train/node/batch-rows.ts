import type { Pair, SimilarityTexts } from '../../data/index.js'
import { Random } from '../../random/index.js'
import type { Tables } from '../../text/index.js'
import { drawRow, type Draw } from '../draw-rows.js'
import { drawTexts, type Similarity } from '../draw-texts.js'
import type { Recipe } from '../recipe.js'
import type { AudioRows, FeatureRow, LoadRequest, WaveformRow } from './loader.js'
import { otherPlace, rowAt, windowAt, type Piece, type Pieces } from './pieces.js'

type AudioRow = WaveformRow | FeatureRow

/** What a batch says, whatever its audio is. */
export interface RowsOptions {
  readonly pairs: readonly Pair[]
  readonly recipe: Pick<Recipe, 'audio' | 'text' | 'text_policy' | 'data' | 'seed'>
  /** Each batch has two views of its audio, `audio` and `second`. @default 1 */
  readonly views?: 1 | 2
  /** Words of music, where the text policy needs them. */
  readonly tables?: Tables
  /** Texts of kind similarity, where the text policy draws them. */
  readonly similarity?: SimilarityTexts
  /** Batches say which chunk it is, and leave the audio out: for a frozen tower, whose outputs are known. @default false */
  readonly windowsOnly?: boolean
}

export interface RowsContext extends RowsOptions {
  readonly pieces: Pieces
  /** Where the chunks of a piece begin among all. */
  readonly windowOffsets: Int32Array
}

/** Which rows of a batch. */
export interface RowsOfBatch {
  readonly step: number
  /** Pairs of the whole batch. */
  readonly all: Int32Array
  /** The first row, and behind the last. */
  readonly from: number
  readonly to: number
}

export interface DecidedRows {
  readonly request: LoadRequest
  /** By row: which chunk of the grid it falls on. */
  readonly windows: Int32Array
}

/** Decides everything of some rows of a batch: texts, chunks, the changes to them; by seed, step and row alone. */
export function decideRows(context: RowsContext, { step, all, from, to }: RowsOfBatch): DecidedRows {
  const { pairs, recipe, pieces, windowOffsets, tables, windowsOnly = false, views = 1 } = context
  const { seed, text_policy: policy } = recipe
  const first: AudioRow[] = []
  const second: AudioRow[] = []
  const texts: string[] = []
  const windows = new Int32Array(to - from)
  for (let row = from; row < to; row++) {
    const pair = all[row]
    const place = { seed, step, row, size: recipe.data.batch }
    const draw = drawRow(recipe.audio.augment, place)
    const piece = pieceOfPair(pieces, pair)
    const random = new Random(`${draw.seed}/text`)
    texts.push(...drawTexts(pairs[pair].texts, policy, random, tables, similarityOf(context, pairs[pair])))
    windows[row - from] = windowOffsets[pieces.pieceOf[pair]] + windowAt(piece, draw.place)
    if (windowsOnly) continue
    first.push(audioRow(pieces, piece, draw, all))
    if (views === 1) continue
    const other = drawRow(recipe.audio.augment, { ...place, view: 'second' })
    const elsewhere = otherPlace(piece, draw.place, other.place)
    second.push(audioRow(pieces, piece, { ...other, place: elsewhere }, all))
  }
  return {
    request: {
      ...(!windowsOnly && { audio: audioRows(pieces, first) }),
      ...(second.length > 0 && { second: audioRows(pieces, second) }),
      texts,
    },
    windows,
  }
}

/** Rows as a thread reads them: of waveforms, or of kept features. */
export function audioRows({ featureShape: shape }: Pieces, rows: readonly AudioRow[]): AudioRows {
  return shape
    ? { kind: 'features', rows: rows as readonly FeatureRow[], shape }
    : { kind: 'waveforms', rows: rows as readonly WaveformRow[] }
}

/** @param all pairs of the batch, one of which may lie behind */
function audioRow(pieces: Pieces, piece: Piece, draw: Draw, all: Int32Array): AudioRow {
  const { background } = draw
  return {
    ...rowAt(piece, draw),
    seed: draw.seed,
    ...(draw.mix && { mix: draw.mix }),
    ...(background && { background: rowAt(pieceOfPair(pieces, all[background.row]), background) }),
  } as AudioRow
}

const pieceOfPair = ({ pieces, pieceOf }: Pieces, pair: number): Piece => pieces[pieceOf[pair]]

/** What draws texts of similarity for a pair, where something is known of its track. */
export function similarityOf(
  { similarity }: Pick<RowsOptions, 'similarity'>,
  { track }: Pair,
): Similarity | undefined {
  return similarity?.has(track) ? (random) => similarity.draw(track, random)! : undefined
}
