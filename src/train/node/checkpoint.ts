import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import {
  float32,
  parseSafetensors,
  tensorBytes,
  writeSafetensors,
  type NamedTensor,
} from '../../graph/index.js'
import type { Parameter } from '../optimizer/optimizer.js'
import type { TrainerState } from '../trainer.js'
import { namesIn, writeWhole } from './draft.js'

const NAME = /^step-(\d{9})\.safetensors$/
const FORMAT = '1'
const KEPT = 2 // the last, and the one before it in case the disk damages the last

export const checkpointName = (step: number): string => `step-${String(step).padStart(9, '0')}.safetensors`

/**
 * Writes a checkpoint: one safetensors file that is there whole or not at all. Older ones are removed, all but one and
 * those named in `keep`.
 */
export async function saveCheckpoint(
  dir: string,
  state: TrainerState,
  { keep = [] }: { readonly keep?: readonly number[] } = {},
): Promise<string> {
  const { step, parameters, optimizer, average, schedule, best, stopping } = state
  const tensors = new Map<string, NamedTensor>()
  const add = (name: string, data: Float32Array, shape: readonly number[] = [data.length]): void => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    tensors.set(name, { dtype: 'F32', shape, bytes })
  }
  for (const [name, { data, shape }] of parameters) add(`model/${name}`, data, shape)
  for (const [name, data] of optimizer) add(`optimizer/${name}`, data)
  for (const [name, data] of average ?? []) add(`average/${name}`, data, parameters.get(name)!.shape)
  const path = join(dir, checkpointName(step))
  const metadata = {
    antiphon: FORMAT,
    state: JSON.stringify({ step, schedule, best, stopping }),
    sha256: hashOf([...tensors.values()].map(({ bytes }) => bytes)),
  }
  await mkdir(dir, { recursive: true })
  await writeWhole(path, async (file) => {
    await file.writeFile(writeSafetensors(tensors, metadata))
  })
  const steps = await checkpointSteps(dir)
  for (const old of steps.slice(0, -KEPT))
    if (!keep.includes(old)) await rm(join(dir, checkpointName(old)), { force: true })
  return path
}

/** Steps of the checkpoints in a folder, in order. */
export async function checkpointSteps(dir: string): Promise<number[]> {
  return (await namesIn(dir))
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}

/** @throws AntiphonError `model` when the file is damaged */
export async function loadCheckpoint(dir: string, step: number): Promise<TrainerState> {
  const path = join(dir, checkpointName(step))
  const file = parseSafetensors(await readFile(path), path)
  const { antiphon, state, sha256 } = file.metadata
  if (antiphon !== FORMAT || state === undefined)
    throw new AntiphonError('model', `${path} is not a checkpoint of this version of antiphon`)
  if (hashOf([...file.entries.keys()].map((name) => tensorBytes(file, name))) !== sha256)
    throw new AntiphonError('model', `${path} is damaged: its numbers are not those that were written`)
  const parameters = new Map<string, Parameter>()
  const optimizer = new Map<string, Float32Array>()
  const average = new Map<string, Float32Array>()
  for (const [name, { shape }] of file.entries) {
    const slash = name.indexOf('/')
    const [part, rest] = [name.slice(0, slash), name.slice(slash + 1)]
    const data = float32(file, name).slice()
    if (part === 'model') parameters.set(rest, { data, shape })
    else if (part === 'optimizer') optimizer.set(rest, data)
    else if (part === 'average') average.set(rest, data)
  }
  const numbers = JSON.parse(state) as Pick<TrainerState, 'step' | 'schedule' | 'best' | 'stopping'>
  return { ...numbers, parameters, optimizer, ...(average.size > 0 ? { average } : {}) }
}

function hashOf(arrays: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const bytes of arrays) hash.update(bytes)
  return hash.digest('hex')
}

/**
 * The newest checkpoint that is whole. Damaged ones after it are removed: the run comes by there again.
 * @returns undefined where there is none at all
 * @throws AntiphonError `model` with the reason of the oldest where none is whole
 */
export async function latestCheckpoint(
  dir: string,
): Promise<{ readonly state: TrainerState; readonly damaged: readonly string[] } | undefined> {
  const steps = await checkpointSteps(dir)
  const damaged: string[] = []
  for (const step of steps.toReversed())
    try {
      const state = await loadCheckpoint(dir, step)
      for (const path of damaged) await rm(path, { force: true })
      return { state, damaged }
    } catch (error) {
      if (step === steps[0]) throw error
      damaged.push(join(dir, checkpointName(step)))
    }
  return undefined
}
