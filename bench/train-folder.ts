import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { stepGraph, type Parameter } from '../src/train/index.js'
import { Random } from './random.js'
import { designOf, type ModelInput, type TrainModel } from './train-models.js'
import { cacheDir } from './vectors.js'

/**
 * A model's first weights and its batches, from which both sides of a comparison start:
 *
 *     manifest.json    the model, and its parameters [{ name, shape }]
 *     parameters.f32   all of them in that order, raw little-endian float32
 *     inputs.bin       batch after batch, each all inputs in the manifest's order, raw float32 or int32
 */
export interface TrainFolder {
  readonly model: TrainModel
  /** Each in an array of its own, to be trained. */
  readonly parameters: Map<string, Parameter>
  /** Rows [from, to) of an input of a batch, read from the disk. */
  rows(input: ModelInput, batch: number, from: number, to: number): Float32Array | Int32Array
}

type Manifest = TrainModel & {
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[]
}

const SEED = 20250614
const ROWS_AT_ONCE = 64
const BYTES = 4 // of a float32 and of an int32

/** Writes the folder anew, the same each time, and gives its path. It is deleted when this process ends. */
export function writeTrainFolder(model: TrainModel, dir = temporaryFolder()): string {
  const random = new Random(SEED)
  mkdirSync(dir, { recursive: true })
  const { parameters } = stepGraph(designOf(model, 2)).scope // no parameter depends on the number of pairs
  const entries = [...parameters].map(([name, { tensor, init }]) => ({
    name,
    shape: tensor.shape as number[],
    init,
  }))
  const weights = openSync(join(dir, 'parameters.f32'), 'w')
  for (const { shape, init } of entries)
    writeSync(
      weights,
      init(shape, () => random.uniform()),
    )
  closeSync(weights)
  const inputs = openSync(join(dir, 'inputs.bin'), 'w')
  for (let batch = 0; batch < model.batches; batch++) {
    const lengths: number[] = []
    for (const input of model.inputs)
      for (let row = 0; row < input.shape[0]; row += ROWS_AT_ONCE) {
        const rows = Math.min(ROWS_AT_ONCE, input.shape[0] - row)
        writeSync(inputs, drawRows(input, { model, random, lengths, row, rows }))
      }
  }
  closeSync(inputs)
  const manifest: Manifest = { ...model, parameters: entries.map(({ name, shape }) => ({ name, shape })) }
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest))
  return dir
}

interface Drawing {
  readonly model: TrainModel
  readonly random: Random
  /** Tokens of each text of the batch, noted with its ids for its mask. */
  readonly lengths: number[]
  readonly row: number
  readonly rows: number
}

/** Normal numbers; texts of 2 tokens and more, 0 behind them. */
function drawRows(
  input: ModelInput,
  { model, random, lengths, row, rows }: Drawing,
): Float32Array | Int32Array {
  const size = rowSize(input)
  if (input.dtype === 'float32') return random.normals(rows * size)
  const values = new Int32Array(rows * size)
  for (let i = 0; i < rows; i++) {
    if (input.name === 'input_ids') lengths[row + i] = 2 + random.integer(size - 1)
    for (let token = 0; token < lengths[row + i]; token++)
      values[i * size + token] =
        input.name === 'input_ids' ? 1 + random.integer((model.text['vocab_size'] as number) - 1) : 1
  }
  return values
}

export function openTrainFolder(dir: string): TrainFolder {
  const { parameters: entries, ...model } = JSON.parse(
    readFileSync(join(dir, 'manifest.json'), 'utf8'),
  ) as Manifest
  const parameters = new Map<string, Parameter>()
  const weights = openSync(join(dir, 'parameters.f32'), 'r')
  for (const { name, shape } of entries)
    parameters.set(name, { data: filled(weights, new Float32Array(product(shape)), null), shape })
  closeSync(weights)
  const inputs = openSync(join(dir, 'inputs.bin'), 'r')
  const sizes = model.inputs.map(({ shape }) => product(shape))
  const batchSize = sizes.reduce((a, b) => a + b, 0)
  return {
    model,
    parameters,
    rows(input, batch, from, to) {
      const before = sizes.slice(
        0,
        model.inputs.findIndex(({ name }) => name === input.name),
      )
      const place = batch * batchSize + before.reduce((a, b) => a + b, 0) + from * rowSize(input)
      const length = (to - from) * rowSize(input)
      const values = input.dtype === 'float32' ? new Float32Array(length) : new Int32Array(length)
      return filled(inputs, values, place * BYTES)
    },
  }
}

/** Fills an array from a file, from `position` or from where the last reading ended. */
function filled<T extends Float32Array | Int32Array>(file: number, values: T, position: number | null): T {
  const got = readSync(file, values, 0, values.byteLength, position)
  if (got !== values.byteLength) throw new Error(`A training folder ends too early: ${got} bytes`)
  return values
}

function temporaryFolder(): string {
  mkdirSync(cacheDir, { recursive: true })
  const dir = mkdtempSync(join(cacheDir, 'train-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
const rowSize = ({ shape }: ModelInput): number => product(shape.slice(1))
