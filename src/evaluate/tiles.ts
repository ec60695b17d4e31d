import {
  compile,
  Graph,
  linear,
  type OnnxRuntime,
  type Program,
  type ProgramOptions,
} from '../graph/index.js'
import { AntiphonError } from '../errors/index.js'
import { createCountKernel, MAX_COUNTED, type CountKernel } from './count-kernel.js'
import type { Vectors } from './vectors.js'

/** Queries and items of one product. */
export interface TileShape {
  readonly queries: number
  readonly items: number
}

export interface TileOptions {
  /** ONNX Runtime, from outside. */
  readonly runtime: OnnxRuntime
  /** Threads, device. @default one thread on the CPU */
  readonly engine?: ProgramOptions
  /** Queries and items of a product at most; the scores don't depend on it. @default 1024 × 2048, of many threads up to 8192 */
  readonly tile?: TileShape
}

/**
 * Of a thread [1024 × 1024], measured in processor time a score: with twice the queries or items 10 to 20 % more, as queries, a panel of
 * items and their scores no longer stay in a core's cache of the second level, and all scores not in that of the third before
 * they are counted. With half of either it is the same, but threads wait for each other more often.
 */
const QUERIES = 1024
const ITEMS = { fewest: 2048, aThread: 1024, most: 8192 }

// Its threads would spin while scores are counted, and keep cores from others: 10 to 15 % of the processor's time.
const WITHOUT_SPINNING = { session: { intra_op: { allow_spinning: '0' } } }

/**
 * ONNX Runtime adds up a dot product in blocks of 128 numbers, but in larger ones where a thread has fewer columns than
 * that, and a product of a single row in a way of its own. From this size on the bits of a score depend on its two
 * vectors alone: not on the tile, nor its place in it, nor the threads.
 */
const COLUMNS_A_THREAD = 128
const ROWS = 2

/** The smallest tile that covers the vectors in as few products as the largest would, so that little of it is empty. */
function fit(
  { queries, items, asked = queries.count }: TileVectors,
  { engine, tile }: TileOptions,
): TileShape {
  const { threads = 1 } = engine ?? {}
  const columns = COLUMNS_A_THREAD * threads
  const wide = Math.min(Math.max(ITEMS.fewest, ITEMS.aThread * threads), ITEMS.most)
  const largest = tile ?? { queries: QUERIES, items: Math.max(wide, columns) }
  if (!(largest.queries >= ROWS && largest.items >= columns && largest.items <= MAX_COUNTED))
    throw new AntiphonError(
      'usage',
      `A tile of ${largest.queries} queries × ${largest.items} items (expected at least ${ROWS} queries and, for ${threads} threads, ${columns} to ${MAX_COUNTED} items)`,
    )
  const divided = (count: number, most: number) => Math.ceil(count / Math.ceil(count / most))
  return {
    queries: Math.max(ROWS, divided(asked, largest.queries)),
    items: Math.max(columns, divided(items.count, largest.items)),
  }
}

/** All scores of queries with items, a tile at a time: whatever their number, memory holds one tile of scores. */
export class Tiles {
  readonly #queries: Vectors
  readonly #items: Vectors
  readonly #tile: TileShape
  readonly #program: Program
  readonly #kernel: CountKernel
  readonly #rows: Float32Array
  /** Items of a tile that is not full, with rows of zeros behind them, or of memory that threads share, which the runtime doesn't take. */
  readonly #columns: Float32Array
  readonly #isShared: boolean
  /** Columns of the tile that hold items; the last tile isn't full. */
  #width = 0

  private constructor({ queries, items }: TileVectors, tile: TileShape, program: Program) {
    this.#queries = queries
    this.#items = items
    this.#tile = tile
    this.#program = program
    this.#kernel = createCountKernel(tile.queries * tile.items)
    this.#rows = new Float32Array(tile.queries * queries.dim)
    this.#columns = new Float32Array(tile.items * items.dim)
    this.#isShared = !(items.data.buffer instanceof ArrayBuffer)
  }

  /** @throws AntiphonError `usage` for a tile of which scores would depend on its shape. */
  static async open({ queries, items, asked, ...options }: TileVectors & TileOptions): Promise<Tiles> {
    const { runtime, engine } = options
    const tile = fit({ queries, items, asked }, options)
    const graph = new Graph()
    const rows = graph.input('queries', [tile.queries, queries.dim])
    const columns = graph.input('items', [tile.items, items.dim])
    const outputs = { scores: linear(rows, columns) }
    const session = { extra: WITHOUT_SPINNING, ...engine?.session }
    const program = await compile(runtime, { outputs, ...engine, session })
    return new Tiles({ queries, items }, tile, program)
  }

  /** Queries that fit into one tile. */
  get height(): number {
    return this.#tile.queries
  }

  /** Tiles that hold all items. */
  get count(): number {
    return Math.ceil(this.#items.count / this.#tile.items)
  }

  /** Which tile holds an item. */
  tileOf(item: number): number {
    return Math.floor(item / this.#tile.items)
  }

  /** The first item of a tile. */
  firstItem(tile: number): number {
    return tile * this.#tile.items
  }

  /** Takes up to `height` queries as the rows of the tiles to come. */
  take(queries: Int32Array): void {
    const { dim, data } = this.#queries
    queries.forEach((query, row) => {
      this.#rows.set(data.subarray(query * dim, (query + 1) * dim), row * dim)
    })
  }

  /** Scores the queries taken with the items of one tile; the tile before is overwritten. */
  async score(tile: number): Promise<void> {
    const { count, dim, data } = this.#items
    const first = this.firstItem(tile)
    this.#width = Math.min(this.#tile.items, count - first)
    const columns = this.#columnsOf(data.subarray(first * dim, (first + this.#width) * dim))
    const scores = { data: this.#kernel.numbers, shape: [this.#tile.queries, this.#tile.items] }
    await this.#program.run({ queries: this.#rows, items: columns }, { scores })
  }

  #columnsOf(items: Float32Array): Float32Array {
    if (items.length === this.#columns.length && !this.#isShared) return items
    this.#columns.set(items)
    return this.#columns.fill(0, items.length)
  }

  /** One score of the tile. */
  scoreOf(row: number, column: number): number {
    return this.#kernel.numbers[row * this.#tile.items + column]
  }

  /** The scores of one row of the tile, without a copy. */
  row(row: number): Float32Array {
    const from = row * this.#tile.items
    return this.#kernel.numbers.subarray(from, from + this.#width)
  }

  /**
   * How many scores of a row of the tile lie above a threshold, and how many equal it.
   * @returns those above × 65,536 + those equal
   */
  compare(row: number, threshold: number): number {
    const from = row * this.#tile.items
    const end = from + this.#width
    const whole = end - (this.#width % 4)
    let counted = this.#kernel.count(from, whole, threshold)
    for (let at = whole; at < end; at++) {
      const score = this.#kernel.numbers[at]
      if (score > threshold) counted += 65_536
      else if (score === threshold) counted++
    }
    return counted
  }

  /** Frees the program's memory. */
  close(): Promise<void> {
    return this.#program.close()
  }
}

export interface TileVectors {
  readonly queries: Vectors
  readonly items: Vectors
  /** How many of the queries will be taken. @default all */
  readonly asked?: number
}
