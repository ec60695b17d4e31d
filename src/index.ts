// The package's door: what a program needs to index a library and search it. Rooms of their own are `antiphon/graph`,
// `antiphon/audio`, `antiphon/text`, `antiphon/data`, `antiphon/model`, `antiphon/train`, `antiphon/evaluate` and `antiphon/random`,
// which import nothing from Node.
export { AntiphonError, type ErrorCode } from './errors/index.js'
export { openCatalog, defaultCatalogDir, type OpenCatalogOptions } from './catalog/node.js'
export { FITS_FROM } from './catalog/index.js'
export type {
  Catalog,
  CatalogInfo,
  IndexEvent,
  IndexOptions,
  IndexSummary,
  Removed,
  SearchOptions,
  SearchResponse,
  SearchResult,
  Track,
  TrackTags,
  Writer,
} from './catalog/index.js'
export { DEFAULT_MODEL, openModel, type OpenModelOptions, type OpenedModel } from './model/node.js'
export type { JointEmbedding, ParityReport } from './model/index.js'
