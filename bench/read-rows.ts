// Our side of bench/data.ts: reads a file and prints { rows, seconds, maxRss } as a line of JSON, as tools/reference/read_rows.py does.
import { CensusTaker } from '../src/data/index.js'
import { findSources, readListening, readSource } from '../src/data/node.js'

const MEGABYTE = 1024

const [what, path] = process.argv.slice(2)

async function pairs(): Promise<number> {
  let rows = 0
  const [source] = await findSources(path, { format: 'table' })
  for await (const part of readSource(source)) rows += part.pairs.length
  return rows
}

/** What `antiphon data check` counts, audio aside. */
async function check(): Promise<number> {
  const taker = new CensusTaker()
  const [source] = await findSources(path, { format: 'table' })
  for await (const part of readSource(source)) taker.add(part)
  return taker.result().rows
}

async function triples(): Promise<number> {
  return (await readListening(path)).rows
}

const READ: Readonly<Record<string, () => Promise<number>>> = { pairs, check, triples }

const started = performance.now()
const rows = await READ[what]()
const seconds = (performance.now() - started) / 1000
const maxRss = process.resourceUsage().maxRSS / MEGABYTE
console.log(JSON.stringify({ rows, seconds, maxRss }))
