export type { Hit, Moment, Track, TrackTags } from './store.js'
export type {
  Catalog,
  CatalogInfo,
  IndexEvent,
  IndexOptions,
  IndexSummary,
  SearchOptions,
  SearchResult,
  SearchResponse,
} from './catalog.js'
