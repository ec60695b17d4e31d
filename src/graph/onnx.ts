import { AntiphonError } from '../errors/index.js'
import { factors, formatShape, type Dimension, type Shape } from './dimension.js'
import type { Attribute, ElementType, Graph, GraphNode, Tensor } from './graph.js'
import { arrayOf } from './graph.js'
import { OPERATORS, type Operator } from './operators.js'
import { asTrained, inWritingOrder, MICROSOFT, neededBy, type WrittenNode } from './onnx-plan.js'
import { attributeProto, tensorHeader, valueInfo } from './onnx-proto.js'
import { Message } from './protobuf.js'
import type { DType } from './safetensors.js'
import type { Weight } from './weights.js'

const IR_VERSION = 10 // the first whose readers know opset 20
const OPSET = 20 // the first with Gelu; ONNX Runtime 1.30 runs its kernels of it all
const SMALL_CONSTANT_BYTES = 256 // equal constants up to this size are written once

const STORED_TYPES: Partial<Record<DType, ElementType>> = { F32: 'float32', F16: 'float16', I8: 'int8' }
const EXTERNAL = 1 // TensorProto.DataLocation

export interface OnnxOptions {
  readonly outputs: Readonly<Record<string, Tensor>>
  /**
   * Numbers of the parameters by name, float32 or half precision (computed with in float32 all the same), or int8.
   * Without it parameters are inputs of the program, fed at every run: so a training step reads them.
   */
  readonly weights?: ReadonlyMap<string, Weight>
}

/**
 * Writes what `outputs` need as an ONNX model: the same graph gives the same bytes.
 * @throws AntiphonError `usage` when the outputs don't make one program; `model` when a parameter's numbers are missing
 *   or have another shape.
 */
export function toOnnx({ outputs, weights }: OnnxOptions): Uint8Array {
  const [first] = Object.values(outputs)
  if (!first) throw new AntiphonError('usage', 'A program needs at least one output')
  for (const [name, { graph }] of Object.entries(outputs)) {
    if (graph !== first.graph)
      throw new AntiphonError(
        'usage',
        `The output "${name}" belongs to another graph than the first; write a program for each`,
      )
    if (graph.inputs.has(name) || graph.parameters.has(name))
      throw new AntiphonError(
        'usage',
        `The output "${name}" has the name of an input or parameter; call it otherwise`,
      )
  }
  return new OnnxWriter(first.graph, outputs, weights).write()
}

class OnnxWriter {
  private readonly nodes: Message[] = []
  private readonly initializers: Message[] = []
  private readonly inputs: Message[] = []
  private readonly names = new Map<Tensor, string>()
  /** Types of the parameters whose numbers are written. */
  private readonly stored = new Map<string, ElementType>()
  private readonly smallConstants = new Map<string, string>()
  private readonly taken: Set<string>
  private readonly opCounts = new Map<string, number>()
  private readonly domains = new Set<string>()
  /** A node as this program has it. */
  private readonly written: (node: GraphNode) => WrittenNode

  constructor(
    private readonly graph: Graph,
    private readonly outputs: Readonly<Record<string, Tensor>>,
    private readonly weights: ReadonlyMap<string, Weight> | undefined,
  ) {
    this.written = weights ? (node) => node : asTrained
    this.taken = new Set([...graph.inputs.keys(), ...graph.parameters.keys(), ...Object.keys(outputs)])
  }

  write(): Uint8Array {
    const needed = neededBy(Object.values(this.outputs), this.written)
    for (const input of this.graph.inputs.values()) if (needed.tensors.has(input)) this.declareInput(input)
    // A node writes straight into the name of an output; one read under two names, or not made by a node, is copied.
    const copies: [string, Tensor][] = []
    for (const [name, tensor] of Object.entries(this.outputs))
      if (tensor.source.kind === 'node' && !this.names.has(tensor)) this.names.set(tensor, name)
      else copies.push([name, tensor])
    for (const node of inWritingOrder(needed.nodes, this.written)) this.writeNode(node, needed.tensors)
    for (const [name, tensor] of copies) this.emit('Identity', [this.nameOf(tensor)], [name], {})
    return this.model()
  }

