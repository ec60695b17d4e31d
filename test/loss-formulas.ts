import type { Value } from '../src/graph/index.js'

/** Losses as their formulas read, in plain loops and double precision: the slow twins. Vectors come before they are normalised. */
export type Doubles = Record<string, { data: Float64Array; shape: readonly number[] }>
type Matrix = number[][]
type Formula = (x: Doubles) => number

export function doubles(feeds: Readonly<Record<string, Value>>): Doubles {
  return Object.fromEntries(
    Object.entries(feeds).map(([key, { data, shape }]) => [
      key,
      { data: Float64Array.from(data as Float32Array), shape },
    ]),
  )
}

/** Gradient of the formula to one of its inputs by central differences. */
export function differences(formula: Formula, x: Doubles, key: string): Float64Array {
  const STEP = 1e-6
  const { data } = x[key]
  return Float64Array.from(data, (value, i) => {
    const at = (moved: number): number => {
      data[i] = moved
      const result = formula(x)
      data[i] = value
      return result
    }
    return (at(value + STEP) - at(value - STEP)) / (2 * STEP)
  })
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0)
const average = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const flipped = (m: Matrix): Matrix => m[0].map((_, j) => m.map((row) => row[j]))
const others = (row: number[], i: number): number[] => row.filter((_, j) => j !== i)

function units({ data, shape: [rows, width] }: Doubles[string]): Matrix {
  return Array.from({ length: rows }, (_, i) => {
    const row = [...data.subarray(i * width, (i + 1) * width)]
    const length = Math.sqrt(dot(row, row))
    return row.map((value) => value / length)
  })
}

function products(a: Matrix, b: Matrix, scale = 1): Matrix {
  return a.map((x) => b.map((y) => scale * dot(x, y)))
}

const cosines = ({ audio, text }: Doubles): Matrix => products(units(audio), units(text))
const logits = (x: Doubles): Matrix => products(units(x.audio), units(x.text), Math.exp(x.log_scale.data[0]))

const hinge = (margin: number, positive: number, negative: number): number =>
  Math.max(0, margin - positive + negative)

export const givenText =
  (margin: number): Formula =>
  (x) => {
    const [a, t, n] = [units(x.audio), units(x.text), units(x.negative)]
    return average(a.map((row, i) => hinge(margin, dot(row, t[i]), dot(row, n[i]))))
  }

export const givenBoth =
  (margin: number): Formula =>
  (x) => {
    const [a, t, n, m] = [units(x.audio), units(x.text), units(x.negative_text), units(x.negative_audio)]
    return average(
      a.map(
        (row, i) =>
          hinge(margin, dot(row, t[i]), dot(row, n[i])) + hinge(margin, dot(row, t[i]), dot(m[i], t[i])),
      ),
    )
  }

const mined =
  (margin: number, choose: (row: number[], i: number) => number): Formula =>
  (x) => {
    const s = cosines(x)
    return [s, flipped(s)]
      .map((m) => average(m.map((row, i) => hinge(margin, row[i], choose(row, i)))))
      .reduce((a, b) => a + b)
  }

export const hardest = (margin: number): Formula => mined(margin, (row, i) => Math.max(...others(row, i)))

export const semiHard = (margin: number): Formula =>
  mined(margin, (row, i) => {
    const below = others(row, i).filter((value) => value < row[i])
    return below.length > 0 ? Math.max(...below) : Math.min(...others(row, i))
  })

/** The negative at which the running sum of the weights first exceeds the draw. */
function draw(row: number[], weights: number[], uniform: number): number {
  const total = weights.reduce((a, b) => a + b, 0)
  let sum = 0
  for (const [j, weight] of weights.entries()) {
    sum += weight / total
    if (weight > 0 && sum > Math.min(uniform, 1 - 1e-6)) return row[j]
  }
  throw new Error('no weight was drawn')
}

export const random =
  (margin: number): Formula =>
  (x) =>
    average(
      cosines(x).map((row, i) =>
        hinge(
          margin,
          row[i],
          draw(
            row,
            row.map((_, j) => (j === i ? 0 : 1)),
            x.uniform.data[i],
          ),
        ),
      ),
    )

