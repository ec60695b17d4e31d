import assert from 'node:assert/strict'
import type { Pair, PairSet } from '../src/data/index.js'
import { detectFormat, findFormat, type FormatOptions } from '../src/data/node.js'

/** Reads all of a data set whose format is found out. */
export async function read(id: string, path: string, options: FormatOptions = {}): Promise<PairSet> {
  assert.equal((await detectFormat(path)).id, id)
  return collect(findFormat(id).read(path, options))
}

export async function collect(blocks: AsyncIterable<PairSet>): Promise<PairSet> {
  const all = { pairs: [] as Pair[], rows: 0, wrong: [] as PairSet['wrong'][number][], withoutText: 0 }
  for await (const { pairs, rows, wrong, withoutText } of blocks) {
    all.pairs.push(...pairs)
    all.wrong.push(...wrong)
    all.rows += rows
    all.withoutText += withoutText
  }
  return all
}
