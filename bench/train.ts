import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { AntiphonError } from '../src/errors/index.js'
import type { Benchmark } from './benchmark.js'
import { figure, median, type Figure } from './figures.js'
import { LineProcess } from './line-process.js'
import { PYTHON, timePython } from './process.js'
import { alternate } from './train-alternate.js'
import { writeTrainFolder } from './train-folder.js'
import { CONVOLUTIONAL, CURVE, FROZEN, twoTower, type TrainModel } from './train-models.js'
import { operatorTimes, peakGflops, products, type ProfileEvent } from './train-profile.js'
import { OURS, pytorch, startOurs, THREADS, type StepLine, type Variant } from './train-variants.js'

const MODELS: Readonly<Record<string, { model: TrainModel; channelsLast?: boolean }>> = {
  'two-tower': { model: twoTower(64) },
  convolutional: { model: CONVOLUTIONAL, channelsLast: true },
  frozen: { model: FROZEN },
}
const PARTS = [...Object.keys(MODELS), 'curve']
const MEMORY_STEPS = 8
const PROFILED_STEPS = 6
const CURVE_STEPS = 500
const SHOWN_POINTS = [1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 500]

type Say = (line: string) => void

/** Training steps beside PyTorch's, from the same weights and batches. */
export const trainBenchmark: Benchmark = async ({ only = PARTS, repeats = 12, say }) => {
  const unknown = only.filter((part) => !PARTS.includes(part))
  if (unknown.length > 0)
    throw new AntiphonError(
      'usage',
      `--only ${unknown.join(',')} is no part of "train" (expected ${PARTS.join(', ')})`,
    )
  const beside = (await timePython('import torch, transformers')) !== null
  if (!beside) say('REFERENCE NOT MEASURED: torch and transformers are not installed (npm run bench:setup)')
  sayLoad(say)
  const figures: Figure[] = []
  for (const part of PARTS.filter((part) => only.includes(part)))
    if (part !== 'curve') figures.push(...(await steps(part, { beside, repeats, say })))
    else if (beside) figures.push(await curve(say))
  return figures
}

/** Timings of two cores mean little where others use them too. */
export function sayLoad(say: Say): void {
  say(`load of the machine before: ${loadavg()[0].toFixed(1)} on ${THREADS} cores`)
}

async function steps(
  part: string,
  { beside, repeats, say }: { /** Whether PyTorch is there. */ beside: boolean; repeats: number; say: Say },
): Promise<Figure[]> {
  const { model, channelsLast } = MODELS[part]
  const folder = writeTrainFolder(model)
  const theirs = beside ? pytorch({ channelsLast }) : []
  say(`${part} step: ${repeats} steps each …`)
  const timed = await alternate({ folder, ours: OURS, theirs, repeats, say })
  const compared = (name: string, of: (ms: readonly number[]) => number): Figure => {
    const best = smallest(timed.theirs.map(({ name: variant, ms }) => ({ variant, value: of(ms) })))
    return figure({
      name: `${part} ${name}`,
      value: of(timed.ours.ms),
      unit: 'ms',
      reference: best && `PyTorch ${timed.torch}, ${best.variant}`,
      referenceValue: best?.value,
    })
  }
  const figures = [compared('step', median), compared('best step', (ms) => Math.min(...ms))]
  figures.push(await memory(part, { folder, theirs: timed.able, torch: timed.torch, say }))
  figures.push(await engineRate(part, folder, say))
  return figures
}

/** Peak memory, each in a process that does nothing else and has the machine to itself. */
async function memory(
  part: string,
  {
    folder,
    theirs,
    torch,
    say,
  }: { folder: string; theirs: readonly Variant[]; torch: string | null; say: Say },
): Promise<Figure> {
  const peaks: { variant: string; value: number }[] = []
  for (const variant of [OURS, ...theirs]) {
    const { maxRss } = await lastOf(variant.start(folder), MEMORY_STEPS)
    say(`  ${variant.name}: peak memory ${maxRss.toFixed(0)} MB after ${MEMORY_STEPS} steps`)
    peaks.push({ variant: variant.name, value: maxRss })
  }
  const [ours, ...others] = peaks
  const best = smallest(others)
  return figure({
    name: `${part} memory`,
    value: ours.value,
    unit: 'MB',
    reference: best && `PyTorch ${torch}, ${best.variant}`,
    referenceValue: best?.value,
  })
}

async function lastOf(process: LineProcess, count: number): Promise<StepLine> {
  try {
    await process.next()
    for (let step = 1; step < count; step++) await process.ask<StepLine>()
    return await process.ask<StepLine>()
  } finally {
    await process.close()
  }
}

/** How near the step's matrix products come to what the machine can do. */
async function engineRate(part: string, folder: string, say: Say): Promise<Figure> {
  const prefix = join(folder, 'profile')
  await lastOf(startOurs(folder, { profile: prefix }), PROFILED_STEPS)
  const file = readdirSync(dirname(prefix)).find((name) => name.startsWith(basename(prefix)))
  if (!file) throw new Error('ONNX Runtime wrote no profile')
  const times = operatorTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileEvent[])
  rmSync(join(folder, file))
  const all = times.reduce((sum, { ms }) => sum + ms, 0)
  say(`  where ${all.toFixed(0)} ms of a step go (each node's best of ${PROFILED_STEPS}):`)
  for (const { operator, ms, gflop } of times.filter(({ ms }) => ms > all / 100))
    say(
      `    ${operator.padEnd(24)} ${ms.toFixed(1).padStart(7)} ms${gflop > 0 ? `  ${((gflop / ms) * 1000) | 0} GFLOPS` : ''}`,
    )
  const { ms, gflop } = products(times)
  return figure({
    name: `${part} matrix products`,
    value: (gflop / ms) * 1000,
    unit: 'GFLOPS',
    reference: 'one product of 2048 × 2048 in ONNX Runtime',
    referenceValue: await peakGflops({ threads: THREADS }),
    lowerIsBetter: false,
  })
}

/** A whole small run, both from the same weights and batches: how far the losses part. */
async function curve(say: Say): Promise<Figure> {
  const folder = writeTrainFolder(CURVE)
  say(`curve: ${CURVE_STEPS} steps …`)
  const ours: number[] = []
  const mine = startOurs(folder)
  const other = new LineProcess(PYTHON, [
    ...[
      'tools/reference/train_curve.py',
      folder,
      '--steps',
      String(CURVE_STEPS),
      '--threads',
      String(THREADS),
    ],
  ])
  try {
    await mine.next()
    for (let step = 0; step < CURVE_STEPS; step++) ours.push((await mine.ask<StepLine>()).loss)
    const { losses } = await other.next<{ losses: number[] }>()
    say('  step     ours  PyTorch')
    for (const step of SHOWN_POINTS)
      say(
        `  ${String(step).padStart(4)} ${ours[step - 1].toFixed(5).padStart(8)} ${losses[step - 1].toFixed(5).padStart(8)}`,
      )
    const differences = ours.map((loss, step) => Math.abs(loss - losses[step]))
    const value = Math.max(...differences)
    if (losses.length !== CURVE_STEPS || !Number.isFinite(value)) throw new Error('A curve is not whole')
    say(`  largest difference at step ${differences.indexOf(value) + 1}`)
    return figure({ name: 'curve difference', value, unit: '' })
  } finally {
    await Promise.all([mine.close(), other.close()])
  }
}

function smallest(of: readonly { variant: string; value: number }[]) {
  return of.length === 0 ? null : of.reduce((best, one) => (one.value < best.value ? one : best))
}
