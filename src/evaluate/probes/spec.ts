import { z } from 'zod'
import { LANGUAGES, type Language } from './language-table.js'

const positive = z.number().positive()
const count = z.int().positive()

const CHANGE = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mp3'), bitRate: count }),
  z.strictObject({ kind: z.literal('resample'), sampleRate: z.int().min(4000).max(192_000) }),
  z.strictObject({ kind: z.literal('pitch'), semitones: z.number().min(-12).max(12) }),
  z.strictObject({ kind: z.literal('tempo'), factor: z.number().min(0.5).max(2) }),
  z.strictObject({ kind: z.literal('gain'), decibels: z.number().min(-60).max(60) }),
  z.strictObject({ kind: z.literal('noise'), snr: z.number().min(-60).max(120) }),
  z.strictObject({ kind: z.literal('crop'), seconds: positive }),
])

const template = z.string().refine((text) => text.split('{}').length === 2, 'expected one {} in it')

/** What every probe may say besides. */
const common = {
  /** Heads its figures. Default: the protocol's title. */
  title: z.string().optional(),
  seed: z.int().nonnegative().default(1),
}

/** A probe of a protocol. */
export const PROBE = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('negation'),
    ...common,
    absent: z.enum(['said', 'unsaid']).default('said'),
    least: count.default(3),
  }),
  z.strictObject({
    kind: z.literal('composition'),
    ...common,
    attributes: z.array(z.int().min(2).max(4)).min(1).default([2, 3]),
    per_track: count.default(3),
  }),
  z.strictObject({ kind: z.literal('order'), ...common }),
  z.strictObject({ kind: z.literal('paraphrase'), ...common }),
  z.strictObject({
    kind: z.literal('typos'),
    ...common,
    edits: z.array(count).min(1).default([1, 2]),
  }),
  z.strictObject({ kind: z.literal('unknown-words'), ...common }),
  z.strictObject({ kind: z.literal('long-captions'), ...common }),
  z.strictObject({
    kind: z.literal('languages'),
    ...common,
    languages: z
      .array(z.enum(Object.keys(LANGUAGES) as [Language, ...Language[]]))
      .min(1)
      .default(Object.keys(LANGUAGES) as Language[]),
    least: count.default(3),
  }),
  z.strictObject({ kind: z.literal('prompts'), ...common, templates: z.array(template).min(1) }),
  z.strictObject({ kind: z.literal('audio'), ...common, changes: z.array(CHANGE).min(1) }),
])

export type ProbeSpec = z.output<typeof PROBE>
