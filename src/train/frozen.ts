import { namePattern } from './optimizer/parameter-rules.js'
import { LOG_SCALE } from './objective.js'
import type { Recipe } from './recipe.js'

/** Whether the whole encoder of a side stays as it is: its outputs can be computed once and kept. */
export function isWholeFrozen(recipe: Recipe, side: 'audio' | 'text'): boolean {
  return recipe[side].freeze === true
}

/** Which parameters a recipe leaves as they are, by full name; a batch norm or dropout below them serves. */
export function frozenBy(recipe: Recipe): (name: string) => boolean {
  const { audio, text, loss, schedule } = recipe
  const patterns = [
    ...encoderPatterns('audio', audio.freeze),
    ...encoderPatterns('text', text.freeze),
    ...schedule.groups.filter(({ freeze }) => freeze === true).map(({ match }) => namePattern(match)),
  ]
  const fixedTemperature = !loss.learn_temperature || loss.kind === 'triplet'
  return (name) => (name === LOG_SCALE && fixedTemperature) || patterns.some((pattern) => pattern.test(name))
}

function encoderPatterns(side: 'audio' | 'text', freeze: Recipe['audio']['freeze']): RegExp[] {
  if (freeze === false) return []
  if (freeze === true) return [new RegExp(`^${side}\\.(?!projection\\.)`, 'u')]
  return (typeof freeze === 'string' ? [freeze] : freeze).map((match) => namePattern(`${side}.${match}`))
}
