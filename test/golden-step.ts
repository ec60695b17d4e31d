// A training step of an audio tower beside what the original gave: tensors train/OUTPUT, train/grad/NAME, train/after/NAME.
import assert from 'node:assert/strict'
import { compile, gradients, Graph, mul, sum, type OnnxRuntime, type Value } from '../src/graph/index.js'
import { trainingScope, type AudioEncoder } from '../src/model/index.js'
import { relativeDifference, type Golden } from './golden.js'

const TOLERANCE = 1e-4 // relative; PyTorch's own float32 differs by 5e-6

export interface GoldenStep {
  readonly runtime: OnnxRuntime
  readonly encoder: AudioEncoder
  readonly features: Value<Float32Array>
  readonly reference: Golden
  /** The name that the reference has for what the tower gives. */
  readonly output: string
  /** How many gradients and running statistics the reference has. */
  readonly counts: readonly [gradients: number, statistics: number]
  /** The numbers of parameters by name, of those that the step reads. */
  readonly feeds: (names: readonly string[], graph: Graph) => Record<string, Value>
}

/** The output, each gradient and each running statistic is the original's; every statistic has a new value. */
export async function assertGoldenStep(step: GoldenStep): Promise<void> {
  const { runtime, encoder, features, reference, output, counts, feeds } = step
  const graph = new Graph()
  const scope = trainingScope(graph)
  const out = encoder.encode(graph.input('features', features.shape), scope)
  const cotangent = reference.tensor('cotangent')
  const loss = sum(mul(out, graph.input('cotangent', cotangent.shape)))
  const named = (prefix: string): string[] =>
    [...reference.file.entries.keys()].filter((name) => name.startsWith(prefix))
  const [wanted, after] = [named('train/grad/'), named('train/after/')]
  assert.deepEqual([wanted.length, after.length], counts)
  const found = gradients(
    loss,
    wanted.map((name) => scope.parameters.get(name.slice('train/grad/'.length))!.tensor),
  )
  const program = await compile(runtime, {
    outputs: {
      [`train/${output}`]: out,
      ...Object.fromEntries(wanted.map((name, i) => [name, found[i]])),
      ...Object.fromEntries([...scope.updates].map(([name, now]) => [`train/after/${name}`, now])),
    },
  })
  const read = program.inputs.map(({ name }) => name).filter((name) => scope.parameters.has(name))
  const results = await program.run({ features, cotangent, ...feeds(read, graph) })
  for (const name of [`train/${output}`, ...wanted, ...after]) {
    const difference = relativeDifference(results[name].data as Float32Array, reference.tensor(name).data)
    assert.ok(difference <= TOLERANCE, `${name} differs by ${difference}`)
  }
  const statistics = [...scope.parameters].filter(([, { kind }]) => kind === 'statistic')
  assert.deepEqual(statistics.map(([name]) => name).sort(), [...scope.updates.keys()].sort())
}
