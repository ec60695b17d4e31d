import { AntiphonError } from '../../errors/index.js'
import { Random } from '../../random/index.js'
import type { Tables } from '../../text/index.js'
import type { Result } from '../report/report.js'
import type { Item } from '../test-set.js'
import { audio } from './audio.js'
import { composition } from './composition.js'
import { estimates, type Figure, type ProbeMaterial, type ProbePlan } from './figure.js'
import type { LanguageTable } from './language-table.js'
import { languages } from './languages.js'
import { longCaptions } from './long-captions.js'
import { negation } from './negation.js'
import { order } from './order.js'
import { paraphrase } from './paraphrase.js'
import { prompts } from './prompts.js'
import type { ProbeScores } from './scores.js'
import type { ProbeSpec } from './spec.js'
import { subjectsOf } from './subject.js'
import { typos } from './typos.js'
import { unknownWords } from './unknown-words.js'

/** Makes the texts and changes of a probe from what is known of the pieces; the same seed makes the same. */
export function planProbe(
  spec: ProbeSpec,
  { items, tables, languages: table }: { items: readonly Item[]; tables: Tables; languages: LanguageTable },
): ProbePlan {
  const material: ProbeMaterial = {
    subjects: subjectsOf(items, tables.words),
    tables,
    languages: table,
    random: new Random(`${spec.kind}/${spec.seed}`),
  }
  switch (spec.kind) {
    case 'negation':
      return negation(material, spec)
    case 'composition':
      return composition(material, spec)
    case 'order':
      return order(material)
    case 'paraphrase':
      return paraphrase(material)
    case 'typos':
      return typos(material, spec)
    case 'unknown-words':
      return unknownWords(material)
    case 'long-captions':
      return longCaptions(material)
    case 'languages':
      return languages(material, spec)
    case 'prompts':
      return prompts(material, spec)
    case 'audio':
      return audio(material, spec)
  }
}

/**
 * The figures of a probe as a report has them.
 * @throws AntiphonError `usage` where the data say too little for a single case
 */
export function measureProbe(
  spec: ProbeSpec,
  plan: ProbePlan,
  { scores, items, samples, seed }: { scores: ProbeScores; items: number; samples: number; seed: number },
): Result {
  const figures = figuresOf(spec, plan, { scores, items })
  return {
    title: spec.title ?? null,
    direction: null,
    queries: new Set(plan.texts).size,
    items,
    figures: estimates(figures, { samples, seed }),
    ranks: [],
  }
}

/**
 * The figures of a probe, case by case.
 * @throws AntiphonError `usage` where there is none
 */
export function figuresOf(
  spec: ProbeSpec,
  plan: ProbePlan,
  { scores, items }: { scores: ProbeScores; items: number },
): Figure[] {
  const figures = plan.figures(scores)
  if (figures.length === 0)
    throw new AntiphonError(
      'usage',
      `The probe "${spec.kind}" finds nothing to ask in ${items} pieces of audio: their captions and tags say too little (antiphon data check says what they are)`,
    )
  return figures
}
