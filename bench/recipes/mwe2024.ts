import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { float32, parseSafetensors } from '../../src/graph/index.js'
import { neighbours, termsOf, type WordVectors } from '../../src/text/index.js'
import { figure, type Figure } from '../figures.js'
import type { MeasureContext, System } from './system.js'
import { everyTag } from './tag-queries.js'
import { askJoined, found } from './text-retrieval.js'

const WORDS = ['melancholic', 'hushed', 'driving', 'techno', 'blues', 'piano', 'upright bass']
const NEAREST = 8

/** Word vectors that were learnt from texts on music, beside general ones: neighbours, and tags that find their tracks. */
export const mwe2024: System = {
  name: 'mwe2024',
  runs: [['bench'], ['bench', 'general-words']],
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const musical = wordVectors(runs.get('bench')!.runDir)
    const general = wordVectors(runs.get('bench+general-words')!.runDir)
    const shared = WORDS.map((word) => {
      const [near, generally] = [musical, general].map((vectors) =>
        neighbours(vectors, word, NEAREST).map(({ term }) => term),
      )
      say(`  ${word}, musical: ${near.join(', ')}`)
      say(`  ${word}, general: ${generally.join(', ') || 'no vector of its own'}`)
      return figure({
        name: `mwe2024 ${word}: general neighbours among the ${NEAREST} musical ones`,
        value: near.filter((term) => generally.includes(term)).length,
        unit: '',
        reference: 'as if they were the same',
        referenceValue: NEAREST,
      })
    })
    const queries = everyTag(pool)
    const mapOf = async (name: string): Promise<number> => {
      const run = runs.get(name)!
      const { map } = found(run, await askJoined(run, queries))
      say(`  ${run.label}, ${queries.length} tags: mAP ${map.toFixed(3)}`)
      return map
    }
    const tags = figure({
      name: 'mwe2024 tags mAP',
      value: await mapOf('bench'),
      unit: '',
      reference: 'general word vectors',
      referenceValue: await mapOf('bench+general-words'),
      lowerIsBetter: false,
    })
    return [...shared, tags]
  },
}

/** Of a run, without the row for what no word is known of. */
export function wordVectors(runDir: string): WordVectors {
  const terms = termsOf(readFileSync(join(runDir, 'tokenizer.json')))
  const path = join(runDir, 'words.safetensors')
  const file = parseSafetensors(readFileSync(path), path)
  const [, dim] = file.entries.get('word_embedding.weight')!.shape
  return { terms, dim, data: float32(file, 'word_embedding.weight').subarray(dim) }
}
