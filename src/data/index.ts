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
  MADE_KINDS,
  TEXT_KINDS,
  type AudioRef,
  type MadeKind,
  type Pair,
  type PairSet,
  type PartName,
  type Text,
  type TextKind,
  type TrackInfo,
  type WrongRow,
} from './pair.js'
export { artistsOf, plain } from './artists.js'
export { CensusTaker, type Census, type TextCensus } from './census.js'
export { parseMixture, type Mixture, type Source, type SourceSummary } from './source.js'
export { assertNoLeak, split, type Split, type SplitBy, type SplitOptions } from './split.js'
export { assertFewWrong, describeWrongRow, MAX_WRONG_SHARE } from './wrong-rows.js'
export { itemNames } from './item-names.js'
export * from './knowledge/index.js'
export * from './listening/index.js'
export { worldListening, type WorldListeningOptions } from './world/listeners.js'
export { worldPlaylists, type WorldPlaylist, type WorldPlaylistsOptions } from './world/playlists.js'
export { worldGraph } from './world/relations.js'
export { PRODUCTION_WORDS, ROOM_WORDS } from './world/era.js'
export {
  TRAITS,
  type Production,
  type Trait,
  type WorldArtist,
  type WorldInstrument,
  type WorldTrack,
} from './world/facts.js'
export { composeTrack, type WorldPiece } from './world/compose-track.js'
export { worldPieces } from './world/pieces.js'
export { planWorld, type WorldOptions, type WorldPlan } from './world/plan.js'
