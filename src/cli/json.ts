import { z } from 'zod'

// What `--json` prints, command by command; docs/json.md says it in words, and the tests hold the output against it.
// The commands import the types only, so that starting doesn't wait for zod.

const seconds = z.number().nonnegative()
const count = z.int().nonnegative()

/** `search` and `similar`. */
export const SearchOutput = z.strictObject({
  query: z.string(),
  model: z.string(),
  spaceId: z.string(),
  /** Where names in the query were read by a graph. */
  knowledge: z
    .strictObject({
      text: z.string(),
      sound: z.string().nullable(),
      more: z.string().nullable(),
      less: z.string().nullable(),
      names: z.array(
        z.strictObject({
          id: z.string(),
          type: z.string(),
          name: z.string(),
          spelled: z.string(),
          score: z.number().min(0).max(1),
        }),
      ),
    })
    .nullable(),
  results: z.array(
    z.strictObject({
      rank: z.int().positive(),
      trackId: z.string().regex(/^[0-9a-f]{16}$/),
      path: z.string(),
      artist: z.string().nullable(),
      title: z.string().nullable(),
      album: z.string().nullable(),
      start: seconds,
      end: seconds,
      match: z.number().min(0).max(100),
      cosine: z.number().min(-1.001).max(1.001),
    }),
  ),
})

export const TagsOutput = z.strictObject({
  target: z.string(),
  tags: z.array(z.strictObject({ tag: z.string(), match: z.number().min(0).max(100), cosine: z.number() })),
})

const Failure = z.strictObject({ path: z.string(), reason: z.string() })

/** `index` and `reindex`. */
export const IndexOutput = z.strictObject({
  embedded: count,
  shared: count,
  moved: count,
  retagged: count,
  unchanged: count,
  removed: count,
  failed: count,
  interrupted: z.boolean(),
  audioSeconds: seconds,
  elapsedSeconds: seconds,
  tracks: count,
  moments: count,
  failures: z.array(Failure),
  notices: z.array(z.string()),
})

export const InfoOutput = z.strictObject({
  dir: z.string(),
  formatVersion: z.int(),
  model: z.string(),
  spaceId: z.string(),
  dim: z.int().positive(),
  tracks: count,
  moments: count,
  audioSeconds: seconds,
  folders: z.array(z.string()),
  failures: z.array(Failure),
  vectorIndex: z.enum(['exact', 'approximate']),
  bytes: count,
  writer: z.strictObject({ pid: z.int(), host: z.string(), since: z.iso.datetime() }).nullable(),
})

export const RemoveOutput = z.strictObject({ target: z.string(), removed: count, failures: count })

export const ExportOutput = z.strictObject({
  matrix: z.string(),
  tracks: z.string(),
  shape: z.tuple([count, count]),
  spaceId: z.string(),
})

export const DoctorOutput = z.strictObject({
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(['ok', 'warn', 'fail']),
      detail: z.string(),
      fix: z.string().optional(),
    }),
  ),
})

/** A line of the JSONL file that `export` writes beside the matrix; absent tags are null. */
export const ExportedTrack = z.strictObject({
  row: count,
  trackId: z.string(),
  path: z.string(),
  artist: z.string().nullable(),
  title: z.string().nullable(),
  album: z.string().nullable(),
  genre: z.string().nullable(),
  year: z.number().nullable(),
  duration: seconds,
})

/** Of text to music, on validation. */
const Scores = z.strictObject({
  loss: z.number(),
  'recall@1': z.number(),
  'recall@5': z.number(),
  'recall@10': z.number(),
  mrr: z.number(),
  map: z.number(),
  median_rank: z.number(),
})

/** `train`. */
export const TrainOutput = z.strictObject({
  name: z.string(),
  out: z.string(),
  /** Steps taken. */
  step: count,
  model: z.string(),
  /** Whose weights are in the model: the best step, or the last. */
  modelStep: count,
  best: z.strictObject({ step: count, value: z.number() }).nullable(),
  /** Of the model that was written. */
  scores: Scores.nullable(),
  /** The model in 8 bits, where it was asked for. */
  int8: z.strictObject({ model: z.string(), scores: Scores.nullable() }).nullable(),
  stoppedEarly: z.boolean(),
  /** Rows and files that were passed by. */
  wrong: z.array(z.string()),
})

