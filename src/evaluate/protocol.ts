import { z } from 'zod'
import { TEXT_KINDS } from '../data/index.js'
import { AntiphonError } from '../errors/index.js'
import { checked, parseYaml } from '../schema/index.js'
import { PROBE } from './probes/spec.js'

/** Where a prompt takes the text. */
export const SLOT = '{}'

/** Metrics of each task; those that a protocol names are shown, in its order. */
const TASK_METRICS = {
  retrieval: /^((R|share|P)@[1-9]\d{0,3}|median rank|mean rank|MRR|mAP|mAP@10|nDCG@10)$/,
  tagging: /^(ROC-AUC|PR-AUC)$/,
  classification: /^(accuracy|balanced accuracy)$/,
} as const

const DEFAULT_METRICS: Readonly<Record<Task, readonly string[]>> = {
  retrieval: ['R@1', 'R@5', 'R@10', 'median rank', 'mean rank', 'MRR', 'mAP', 'mAP@10', 'nDCG@10'],
  tagging: ['ROC-AUC', 'PR-AUC'],
  classification: ['accuracy', 'balanced accuracy'],
}

const text = z.string().trim().min(1)
const count = z.int().positive()
const prompt = text.refine((value) => value.split(SLOT).length === 2, {
  error: `expected one ${SLOT} in it, where the text goes`,
})

const LABEL = z.strictObject({
  /** Texts that mean it, in any case of letters. Default: its name. */
  spellings: z.array(text).min(1).optional(),
  /** What is asked for in its place. Default: its name. */
  as: text.optional(),
})

const PROTOCOL = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower case letters, digits, hyphens'),
    /** Goes up when its numbers would be others. */
    version: count,
    title: text,
    description: text,
    /** Papers and addresses that this way to measure is from. */
    sources: z.array(text).default([]),
    data: z.strictObject({
      /** Id of a format (`antiphon data formats`), whose source, licence and layout are told where files are missing. */
      format: text,
      subset: text.optional(),
      /** As the publishers divided the data. Default: all. */
      part: z.enum(['train', 'validation', 'test']).optional(),
      /** The test part of a split as training makes it of the same seed and share, where the data have no published one. */
      split: z
        .strictObject({
          by: z.enum(['artist', 'track']).default('artist'),
          test: z.number().gt(0).lt(1).default(0.1),
          seed: z.int().nonnegative().default(1),
        })
        .optional(),
      /** So many tracks of these are searched, the same ones on every machine; figures depend on how many there are. Default: all. */
      pool: count.optional(),
    }),
    /** What the publishers or the papers count; what is there is printed beside it. */
    expected: z.strictObject({ items: count.optional(), queries: count.optional() }).default({}),
    task: z.enum(['retrieval', 'tagging', 'classification']),
    query: z.strictObject({
      kinds: z.array(z.enum(TEXT_KINDS)).min(1),
      /** Each text of a track is a query; or all of them in one, with commas between; or each distinct text once. */
      unit: z.enum(['text', 'joined', 'distinct']),
      /** Of distinct texts: those of fewer tracks are no queries. */
      least_tracks: count.default(1),
      /** Which texts are queries, by name, where it isn't all; brings spellings together. */
      labels: z.record(text, LABEL).optional(),
    }),
    /** Which tracks answer: the one that the text is from; those that have the text; those in the same folder. */
    relevance: z.enum(['own-track', 'same-text', 'same-folder']),
    directions: z
      .array(z.enum(['text-to-audio', 'audio-to-text']))
      .min(1)
      .default(['text-to-audio']),
    audio: z
      .strictObject({
        /** A track's vector: the mean of its chunks' at unit length, or its first chunk's; or a track scores as its best chunk. */
        chunks: z.enum(['mean', 'first', 'max']).default('mean'),
        /** Seconds between the starts of two chunks. Default: the model's. */
        hop: z.number().positive().optional(),
        /** Seconds; shorter files are left out. */
        least_seconds: z.number().positive().optional(),
      })
      .prefault({}),
    /** A query's vector is the mean of these at unit length. */
    prompts: z.array(prompt).min(1).default([SLOT]),
    metrics: z.array(text).min(1).optional(),
    /** What is measured in place of the task: how the model bears changed texts and audio. */
    probes: z.array(PROBE).min(1).optional(),
    /** Names of protocols whose probes are measured, all on these data. */
    suite: z.array(text).min(1).optional(),
  })
  .superRefine((protocol, context) => {
    const { task, query, relevance, directions, metrics = [], data, probes, suite, audio } = protocol
    const issue = (path: PropertyKey[], message: string): void =>
      void context.addIssue({ code: 'custom', path, message })
    metrics.forEach((metric, i) => {
      if (!TASK_METRICS[task].test(metric))
        issue(
          ['metrics', i],
          `${task} has no metric ${JSON.stringify(metric)} (expected ${DEFAULT_METRICS[task].join(', ')}${task === 'retrieval' ? ', share@k, P@k' : ''})`,
        )
    })
    if (metrics.some((metric, i) => metrics.indexOf(metric) < i))
      issue(['metrics'], 'a metric is there twice')
    if ((query.unit === 'distinct') !== (relevance === 'same-text'))
      issue(
        ['relevance'],
        'same-text and the query unit distinct go together: a text asked once has many tracks',
      )
    if (task !== 'retrieval' && query.unit !== 'distinct')
      issue(['query', 'unit'], `${task} scores distinct texts: expected distinct`)
    if (task !== 'retrieval' && directions.join() !== 'text-to-audio')
      issue(['directions'], `${task} has no directions: leave it out`)
    if (query.unit !== 'distinct' && query.least_tracks > 1)
      issue(['query', 'least_tracks'], 'expected with the query unit distinct only')
    if (query.unit === 'joined' && query.labels) issue(['query', 'labels'], 'not with the query unit joined')
    if (probes && suite) issue(['suite'], 'a protocol has probes of its own or those of others, not both')
    if ((probes ?? suite) && audio.chunks === 'max')
      issue(['audio', 'chunks'], 'probes compare a vector a track: expected mean or first')
    if (data.part && data.split)
      issue(['data', 'split'], 'the data are divided by part or by split, not both')
  })
  .transform((protocol) => ({
    ...protocol,
    metrics: protocol.metrics ?? [...DEFAULT_METRICS[protocol.task]],
  }))

/**
 * How a score is made: which data, what is asked, what counts as found, how a track gets its vector, and which numbers are
 * told. See docs/evaluation.md for each field.
 */
export type Protocol = z.output<typeof PROTOCOL>
export type Task = 'retrieval' | 'tagging' | 'classification'
export type Direction = 'text-to-audio' | 'audio-to-text'

/**
 * Reads a protocol.
 * @throws AntiphonError `usage`, with the line of what is wrong
 */
export function parseProtocol(yaml: string, { file }: { file: string }): Protocol {
  const { value, lineOf } = parseYaml(yaml, { file })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AntiphonError(
      'usage',
      `${file} is no protocol: expected fields such as name, data, task, query`,
    )
  return checked(PROTOCOL, value, { what: file, code: 'usage', lineOf })
}

/** The places at which the metrics are taken, such as 1, 5 and 10; ascending. */
export function placesOf({ metrics }: Pick<Protocol, 'metrics'>): number[] {
  const places = metrics.flatMap((metric) => /^(?:R|share|P)@(\d+)$/.exec(metric)?.[1] ?? []).map(Number)
  return [...new Set(places)].sort((a, b) => a - b)
}
