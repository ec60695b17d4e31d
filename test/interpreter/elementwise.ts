import { broadcast, made, type Numbers, type Operation } from './numbers.js'

const unary =
  (f: (x: number, attributes: Readonly<Record<string, any>>) => number): Operation =>
  ([x], { attributes }) => ({ shape: x.shape, data: x.data.map((value) => f(value, attributes)) })

const binary =
  (f: (a: number, b: number) => number): Operation =>
  ([a, b], _, shape) => {
    const [x, y] = [broadcast(a, shape), broadcast(b, shape)]
    return { shape, data: x.map((value, i) => f(value, y[i])) }
  }

const truth = (f: (a: number, b: number) => boolean): Operation => binary((a, b) => (f(a, b) ? 1 : 0))

/** Maclaurin series of 2/√π ∫ e^(-t²) dt: to 1e-13 of doubles where |x| < 3. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  if (Math.abs(x) > 2.5) return Math.sign(x) * (1 - complementaryErf(Math.abs(x)))
  let term = x
  let total = 0
  for (let n = 0; n < 60; n++) {
    total += term / (2 * n + 1)
    term *= -(x * x) / (n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

/** Continued fraction of erfc, for large x. */
function complementaryErf(x: number): number {
  let fraction = x
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

function gelu(x: number, form: string): number {
  if (form === 'none') return (x / 2) * (1 + erf(x / Math.SQRT2))
  return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
}

/** Along one axis: what `f` makes of the numbers of each line. */
export function alongAxis(x: Numbers, axis: number, f: (line: Float64Array) => Float64Array): Numbers {
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const length = x.shape[axis]
  const data = new Float64Array(x.data.length)
  for (let start = 0; start < data.length; start++) {
    if (Math.floor(start / inner) % length !== 0) continue
    const line = Float64Array.from({ length }, (_, k) => x.data[start + k * inner])
    f(line).forEach((value, k) => (data[start + k * inner] = value))
  }
  return { shape: x.shape, data }
}

export function logSumExp(line: Float64Array): number {
  const largest = Math.max(...line)
  return largest + Math.log(line.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}

export const ELEMENTWISE: Record<string, Operation> = {
  Abs: unary(Math.abs),
  Add: binary((a, b) => a + b),
  And: truth((a, b) => a !== 0 && b !== 0),
  Cast: ([x], { attributes }) => {
    const round = attributes['to'] === 'float32' ? (value: number) => value : Math.trunc
    const convert = attributes['to'] === 'bool' ? (value: number) => (value === 0 ? 0 : 1) : round
    return { shape: x.shape, data: x.data.map(convert) }
  },
  Clip: unary((x, { min, max }) => Math.min(Math.max(x, min), max)),
  Cos: unary(Math.cos),
  CumSum: ([x], { attributes }) =>
    alongAxis(x, attributes['axis'] as number, (line) => {
      let total = 0
      return line.map((value) => (total += value))
    }),
  Div: binary((a, b) => a / b),
  Equal: truth((a, b) => a === b),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Gelu: unary((x, { approximate }) => gelu(x, approximate)),
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Identity: unary((x) => x),
  LeakyRelu: unary((x, { alpha }) => (x > 0 ? x : alpha * x)),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  Log: unary(Math.log),
  LogSoftmax: ([x], { attributes }) =>
    alongAxis(x, attributes['axis'] as number, (line) => {
      const total = logSumExp(line)
      return line.map((value) => value - total)
    }),
  Max: binary(Math.max),
  Min: binary(Math.min),
  Mul: binary((a, b) => a * b),
  Neg: unary((x) => -x),
  Not: unary((x) => (x === 0 ? 1 : 0)),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Pow: binary((a, b) => a ** b),
  Relu: unary((x) => Math.max(x, 0)),
  Sigmoid: unary(logistic),
  Sign: unary(Math.sign),
  Sin: unary(Math.sin),
  Softmax: ([x], { attributes }) =>
    alongAxis(x, attributes['axis'] as number, (line) => {
      const total = logSumExp(line)
      return line.map((value) => Math.exp(value - total))
    }),
  Softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: unary(Math.sqrt),
  Sub: binary((a, b) => a - b),
  Tanh: unary(Math.tanh),
  Where: ([condition, a, b], _, shape) => {
    const [c, x, y] = [condition, a, b].map((value) => broadcast(value, shape))
    let i = 0
    return made(shape, () => (c[i] !== 0 ? x[i++] : y[i++]))
  },
}
