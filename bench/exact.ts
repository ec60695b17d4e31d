import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { compile, Graph, linear } from '../src/graph/index.js'
import { nodeRuntime } from '../src/graph/node.js'
import { readAll, readRows, type VectorSet } from './vectors.js'

/** The k nearest rows of every query by dot product, compared with every row: what recall is measured against. Cached. */
export async function exactNearest(set: VectorSet, k: number): Promise<{ file: string; rows: number[][] }> {
  const file = join(set.dir, `exact-${k}-${set.key}.json`)
  if (!existsSync(file)) {
    writeFileSync(`${file}.part`, JSON.stringify(await compareWithAll(set, k)))
    renameSync(`${file}.part`, file)
  }
  return { file, rows: JSON.parse(readFileSync(file, 'utf8')) as number[][] }
}

async function compareWithAll(set: VectorSet, k: number): Promise<number[][]> {
  const queries = await readAll(set.queriesFile, set.dim)
  const flat = new Float32Array(set.queries * set.dim)
  queries.forEach((query, q) => flat.set(query, q * set.dim))
  const graph = new Graph()
  const rows = graph.input('rows', ['rows', set.dim])
  const cosines = linear(rows, graph.constant(flat, [set.queries, set.dim]))
  const program = await compile(await nodeRuntime(), {
    outputs: { cosines },
    threads: availableParallelism(),
  })
  const best = queries.map(() => new Nearest(k))
  for await (const { first, rows: count, block } of readRows(set.vectorsFile, set.dim)) {
    const { data } = (await program.run({ rows: block.subarray(0, count * set.dim) })).cosines
    for (let row = 0, at = 0; row < count; row++)
      for (const nearest of best) nearest.offer(first + row, data[at++] as number)
  }
  await program.close()
  return best.map((nearest) => nearest.rows())
}

/** Mean share of the true k nearest that were found. */
export function recall(found: readonly (readonly number[])[], exact: readonly (readonly number[])[]): number {
  const shares = exact.map((truth, query) => {
    const seen = new Set(found[query])
    return truth.filter((row) => seen.has(row)).length / truth.length
  })
  return shares.reduce((a, b) => a + b, 0) / shares.length
}

/** The k largest of what is offered. */
class Nearest {
  readonly #k: number
  readonly #best: { row: number; score: number }[] = []

  constructor(k: number) {
    this.#k = k
  }

  offer(row: number, score: number): void {
    const best = this.#best
    if (best.length === this.#k && score <= best[best.length - 1].score) return
    let at = best.length
    while (at > 0 && best[at - 1].score < score) at--
    best.splice(at, 0, { row, score })
    if (best.length > this.#k) best.pop()
  }

  rows(): number[] {
    return this.#best.map(({ row }) => row)
  }
}
