import type { Mixture, PairSet, Source } from '../../data/index.js'
import type { OnnxRuntime, ProgramOptions } from '../../graph/index.js'
import type { MiningCounts } from '../mine-texts.js'
import type { Recipe } from '../recipe.js'
import type { Scores, StepReport } from '../trainer.js'
import type { TowerReport } from './first-values.js'
import type { Score } from './validation.js'

export interface TrainOptions {
  readonly recipe: Recipe
  /** Where sources have a share, each batch has it. */
  readonly pairs: PairSet & Partial<Pick<Mixture, 'sources'>>
  /** Where the pairs were read from, for a later `resume`. */
  readonly data: string
  /** How they were read, where it was said. */
  readonly reading?: Reading
  /** The run's directory: new or empty, or one that is gone on with; of one process at a time. */
  readonly out: string
  /** The folder that relative names in the recipe start from, for a later `resume`. @default the current one */
  readonly base?: string
  /** Goes on from the last checkpoint in `out`. @default false */
  readonly resume?: boolean
  /** Where decoded audio and the outputs of frozen towers are kept. */
  readonly cacheDir: string
  readonly runtime: OnnxRuntime
  /** Threads and execution providers of the engine. */
  readonly engine?: ProgramOptions
  /** The directory of a pretrained model, by the name that a recipe gives it. */
  readonly find: (name: string) => Promise<string>
  /** Metrics of text-to-music retrieval. */
  readonly score: Score
  /** Writes the model in 8 bits too, with what that costs in its card. @default false */
  readonly eightBits?: boolean
  /** Stops after the step that is being taken, with a checkpoint. */
  readonly signal?: AbortSignal
}

/** What is said of a data set beside its place. */
export type Reading = Pick<Source, 'format' | 'audio' | 'subset'>

export type TrainEvent =
  /** Something long goes on before the first step. */
  | {
      readonly kind: 'preparing'
      readonly what: 'factors' | 'texts' | 'sentences' | 'tokenizer' | 'words' | 'audio' | 'outputs'
      readonly done: number
      readonly total: number
    }
  /** Audio that can't be used, or a line of a file. */
  | { readonly kind: 'wrong'; readonly file: string; readonly line: number; readonly reason: string }
  /** Texts to train on were mined or filtered. */
  | ({ readonly kind: 'mined' } & MiningCounts)
  | ({ readonly kind: 'pretrained' } & TowerReport)
  /** A checkpoint that can't be read, and is passed by. */
  | { readonly kind: 'damaged'; readonly path: string }
  | {
      readonly kind: 'start'
      readonly step: number
      readonly steps: number
      /** Whether there is nothing left to train. */
      readonly done: boolean
      /** Pairs. */
      readonly train: number
      readonly validation: number
      /** Numbers that are trained, of all. */
      readonly trained: number
      readonly parameters: number
      /** Floating-point operations of a step for each pair: of matrix products and convolutions, by their shapes. */
      readonly flopsPerPair: number
    }
  | { readonly kind: 'step'; readonly report: StepReport }
  | { readonly kind: 'checkpoint'; readonly step: number; readonly path: string }
  | {
      readonly kind: 'done'
      readonly step: number
      /** The model directory. */
      readonly model: string
      /** Of the weights in it. */
      readonly modelStep: number
      readonly best?: { readonly step: number; readonly value: number }
      readonly scores?: Scores
      /** The model in 8 bits, where it was asked for. */
      readonly eightBits?: { readonly model: string; readonly scores?: Scores }
      readonly stoppedEarly: boolean
    }
