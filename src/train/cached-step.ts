import { AntiphonError } from '../errors/index.js'
import {
  compile,
  Graph,
  gradients,
  mul,
  sum,
  type OnnxRuntime,
  type Program,
  type ProgramOptions,
  type Tensor,
} from '../graph/index.js'
import { trainingScope, type TrainingScope, type ScopeParameter } from '../model/index.js'
import { drawMasks } from './masks.js'
import { objective } from './objective.js'
import type { Parameter } from './optimizer/optimizer.js'
import { rowInputs, type Side } from './sides.js'
import {
  addGradients,
  feedsOf,
  GRADIENT,
  named,
  numbersOf,
  STATISTIC,
  type StepDesign,
  type StepInputs,
  type TrainingStep,
} from './step.js'

/**
 * The step of a large batch in the memory of a small one: gradient caching (GradCache, Gao et al. 2021). Every chunk is
 * embedded and forgotten; the loss of all vectors gives the slope of each; every chunk is computed again and takes its
 * slopes back to the parameters. The gradients are those of the whole batch. Dropout replays its masks; batch norm sees
 * one chunk at a time, so its statistics are by chunk.
 * @param chunk pairs of a chunk
 * @throws AntiphonError `usage` where the batch is not a whole number of chunks
 */
export async function cachedStep(
  runtime: OnnxRuntime,
  design: StepDesign,
  { chunk, ...options }: ProgramOptions & { readonly chunk: number },
): Promise<TrainingStep> {
  const { audio, texts, hardTexts } = design.counts
  const chunks = audio / chunk
  if (!Number.isInteger(chunks) || !Number.isInteger(texts / chunks) || !Number.isInteger(hardTexts / chunks))
    throw new AntiphonError(
      'usage',
      `A batch of ${audio} pairs is not made of whole chunks of ${chunk}; choose data.chunk so that it divides data.batch`,
    )
  const sides = [
    await cachedSide(runtime, design, { side: design.audio, blocks: [audio], chunks }, options),
    await cachedSide(runtime, design, { side: design.text, blocks: [texts, hardTexts], chunks }, options),
  ]
  const meeting = await lossProgram(runtime, design, { audio: sides[0].dim, text: sides[1].dim }, options)
  const declared = new Map<string, ScopeParameter>()
  for (const { parameters } of [...sides, meeting])
    for (const [name, parameter] of parameters) declared.set(name, parameter)
  return {
    parameters: declared,
    async run(parameters, inputs, seed) {
      const statistics = new Map<string, Float32Array>()
      for (let chunk = 0; chunk < chunks; chunk++)
        for (const side of sides) await side.embed(parameters, inputs, { chunk, seed, statistics })
      const values = await meeting.program.run({
        ...feedsOf(meeting.program, parameters),
        ...(await inputs.extra?.()),
        audio: sides[0].vectors,
        text: sides[1].vectors,
      })
      const total = named(values, GRADIENT)
      const slopes = ['slope/audio', 'slope/text'].map((name) => values[name].data as Float32Array)
      for (let chunk = 0; chunk < chunks; chunk++)
        for (const [i, side] of sides.entries())
          await side.takeBack(parameters, inputs, { chunk, seed, slopes: slopes[i], total })
      return { ...numbersOf(values), gradients: total, statistics }
    },
    async close() {
      for (const side of sides) await side.close()
      await meeting.program.close()
    },
  }
}

interface CachedSideOptions {
  readonly side: Side
  /** Rows of the whole batch: blocks that lie one after the other, and of each a part in every chunk. */
  readonly blocks: readonly number[]
  readonly chunks: number
}

/** One chunk of a step. */
interface Turn {
  readonly chunk: number
  readonly seed: string
}

