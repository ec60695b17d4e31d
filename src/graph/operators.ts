/** How ONNX takes an operator's attributes: those listed here become inputs, in this order, after the tensors. */
export interface Operator {
  readonly attributesAsInputs?: readonly string[]
}

const elementwise: Operator = {}
const reduction: Operator = { attributesAsInputs: ['axes'] }

/**
 * The ONNX operators that graphs are made of. A node is one of these, so a gradient is a rule for one name of this table;
 * everything else (attention, log-mel, group norm, …) is composed of them and needs no rule of its own.
 */
export const OPERATORS = {
  Abs: elementwise,
  Add: elementwise,
  And: elementwise,
  AveragePool: {},
  BatchNormalization: {},
  Cast: {},
  Clip: { attributesAsInputs: ['min', 'max'] },
  Concat: {},
  Conv: {},
  ConvTranspose: {},
  Cos: elementwise,
  CumSum: { attributesAsInputs: ['axis'] },
  Div: elementwise,
  Equal: elementwise,
  Erf: elementwise,
  Exp: elementwise,
  Expand: { attributesAsInputs: ['shape'] },
  Floor: elementwise,
  Gather: {},
  GatherElements: {},
  Gelu: {},
  Gemm: {},
  Greater: elementwise,
  GreaterOrEqual: elementwise,
  Identity: elementwise,
  LayerNormalization: {},
  LeakyRelu: {},
  Less: elementwise,
  LessOrEqual: elementwise,
  Log: elementwise,
  LogSoftmax: {},
  MatMul: {},
  MatMulInteger: {},
  Max: elementwise,
  MaxPool: {},
  Min: elementwise,
  Mul: elementwise,
  Neg: elementwise,
  Not: elementwise,
  Or: elementwise,
  Pad: { attributesAsInputs: ['pads', 'value'] },
  Pow: elementwise,
  ReduceL2: reduction,
  ReduceLogSumExp: reduction,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceSum: reduction,
  Relu: elementwise,
  Reshape: { attributesAsInputs: ['shape'] },
  ScatterElements: {},
  Sigmoid: elementwise,
  Sign: elementwise,
  Sin: elementwise,
  Slice: { attributesAsInputs: ['starts', 'ends', 'axes', 'steps'] },
  Softmax: {},
  Softplus: elementwise,
  Sqrt: elementwise,
  Sub: elementwise,
  Tanh: elementwise,
  Transpose: {},
  Where: elementwise,
} satisfies Record<string, Operator>

export type OperatorName = keyof typeof OPERATORS
