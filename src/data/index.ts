export { caption, tempoWord } from './composer/caption.js'
export {
  INSTRUMENTS,
  instrument,
  type Family,
  type Instrument,
  type InstrumentId,
} from './composer/instruments.js'
export { compose, type ComposeOptions, type Piece, type PieceInfo } from './composer/piece.js'
export type { Control, Metre, Note, Part, Score } from './composer/score.js'
export type { Mood, Style } from './composer/style.js'
export { STYLES, findStyle } from './composer/styles/index.js'
export { demoPieces, type DemoEntry, type DemoPlan } from './demo-plan.js'
export {
  TEXT_KINDS,
  type AudioRef,
  type Pair,
  type PairSet,
  type PartName,
  type Text,
  type TextKind,
  type TrackInfo,
  type WrongRow,
} from './pair.js'
export { artistsOf } from './artists.js'
export { CensusTaker, type Census, type TextCensus } from './census.js'
export { parseMixture, type Mixture, type Source, type SourceSummary } from './source.js'
export { assertNoLeak, split, type Split, type SplitBy, type SplitOptions } from './split.js'
export { assertFewWrong, describeWrongRow, MAX_WRONG_SHARE } from './wrong-rows.js'
