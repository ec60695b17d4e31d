export type { Direction } from './adjacency.js'
export { KnowledgeGraphBuilder, type EntityFacts } from './builder.js'
export { describeGraph, type GraphSummary } from './describe.js'
export { expandQuery, withDocuments, type ExpandedQuery } from './expand-query.js'
export { findNames, type NameInText } from './find-names.js'
export {
  KnowledgeGraph,
  type Entity,
  type FoundEntity,
  type Neighbour,
  type SimilarEntity,
  type Step,
  type Triple,
} from './graph.js'
export { ENTITY_TYPES, RELATIONS, type RelationKind } from './schema.js'
export { SIMILAR_BY, type SimilarBy } from './similar.js'
export { tripleLines } from './triple-lines.js'
export { drawQuery, verbaliseQuery, type SimilarityQuery, type VerbalisedQuery } from './verbalise-query.js'
export { verbaliseEntity, type VerbalisedEntity } from './verbalise-entity.js'
export { splitArtists, type ArtistSplit, type SplitArtistsOptions } from './split-artists.js'
export { idsOf, type TrackIds } from './ids-of-track.js'
export { SimilarityTexts } from './similarity-texts.js'
export { withoutTracks } from './without-tracks.js'
