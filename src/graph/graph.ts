import { formatShape, type Dimension, type Shape } from './dimension.js'
import type { OperatorName } from './operators.js'
import { shapeError } from './shape-error.js'

export type ElementType = 'float32' | 'float16' | 'int32' | 'int64' | 'uint8' | 'int8' | 'bool'

/** Anything else could be read as what is computed from names, such as `2*batch`, or as a number. */
const AXIS_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u

export type ElementArray =
  Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array | Int8Array | Float64Array

export type Attribute = number | string | Shape

/** Where a tensor's values come from. */
export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'constant'; readonly bytes: Uint8Array }
  | { readonly kind: 'node'; readonly node: GraphNode; readonly output: number }

/** A value of the program under construction: it has a shape and a type, its numbers exist only when the program runs. */
export class Tensor {
  constructor(
    readonly graph: Graph,
    readonly shape: Shape,
    readonly dtype: ElementType,
    readonly source: Source,
  ) {}

  get rank(): number {
    return this.shape.length
  }

  /** For messages: `float32 [batch, 7]`. */
  toString(): string {
    return `${this.dtype === 'float32' ? '' : `${this.dtype} `}${formatShape(this.shape)}`
  }
}

/** One application of an ONNX operator. Optional inputs may be missing, outputs that nobody reads are not computed. */
export interface GraphNode {
  readonly op: OperatorName
  readonly inputs: readonly (Tensor | undefined)[]
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly outputs: readonly Tensor[]
  /** Place in the order of construction; inputs always come before. */
  readonly index: number
}

/**
 * How a gradient passes an operator: from the gradient of its first output to those of its inputs, in their order.
 * Each is made only when asked for; an input that has none, such as ids, is undefined.
 */
export type Rule = (gradient: Tensor, node: GraphNode) => readonly ((() => Tensor) | undefined)[]

export interface OutputType {
  readonly shape: Shape
  readonly dtype?: ElementType
}

/**
 * A program under construction. Shapes are checked as it is written; `toOnnx` writes what the named outputs need.
 *
 *     const g = new Graph()
 *     const x = g.input('log_mel', ['batch', 1, 187, 96])
 *     const y = relu(conv2d(x, g.parameter('stem.weight', [64, 1, 3, 3]), { stride: 2 }))
 */
export class Graph {
  readonly inputs = new Map<string, Tensor>()
  readonly parameters = new Map<string, Tensor>()
  readonly nodes: GraphNode[] = []
  /** Tensors whose gradient goes straight to `inputs`, past the nodes between: where a closed form is better. */
  readonly shortcuts = new Map<Tensor, { readonly inputs: readonly Tensor[]; readonly rule: Rule }>()
  private readonly scalars = new Map<string, Tensor>()

  /** A value fed when the program runs. The name of a free axis is made of letters, digits and _, not beginning with a digit. */
  input(name: string, shape: Shape, dtype: ElementType = 'float32'): Tensor {
    this.checkNew(name, shape, 'input')
    const tensor = new Tensor(this, [...shape], dtype, { kind: 'input', name })
    this.inputs.set(name, tensor)
    return tensor
  }

  /**
   * A weight, named by its path in the model. Its numbers are given when the program is written. Those that are trained are float32;
   * int8 ones come of quantising.
   */
  parameter(name: string, shape: readonly number[], dtype: 'float32' | 'int8' = 'float32'): Tensor {
    this.checkNew(name, shape, 'parameter')
    if (shape.some((dimension) => typeof dimension !== 'number'))
      throw shapeError('parameter', `"${name}" ${formatShape(shape)} has a free axis`)
    const tensor = new Tensor(this, [...shape], dtype, { kind: 'parameter', name })
    this.parameters.set(name, tensor)
    return tensor
  }

  /** Fixed numbers, part of the program. Float64Array is stored as float32. */
  constant(data: ElementArray, shape: readonly number[], dtype?: ElementType): Tensor {
    const expected = shape.reduce((a, b) => a * b, 1)
    if (data.length !== expected)
      throw shapeError('constant', `${data.length} numbers don't fill ${formatShape(shape)}`)
    const stored = data instanceof Float64Array ? Float32Array.from(data) : data
    const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength).slice()
    return new Tensor(this, [...shape], dtype ?? elementTypeOf(stored), { kind: 'constant', bytes })
  }

  /** A constant without axes. */
  scalar(value: number, dtype: ElementType = 'float32'): Tensor {
    const key = `${dtype} ${Object.is(value, -0) ? '-0' : value}`
    let tensor = this.scalars.get(key)
    if (!tensor) {
      tensor = this.constant(arrayOf(dtype, [value]), [], dtype)
      this.scalars.set(key, tensor)
    }
    return tensor
  }

  /**
   * Adds a node. Ops call this after they have checked their shapes; models call ops.
   * @throws AntiphonError `shape` when the inputs belong to different graphs.
   */
  apply(
    op: OperatorName,
    inputs: readonly (Tensor | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly OutputType[],
  ): Tensor[] {
    for (const input of inputs)
      if (input && input.graph !== this) throw shapeError(op, 'its inputs belong to different graphs')
    const tensors: Tensor[] = []
    const node: GraphNode = { op, inputs, attributes, outputs: tensors, index: this.nodes.length }
    for (const [output, { shape, dtype = 'float32' }] of outputs.entries())
      tensors.push(new Tensor(this, shape, dtype, { kind: 'node', node, output }))
    this.nodes.push(node)
    return tensors
  }

  private checkNew(name: string, shape: Shape, what: string): void {
    if (this.inputs.has(name) || this.parameters.has(name))
      throw shapeError(what, `the name "${name}" is taken`)
    for (const dimension of shape)
      if (
        typeof dimension === 'number'
          ? !Number.isInteger(dimension) || dimension < 0
          : !AXIS_NAME.test(dimension)
      )
        throw shapeError(
          what,
          `"${name}" ${formatShape(shape)}: a dimension is a whole number or a name of letters, digits and _`,
        )
  }
}

function elementTypeOf(data: ElementArray): ElementType {
  if (data instanceof Float32Array || data instanceof Float64Array) return 'float32'
  if (data instanceof Int32Array) return 'int32'
  if (data instanceof BigInt64Array) return 'int64'
  if (data instanceof Int8Array) return 'int8'
  return data instanceof Uint16Array ? 'float16' : 'uint8'
}

/** Numbers as an array of the given type. */
export function arrayOf(dtype: ElementType, values: readonly number[]): ElementArray {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values)
    case 'int32':
      return Int32Array.from(values)
    case 'int64':
      return BigInt64Array.from(values, BigInt)
    case 'int8':
      return Int8Array.from(values)
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values)
    case 'float16':
      throw shapeError('constant', 'half precision is for stored weights only; write float32 and cast')
  }
}

/** An axis counted from the front; negative ones count from the back. */
export function axisOf(op: string, x: Tensor, axis: number): number {
  const found = axis < 0 ? axis + x.rank : axis
  if (!Number.isInteger(axis) || found < 0 || found >= x.rank)
    throw shapeError(op, `axis ${axis} is not one of the ${x.rank} axes of ${x.toString()}`)
  return found
}

/** A dimension that must be a number here. */
export function knownSize(op: string, x: Tensor, axis: number): number {
  const dimension: Dimension = x.shape[axis]
  if (typeof dimension === 'number') return dimension
  throw shapeError(op, `axis ${axis} of ${x.toString()} must have a known size here`)
}
