import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { SimilarityTexts, withoutTracks, type Pair, type Split } from '../../data/index.js'
import { findKnowledge, readKnowledge } from '../../data/node.js'
import { canDrawKind } from '../draw-texts.js'
import { RecipeError } from '../recipe-error.js'
import { naming } from './naming.js'
import type { TrainOptions } from './run-options.js'

/**
 * The texts of kind similarity of a recipe that draws them. Tracks of validation and test, and artists of whom nothing is trained
 * on, are taken out of the graph first: neither their audio nor their names are seen in training.
 * @returns undefined where the recipe draws none
 * @throws AntiphonError `usage` where there is no graph, or it knows none of the tracks
 */
export async function openSimilarity(
  { recipe, data, base = process.cwd(), signal }: Pick<TrainOptions, 'recipe' | 'data' | 'base' | 'signal'>,
  parts: Split,
): Promise<{ texts: SimilarityTexts; hash: string } | undefined> {
  const { text_policy: policy, seed } = recipe
  if (!canDrawKind('similarity', policy)) return undefined
  const named = recipe.data.knowledge
  const file = named === undefined ? await findKnowledge(data) : resolve(base, named)
  if (file === undefined)
    throw new RecipeError(
      'text_policy.kinds.similarity',
      `there is no graph in ${data} (expected graph.tsv); name one with data.knowledge`,
    )
  const { graph } = await naming('data.knowledge', readKnowledge(file, { signal }))
  const tracksOf = (pairs: readonly Pair[]) => pairs.map(({ track }) => track)
  const known = withoutTracks(graph, {
    kept: tracksOf(parts.train),
    apart: tracksOf([...parts.validation, ...parts.test]),
  })
  const texts = new SimilarityTexts(known, { context: policy.similarity_context, seed })
  if (!parts.train.some(({ track }) => texts.has(track)))
    throw new RecipeError(
      'data.knowledge',
      `${file} knows none of the tracks that are trained on, neither by id nor by title and artist`,
    )
  const hash = createHash('sha256')
  for (const triple of graph.triples()) hash.update(`${Object.values(triple).join('\t')}\n`)
  return { texts, hash: hash.digest('hex') }
}
