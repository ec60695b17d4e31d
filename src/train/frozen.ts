import { namePattern } from './optimizer/parameter-rules.js'
import { LOG_SCALE } from './objective.js'
import { isTemperatureFixed } from './recipe-objective.js'
import { RecipeError } from './recipe-error.js'
import type { Recipe } from './recipe.js'
import { SELF_SUPERVISION } from './self-supervision.js'

type SideName = 'audio' | 'text'
const SIDES: readonly SideName[] = ['audio', 'text']

/** Whether the whole encoder of a side stays as it is: its outputs can be computed once and kept. */
export function isWholeFrozen(recipe: Recipe, side: SideName): boolean {
  return recipe[side].freeze === true
}

/**
 * Which parameters a recipe leaves as they are, by full name; a batch norm or dropout below them serves. A tower that is
 * frozen as a whole stays so; elsewhere the last group that says something of a name counts.
 */
export function frozenBy(recipe: Recipe): (name: string) => boolean {
  const { schedule } = recipe
  const fixedTemperature = isTemperatureFixed(recipe)
  const patterns = SIDES.flatMap((side) => encoderPatterns(recipe, side).map(({ matches }) => matches))
  const groups = schedule.groups
    .filter(({ freeze }) => freeze !== undefined)
    .map(({ match, freeze }) => ({ pattern: namePattern(match), freeze: freeze! }))
  return (name) => {
    if (name === LOG_SCALE && fixedTemperature) return true
    if (SIDES.some((side) => isWholeFrozen(recipe, side) && isOfEncoder(name, side))) return true
    const group = groups.findLast(({ pattern }) => pattern.test(name))
    return group?.freeze ?? patterns.some((matches) => matches(name))
  }
}

/**
 * Checks that what a recipe says of parameters by name is said of some, and can be done to them.
 * @param names of all parameters
 * @throws AntiphonError `usage` naming the field, with names that there are
 */
export function checkNames(recipe: Recipe, names: readonly string[]): void {
  const frozen = frozenBy(recipe)
  for (const side of SIDES)
    for (const { field, match, matches } of encoderPatterns(recipe, side))
      if (!names.some(matches)) throw unknown(field, match, namesOfEncoder(names, side))
  for (const [index, { match, learning_rate, weight_decay }] of recipe.schedule.groups.entries()) {
    const pattern = namePattern(match)
    const found = names.filter((name) => pattern.test(name))
    const field = `schedule.groups.${index}`
    if (found.length === 0) throw unknown(`${field}.match`, match, names)
    const does = learning_rate !== undefined || weight_decay !== undefined
    if (does && found.every(frozen))
      throw new RecipeError(`${field}.match`, `all that is called "${match}" is frozen; leave the group out`)
  }
}

function encoderPatterns(recipe: Recipe, side: SideName) {
  const { freeze } = recipe[side]
  if (typeof freeze === 'boolean') return []
  return (typeof freeze === 'string' ? [freeze] : freeze).map((match) => {
    const pattern = namePattern(`${side}.${match}`)
    return {
      field: `${side}.freeze`,
      match,
      matches: (name: string) => isOfEncoder(name, side) && pattern.test(name),
    }
  })
}

/** What a side has beside its encoder. */
const BESIDE_ENCODER: readonly string[] = ['projection.', 'factors.', SELF_SUPERVISION]

/** Whether a parameter is of the encoder of a side, by its full name. */
export const isOfEncoder = (name: string, side: SideName): boolean =>
  name.startsWith(`${side}.`) && !BESIDE_ENCODER.some((prefix) => name.startsWith(side + '.' + prefix))

/** As `freeze` takes them. */
const namesOfEncoder = (names: readonly string[], side: SideName): string[] =>
  names.filter((name) => isOfEncoder(name, side)).map((name) => name.slice(side.length + 1))

function unknown(field: string, match: string, names: readonly string[]): RecipeError {
  const some = [names[0], names[names.length >> 1], names[names.length - 1]]
  const examples = [...new Set(some)].map((name) => `"${name}"`).join(', ')
  return new RecipeError(
    field,
    `no parameter is called "${match}" (there are ${names.length}, such as ${examples}; * stands for any run of characters)`,
  )
}
