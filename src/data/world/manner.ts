import type { Random } from '../../random/index.js'
import type { Mood } from '../composer/style.js'
import { isMajor } from '../composer/theory.js'
import { TRAITS, type Trait, type WorldArtist } from './facts.js'

export type Manner = WorldArtist['manner']

const SPREAD = 0.5 // deviation of a trait: most artists lean a little, some far

/** Leanings at random, none of which follows from another. */
export function drawManner(rng: Random): Manner {
  const lean = (): number => Number(Math.max(-1, Math.min(1, rng.gauss() * SPREAD)).toFixed(2))
  return Object.fromEntries(TRAITS.map((trait) => [trait, lean()])) as Record<Trait, number>
}

/** How much more a mood is chosen by an artist whose leaning it meets fully than by one of the opposite leaning: e to this, twice. */
const PREFERENCE = 1.2

/** How fit each of a style's moods is for a manner: weights to draw by. */
export function moodWeights(moods: readonly Mood[], manner: Manner): number[] {
  const middle = (values: number[]): ((value: number) => number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return (value) => (most > least ? ((value - least) / (most - least)) * 2 - 1 : 0)
  }
  const pace = ({ tempo: [low, high] }: Mood): number => (low + high) / 2
  const tempo = middle(moods.map(pace))
  const energy = middle(moods.map((mood) => mood.energy))
  return moods.map((mood) =>
    Math.exp(
      PREFERENCE *
        (manner.tempo * tempo(pace(mood)) +
          manner.energy * energy(mood.energy) +
          manner.mode * (isMajor(mood.mode) ? 1 : -1)),
    ),
  )
}

/** The index that a share of all weights (0 to 1) falls on. */
export function byWeight(weights: readonly number[], share: number): number {
  let rest = share * weights.reduce((sum, weight) => sum + weight, 0)
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]
    if (rest < 0) return i
  }
  return weights.length - 1
}
