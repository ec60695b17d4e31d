import {
  compile,
  Graph,
  type OnnxRuntime,
  type Program,
  type ProgramOptions,
  type Value,
} from '../graph/index.js'
import { servingScope } from '../model/index.js'
import type { Parameter } from './optimizer/optimizer.js'
import type { Side } from './sides.js'
import { feedsOf } from './step.js'

/** One side of a model in training, as it serves: running statistics, no dropout, any number of rows. */
export class Embedder {
  private constructor(
    private readonly program: Program,
    private readonly side: Side,
  ) {}

  static async open(runtime: OnnxRuntime, side: Side, options: ProgramOptions = {}): Promise<Embedder> {
    const graph = new Graph()
    const inputs = side.inputs.map(({ name, shape, dtype }) => graph.input(name, ['batch', ...shape], dtype))
    const embedding = side.embed(inputs, servingScope(graph, `${side.name}.`))
    return new Embedder(await compile(runtime, { outputs: { embedding }, ...options }), side)
  }

  /** Rows of the side's inputs to vectors, one after the other. */
  async embed(
    parameters: ReadonlyMap<string, Parameter>,
    rows: Readonly<Record<string, Value>>,
  ): Promise<Float32Array> {
    const feeds = Object.fromEntries(this.side.inputs.map(({ name }) => [name, rows[name]]))
    const { embedding } = await this.program.run({ ...feedsOf(this.program, parameters), ...feeds })
    return embedding.data as Float32Array
  }

  close(): Promise<void> {
    return this.program.close()
  }
}
