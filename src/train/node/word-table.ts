import { parseSafetensors, writeSafetensors, type SafetensorsFile } from '../../graph/index.js'
import type { WordVectors } from '../../text/index.js'

const TABLE = 'word_embedding.weight'

/** The table of the text tower: row 0, for what no word is known of, is the mean of all. */
export function wordTable({ terms, dim, data }: WordVectors): Uint8Array {
  const rows = new Float32Array((terms.length + 1) * dim)
  rows.set(data, dim)
  for (let at = 0; at < data.length; at++) rows[at % dim] += data[at] / terms.length
  const tensor = { dtype: 'F32', shape: [terms.length + 1, dim], bytes: new Uint8Array(rows.buffer) } as const
  return writeSafetensors(new Map([[TABLE, tensor]]))
}

/** A table that `wordTable` wrote, and how long a vector is. */
export function readWordTable(bytes: Uint8Array, name: string): { weights: SafetensorsFile; width: number } {
  const weights = parseSafetensors(bytes, name)
  return { weights, width: weights.entries.get(TABLE)!.shape[1] }
}
