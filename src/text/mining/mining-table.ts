import { z } from 'zod'

/** Words with commas between them. */
const words = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((word) => word.trim()))].filter((word) => word !== ''))
  .refine((list) => list.length > 0, 'give words, separated by commas')

const sentences = z.array(z.string().trim().min(1)).min(1)

/** tables/mining.yaml, which says what each is for. */
export const MINING = z.strictObject({
  sound: words,
  quality: words,
  does: words,
  things: words,
  loose: words,
  elsewhere: words,
  prototypes: z.strictObject({ sound: sentences, other: sentences }),
})

export type MiningTable = z.infer<typeof MINING>
