import { compile, Graph, matmul } from '../src/graph/index.js'
import { nodeRuntime } from '../src/graph/node.js'

/** What the operators of one kind took in a step. */
export interface OperatorTime {
  readonly operator: string
  /** Best of the profiled runs, summed over the nodes. */
  readonly ms: number
  /** Of matrix products and convolutions: multiplications and additions, 1e9. */
  readonly gflop: number
}

/** An event of ONNX Runtime's profile. */
export interface ProfileEvent {
  readonly cat: string
  readonly name: string
  /** Microseconds. */
  readonly dur: number
  readonly args?: {
    readonly op_name?: string
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[]
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[]
  }
}

const PRODUCTS = ['Gemm', 'MatMul', 'FusedMatMul', 'FusedGemm']
const CONVOLUTIONS = ['Conv', 'FusedConv', 'NhwcFusedConv']
const KERNEL = '_kernel_time'

/** Where a step's time goes, by operator, longest first: a program's own time is the sum of each node's best. */
export function operatorTimes(profile: readonly ProfileEvent[]): OperatorTime[] {
  const nodes = new Map<string, OperatorTime>()
  for (const { cat, name, dur, args = {} } of profile) {
    if (cat !== 'Node' || !name.endsWith(KERNEL) || !args.op_name) continue
    const ms = Math.min(dur / 1000, nodes.get(name)?.ms ?? Infinity)
    nodes.set(name, { operator: args.op_name, ms, gflop: operations(args) / 1e9 })
  }
  const operators = new Map<string, OperatorTime>()
  for (const { operator, ms, gflop } of nodes.values()) {
    const sum = operators.get(operator)
    operators.set(operator, { operator, ms: ms + (sum?.ms ?? 0), gflop: gflop + (sum?.gflop ?? 0) })
  }
  return [...operators.values()].sort((a, b) => b.ms - a.ms)
}

/** All matrix products together. */
export function products(times: readonly OperatorTime[]): OperatorTime {
  const these = times.filter(({ operator }) => PRODUCTS.includes(operator))
  const sum = (of: (time: OperatorTime) => number): number =>
    these.reduce((total, time) => total + of(time), 0)
  return { operator: 'matrix products', ms: sum(({ ms }) => ms), gflop: sum(({ gflop }) => gflop) }
}

function operations({
  op_name = '',
  input_type_shape = [],
  output_type_shape = [],
}: NonNullable<ProfileEvent['args']>) {
  const [a, b] = input_type_shape.map((shape) => Object.values(shape)[0])
  const [output] = output_type_shape.map((shape) => Object.values(shape)[0])
  if (!a || !b || !output) return 0
  // Each output is a sum over what the two inputs have in common, whichever way they lie.
  if (PRODUCTS.includes(op_name)) return (2 * size(output) * size(a)) / (size(output) / output.at(-1)!)
  if (CONVOLUTIONS.includes(op_name)) return (2 * size(output) * size(b)) / b[0]
  return 0
}

const size = (shape: readonly number[]): number => shape.reduce((product, d) => product * d, 1)

/** GFLOPS of ONNX Runtime's product of two square matrices, the best of some: what the machine can do. */
export async function peakGflops({
  threads,
  side = 2048,
  runs = 20,
}: {
  threads: number
  side?: number
  runs?: number
}) {
  const graph = new Graph()
  const [a, b] = ['a', 'b'].map((name) => graph.input(name, [side, side]))
  const program = await compile(await nodeRuntime(), { outputs: { product: matmul(a, b) }, threads })
  const feeds = {
    a: Float32Array.from({ length: side * side }, (_, i) => (i % 7) - 3),
    b: Float32Array.from({ length: side * side }, (_, i) => (i % 11) - 5),
  }
  let best = Infinity
  for (let run = 0; run <= runs; run++) {
    const started = performance.now()
    await program.run(feeds)
    if (run > 0) best = Math.min(best, performance.now() - started)
  }
  await program.close()
  return (2 * side ** 3) / 1e6 / best
}
