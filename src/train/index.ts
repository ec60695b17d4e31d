export {
  createOptimizer,
  type Optimizer,
  type OptimizerOptions,
  type Parameter,
} from './optimizer/optimizer.js'
export type { AdamOptions } from './optimizer/adam.js'
export type { SgdOptions } from './optimizer/sgd.js'
export { parameterSettings, type ParameterRule, type ParameterSettings } from './optimizer/parameter-rules.js'
export { clipByGlobalNorm, globalNorm } from './optimizer/clipping.js'
export { WeightAverage } from './optimizer/ema.js'
export { createSchedule, type Schedule, type ScheduleOptions } from './schedule.js'
export type { PlateauOptions } from './schedule-plateau.js'
export { RecipeError } from './recipe-error.js'
export { formatRecipe, parseRecipe, placeOfField, variantsOf, type RecipeSource } from './recipe-file.js'
export { isBetterSmall, LOSS_KINDS, METRICS, type LossKind, type Metric, type Recipe } from './recipe.js'
export { infoNce, decoupledContrastive, contentWeights, type InfoNceOptions } from './losses/info-nce.js'
export { sigmoidLoss } from './losses/siglip.js'
export { ntXent } from './losses/nt-xent.js'
export { regression } from './losses/regression.js'
export { multiPositive } from './losses/multi-positive.js'
export { triplet, minedTriplet, type TripletOptions } from './losses/triplet.js'
export { distanceProbabilities, type DistanceWeighting, type Mining } from './losses/mining.js'
export type { Direction } from './losses/similarity.js'
export { clampLogScale, MAX_LOG_SCALE } from './losses/log-scale.js'
export {
  audioSide,
  textSide,
  type AudioSideOptions,
  type RowInput,
  type Side,
  type TextSideOptions,
} from './sides.js'
export { isUnseenTag, withoutUnseenTags, type UnseenTags } from './unseen-tags.js'
export { objectiveInputs, type Counts } from './objective.js'
export {
  stepGraph,
  wholeStep,
  type PartOfBatch,
  type StepDesign,
  type StepFeeds,
  type StepInputs,
  type StepResult,
  type TrainingStep,
} from './step.js'
export { cachedStep } from './cached-step.js'
export type { Scores, StepReport } from './trainer.js'
