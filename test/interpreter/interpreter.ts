import type { Tensor } from '../../src/graph/index.js'
import { ARRANGEMENT } from './arrangement.js'
import { ELEMENTWISE } from './elementwise.js'
import type { Numbers, Operation } from './numbers.js'
import { PRODUCTS } from './products.js'

const OPERATIONS: Readonly<Record<string, Operation>> = { ...ELEMENTWISE, ...ARRANGEMENT, ...PRODUCTS }

/** Inputs and parameters by name. */
export type Feeds = Readonly<Record<string, ArrayLike<number>>>

/**
 * Computes a tensor in double precision from the definitions of ONNX's operators, by loops: the slow twin of ONNX Runtime.
 * Of operators with several outputs only the first can be asked for.
 */
export function interpret(tensor: Tensor, feeds: Feeds, known = new Map<Tensor, Numbers>()): Numbers {
  const found = known.get(tensor)
  if (found) return found
  const numbers = computed(tensor, feeds, known)
  known.set(tensor, numbers)
  return numbers
}

function computed(tensor: Tensor, feeds: Feeds, known: Map<Tensor, Numbers>): Numbers {
  const { source } = tensor
  const shape = tensor.shape as readonly number[]
  if (source.kind === 'constant') return { shape, data: constantNumbers(tensor, source.bytes) }
  if (source.kind !== 'node') return { shape, data: Float64Array.from(feeds[source.name]) }
  const operation = OPERATIONS[source.node.op]
  if (!operation || source.output !== 0)
    throw new Error(`The interpreter doesn't know output ${source.output} of ${source.node.op}`)
  const inputs = source.node.inputs.map((input) => input && interpret(input, feeds, known))
  return operation(inputs as Numbers[], source.node, shape)
}

function constantNumbers({ dtype }: Tensor, bytes: Uint8Array): Float64Array {
  const buffer = bytes.slice().buffer
  if (dtype === 'float32') return Float64Array.from(new Float32Array(buffer))
  if (dtype === 'int32') return Float64Array.from(new Int32Array(buffer))
  if (dtype === 'int64') return Float64Array.from(new BigInt64Array(buffer), Number)
  return Float64Array.from(bytes)
}
