// Child process of the `index` benchmark: indexes the listed files and prints, line by line, the seconds of audio done.
// The command line draws its progress every ten seconds only, which is too coarse to tell the first hour from the second.
//   node indexer.js CATALOG MODEL FILES.json
import { readFileSync } from 'node:fs'
import { openCatalog } from '../src/catalog/node.js'

const [dir, model, list] = process.argv.slice(2)
const catalog = await openCatalog({ dir, model })
for await (const event of catalog.index(JSON.parse(readFileSync(list, 'utf8')) as string[])) {
  if (event.kind === 'progress') console.log(event.audioSeconds)
  if (event.kind === 'failed') throw new Error(`${event.path}: ${event.reason}`)
}
await catalog.close()
process.exit(0)
