import { z } from 'zod'

/** What is read of an entity in MusicBrainz' JSON (https://musicbrainz.org/doc/MusicBrainz_API, the same in the dumps). */
const NAMED = z.object({ id: z.string().min(1), name: z.string().nullish(), title: z.string().nullish() })

const CREDIT = z.array(z.object({ name: z.string().nullish(), artist: NAMED }))

const COUNTED = z.array(z.object({ name: z.string().min(1), count: z.number().nullish() }))

const RELATION = z.looseObject({
  type: z.string().min(1),
  'target-type': z.string().nullish(),
  direction: z.enum(['forward', 'backward']).nullish(),
  attributes: z.array(z.string()).nullish(),
})

const RECORDING = NAMED.extend({ 'artist-credit': CREDIT.nullish() })

export const ENTITY = NAMED.extend({
  type: z.string().nullish(),
  aliases: z.array(z.object({ name: z.string() })).nullish(),
  tags: COUNTED.nullish(),
  genres: COUNTED.nullish(),
  'life-span': z.object({ begin: z.string().nullish() }).nullish(),
  'first-release-date': z.string().nullish(),
  date: z.string().nullish(),
  area: NAMED.nullish(),
  'artist-credit': CREDIT.nullish(),
  'release-group': NAMED.nullish(),
  releases: z.array(NAMED.extend({ 'release-group': NAMED.nullish() })).nullish(),
  'label-info': z.array(z.object({ label: NAMED.nullish() })).nullish(),
  media: z
    .array(z.object({ tracks: z.array(z.object({ recording: RECORDING.nullish() })).nullish() }))
    .nullish(),
  relations: z.array(RELATION).nullish(),
})

export type MusicBrainzValue = z.infer<typeof ENTITY>
export type MusicBrainzNamed = z.infer<typeof NAMED>
export type MusicBrainzCredit = z.infer<typeof CREDIT>
export type MusicBrainzRelation = z.infer<typeof RELATION>

/** The target of a relation, which stands under the name of its type. */
export const TARGET = NAMED
