import { Random } from '../../random/index.js'
import { weightOf, type CountWeight } from './item-similarity.js'
import type { ListeningMatrix } from './matrix.js'
import type { SparseRows } from './sparse.js'

export interface FactorOptions {
  /** Of the factors. @default 32 */
  readonly dim?: number
  /** Times that all users, then all items, are solved for. @default 10 */
  readonly sweeps?: number
  /** λ: what the squared length of a factor costs. @default 10 */
  readonly regularisation?: number
  /** α: how much more one believes in what was heard than in what was not. @default 2 */
  readonly alpha?: number
  /** What α multiplies. @default 'log' */
  readonly weight?: CountWeight
  /** Steps of conjugate gradient for each user and item. @default 3 */
  readonly steps?: number
  readonly seed: string | number
  readonly onProgress?: (progress: FactorProgress) => void
}

export interface FactorProgress {
  /** Half-sweeps: over users, over items, over users … */
  readonly done: number
  readonly total: number
  /** What is made small, as it is now; takes as long as a step. */
  readonly cost: () => number
}

/** What each user and item is like, so that the product of the two tells how much the one prefers the other. */
export interface ListeningFactors {
  readonly dim: number
  /** [users, dim], row by row. */
  readonly users: Float32Array
  /** [items, dim], row by row. */
  readonly items: Float32Array
}

const REGULARISATION = 10
const ALPHA = 2
const STEPS = 3

const SMALL = 0.1 // deviation of the first factors: any direction does, and 0 would stay 0

/** A residual as small as this, squared, against the right-hand side is rounding. */
const SOLVED = 1e-20

/**
 * Factors of implicit feedback by alternating least squares (Hu, Koren & Volinsky 2008, "Collaborative filtering for implicit
 * feedback datasets", section 4): minimises
 *
 *   Σ_ui c_ui (p_ui - x_u·y_i)² + λ (Σ_u |x_u|² + Σ_i |y_i|²)
 *
 * over all pairs, p being 1 where the user heard the item and else 0, c = 1 + α weight(count), and 1 where it was not heard.
 * All that was not heard is in one matrix, Yᵀ Y, so that a sweep takes time as the entries. Each system is taken a few
 * steps nearer to its solution from where the factor is, by conjugate gradient (Takács, Pilászy & Tikk 2011, "Applications of
 * the conjugate gradient method for implicit feedback collaborative filtering"). The same matrix and seed give the same bits.
 */
export function factorize(
  matrix: ListeningMatrix,
  { onProgress, ...options }: FactorOptions,
): ListeningFactors {
  const sweeps = factorSweeps(matrix, options)
  for (;;) {
    const { done, value } = sweeps.next()
    if (done) return value
    onProgress?.(value)
  }
}

/** The same half-sweep by half-sweep, for one who has other work in between, or stops. */
export function* factorSweeps(
  matrix: ListeningMatrix,
  options: Omit<FactorOptions, 'onProgress'>,
): Generator<FactorProgress, ListeningFactors, void> {
  const { dim = 32, sweeps = 10, seed } = options
  if (!(Number.isInteger(dim) && dim >= 1))
    throw new RangeError(`dim ${dim} (expected a whole number from 1)`)
  const solver = new Solver(dim, options)
  const random = new Random(`${seed}/factors`)
  const first = (count: number): Float64Array =>
    Float64Array.from({ length: count * dim }, () => (SMALL * random.gauss()) / Math.sqrt(dim))
  const [users, items] = [first(matrix.users.size), first(matrix.items.size)]
  const cost = (): number => factorCost(matrix, { dim, users, items }, options)
  for (let half = 0; half < 2 * sweeps; half++) {
    if (half % 2 === 0) solver.solveAll(users, matrix.byUser, items)
    else solver.solveAll(items, matrix.byItem, users)
    yield { done: half + 1, total: 2 * sweeps, cost }
  }
  return { dim, users: Float32Array.from(users), items: Float32Array.from(items) }
}

/** What `factorize` makes small. */
export function factorCost(
  { byUser }: ListeningMatrix,
  {
    dim,
    users,
    items,
  }: Readonly<Record<'users' | 'items', Float64Array | Float32Array>> & { readonly dim: number },
  {
    regularisation = REGULARISATION,
    alpha = ALPHA,
    weight = 'log',
  }: Pick<FactorOptions, 'regularisation' | 'alpha' | 'weight'> = {},
): number {
  const [ofUsers, ofItems] = [gram(users, dim), gram(items, dim)]
  // (x·y)² over all pairs is the product of the two Gram matrices, number by number.
  let cost = ofUsers.reduce((sum, value, i) => sum + value * ofItems[i], 0)
  for (let user = 0; user < byUser.start.length - 1; user++)
    for (let at = byUser.start[user]; at < byUser.start[user + 1]; at++) {
      const item = byUser.index[at]
      let score = 0
      for (let d = 0; d < dim; d++) score += users[user * dim + d] * items[item * dim + d]
      cost += (1 + alpha * weightOf(byUser.value[at], weight)) * (1 - score) ** 2 - score ** 2
    }
  const square = (factors: Float64Array | Float32Array): number => {
    let sum = 0
    for (const value of factors) sum += value * value
    return sum
  }
  return cost + regularisation * (square(users) + square(items))
}

