import {
  cast,
  Graph,
  mul,
  reshape,
  type ElementArray,
  type ElementType,
  type GraphNode,
  type Tensor,
} from '../../graph/index.js'
import { integerLinear } from './integer-linear.js'
import { strongestResponse } from './strongest-response.js'

/** How the scales of a quantised weight are called. */
export function scalesName(weight: string): string {
  return `${weight}.scale`
}

/**
 * The same program with the named parameters in 8 bits: `NAME` is int8 then, and `NAME.scale` has a number for each row. Linear layers,
 * and a convolution whose maximum along the width is all that is read, are computed with integers; elsewhere the weight is widened
 * when the program is loaded, and rows picked from a table after they are picked.
 */
export function quantizeGraph(output: Tensor, quantized: ReadonlySet<string>): Tensor {
  return new Quantizer(output, quantized).run()
}

class Quantizer {
  private readonly graph = new Graph()
  private readonly made = new Map<Tensor, Tensor>()
  private readonly codes = new Map<string, { codes: Tensor; scales: Tensor }>()
  private readonly nodes: readonly GraphNode[]
  private readonly readers = new Map<Tensor, number>()

  constructor(
    private readonly output: Tensor,
    private readonly quantized: ReadonlySet<string>,
  ) {
    this.nodes = neededBy(output)
    for (const { inputs } of this.nodes)
      for (const input of inputs) if (input) this.readers.set(input, (this.readers.get(input) ?? 0) + 1)
    // Inputs keep their order.
    for (const [name, input] of output.graph.inputs)
      if (this.readers.has(input)) this.made.set(input, this.graph.input(name, input.shape, input.dtype))
  }

  run(): Tensor {
    const takenIn = new Set(this.nodes.map((node) => this.convolutionUnder(node)))
    for (const node of this.nodes) if (!takenIn.has(node)) this.write(node)
    return this.of(this.output)
  }

  private write(node: GraphNode): void {
    const special = this.strongest(node) ?? this.linear(node) ?? this.rowsOfTable(node)
    if (special) return void this.made.set(node.outputs[0], special)
    const outputs = this.graph.apply(
      node.op,
      node.inputs.map((input) => input && this.of(input)),
      node.attributes,
      node.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
    )
    for (const [i, tensor] of outputs.entries()) this.made.set(node.outputs[i], tensor)
  }

  /** What a tensor of the old graph is in the new one. */
  private of(tensor: Tensor): Tensor {
    let made = this.made.get(tensor)
    if (made) return made
    const { source, shape, dtype } = tensor
    if (source.kind === 'constant')
      made = this.graph.constant(arrayOf(source.bytes, dtype), shape as number[], dtype)
    else if (source.kind === 'parameter') made = this.widened(tensor, source.name)
    else throw new Error(`No value yet for ${tensor.toString()}`)
    this.made.set(tensor, made)
    return made
  }

  private widened(tensor: Tensor, name: string): Tensor {
    const quantized = this.quantizedWeight(tensor)
    if (!quantized) return this.graph.parameter(name, tensor.shape as number[])
    const { codes, scales } = quantized
    return mul(
      cast(codes, 'float32'),
      reshape(scales, [codes.shape[0], ...codes.shape.slice(1).map(() => 1)]),
    )
  }

  private quantizedWeight(tensor: Tensor): { codes: Tensor; scales: Tensor } | undefined {
    if (tensor.source.kind !== 'parameter' || !this.quantized.has(tensor.source.name)) return undefined
    const { name } = tensor.source
    let weight = this.codes.get(name)
    if (!weight) {
      const shape = tensor.shape as number[]
      weight = {
        codes: this.graph.parameter(name, shape, 'int8'),
        scales: this.graph.parameter(scalesName(name), [shape[0]]),
      }
      this.codes.set(name, weight)
    }
    return weight
  }

  private rowsOfTable(node: GraphNode): Tensor | undefined {
    const [table, ids] = node.inputs as [Tensor, Tensor]
    const weight =
      node.op === 'Gather' && node.attributes['axis'] === 0 ? this.quantizedWeight(table) : undefined
    if (!weight) return undefined
    const pick = (from: Tensor): Tensor =>
      this.graph.apply('Gather', [from, this.of(ids)], { axis: 0 }, [
        { shape: [...ids.shape, ...from.shape.slice(1)], dtype: from.dtype },
      ])[0]
    const rows = cast(pick(weight.codes), 'float32')
    return mul(rows, reshape(pick(weight.scales), [...ids.shape, ...table.shape.slice(1).map(() => 1)]))
  }

  /** A product with a matrix's transpose, as `linear` writes it. */
  private linear({ op, inputs, attributes }: GraphNode): Tensor | undefined {
    const [x, y, bias] = inputs as [Tensor, Tensor | undefined, Tensor | undefined]
    let matrix: Tensor | undefined
    if (op === 'Gemm' && attributes['transB'] === 1 && !attributes['transA']) matrix = y
    else if (op === 'MatMul' && y?.rank === 2 && y.source.kind === 'node' && y.source.node.op === 'Transpose')
      matrix = y.source.node.inputs[0]
    const weight = matrix && this.quantizedWeight(matrix)
    return weight && integerLinear(this.of(x), weight, bias && this.of(bias))
  }

  private strongest(node: GraphNode): Tensor | undefined {
    const convolution = this.convolutionUnder(node)
    if (!convolution) return undefined
    const [image, filters] = convolution.inputs as [Tensor, Tensor]
    const [above, , below] = convolution.attributes['pads'] as readonly number[]
    return strongestResponse(this.of(image), {
      ...this.quantizedWeight(filters)!,
      padding: [above, below],
    })
  }

  /** The convolution whose maximum along the width a node is, where both can be computed as one with integers. */
  private convolutionUnder({ op, inputs: [x], attributes }: GraphNode): GraphNode | undefined {
    if (op !== 'MaxPool' || x?.rank !== 4 || x.source.kind !== 'node') return undefined
    const { node } = x.source
    const [image, filters, bias] = node.inputs
    const { pads, strides, dilations, group } = node.attributes
    const plain =
      node.op === 'Conv' &&
      !bias &&
      this.readers.get(x) === 1 &&
      image?.shape[1] === 1 &&
      image.shape.slice(2).every((size) => typeof size === 'number') &&
      filters?.source.kind === 'parameter' &&
      this.quantized.has(filters.source.name) &&
      [strides, dilations].every((list) => (list as readonly number[]).every((size) => size === 1)) &&
      group === 1 &&
      (pads as readonly number[])[1] === 0 &&
      (pads as readonly number[])[3] === 0
    const whole =
      String(attributes['kernel_shape']) === `1,${x.shape[3]}` &&
      (attributes['pads'] as readonly number[]).every((size) => size === 0)
    return plain && whole ? node : undefined
  }
}

/** Nodes that a tensor is computed from, inputs before what they feed. */
function neededBy(output: Tensor): GraphNode[] {
  const nodes = new Set<GraphNode>()
  const open = [output]
  for (let tensor = open.pop(); tensor; tensor = open.pop()) {
    if (tensor.source.kind !== 'node' || nodes.has(tensor.source.node)) continue
    nodes.add(tensor.source.node)
    for (const input of tensor.source.node.inputs) if (input) open.push(input)
  }
  return [...nodes].sort((a, b) => a.index - b.index)
}

const ARRAYS: Record<ElementType, new (buffer: ArrayBuffer) => ElementArray> = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
}

function arrayOf(bytes: Uint8Array, dtype: ElementType): ElementArray {
  return new ARRAYS[dtype](bytes.slice().buffer)
}