async function cachedSide(
  runtime: OnnxRuntime,
  { frozen }: StepDesign,
  { side, blocks, chunks }: CachedSideOptions,
  options: ProgramOptions,
) {
  const total = blocks.reduce((a, b) => a + b, 0)
  const rows = total / chunks
  const forward = sideGraph(side, rows, frozen)
  const dim = forward.embedding.shape[1] as number
  const outputs: Record<string, Tensor> = { embedding: forward.embedding }
  for (const [name, update] of forward.scope.updates) outputs[STATISTIC + name] = update
  const embedder = await compile(runtime, { outputs, ...options })

  const backward = sideGraph(side, rows, frozen)
  const slope = backward.embedding.graph.input('slope', [rows, dim])
  const surrogate = sum(mul(backward.embedding, slope)) // its gradients are the slopes, taken back
  const toParameters: Record<string, Tensor> = {}
  addGradients(toParameters, surrogate, backward.scope.parameters)
  // A side without a trained parameter has nothing to take back.
  const returner =
    Object.keys(toParameters).length > 0
      ? await compile(runtime, { outputs: toParameters, ...options })
      : undefined

  /** Where the rows of a chunk lie in the whole batch: [from, to] among all, and where they begin in the chunk. */
  const places = (chunk: number) => {
    let [start, at] = [0, 0]
    return blocks.map((block) => {
      const size = block / chunks
      const place = {
        from: (start + chunk * size) * dim,
        to: (start + (chunk + 1) * size) * dim,
        at: at * dim,
      }
      start += block
      at += size
      return place
    })
  }
  const masks = ({ scope }: { scope: TrainingScope }, { seed, chunk }: Turn) =>
    drawMasks(scope.masks, `${seed}/${side.name}/${chunk}`)
  const vectors = new Float32Array(total * dim)
  return {
    parameters: forward.scope.parameters,
    /** Length of a row's vectors. */
    dim,
    /** All rows' vectors, [total, dim], once every chunk is embedded. */
    vectors,
    /** `statistics` are carried from chunk to chunk. */
    async embed(
      parameters: ReadonlyMap<string, Parameter>,
      inputs: StepInputs,
      { statistics, ...turn }: Turn & { readonly statistics: Map<string, Float32Array> },
    ): Promise<void> {
      const carried = [...statistics].filter(([name]) => forward.scope.updates.has(name))
      const values = await embedder.run({
        ...feedsOf(embedder, parameters),
        ...Object.fromEntries(
          carried.map(([name, data]) => [name, { data, shape: parameters.get(name)!.shape }]),
        ),
        ...(await inputs.rows(side.name, { chunk: turn.chunk, pass: 0 })),
        ...masks(forward, turn),
      })
      const embedded = values['embedding'].data as Float32Array
      for (const { from, to, at } of places(turn.chunk))
        vectors.set(embedded.subarray(at, at + to - from), from)
      for (const [name, data] of named(values, STATISTIC)) statistics.set(name, data)
    },
    /** Adds to `total` what the slopes of a chunk's vectors make of the parameters' gradients. */
    async takeBack(
      parameters: ReadonlyMap<string, Parameter>,
      inputs: StepInputs,
      {
        slopes,
        total: sums,
        ...turn
      }: Turn & { readonly slopes: Float32Array; readonly total: Map<string, Float32Array> },
    ): Promise<void> {
      if (!returner) return
      const own = new Float32Array(rows * dim)
      for (const { from, to, at } of places(turn.chunk)) own.set(slopes.subarray(from, to), at)
      const values = await returner.run({
        ...feedsOf(returner, parameters),
        ...(await inputs.rows(side.name, { chunk: turn.chunk, pass: 1 })),
        ...masks(backward, turn),
        slope: own,
      })
      addTo(sums, named(values, GRADIENT))
    },
    close: async (): Promise<void> => {
      await embedder.close()
      await returner?.close()
    },
  }
}

function sideGraph(side: Side, rows: number, frozen: (name: string) => boolean) {
  const graph = new Graph()
  const scope = trainingScope(graph, '', { frozen })
  const embedding = side.embed(rowInputs(graph, side, rows), scope.within(`${side.name}.`))
  return { scope, embedding }
}

/** From all vectors to the loss, and back to a slope for each vector. */
async function lossProgram(
  runtime: OnnxRuntime,
  { recipe, counts, frozen }: StepDesign,
  dim: { readonly audio: number; readonly text: number },
  options: ProgramOptions,
): Promise<{ program: Program; parameters: ReadonlyMap<string, ScopeParameter> }> {
  const graph = new Graph()
  const scope = trainingScope(graph, '', { frozen })
  const audio = graph.input('audio', [counts.audio, dim.audio])
  const text = graph.input('text', [counts.texts + counts.hardTexts, dim.text])
  const { loss, positive, negative } = objective(audio, text, { recipe, counts, scope })
  const outputs: Record<string, Tensor> = { loss, positive, negative }
  addGradients(outputs, loss, scope.parameters)
  const [toAudio, toText] = gradients(loss, [audio, text])
  Object.assign(outputs, { 'slope/audio': toAudio, 'slope/text': toText })
  return { program: await compile(runtime, { outputs, ...options }), parameters: scope.parameters }
}

/** Adds gradients in place. */
export function addTo(total: Map<string, Float32Array>, more: ReadonlyMap<string, Float32Array>): void {
  for (const [name, gradient] of more) {
    const sum = total.get(name)
    if (!sum) total.set(name, gradient)
    else for (let i = 0; i < sum.length; i++) sum[i] += gradient[i]
  }
}
