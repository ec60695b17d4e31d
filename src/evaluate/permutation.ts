import { Random } from '../random/index.js'
import { sumByGroup } from './grouped-metrics.js'
import type { PairedMetric } from './metric.js'
import type { Groups } from './resample.js'

const PERMUTATIONS = 10_000
const ROUNDING = 1e-9 // of the largest difference possible: sums of equal numbers in another order count as equal

/**
 * Permutation test of two models on the same queries: if they are alike, which one's numbers are whose is chance, so
 * the two are swapped at random, all queries of a group together. Two-sided; p is the share of swappings, this one
 * included, whose difference is at least as large (Phipson & Smyth 2010), so never 0.
 *
 * @returns p by figure; not a number where there is no query
 */
export function permutationTest(
  paired: readonly PairedMetric[],
  groups: Groups,
  { permutations = PERMUTATIONS, seed = 0 }: { permutations?: number; seed?: number | string },
): number[] {
  if (groups.count === 0) return paired.map(() => NaN)
  const tests = paired.map((pair) =>
    pair.a.average === 'median' ? swappedMedians(pair, groups) : swappedMeans(pair, groups),
  )
  const none = new Uint8Array(groups.count)
  const observed = tests.map(({ difference }) => Math.abs(difference(none)))
  const atLeast = tests.map(() => 1)
  const random = new Random(`permutation/${seed}`)
  const swapped = new Uint8Array(groups.count)
  for (let permutation = 0; permutation < permutations; permutation++) {
    for (let group = 0, bits = 0; group < groups.count; group++, bits >>>= 1) {
      if (group % 32 === 0) bits = random.next() * 2 ** 32
      swapped[group] = bits & 1
    }
    tests.forEach(({ difference, scale }, at) => {
      if (Math.abs(difference(swapped)) >= observed[at] - ROUNDING * scale) atLeast[at]++
    })
  }
  return atLeast.map((count) => count / (permutations + 1))
}

interface SwapTest {
  /** b - a with the groups marked 1 swapped, up to a factor. */
  readonly difference: (swapped: Uint8Array) => number
  /** What `difference` could be at most. */
  readonly scale: number
}

function swappedMeans({ a, b }: PairedMetric, groups: Groups): SwapTest {
  const differences = sumByGroup(
    a.values.map((value, query) => b.values[query] - value),
    groups,
  )
  return {
    scale: differences.reduce((sum, difference) => sum + Math.abs(difference), 0),
    difference: (swapped) => {
      let sum = 0
      for (let group = 0; group < differences.length; group++)
        sum += swapped[group] === 1 ? -differences[group] : differences[group]
      return sum
    },
  }
}

/** Medians of both after swapping, in one walk over the numbers of both, ascending. */
function swappedMedians({ a, b }: PairedMetric, groups: Groups): SwapTest {
  const queries = a.values.length
  const values = new Float64Array(2 * queries)
  values.set(a.values)
  values.set(b.values, queries)
  const order = Uint32Array.from(values, (_, at) => at).sort((x, y) => values[x] - values[y])
  const ascending = Float64Array.from(order, (at) => values[at])
  const side = Uint8Array.from(order, (at) => (at < queries ? 0 : 1))
  const group = Int32Array.from(order, (at) => groups.of[at % queries])
  const [lower, upper] = [Math.ceil(queries / 2), Math.floor(queries / 2) + 1]
  const difference = (swapped: Uint8Array): number => {
    let [ofA, ofB, seenA, seenB] = [0, 0, 0, 0] // twice the medians, and how many numbers went by
    for (let at = 0; at < ascending.length; at++) {
      if (side[at] === swapped[group[at]]) {
        seenA++
        if (seenA === lower) ofA += ascending[at]
        if (seenA === upper) ofA += ascending[at]
      } else {
        seenB++
        if (seenB === lower) ofB += ascending[at]
        if (seenB === upper) ofB += ascending[at]
      }
    }
    return (ofB - ofA) / 2
  }
  return { difference, scale: ascending[ascending.length - 1] }
}
