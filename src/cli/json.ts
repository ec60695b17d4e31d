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

export type TrainOutput = z.infer<typeof TrainOutput>
export type TagsOutput = z.infer<typeof TagsOutput>
export type IndexOutput = z.infer<typeof IndexOutput>
export type RemoveOutput = z.infer<typeof RemoveOutput>
export type ExportOutput = z.infer<typeof ExportOutput>
export type ExportedTrack = z.infer<typeof ExportedTrack>
export type DoctorOutput = z.infer<typeof DoctorOutput>
export type Check = DoctorOutput['checks'][number]
