import { split, type Pair, type SimilarityTexts, type Split } from '../../data/index.js'
import type { Tables } from '../../text/index.js'
import { readTables } from '../../text/node.js'
import { canDraw, canDrawKind } from '../draw-texts.js'
import { minesTexts } from '../mine-texts.js'
import { pairsByText } from '../pairs-by-text.js'
import type { DrawnKind, Recipe } from '../recipe.js'
import { RecipeError } from '../recipe-error.js'
import { withoutUnseenTags } from '../unseen-tags.js'
import { similarityOf, type RowsOptions } from './batch-rows.js'
import { minedPairs } from './mining.js'
import { changedSince, identityOf, type Origin } from './run-directory.js'
import type { TrainEvent, TrainOptions } from './run-options.js'
import { openSimilarity } from './side-data.js'
import { wantsTables } from './text-rows.js'

/** The pairs of a run, and what their texts are drawn with. */
export interface TrainingPairs {
  /** Those to train on with the texts that the recipe makes of theirs. */
  readonly parts: Split
  /** Of the data set, as it was read. */
  readonly identity: string
  /** Words of music, where they are needed. */
  readonly tables?: Tables
  /** Texts of kind similarity and the hash of their graph, where they are drawn. */
  readonly similarity?: { readonly texts: SimilarityTexts; readonly hash: string }
}

/**
 * Divides the pairs of a run, and makes the texts to train on of what is said of them.
 * @param origin what a run that is gone on with was begun with
 * @throws AntiphonError `usage` for a data set that the recipe can't be trained on, or that has changed; `interrupted`
 */
export async function* openPairs(
  options: TrainOptions,
  origin: Origin | undefined,
): AsyncGenerator<TrainEvent, TrainingPairs, void> {
  const { recipe, pairs, data, out } = options
  const identity = identityOf(pairs)
  if (origin && origin.pairs !== identity) throw changedSince(`The pairs in ${data}`, out)
  const divided = divide(pairs.pairs, options)
  if (recipe.data.pairs === 'tracks') assertBatch(divided.train.length, recipe) // soonest
  const isMined = minesTexts(recipe.text_policy)
  const tables = isMined || wantsTables(recipe) ? await readTables() : undefined
  const mined = isMined ? yield* minedPairs(divided.train, tables!.miner, options) : divided.train
  const isByText = recipe.data.pairs === 'texts'
  const parts = { ...divided, train: isByText ? pairsByText(mined, recipe.text_policy) : mined }
  const similarity = await openSimilarity(options, parts)
  assertEnough(parts.train, { recipe, similarity: similarity?.texts })
  if (origin && origin.knowledge !== similarity?.hash)
    throw changedSince('The relations of the knowledge graph', out)
  return { parts, identity, tables, similarity }
}

function divide(pairs: readonly Pair[], { recipe: { data, seed } }: TrainOptions): Split {
  const { validation, test, split_by: by, unseen_tags: unseen } = data
  const whole = split(pairs, { by, validation, test, seed })
  const told = (part: readonly Pair[]) => (unseen ? withoutUnseenTags(part, pairs, unseen) : part)
  return { ...whole, train: told(whole.train), validation: told(whole.validation) }
}

/** Of pairs with a text that is drawn, before the long work of reading their audio. */
function assertEnough(
  pairs: readonly Pair[],
  { recipe, similarity }: Pick<RowsOptions, 'similarity'> & Pick<TrainOptions, 'recipe'>,
): void {
  const { text_policy: policy } = recipe
  const drawn = pairs.filter((pair) => canDraw(pair.texts, policy, similarityOf({ similarity }, pair))).length
  if (drawn === 0) {
    const [has, wanted] = [new Set(pairs.flatMap(({ texts }) => texts.map(({ kind }) => kind))), policy.kinds]
    const kinds = (Object.keys(wanted) as DrawnKind[]).filter((kind) => canDrawKind(kind, policy))
    throw new RecipeError(
      'text_policy.kinds',
      `none of the pairs to train on has a text of kind ${kinds.join(', ')}${minesTexts(policy) ? ' after mining and filtering' : ''} (there are texts of kind ${[...has].join(', ') || 'none'})`,
    )
  }
  assertBatch(drawn, recipe)
}

function assertBatch(count: number, { data: { batch } }: Recipe): void {
  if (count < batch)
    throw new RecipeError(
      'data.batch',
      `there are ${count} pairs to train on, fewer than a batch of ${batch}: choose it smaller`,
    )
}