/** Solves the normal equations of one side, (Yᵀ Y + Yᵀ (C - 1) Y + λ) x = Yᵀ C p, row by row, from where x is. */
class Solver {
  private readonly alpha: number
  private readonly weight: CountWeight
  private readonly regularisation: number
  private readonly steps: number
  private readonly residual: Float64Array
  private readonly direction: Float64Array
  private readonly image: Float64Array

  constructor(
    private readonly dim: number,
    { alpha = ALPHA, weight = 'log', regularisation = REGULARISATION, steps = STEPS }: FactorOptions,
  ) {
    this.alpha = alpha
    this.weight = weight
    this.regularisation = regularisation
    this.steps = steps
    this.residual = new Float64Array(dim)
    this.direction = new Float64Array(dim)
    this.image = new Float64Array(dim)
  }

  solveAll(own: Float64Array, rows: SparseRows, others: Float64Array): void {
    const { dim } = this
    const shared = gram(others, dim)
    for (let d = 0; d < dim; d++) shared[d * dim + d] += this.regularisation
    const beliefs = Float64Array.from(rows.value, (count) => this.alpha * weightOf(count, this.weight))
    for (let row = 0; row < rows.start.length - 1; row++) {
      const x = own.subarray(row * dim, (row + 1) * dim)
      const [from, to] = [rows.start[row], rows.start[row + 1]]
      this.solve(x, {
        shared,
        others,
        index: rows.index.subarray(from, to),
        belief: beliefs.subarray(from, to),
      })
    }
  }

  private solve(x: Float64Array, system: System): void {
    const { dim, residual, direction, image } = this
    // Yᵀ C p - A x, in one pass over what was heard.
    for (let row = 0; row < dim; row++) residual[row] = -product(system.shared, row * dim, x)
    let right = 0
    for (let i = 0; i < system.index.length; i++) {
      const at = system.index[i] * dim
      const belief = system.belief[i]
      const lacking = 1 + belief - belief * product(system.others, at, x)
      for (let d = 0; d < dim; d++) residual[d] += lacking * system.others[at + d]
      right += (1 + belief) ** 2
    }
    direction.set(residual)
    let length = dot(residual, residual)
    for (let step = 0; step < this.steps && length > SOLVED * right; step++) {
      this.apply(direction, system, image)
      const stride = length / dot(direction, image)
      for (let d = 0; d < dim; d++) {
        x[d] += stride * direction[d]
        residual[d] -= stride * image[d]
      }
      const next = dot(residual, residual)
      const turn = next / length
      for (let d = 0; d < dim; d++) direction[d] = residual[d] + turn * direction[d]
      length = next
    }
  }

  /** The system's matrix times a vector, without ever being made. */
  private apply(vector: Float64Array, { shared, others, index, belief }: System, into: Float64Array): void {
    const { dim } = this
    for (let row = 0; row < dim; row++) into[row] = product(shared, row * dim, vector)
    for (let i = 0; i < index.length; i++) {
      const at = index[i] * dim
      const score = belief[i] * product(others, at, vector)
      for (let d = 0; d < dim; d++) into[d] += score * others[at + d]
    }
  }
}

interface System {
  /** Yᵀ Y + λ, [dim, dim]. */
  readonly shared: Float64Array
  readonly others: Float64Array
  /** Of what was heard: which, and c - 1. */
  readonly index: Uint32Array
  readonly belief: Float64Array
}

/** Yᵀ Y, [dim, dim]. */
function gram(rows: Float64Array | Float32Array, dim: number): Float64Array {
  const product = new Float64Array(dim * dim)
  for (let from = 0; from < rows.length; from += dim)
    for (let a = 0; a < dim; a++) {
      const value = rows[from + a]
      for (let b = 0; b <= a; b++) product[a * dim + b] += value * rows[from + b]
    }
  for (let a = 0; a < dim; a++) for (let b = 0; b < a; b++) product[b * dim + a] = product[a * dim + b]
  return product
}

const dot = (a: Float64Array, b: Float64Array): number => product(a, 0, b)

/** Of a row that begins at `at` with a vector; four sums side by side, which the processor adds up at once. */
function product(rows: Float64Array, at: number, vector: Float64Array): number {
  const whole = vector.length & ~3
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 4) {
    a += rows[at + i] * vector[i]
    b += rows[at + i + 1] * vector[i + 1]
    c += rows[at + i + 2] * vector[i + 2]
    d += rows[at + i + 3] * vector[i + 3]
  }
  for (let i = whole; i < vector.length; i++) a += rows[at + i] * vector[i]
  return a + b + (c + d)
}
