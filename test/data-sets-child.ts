// Reads a data set in a process of its own, which tells what it found and what memory that took.
import { findFormat } from '../src/data/node.js'

const [id, path] = process.argv.slice(2)
const start = performance.now()
let [rows, pairs, wrong, texts, largest] = [0, 0, 0, 0, 0]
for await (const block of findFormat(id).read(path, {})) {
  rows += block.rows
  pairs += block.pairs.length
  wrong += block.wrong.length
  largest = Math.max(largest, block.pairs.length)
  for (const pair of block.pairs) texts += pair.texts.length
}
const seconds = (performance.now() - start) / 1000
const megabytes = process.resourceUsage().maxRSS / 1024
process.stdout.write(JSON.stringify({ rows, pairs, wrong, texts, largest, seconds, megabytes }))