  private writeNode(node: GraphNode, needed: ReadonlySet<Tensor>): void {
    if (node.op === 'Gather' && this.writeGatherOfHalves(node)) return
    const written = this.written(node)
    const inputs = written.inputs.map((input) => (input ? this.nameOf(input) : ''))
    const attributes = { ...written.attributes }
    const operator: Operator = OPERATORS[node.op]
    for (const name of operator.attributesAsInputs ?? []) {
      const value = attributes[name]
      delete attributes[name]
      inputs.push(value === undefined ? '' : this.inputFor(node, value))
    }
    while (inputs.at(-1) === '') inputs.pop()
    // The first output is always there: ONNX requires it also where only the statistics beside it are read.
    const outputs = node.outputs.map((output, i) =>
      i === 0 || needed.has(output) ? this.newName(output, node) : '',
    )
    while (outputs.at(-1) === '') outputs.pop()
    this.emit(written.op, inputs, outputs, attributes, written.domain)
  }

  /** Rows picked from a table in half precision are widened after they are picked: the table itself never is. */
  private writeGatherOfHalves(node: GraphNode): boolean {
    const [table, ids] = node.inputs as [Tensor, Tensor]
    if (table.source.kind !== 'parameter' || !this.weights || this.names.has(table)) return false
    if (this.storeParameter(table, table.source.name) === table.dtype) return false
    const rows = this.freshName('Gather')
    this.emit('Gather', [`${table.source.name}/half`, this.nameOf(ids)], [rows], node.attributes)
    this.emit('Cast', [rows], [this.newName(node.outputs[0], node)], { to: 'float32' })
    return true
  }

