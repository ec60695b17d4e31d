export type {
  Batch,
  EmbeddedContent,
  Failure,
  Hit,
  Moment,
  NearestOptions,
  Store,
  StoreCounts,
} from './store.js'
export type { Track, TrackTags } from './track.js'
export type {
  Catalog,
  CatalogInfo,
  IndexEvent,
  IndexOptions,
  IndexSummary,
  Removed,
  SearchOptions,
  SearchResult,
  SearchResponse,
  Writer,
} from './catalog.js'
export { parseFilter, type Condition } from './filter.js'
export { MemoryStore } from './memory-store.js'
export { FITS_FROM } from './match.js'
export { queryVector, type QueryParts, type QueryVector } from './query-vector.js'
export { vocabulary } from './vocabulary.js'
