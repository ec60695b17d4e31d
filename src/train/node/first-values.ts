import { Random } from '../../random/index.js'
import { AntiphonError } from '../../errors/index.js'
import { Graph } from '../../graph/index.js'
import {
  loadPretrained,
  trainingScope,
  type PretrainedReport,
  type ScopeParameter,
} from '../../model/index.js'
import { frozenBy, isOfEncoder } from '../frozen.js'
import { objective, type Counts } from '../objective.js'
import type { Parameter } from '../optimizer/optimizer.js'
import type { Recipe } from '../recipe.js'
import { trainedAudioSide } from '../self-supervision.js'
import { rowInputs, textSide } from '../sides.js'
import type { TrainerState } from '../trainer.js'
import type { Towers } from './towers.js'

/** What was found of a pretrained tower. */
export interface TowerReport {
  readonly side: 'audio' | 'text'
  readonly name: string
  readonly report: PretrainedReport
}

export interface Declaration {
  readonly recipe: Recipe
  readonly towers: Towers
  readonly counts: Counts
  readonly featureShape: readonly number[]
  /** Length of a row of tokens. */
  readonly tokens: number
}

/** All parameters of a model and its loss by name, those of frozen towers too. */
export function declareAll({
  recipe,
  towers,
  counts,
  featureShape,
  tokens,
}: Declaration): ReadonlyMap<string, ScopeParameter> {
  const graph = new Graph()
  const scope = trainingScope(graph, '', { frozen: frozenBy(recipe) })
  const { projection } = recipe
  const audio = trainedAudioSide({ encoder: towers.audio.encoder, featureShape, recipe })
  const text = textSide({ encoder: towers.text.encoder, projection, tokens })
  const [a, t] = (
    [
      [audio, counts.audio],
      [text, counts.texts + counts.hardTexts],
    ] as const
  ).map(([side, rows]) => side.embed(rowInputs(graph, side, rows), scope.within(`${side.name}.`)))
  objective(a, t, { recipe, counts, scope })
  return scope.parameters
}

/**
 * What training begins with: pretrained weights where the recipe names them, else random ones by seed and name.
 * @throws AntiphonError `model` for a tower that doesn't fit, or that lacks something and is to stay as it is
 */
export function firstValues(
  recipe: Recipe,
  towers: Towers,
  declared: ReadonlyMap<string, ScopeParameter>,
): { parameters: ReadonlyMap<string, Parameter>; reports: readonly TowerReport[] } {
  const parameters = new Map<string, Parameter>()
  const reports: TowerReport[] = []
  for (const side of ['audio', 'text'] as const) {
    const { pretrained } = towers[side]
    if (!pretrained) continue
    const { name, weights } = pretrained
    const own = new Map([...declared].filter(([name]) => isOfEncoder(name, side)))
    const { values, report } = loadPretrained(weights, own, { prefix: `${side}.` })
    const encoder = `the ${side} encoder "${recipe[side].encoder}"`
    if (values.size === 0)
      throw new AntiphonError('model', `None of the weights of ${name} belong to ${encoder}`)
    const [lacking] = [...report.missing, ...report.misshapen.map((tensor) => tensor.name)]
    if (recipe[side].freeze === true && lacking !== undefined)
      throw new AntiphonError(
        'model',
        `${name} lacks ${lacking} of ${encoder}, which is frozen: it would stay random`,
      )
    for (const [name, value] of values)
      parameters.set(name, { data: value.slice(), shape: shapeOf(declared.get(name)!) })
    reports.push({ side, name, report })
  }
  for (const [name, parameter] of declared) {
    if (parameters.has(name)) continue
    const random = new Random(`${recipe.seed}/${name}`)
    const shape = shapeOf(parameter)
    parameters.set(name, { data: parameter.init(shape, () => random.next()), shape })
  }
  return { parameters, reports }
}

/** Gives the parameters the values of a checkpoint, in place. @throws AntiphonError `model` where they are others */
export function takeOver(
  parameters: ReadonlyMap<string, Parameter>,
  { parameters: saved, step }: TrainerState,
): void {
  for (const [name, { data }] of saved) {
    const parameter = parameters.get(name)
    if (parameter?.data.length !== data.length)
      throw new AntiphonError(
        'model',
        `The checkpoint of step ${step} has ${data.length} numbers of "${name}", the recipe's model ${parameter?.data.length ?? 'none'}: is it of another run?`,
      )
    parameter.data.set(data)
  }
}

/** The weights of a checkpoint, its average where it has one, with what no step changes. */
export function weightsOf(
  parameters: ReadonlyMap<string, Parameter>,
  saved: TrainerState,
): Map<string, Parameter> {
  return new Map(
    [...parameters].map(([name, parameter]) => {
      const data = saved.average?.get(name) ?? saved.parameters.get(name)?.data ?? parameter.data
      return [name, { data, shape: parameter.shape }]
    }),
  )
}

export function numbersIn(
  parameters: ReadonlyMap<string, ScopeParameter>,
  which: (parameter: ScopeParameter) => boolean = () => true,
): number {
  return [...parameters.values()]
    .filter(which)
    .reduce((sum, parameter) => sum + shapeOf(parameter).reduce((a, b) => a * b, 1), 0)
}

const shapeOf = ({ tensor }: ScopeParameter): number[] => tensor.shape as number[]
