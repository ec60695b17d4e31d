import type { Random } from '../../random/index.js'

/** A stroke of a rhythm: quarter notes from the bar's start, length, and weight (accent 1, normal 0.8, ghost 0.45). */
export interface Hit {
  at: number
  beats: number
  weight: number
}

const WEIGHTS: Record<string, number> = { X: 1, x: 0.8, o: 0.45 }

/**
 * Reads rhythms in grid notation, bars parted by `|`: `X` accent, `x` stroke, `o` ghost, `-` goes on, `.` rest; spaces
 * don't count. A bar's grid divides it evenly: `X...x...X...x...` is four crotchets, staccato, in semiquavers.
 */
export function parseRhythm(pattern: string, barBeats: number): Hit[][] {
  return pattern.split('|').map((bar) => {
    const grid = bar.replaceAll(' ', '')
    const step = barBeats / grid.length
    const hits: Hit[] = []
    for (let i = 0; i < grid.length; i++) {
      const sign = grid.charAt(i)
      const weight = WEIGHTS[sign]
      if (weight !== undefined) hits.push({ at: i * step, beats: step, weight })
      else if (sign === '-') {
        const last = hits.at(-1)
        if (last) last.beats += step
      } else if (sign !== '.') {
        throw new RangeError(`Unknown sign "${sign}" in rhythm "${pattern}" (expected X, x, o, - or .)`)
      }
    }
    return hits
  })
}

/**
 * Swing: moves a time so that the first half of each pair of `unit`s takes `ratio` of it (0.5 straight, 0.67 triplets).
 */
export function swing(at: number, unit: number, ratio: number): number {
  const pair = unit * 2
  const start = Math.floor(at / pair + 1e-9) * pair
  const phase = (at - start) / pair
  return start + pair * (phase < 0.5 ? phase * 2 * ratio : ratio + (phase - 0.5) * 2 * (1 - ratio))
}

const SPLIT = 0.45
const JOIN = 0.3

/** A rhythm like another one: a long note is struck again in its middle, or a stroke off the beat is held over. */
export function varyRhythm(pattern: string, rng: Random): string {
  return pattern
    .split('|')
    .map((bar) => {
      const grid = [...bar.replaceAll(' ', '')]
      const long = grid.flatMap((sign, i) =>
        sign === 'x' && grid.slice(i + 1, i + 4).join('') === '---' ? [i] : [],
      )
      if (long.length > 0 && rng.chance(SPLIT)) grid[rng.pick(long) + 2] = 'x'
      const weak = grid.flatMap((sign, i) => (sign === 'x' && i % 4 === 2 && grid[i - 1] === '-' ? [i] : []))
      if (weak.length > 1 && rng.chance(JOIN)) grid[rng.pick(weak)] = '-'
      return grid.join('')
    })
    .join('|')
}
