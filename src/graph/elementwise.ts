import { broadcast } from './dimension.js'
import type { ElementType, Graph, Tensor } from './graph.js'
import type { OperatorName } from './operators.js'
import { shapeError } from './shape-error.js'

/** A tensor, or a number that takes the type of the other operand. */
export type Operand = Tensor | number

/** a + b, broadcasting as numpy does; so do all functions of two tensors here. */
export const add = (a: Operand, b: Operand): Tensor => binary('add', 'Add', a, b)
export const sub = (a: Operand, b: Operand): Tensor => binary('sub', 'Sub', a, b)
export const mul = (a: Operand, b: Operand): Tensor => binary('mul', 'Mul', a, b)
export const div = (a: Operand, b: Operand): Tensor => binary('div', 'Div', a, b)
export const pow = (a: Operand, b: Operand): Tensor => binary('pow', 'Pow', a, b)
export const maximum = (a: Operand, b: Operand): Tensor => binary('maximum', 'Max', a, b)
export const minimum = (a: Operand, b: Operand): Tensor => binary('minimum', 'Min', a, b)

export const neg = (x: Tensor): Tensor => unary('Neg', x)
export const abs = (x: Tensor): Tensor => unary('Abs', x)
export const exp = (x: Tensor): Tensor => unary('Exp', x)
/** Natural logarithm. */
export const log = (x: Tensor): Tensor => unary('Log', x)
export const sqrt = (x: Tensor): Tensor => unary('Sqrt', x)
export const square = (x: Tensor): Tensor => mul(x, x)
export const erf = (x: Tensor): Tensor => unary('Erf', x)
export const sign = (x: Tensor): Tensor => unary('Sign', x)
export const floor = (x: Tensor): Tensor => unary('Floor', x)
export const sin = (x: Tensor): Tensor => unary('Sin', x)
export const cos = (x: Tensor): Tensor => unary('Cos', x)

export const equal = (a: Operand, b: Operand): Tensor => binary('equal', 'Equal', a, b, 'bool')
export const less = (a: Operand, b: Operand): Tensor => binary('less', 'Less', a, b, 'bool')
export const lessOrEqual = (a: Operand, b: Operand): Tensor =>
  binary('lessOrEqual', 'LessOrEqual', a, b, 'bool')
export const greater = (a: Operand, b: Operand): Tensor => binary('greater', 'Greater', a, b, 'bool')
export const greaterOrEqual = (a: Operand, b: Operand): Tensor =>
  binary('greaterOrEqual', 'GreaterOrEqual', a, b, 'bool')
export const and = (a: Tensor, b: Tensor): Tensor => binary('and', 'And', a, b, 'bool')
export const or = (a: Tensor, b: Tensor): Tensor => binary('or', 'Or', a, b, 'bool')
export const not = (x: Tensor): Tensor => unary('Not', x)

/** Limits values to [min, max]; either may be left out. */
export function clip(x: Tensor, { min = -Infinity, max = Infinity }: { min?: number; max?: number }): Tensor {
  return x.graph.apply('Clip', [x], { min, max }, [x])[0]
}

/** `condition ? a : b`, element by element; `condition` is bool. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [x, y] = operands('where', condition.graph, a, b)
  if (condition.dtype !== 'bool')
    throw shapeError('where', `its condition is ${condition.toString()}, expected bool`)
  const values = broadcast(x.shape, y.shape)
  const shape = values && broadcast(condition.shape, values)
  if (!shape)
    throw shapeError('where', `${condition.toString()}, ${x.toString()} and ${y.toString()} don't broadcast`)
  return condition.graph.apply('Where', [condition, x, y], {}, [{ shape, dtype: x.dtype }])[0]
}

export function cast(x: Tensor, dtype: ElementType): Tensor {
  return x.dtype === dtype ? x : x.graph.apply('Cast', [x], { to: dtype }, [{ shape: x.shape, dtype }])[0]
}

/** The same numbers, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return unary('Identity', x)
}

/** One node of one input that keeps shape and type. */
export function unary(op: OperatorName, x: Tensor, attributes: Record<string, number | string> = {}): Tensor {
  return x.graph.apply(op, [x], attributes, [x])[0]
}

function binary(name: string, op: OperatorName, a: Operand, b: Operand, dtype?: ElementType): Tensor {
  const graph = typeof a === 'number' ? (b as Tensor).graph : a.graph
  if (!graph) throw shapeError(name, 'needs at least one tensor')
  const [x, y] = operands(name, graph, a, b)
  const shape = broadcast(x.shape, y.shape)
  if (!shape) throw shapeError(name, `${x.toString()} and ${y.toString()} don't broadcast`)
  return graph.apply(op, [x, y], {}, [{ shape, dtype: dtype ?? x.dtype }])[0]
}

function operands(name: string, graph: Graph, a: Operand, b: Operand): [Tensor, Tensor] {
  const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32'
  const x = typeof a === 'number' ? graph.scalar(a, dtype) : a
  const y = typeof b === 'number' ? graph.scalar(b, dtype) : b
  if (x.dtype !== y.dtype)
    throw shapeError(name, `${x.toString()} and ${y.toString()} differ in type; cast one of them`)
  return [x, y]
}
