import type { Pair, WorldTrack } from '../../src/data/index.js'
import type { OpenedModel } from '../../src/model/node.js'
import type { Recipe } from '../../src/train/index.js'
import type { Figure } from '../figures.js'

/** A published system as it is measured: which of its recipe's variants are trained, and what makes it itself. */
export interface System {
  /** recipes/NAME.yaml */
  readonly name: string
  /** The variants of each run, merged in their order; `bench` alone is the system itself, others are its ablations. */
  readonly runs: readonly (readonly string[])[]
  /** What makes it itself, shown working. */
  readonly measure?: (context: MeasureContext) => Promise<Figure[]>
}

/** Tracks that no training heard, with what is known of them. */
export interface Pool {
  readonly pairs: readonly Pair[]
  /** Of the same tracks, in the same order. */
  readonly tracks: readonly WorldTrack[]
}

/** A trained recipe. */
export interface TrainedRun {
  /** `choi2019`, `ads2024 drop` */
  readonly label: string
  /** Its model directory, and the run's. */
  readonly modelDir: string
  readonly runDir: string
  readonly recipe: Recipe
  readonly model: OpenedModel
  /** Unit vectors of the pool's tracks, [tracks][dim]: the mean of each track's chunks. */
  readonly vectors: readonly Float32Array[]
}

export interface MeasureContext {
  /** The made world. */
  readonly world: string
  readonly pool: Pool
  /** All tracks of the world by id, for what is known of those that were trained on. */
  readonly trackOf: ReadonlyMap<string, WorldTrack>
  /** By the variants joined with `+`: `bench`, `bench+without-swap`. */
  readonly runs: ReadonlyMap<string, TrainedRun>
  readonly say: (line: string) => void
}