  /** An attribute that ONNX takes as an input: a scalar of the tensor's type, or a list of integers. */
  private inputFor(node: GraphNode, value: Attribute): string {
    const [x] = node.inputs
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return ''
      return this.constant(node.op === 'CumSum' ? 'int64' : x!.dtype, [], [value])
    }
    const list = value as Shape
    if (list.every((d) => typeof d === 'number')) return this.constant('int64', [list.length], list)
    return node.op === 'Reshape' ? this.reshapeTarget(x!.shape, list) : this.runtimeShape(list)
  }

  /** 0 copies the length of the input's axis, -1 is what remains: one free axis needs nothing at run time. */
  private reshapeTarget(from: Shape, to: Shape): string {
    const copied = to.map((d, axis) => (typeof d === 'string' ? (d === from[axis] ? 0 : -1) : d))
    if (copied.filter((d) => d === -1).length > 1) return this.runtimeShape(to)
    return this.constant('int64', [to.length], copied)
  }

  /** A shape put together at run time from the lengths of the program's inputs. */
  private runtimeShape(shape: Shape): string {
    const parts = shape.map((dimension) => this.runtimeLength(dimension))
    const name = this.freshName('shape')
    this.emit('Concat', parts, [name], { axis: 0 })
    return name
  }

  private runtimeLength(dimension: Dimension): string {
    const { coefficient, names } = factors(dimension)
    if (names.length === 0) return this.constant('int64', [1], [coefficient])
    const lengths = names.map((name) => this.lengthOfFreeAxis(name))
    if (coefficient !== 1) lengths.push(this.constant('int64', [1], [coefficient]))
    return lengths.reduce((product, length) => {
      const name = this.freshName('length')
      this.emit('Mul', [product, length], [name], {})
      return name
    })
  }

  private lengthOfFreeAxis(name: string): string {
    for (const input of this.graph.inputs.values()) {
      const axis = input.shape.indexOf(name)
      if (axis < 0 || !this.names.has(input)) continue
      const length = this.freshName('length')
      this.emit('Shape', [this.nameOf(input)], [length], { start: axis, end: axis + 1 })
      return length
    }
    throw new AntiphonError(
      'shape',
      `The length "${name}" is needed at run time, but no input has it as an axis; give that axis a known size`,
    )
  }

  private nameOf(tensor: Tensor): string {
    let name = this.names.get(tensor)
    if (name === undefined) {
      if (tensor.source.kind === 'constant')
        name = this.constantBytes(tensor.dtype, tensor.shape as number[], tensor.source.bytes)
      else if (tensor.source.kind === 'parameter') name = this.parameterName(tensor, tensor.source.name)
      else throw new Error(`No name yet for ${tensor.toString()}`)
      this.names.set(tensor, name)
    }
    return name
  }

  private newName(tensor: Tensor, node: GraphNode): string {
    const name = this.names.get(tensor) ?? this.freshName(node.op)
    this.names.set(tensor, name)
    return name
  }

  private parameterName(tensor: Tensor, name: string): string {
    if (!this.weights) {
      this.declareInput(tensor)
      return name
    }
    const stored = this.storeParameter(tensor, name)
    if (stored !== tensor.dtype) this.emit('Cast', [`${name}/half`], [name], { to: 'float32' })
    return name
  }

  /** Writes a parameter's numbers, once: under its name, or NAME/half in half precision. */
  private storeParameter(tensor: Tensor, name: string): ElementType {
    const known = this.stored.get(name)
    if (known) return known
    const weight = this.weights!.get(name)
    if (!weight)
      throw new AntiphonError('model', `No weights for parameter "${name}" ${formatShape(tensor.shape)}`)
    const stored = STORED_TYPES[weight.dtype]
    const expected = tensor.dtype === 'int8' ? ['int8'] : ['float32', 'float16']
    if (!stored || !expected.includes(stored))
      throw new AntiphonError(
        'model',
        `Parameter "${name}" is stored as ${weight.dtype} (expected ${tensor.dtype === 'int8' ? 'I8' : 'F32 or F16'})`,
      )
    if (formatShape(weight.shape) !== formatShape(tensor.shape))
      throw new AntiphonError(
        'model',
        `Parameter "${name}" has shape ${formatShape(weight.shape)}, the model asks for ${formatShape(tensor.shape)}`,
      )
    const initializer = tensorHeader(stored, weight.shape, stored === tensor.dtype ? name : `${name}/half`)
    if ('bytes' in weight) initializer.bytes(9, weight.bytes)
    else {
      const entries = {
        location: weight.location,
        offset: String(weight.offset),
        length: String(weight.length),
      }
      for (const [key, value] of Object.entries(entries))
        initializer.message(13, new Message().text(1, key).text(2, value))
      initializer.integer(14, EXTERNAL)
    }
    this.initializers.push(initializer)
    this.stored.set(name, stored)
    return stored
  }

  private declareInput(tensor: Tensor): void {
    if (tensor.source.kind !== 'input' && tensor.source.kind !== 'parameter') return
    this.names.set(tensor, tensor.source.name)
    this.inputs.push(valueInfo(tensor.source.name, tensor))
  }

  private constant(dtype: ElementType, shape: readonly number[], values: readonly number[]): string {
    const data = arrayOf(dtype, values)
    return this.constantBytes(dtype, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }

  private constantBytes(dtype: ElementType, shape: readonly number[], bytes: Uint8Array): string {
    const key =
      bytes.byteLength <= SMALL_CONSTANT_BYTES ? `${dtype} ${shape.join()} ${bytes.join()}` : undefined
    const known = key && this.smallConstants.get(key)
    if (known) return known
    const name = this.freshName('constant')
    this.initializers.push(tensorHeader(dtype, shape, name).bytes(9, bytes))
    if (key) this.smallConstants.set(key, name)
    return name
  }

  private freshName(stem: string): string {
    for (;;) {
      const count = (this.opCounts.get(stem) ?? 0) + 1
      this.opCounts.set(stem, count)
      const name = `${stem}_${count}`
      if (!this.taken.has(name)) return name
    }
  }

  private emit(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    domain = '',
  ): void {
    const node = new Message()
    for (const input of inputs) node.text(1, input)
    for (const output of outputs) node.text(2, output)
    node.text(3, outputs.find((output) => output !== '') ?? op).text(4, op)
    for (const [name, value] of Object.entries(attributes)) node.message(5, attributeProto(name, value))
    if (domain !== '') node.text(7, domain)
    this.domains.add(domain)
    this.nodes.push(node)
  }

  private model(): Uint8Array {
    const graph = new Message()
    for (const node of this.nodes) graph.message(1, node)
    graph.text(2, 'antiphon')
    for (const initializer of this.initializers) graph.message(5, initializer)
    for (const input of this.inputs) graph.message(11, input)
    for (const [name, tensor] of Object.entries(this.outputs)) graph.message(12, valueInfo(name, tensor))
    const model = new Message().integer(1, IR_VERSION).text(2, 'antiphon').message(7, graph)
    model.message(8, new Message().text(1, '').integer(2, OPSET))
    if (this.domains.has(MICROSOFT)) model.message(8, new Message().text(1, MICROSOFT).integer(2, 1))
    return model.encode()
  }
}