const share = z.number().nullable()
const Estimate = z.strictObject({
  metric: z.string(),
  value: z.number(),
  low: share,
  high: share,
  n: count,
  higherIsBetter: z.boolean(),
})
const MeasuredModel = z.strictObject({
  name: z.string(),
  spaceId: z.string().nullable(),
  dim: count,
  /** Pieces that were embedded with factors of who listens to them; null where the model has none. */
  known: count.nullable(),
})
const Intervals = z.strictObject({
  level: z.number(),
  samples: count,
  seed: count,
  of: z.enum(['tracks', 'texts', 'tracks or words']),
})
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const direction = z.enum(['text-to-audio', 'audio-to-text']).nullable()
const MeasuredProtocol = z.strictObject({
  name: z.string(),
  version: count,
  title: z.string(),
  hash: sha256,
  unchanged: z.boolean(),
  task: z.enum(['retrieval', 'tagging', 'classification']),
  query: z.string(),
  relevance: z.string(),
  chunks: z.string(),
  hop: seconds.nullable(),
  prompts: z.array(z.string()),
})
const MeasuredData = z.strictObject({
  format: z.string(),
  subset: z.string().nullable(),
  part: z.string().nullable(),
  split: z.strictObject({ by: z.string(), test: z.number(), seed: z.int() }).nullable(),
  pool: count.nullable(),
  hash: sha256,
  items: count,
  queries: count,
  expected: z.strictObject({ items: count.nullable(), queries: count.nullable() }),
  missing: count,
  wrongRows: count,
  short: count,
  withoutQuery: count,
  unreadable: z.array(Failure),
})
const ExampleTrack = {
  id: z.string(),
  title: z.string().nullable(),
  artist: z.string().nullable(),
  path: z.string(),
  start: seconds.nullable(),
  end: seconds.nullable(),
  archived: z.boolean(),
}
const Example = z.strictObject({
  query: z.string(),
  rank: z.number(),
  answers: z.array(z.strictObject(ExampleTrack)),
  found: z.array(z.strictObject({ ...ExampleTrack, right: z.boolean() })),
})

const HubnessFigures = z.strictObject({
  k: count,
  skew: share,
  never: z.number(),
  hub: z.string(),
  hubQueries: count,
})

/** `evaluate`, and report.json. */
export const EvaluateOutput = z.strictObject({
  antiphon: z.string(),
  model: MeasuredModel,
  /** Texts that name someone of a graph, and were read with what it knows; null without a graph. */
  expanded: count.nullable(),
  protocol: MeasuredProtocol,
  data: MeasuredData,
  intervals: Intervals,
  results: z.array(
    z.strictObject({
      title: z.string().nullable(),
      direction,
      queries: count,
      items: count,
      figures: z.array(Estimate),
      ranks: z.array(z.strictObject({ from: count, to: count, queries: count })),
    }),
  ),
  tags: z
    .array(z.strictObject({ tag: z.string(), tracks: count, figures: z.record(z.string(), share) }))
    .nullable(),
  confusion: z.array(z.array(count)).nullable(),
  space: z
    .strictObject({
      alignment: z.number(),
      uniformity: z.strictObject({ audio: share, text: share }),
      modalityGap: z.number(),
      hubness: z.strictObject({ audio: HubnessFigures, text: HubnessFigures }),
    })
    .nullable(),
  examples: z.strictObject({ best: z.array(Example), worst: z.array(Example) }),
})

const Difference = { difference: z.number(), low: share, high: share, p: share, adjusted: share }
const ComparedQuery = z.strictObject({ query: z.string(), first: z.number(), other: z.number() })

/** `compare`, and comparison.json. */
export const CompareOutput = z.strictObject({
  antiphon: z.string(),
  models: z.array(MeasuredModel).min(2),
  protocol: MeasuredProtocol,
  data: MeasuredData,
  intervals: z.strictObject({ ...Intervals.shape, permutations: count }),
  results: z.array(
    z.strictObject({
      title: z.string().nullable(),
      direction,
      queries: count,
      items: count,
      figures: z.array(
        z.strictObject({
          metric: z.string(),
          higherIsBetter: z.boolean(),
          n: count,
          models: z.array(z.strictObject({ value: z.number(), low: share, high: share })),
          differences: z.array(z.strictObject(Difference)),
        }),
      ),
    }),
  ),
  versus: z.array(
    z.strictObject({
      model: z.string(),
      direction: direction.unwrap(),
      metric: z.string(),
      groups: z.array(
        z.strictObject({
          group: z.string(),
          queries: count,
          first: z.number(),
          other: z.number(),
          ...Difference,
        }),
      ),
      gains: z.array(ComparedQuery),
      losses: z.array(ComparedQuery),
    }),
  ),
})

