// Made model.safetensors of this folder from the original's float32 file: node convert.mjs ORIGINAL.safetensors
// (needs `npm run build`). Matrices and vectors become half precision. Left out: the pooler, which sentence-transformers
// doesn't use, and position_ids, which are 0..511.
import { readFileSync, writeFileSync } from 'node:fs'
import { float32, floatToHalf, parseSafetensors, writeSafetensors } from '../../../dist/src/graph/index.js'

const original = parseSafetensors(readFileSync(process.argv[2]))
const halves = new Map()
for (const [name, { shape }] of original.entries) {
  if (name === 'embeddings.position_ids' || name.startsWith('pooler.')) continue
  const values = Uint16Array.from(float32(original, name), floatToHalf)
  halves.set(name, { dtype: 'F16', shape, bytes: new Uint8Array(values.buffer) })
}
writeFileSync(new URL('model.safetensors', import.meta.url), writeSafetensors(halves, { format: 'pt' }))
