import { z } from 'zod'

const said = z.string().trim().min(1)
const also = z.array(said).default([])
/** An entry that has nothing to say is empty in the file. */
const orEmpty = <T extends z.ZodType>(entry: T) => z.preprocess((value) => value ?? {}, entry)
const table = <T extends z.ZodType>(entry: T) => z.record(said, orEmpty(entry))

export const GENRES = table(
  z.strictObject({
    /** As before "piece". Default: the name. */
    adjective: said.optional(),
    /** As in "it mixes … and …". Default: the name and "music". */
    noun: said.optional(),
    /** Where it is a thing itself: "waltz". */
    work: said.optional(),
    /** Genres of a family are near each other. */
    family: said,
    also,
  }),
)

export const INSTRUMENTS = table(
  z.strictObject({
    /** `only` where it is always plural, `none` where it isn't counted. Default: with an s. */
    plural: said.optional(),
    family: said,
    /** As with "they …". */
    verbs: z.array(said).min(1),
    also,
  }),
)

export const MOODS = table(
  z.strictObject({
    adjective: said.optional(),
    /** As in "a sense of …". */
    noun: said.optional(),
    also,
  }),
)

const plain = table(z.strictObject({ also }))
const sound = table(z.strictObject({ adjective: said.optional(), noun: said.optional(), also }))

export const OTHERS = z.strictObject({
  voice: table(z.strictObject({ mass: z.boolean().default(false), also })),
  tempo: plain,
  texture: sound,
  production: sound,
  era: plain,
  situation: plain,
  language: plain,
  key: plain,
  metre: plain,
  /** By tag: what it says is not there. */
  without: z.record(said, said),
})

/** Lists of words that may stand for one another. */
const lists = z.array(z.array(said).min(2))

export const SYNONYMS = z.strictObject({ adjectives: lists, nouns: lists, masses: lists })

/** By name of the group: its sides, two at least. */
const groups = z.record(said, z.array(z.array(said).min(1)).min(2))

export const SWAPS = z.strictObject({ adjectives: groups, nouns: groups, masses: groups, phrases: groups })

export type SynonymTable = z.infer<typeof SYNONYMS>
export type SwapTable = z.infer<typeof SWAPS>
