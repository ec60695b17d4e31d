/** The words of a corpus, the frequent first. */
export interface CorpusVocabulary {
  readonly terms: readonly string[]
  readonly counts: Float64Array
  /** Words of the corpus, rare ones left out. */
  readonly total: number
  readonly idOf: ReadonlyMap<string, number>
}

/** Words that are there at least so often; of two as frequent the first of the alphabet comes first. */
export function countTerms(sentences: Iterable<readonly string[]>, minCount: number): CorpusVocabulary {
  const found = new Map<string, number>()
  for (const sentence of sentences) for (const term of sentence) found.set(term, (found.get(term) ?? 0) + 1)
  const kept = [...found]
    .filter(([, count]) => count >= minCount)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const counts = Float64Array.from(kept, ([, count]) => count)
  return {
    terms: kept.map(([term]) => term),
    counts,
    total: counts.reduce((sum, count) => sum + count, 0),
    idOf: new Map(kept.map(([term], id) => [term, id])),
  }
}

/**
 * Chance of an occurrence to stay when frequent words are thinned out: √(t / f), at most 1, f being the word's share of the corpus
 * (Mikolov et al. 2013, section 2.3).
 */
export function keepChances({ counts, total }: CorpusVocabulary, threshold: number): Float64Array {
  return counts.map((count) => (threshold === 0 ? 1 : Math.min(1, Math.sqrt((threshold * total) / count))))
}

const NOISE_POWER = 0.75 // Mikolov et al. 2013, section 2.2

/** Draws words with chances proportional to count^0.75, in constant time (Walker's aliases, by Vose 1991). */
export class NoiseSampler {
  private readonly chance: Float64Array
  private readonly alias: Int32Array

  constructor({ counts }: Pick<CorpusVocabulary, 'counts'>) {
    const weights = counts.map((count) => count ** NOISE_POWER)
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
    const shares = weights.map((weight) => weight / mean)
    this.chance = new Float64Array(shares.length).fill(1)
    this.alias = Int32Array.from(shares.keys())
    const small = [...shares.keys()].filter((id) => shares[id] < 1)
    const large = [...shares.keys()].filter((id) => shares[id] >= 1)
    while (small.length > 0 && large.length > 0) {
      const [less, more] = [small.pop()!, large[large.length - 1]]
      this.chance[less] = shares[less]
      this.alias[less] = more
      shares[more] -= 1 - shares[less]
      if (shares[more] < 1) small.push(large.pop()!)
    }
  }

  /** @param uniform from [0, 1) */
  draw(uniform: number): number {
    const at = uniform * this.chance.length
    const place = Math.floor(at)
    return at - place < this.chance[place] ? place : this.alias[place]
  }
}
