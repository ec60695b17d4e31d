import { relativeDifference } from '../test/golden.js'
import type { Benchmark } from './benchmark.js'
import { figure, median, type Figure } from './figures.js'
import { sayLoad } from './train.js'
import { openTrainFolder, writeTrainFolder } from './train-folder.js'
import { trainLoop } from './train-loop.js'
import { twoTower } from './train-models.js'
import { startOurs, THREADS, type StepLine } from './train-variants.js'

const LARGE = 4096
const SMALL = 64
const CHUNK = 64
const CHECKED = { pairs: 256, chunk: 32 }
const SMALL_STEPS = 8 // around each large one
const WARM_UPS = 2

type Say = (line: string) => void

/** Gradient caching: the same gradients, the memory of a chunk, little more time. The towers are those of `two-tower step`. */
export const gradcacheBenchmark: Benchmark = async ({ repeats = 2, say }) => {
  sayLoad(say)
  const folder = writeTrainFolder(twoTower(LARGE))
  return [...(await compareGradients(folder, say)), ...(await largeSteps(folder, { repeats, say }))]
}

/** A batch in chunks beside the same batch in one program. */
async function compareGradients(folder: string, say: Say): Promise<Figure[]> {
  const { pairs, chunk } = CHECKED
  say(`gradient difference: ${pairs} pairs in chunks of ${chunk} …`)
  const engine = { threads: THREADS }
  const gradientsOf = async (size?: number) => {
    const loop = await trainLoop(openTrainFolder(folder), { pairs, chunk: size, engine })
    const { loss, gradients } = await loop.gradients()
    await loop.close()
    return { loss, gradients }
  }
  const whole = await gradientsOf()
  const cached = await gradientsOf(chunk)
  if (whole.gradients.size === 0 || whole.gradients.size !== cached.gradients.size)
    throw new Error(`${cached.gradients.size} gradients in chunks of ${whole.gradients.size}`)
  let [worst, worstOfLargest, where] = [0, 0, '']
  for (const [name, gradient] of whole.gradients) {
    const found = cached.gradients.get(name)
    if (!found) throw new Error(`In chunks, "${name}" has no gradient`)
    worst = Math.max(worst, relativeDifference(found, gradient))
    const own = ofLargest(found, gradient)
    if (own > worstOfLargest) [worstOfLargest, where] = [own, name]
  }
  say(`  loss ${cached.loss} in chunks, ${whole.loss} whole`)
  say(`  of a parameter's own largest gradient, at most ${worstOfLargest.toExponential(1)} (${where})`)
  return [
    figure({ name: 'gradient difference', value: worst, unit: '' }),
    figure({ name: 'gradient difference of the largest', value: worstOfLargest, unit: '' }),
  ]
}

/** Largest difference as a share of the largest value, however small that is. */
function ofLargest(a: Float32Array, b: Float32Array): number {
  let [difference, largest] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i] - b[i]))
    largest = Math.max(largest, Math.abs(b[i]))
  }
  return largest === 0 ? difference : difference / largest
}

/** Memory and time of a step of 4,096 pairs, between plain steps of 64. */
async function largeSteps(
  folder: string,
  { repeats, say }: { repeats: number; say: Say },
): Promise<Figure[]> {
  say(`${LARGE} pairs in chunks of ${CHUNK}, ${repeats} times, between steps of ${SMALL} …`)
  const [large, small] = [
    startOurs(folder, { pairs: LARGE, chunk: CHUNK }),
    startOurs(folder, { pairs: SMALL }),
  ]
  const [ofLarge, ofSmall]: number[][] = [[], []]
  let peak = 0
  try {
    await Promise.all([large.next(), small.next()])
    const takeSmall = async (count: number): Promise<number[]> => {
      const ms: number[] = []
      for (let step = 0; step < count; step++) ms.push((await small.ask<StepLine>()).ms)
      return ms
    }
    await takeSmall(WARM_UPS)
    ofSmall.push(...(await takeSmall(SMALL_STEPS)))
    for (let repeat = 1; repeat <= repeats; repeat++) {
      const { ms, loss, maxRss } = await large.ask<StepLine>()
      ofLarge.push(ms)
      peak = Math.max(peak, maxRss)
      ofSmall.push(...(await takeSmall(SMALL_STEPS)))
      say(
        `  ${repeat}: ${(ms / 1000).toFixed(1)} s, loss ${loss.toFixed(4)}, peak ${maxRss.toFixed(0)} MB; steps of ${SMALL}: ${median(ofSmall.slice(-SMALL_STEPS)).toFixed(0)} ms`,
      )
    }
  } finally {
    await Promise.all([large.close(), small.close()])
  }
  return [
    figure({ name: `rss ${LARGE}`, value: peak, unit: 'MB' }),
    figure({
      name: 'time a pair',
      value: median(ofLarge) / LARGE,
      unit: 'ms',
      reference: `a plain step of ${SMALL}`,
      referenceValue: median(ofSmall) / SMALL,
    }),
  ]
}