export const distanceWeighted =
  (margin: number): Formula =>
  (x) => {
    const n = x.audio.shape[1]
    return average(
      cosines(x).map((row, i) => {
        const distances = row.map((s) => Math.sqrt(Math.max(0, 2 - 2 * s)))
        const anyNear = distances.some((d, j) => j !== i && d < 1.4)
        const weights = distances.map((d, j) => {
          if (j === i || (anyNear && d >= 1.4)) return 0
          const held = Math.max(d, 0.5)
          return 1 / (held ** (n - 2) * (1 - held ** 2 / 4) ** ((n - 3) / 2))
        })
        return hinge(margin, row[i], draw(row, weights, x.uniform.data[i]))
      }),
    )
  }

const crossEntropy = (row: number[], i: number): number =>
  Math.log(row.reduce((sum, value) => sum + Math.exp(value - row[i]), 0))

export const infoNce =
  (which: 'rows' | 'both'): Formula =>
  (x) => {
    const z = logits(x)
    const rows = average(z.map(crossEntropy))
    return which === 'rows' ? rows : (rows + average(flipped(z).map(crossEntropy))) / 2
  }

export const decoupled: Formula = (x) => {
  const z = logits(x)
  const each = (m: Matrix): number =>
    average(
      m.map((row, i) => Math.log(others(row, i).reduce((sum, value) => sum + Math.exp(value), 0)) - row[i]),
    )
  return (each(z) + each(flipped(z))) / 2
}

/** Half the squared distance of each from its own: 1 - cosine. */
export const regression: Formula = (x) => {
  const [a, t] = [units(x.audio), units(x.text)]
  return average(a.map((row, i) => row.reduce((sum, value, k) => sum + (value - t[i][k]) ** 2, 0) / 2))
}

export const sigmoid: Formula = (x) => {
  const z = logits(x)
  let total = 0
  for (const [i, row] of z.entries())
    for (const [j, value] of row.entries())
      total += Math.log1p(Math.exp(-(i === j ? 1 : -1) * (value + x.bias.data[0])))
  return total / z.length
}

export const ntXent: Formula = (x) => {
  const views = [...units(x.first), ...units(x.second)]
  const things = views.length / 2
  const z = products(views, views, Math.exp(x.log_scale.data[0]))
  return average(
    z.map((row, i) => {
      const positive = row[(i + things) % views.length]
      return Math.log(others(row, i).reduce((sum, value) => sum + Math.exp(value), 0)) - positive
    }),
  )
}

export const weighted: Formula = (x) => {
  const z = logits(x)
  const n = z.length
  const likeness = z.map((_, i) => {
    let sum = 0
    for (let j = 0; j < n; j++) if (j !== i) sum += x.similarity.data[i * n + j]
    return sum / n
  })
  const total = likeness.reduce((a, b) => a + b, 0)
  const weights = likeness.map((u) => Math.exp(u / total / 0.01))
  const weightSum = weights.reduce((a, b) => a + b, 0)
  const each = (m: Matrix): number =>
    m.reduce((sum, row, i) => sum + weights[i] * crossEntropy(row, i), 0) / weightSum
  return (each(z) + each(flipped(z))) / 2
}

export const textSwap: Formula = (x) => {
  const z = logits(x)
  const extra = products(units(x.audio), units(x.hard), Math.exp(x.log_scale.data[0]))
  const toText = average(z.map((row, i) => crossEntropy([...row, ...extra[i]], i)))
  return (toText + average(flipped(z).map(crossEntropy))) / 2
}

export const multiPositive: Formula = (x) => {
  const z = products(units(x.audio), units(x.caption), Math.exp(x.log_scale.data[0]))
  const track = [...x.track.data]
  const toText: number[] = []
  for (const [i, row] of z.entries()) {
    const own = [...row.keys()].filter((p) => track[p] === i)
    if (own.length > 0) toText.push(average(own.map((p) => crossEntropy(row, p))))
  }
  const toAudio = average(flipped(z).map((column, p) => crossEntropy(column, track[p])))
  return (average(toText) + toAudio) / 2
}
