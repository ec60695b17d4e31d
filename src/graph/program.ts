import type { InferenceSession, InferenceSessionFactory, Tensor as RuntimeTensor } from 'onnxruntime-common'
import { AntiphonError } from '../errors/index.js'
import type { Tensor } from './graph.js'
import { toOnnx } from './onnx.js'
import type { Weight } from './weights.js'

/** ONNX Runtime, given from outside: onnxruntime-node and onnxruntime-web both fit. */
export interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: typeof RuntimeTensor
}

export interface ProgramOptions {
  /** Threads inside one operator. @default 1 */
  readonly threads?: number
  /** In order of preference. @default ['cpu'] */
  readonly executionProviders?: readonly string[]
  /** Files that the program refers to, by the name it uses. Not needed when the program is opened by its path. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array | string }[]
  /** Passed on to ONNX Runtime as it is; wins over the above. */
  readonly session?: InferenceSession.SessionOptions
}

export type NumericArray =
  Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Int8Array | Uint16Array

/** Numbers with their shape. */
export interface Value<Data extends NumericArray = NumericArray> {
  readonly data: Data
  readonly shape: readonly number[]
}

export interface ProgramInput {
  readonly name: string
  readonly dtype: string
  /** Free axes have a name. */
  readonly shape: readonly (number | string)[]
}

/**
 * Loads an ONNX program: its bytes or, where the runtime reads files, its path.
 * @throws AntiphonError `model` when ONNX Runtime refuses it.
 */
export async function openProgram(
  runtime: OnnxRuntime,
  model: Uint8Array | string,
  { threads = 1, executionProviders = ['cpu'], externalData, session }: ProgramOptions = {},
): Promise<Program> {
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: false, // 40 % less memory at the same speed
    executionProviders,
    logSeverityLevel: 3,
    ...(externalData ? { externalData } : {}),
    ...session,
  }
  const sessions = runtime.InferenceSession
  try {
    const opened =
      typeof model === 'string' ? sessions.create(model, options) : sessions.create(model, options)
    return new Program(runtime, await opened)
  } catch (cause) {
    const what = typeof model === 'string' ? model : `a program of ${model.byteLength} bytes`
    throw new AntiphonError('model', `ONNX Runtime could not load ${what}: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** Writes the outputs' program and loads it. */
export async function compile(
  runtime: OnnxRuntime,
  {
    outputs,
    weights,
    ...options
  }: { outputs: Readonly<Record<string, Tensor>>; weights?: ReadonlyMap<string, Weight> } & ProgramOptions,
): Promise<Program> {
  return openProgram(runtime, toOnnx({ outputs, weights }), options)
}

const ARRAY_TYPES: Record<string, { new (length: number): NumericArray }> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
}

/** A loaded ONNX program. */
export class Program {
  readonly inputs: readonly ProgramInput[]
  readonly outputs: readonly ProgramInput[]

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
  ) {
    this.inputs = session.inputMetadata.map(describe)
    this.outputs = session.outputMetadata.map(describe)
  }

  /**
   * Runs the program once. A feed is an array where its shape follows from its length (at most one free axis),
   * otherwise an array with its shape.
   * @param wanted names of the outputs to compute, or arrays with their shapes that these are written into, which spares
   *   a large output its memory at each run; all by default.
   * @throws AntiphonError `usage` when a feed is missing, unknown, or of another type or length.
   */
  async run(
    feeds: Readonly<Record<string, NumericArray | Value>>,
    wanted?: readonly string[] | Readonly<Record<string, Value>>,
  ): Promise<Record<string, Value>> {
    for (const name of Object.keys(feeds))
      if (!this.inputs.some((input) => input.name === name))
        throw new AntiphonError(
          'usage',
          `No input "${name}" (the program has ${this.inputs.map((i) => i.name).join(', ')})`,
        )
    const tensors: Record<string, RuntimeTensor> = {}
    for (const input of this.inputs) {
      tensors[input.name] = this.tensor(input.dtype, checkedFeed(input, feeds[input.name]))
    }
    const into = wanted && !isNames(wanted) ? wanted : {}
    const results = await this.session.run(tensors, this.fetches(wanted))
    const values: Record<string, Value> = {}
    for (const [name, { data, dims }] of Object.entries(results))
      values[name] = into[name] ?? { data: data as NumericArray, shape: dims }
    return values
  }

  private fetches(
    wanted: readonly string[] | Readonly<Record<string, Value>> = this.outputs.map(({ name }) => name),
  ): readonly string[] | Record<string, RuntimeTensor> {
    if (isNames(wanted)) return wanted
    const into: Record<string, RuntimeTensor> = {}
    for (const [name, value] of Object.entries(wanted)) {
      const output = this.outputs.find((each) => each.name === name)
      if (!output)
        throw new AntiphonError(
          'usage',
          `No output "${name}" (the program has ${this.outputs.map((o) => o.name).join(', ')})`,
        )
      into[name] = this.tensor(output.dtype, value)
    }
    return into
  }

  private tensor(dtype: string, { data, shape }: Value): RuntimeTensor {
    return new this.runtime.Tensor(dtype as 'float32', data as Float32Array, shape)
  }

  /** Frees the session's memory; the program can't run afterwards. */
  async close(): Promise<void> {
    await this.session.release()
  }
}

function isNames(wanted: readonly string[] | Readonly<Record<string, Value>>): wanted is readonly string[] {
  return Array.isArray(wanted)
}

function describe(meta: InferenceSession.ValueMetadata): ProgramInput {
  if (!meta.isTensor) throw new AntiphonError('model', `"${meta.name}" is not a tensor`)
  return { name: meta.name, dtype: meta.type, shape: meta.shape }
}

function checkedFeed(input: ProgramInput, feed: NumericArray | Value | undefined): Value {
  const { name, dtype, shape } = input
  const what = `Input "${name}" (${dtype} [${shape.join(', ')}])`
  if (!feed) throw new AntiphonError('usage', `${what} is missing`)
  const data = ArrayBuffer.isView(feed) ? feed : feed.data
  const expected = ARRAY_TYPES[dtype]
  if (!expected || !(data instanceof expected))
    throw new AntiphonError(
      'usage',
      `${what} got ${data.constructor.name}, expected ${expected?.name ?? dtype}`,
    )
  const actual = ArrayBuffer.isView(feed) ? shapeFromLength(what, shape, data.length) : [...feed.shape]
  const fits =
    actual.length === shape.length && shape.every((d, axis) => typeof d === 'string' || d === actual[axis])
  const size = actual.reduce((a, b) => a * b, 1)
  if (!fits || size !== data.length)
    throw new AntiphonError('usage', `${what} got ${data.length} numbers of shape [${actual.join(', ')}]`)
  return { data, shape: actual }
}

function shapeFromLength(what: string, shape: ProgramInput['shape'], length: number): number[] {
  const known = shape.reduce<number>((size, d) => (typeof d === 'number' ? size * d : size), 1)
  const free = shape.filter((d) => typeof d === 'string').length
  if (free > 1) throw new AntiphonError('usage', `${what} has ${free} free axes: feed { data, shape }`)
  if (free === 0 ? length !== known : length % known !== 0)
    throw new AntiphonError(
      'usage',
      `${what} got ${length} numbers, expected ${free ? 'a multiple of ' : ''}${known}`,
    )
  return shape.map((d) => (typeof d === 'number' ? d : length / known))
}
