// Child process of `evaluate`: scores each query of a file of vectors against the items of another one, query i being
// answered by item i, and prints a line of JSON: seconds without reading the files, the process's peak memory in MB.
//   node evaluate-run.js QUERIES ITEMS --dim N [--threads N]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { answersFromLists, summarise, type Vectors } from '../src/evaluate/index.js'
import { scoreInThreads } from '../src/evaluate/node.js'
import { nodeRuntime } from '../src/graph/node.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dim: { type: 'string' }, threads: { type: 'string', default: '2' } },
})
const dim = Number(values.dim)
const [queries, items] = positionals.map((path): Vectors => {
  const bytes = readFileSync(path)
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  return { count: data.length / dim, dim, data }
})
const runtime = await nodeRuntime()
const engine = { threads: Number(values.threads) }
const answers = answersFromLists(
  Array.from({ length: queries.count }, (_, i) => [i]),
  items.count,
)
const started = performance.now()
const scores = summarise(await scoreInThreads({ queries, items, answers, runtime, engine }))
const seconds = (performance.now() - started) / 1000
const rss = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ seconds, rss, meanRank: scores.meanRank, recallAt10: scores.recallAt[10] }))