/** Lines of `evaluate --list`: what a model elsewhere is to hear and to read. */
export const ListedAudio = z.strictObject({
  kind: z.literal('audio'),
  row: count,
  id: z.string(),
  path: z.string(),
  start: seconds.nullable(),
  end: seconds.nullable(),
  bytes: z.array(count).nullable(),
})
export const ListedText = z.strictObject({ kind: z.literal('text'), row: count, text: z.string() })

const Spread = z.strictObject({ least: count, median: count, most: count })
const Wrong = z.strictObject({ rows: count, first: z.array(z.string()) })

/** `data check` */
export const DataCheckOutput = z.strictObject({
  path: z.string(),
  sources: z.array(
    z.strictObject({
      name: z.string(),
      path: z.string(),
      format: z.string(),
      pairs: count,
      /** Pairs whose audio is not there. */
      missing: count,
      weight: z.number().positive().nullable(),
    }),
  ),
  rows: count,
  pairs: count,
  repeatedPairs: count,
  withoutText: count,
  tracks: count,
  artists: count,
  pairsWithArtist: count,
  albums: count,
  texts: z.array(
    z.strictObject({ kind: z.string(), texts: count, duplicates: count, words: count, longest: count }),
  ),
  vocabulary: count,
  tags: z.array(z.strictObject({ tag: z.string(), pairs: count })),
  distinctTags: count,
  parts: z.partialRecord(z.enum(['train', 'validation', 'test']), count),
  leaks: z.strictObject({ tracks: count, artists: count }),
  wrong: Wrong,
  audio: z.strictObject({
    /** Pieces that are there, each once. */
    files: count,
    /** Of all of them; null where they were not looked into. */
    seconds: seconds.nullable(),
    missing: count,
    firstMissing: z.array(z.string()),
    broken: count.nullable(),
    firstBroken: z.array(z.string()),
  }),
  /** Why it is no data to learn from, where it is none. */
  refusals: z.array(z.string()),
  listening: z
    .strictObject({
      file: z.string(),
      format: z.string(),
      rows: count,
      wrong: Wrong,
      users: count,
      items: count,
      entries: count,
      density: z.number(),
      plays: count,
      count: Spread,
      itemsOfUser: Spread,
      usersOfItem: Spread,
      topTenth: z.number(),
    })
    .nullable(),
  graph: z
    .strictObject({
      file: z.string(),
      format: z.string(),
      rows: count,
      wrong: Wrong,
      entities: count,
      relations: count,
      byType: z.record(z.string(), count),
      byRelation: z.record(z.string(), count),
      degree: Spread,
    })
    .nullable(),
})

/** `data formats`. */
export const DataFormatsOutput = z.strictObject({
  formats: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      source: z.string(),
      licence: z.string(),
      layout: z.string(),
    }),
  ),
})

/** `data make world`. */
export const DataMakeOutput = z.strictObject({
  dir: z.string(),
  pieces: count,
  /** Made in this run, and kept from before. */
  made: count,
  kept: count,
  elapsedSeconds: seconds,
})

export const DataCaptionOutput = z.strictObject({
  out: z.string(),
  /** With captions. */
  tracks: count,
  captions: count,
  byModel: count,
  byGrammar: count,
  /** Requests to the model, and answers of earlier runs. */
  asked: count,
  kept: count,
  /** How often an answer was no caption, by what was wrong. */
  wrongAnswers: z.record(z.string(), count),
  withoutTags: count,
  inArchives: count,
  /** Rows of the data set. */
  wrong: count,
  elapsedSeconds: seconds,
})

export type DataCaptionOutput = z.infer<typeof DataCaptionOutput>
export type DataFormatsOutput = z.infer<typeof DataFormatsOutput>
export type DataMakeOutput = z.infer<typeof DataMakeOutput>
export type DataCheckOutput = z.infer<typeof DataCheckOutput>
export type ListedAudio = z.infer<typeof ListedAudio>
export type ListedText = z.infer<typeof ListedText>
export type TrainOutput = z.infer<typeof TrainOutput>
export type TagsOutput = z.infer<typeof TagsOutput>
export type IndexOutput = z.infer<typeof IndexOutput>
export type RemoveOutput = z.infer<typeof RemoveOutput>
export type ExportOutput = z.infer<typeof ExportOutput>
export type ExportedTrack = z.infer<typeof ExportedTrack>
export type DoctorOutput = z.infer<typeof DoctorOutput>
export type Check = DoctorOutput['checks'][number]
