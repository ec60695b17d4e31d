import { Random } from '../random/index.js'
import type { Mix } from './mix.js'
import type { Recipe } from './recipe.js'

/** What is drawn for one row of a batch beside its text. */
export interface Draw {
  /** Where the chunk lies, in [0, 1). */
  readonly place: number
  /** What is done to its sound, where the recipe asks for something. */
  readonly mix?: Mix
  /** The row whose audio is the background, and where its chunk lies. */
  readonly background?: { readonly row: number; readonly place: number }
  /** Of what is drawn sample by sample. */
  readonly seed: string
}

/** Whose draws they are. */
export interface RowOfBatch {
  readonly seed: number
  readonly step: number
  readonly row: number
  /** Rows of the batch. */
  readonly size: number
  /** Of a track that is shown twice, for self-supervision. The first is what it is without. @default 'first' */
  readonly view?: 'first' | 'second'
}

/** Draws the chunk and the changes to it; by seed, step and row alone, each kind of change from a stream of its own. */
export function drawRow(
  { gain_db, noise, mixup }: Recipe['audio']['augment'],
  { seed, step, row, size, view = 'first' }: RowOfBatch,
): Draw {
  const own = `${seed}/${step}/${row}${view === 'first' ? '' : `/${view}`}`
  const stream = (name: string): Random => new Random(`${own}/${name}`)
  const draw = { place: stream('place').next(), seed: own }
  if (gain_db === 0 && noise === 0 && mixup === 0) return draw
  const behind = stream('mixup')
  const mix: Mix = {
    gain: 10 ** ((gain_db * stream('gain').between(-1, 1)) / 20),
    noise: noise * stream('noise level').next(),
    share: mixup * behind.next(),
  }
  if (mixup === 0) return { ...draw, mix }
  const other = (row + behind.int(1, size - 1)) % size
  return { ...draw, mix, background: { row: other, place: behind.next() } }
}
