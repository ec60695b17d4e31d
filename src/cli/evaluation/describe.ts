import type { Protocol, Report, TestSet, Unit } from '../../evaluate/index.js'
import type { OpenedTestSet } from './open-test-set.js'

/** What a report says of the protocol. */
export function describeProtocol({ protocol, protocolHash, unchanged }: OpenedTestSet): Report['protocol'] {
  const { name, version, title, task, query, relevance, audio, prompts } = protocol
  const kinds = query.kinds.join(', ')
  const unit = {
    text: `each ${kinds} of a track`,
    joined: `all of a track (${kinds}), in one`,
    distinct: `each distinct ${kinds}${query.least_tracks > 1 ? ` of ${query.least_tracks} tracks or more` : ''}`,
  }[query.unit]
  const answered = {
    'own-track': 'the track that it was said of',
    'same-text': 'tracks that have it',
    'same-folder': 'tracks in the folder of the one that it was said of',
  }[relevance]
  return {
    name,
    version,
    title,
    hash: protocolHash,
    unchanged,
    task,
    query: protocol.probes
      ? `made from ${kinds} by probes (${[...new Set(protocol.probes.map(({ kind }) => kind))].join(', ')})`
      : unit,
    relevance: protocol.probes ? 'what is known of the pieces' : answered,
    chunks: { mean: 'mean of all at unit length', first: 'the first only', max: 'the best counts' }[
      audio.chunks
    ],
    hop: audio.hop ?? null,
    prompts,
  }
}

/** What a report says of the data. @param set what was searched in the end */
export function describeData(
  { protocol, dataHash, counts }: OpenedTestSet,
  set: TestSet,
  unreadable: Report['data']['unreadable'],
): Report['data'] {
  const { format, subset = null, part = null, split = null, pool = null } = protocol.data
  const { items = null, queries = null } = protocol.expected
  const { missing, wrongRows, short, withoutQuery } = counts
  return {
    format,
    subset,
    part,
    split,
    pool,
    hash: dataHash,
    items: set.items.length,
    queries: set.queries.length,
    expected: { items, queries },
    missing,
    wrongRows,
    short,
    withoutQuery,
    unreadable,
  }
}

/**
 * What intervals resample: tracks, with all that is said of them. Texts that many tracks have are asked once each, and are resampled themselves; of a
 * tagging the figures are by tracks all the same, and only differences of two models by tags. Probes have cases of tracks, and of words.
 */
export function resampled({ task, query, probes }: Protocol, what: 'figures' | 'differences'): Unit {
  if (probes) return 'tracks or words'
  if (query.unit !== 'distinct' || task === 'classification') return 'tracks'
  return task === 'tagging' && what === 'figures' ? 'tracks' : 'texts'
}
