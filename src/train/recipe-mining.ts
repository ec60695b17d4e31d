import { z } from 'zod'
import { TEXT_KINDS } from '../data/index.js'
import { PRETRAINED } from './recipe-text.js'

const share = z.number().min(0).max(1)
const kinds = z.array(z.enum(TEXT_KINDS)).min(1)

/** What people write at length, much of it beside the point. */
const NOISY = ['review', 'comment', 'article'] as const

/**
 * Texts that are mined before training: each is cut into sentences, which become texts of kind `sentence`, and the short phrases in
 * them that say what is heard texts of kind `aspect`; the texts themselves are gone. WikiMuTe (Weck et al. 2024).
 */
export const MINE = z.strictObject({
  /** Kinds of text. */
  from: kinds.default(['article']),
})

/**
 * Sentences of noisy text, mined or not, that say little of what music sounds like are left out, and a text of which nothing is
 * left. As MuLan's text filters (Huang et al. 2022, section 3) and WikiMuTe's by relevance, with other means.
 */
export const FILTER = z.strictObject({
  /** Kinds of text whose sentences are judged, where they are drawn; sentences that are mined always are. */
  kinds: kinds.default([...NOISY]),
  /** Least relevance by the words of music in a sentence (tables/mining.yaml); 0.5 is one clear word of sound. */
  words: share.default(0.5),
  /** A sentence encoder that judges those that are left; a BERT in MiniLM's size. */
  encoder: PRETRAINED.optional(),
  /** By the encoder: how much nearer, in cosine, a sentence has to be to those that speak of sound than to others. */
  least: z.number().min(-1).max(1).default(0.05),
})

interface Policy {
  readonly kinds: Readonly<Partial<Record<string, number>>>
  readonly mine?: z.infer<typeof MINE>
  readonly filter?: z.infer<typeof FILTER>
}

export function checkMining(
  { kinds: drawn, mine, filter }: Policy,
  refuse: (path: string, message: string) => void,
): void {
  for (const kind of ['sentence', 'aspect'])
    if ((drawn[kind] ?? 0) > 0 && !mine)
      refuse(
        `text_policy.kinds.${kind}`,
        'these are mined: say from which texts, as in mine: { from: [article] }',
      )
  if (mine && !((drawn['sentence'] ?? 0) > 0) && !((drawn['aspect'] ?? 0) > 0))
    refuse(
      'text_policy.mine',
      'give text_policy.kinds.sentence or .aspect a weight, or nothing of it is drawn',
    )
  for (const kind of mine?.from ?? [])
    if ((drawn[kind] ?? 0) > 0)
      refuse(`text_policy.kinds.${kind}`, 'texts that are mined are gone: draw kinds "sentence" and "aspect"')
  if (filter && !mine && !filter.kinds.some((kind) => (drawn[kind] ?? 0) > 0))
    refuse('text_policy.filter.kinds', `none of ${filter.kinds.join(', ')} is drawn`)
}
