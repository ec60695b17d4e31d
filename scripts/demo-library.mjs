// Makes the demo library in the folder named: node scripts/demo-library.mjs DIR (after npm run build).
import { makeDemoLibrary } from '../dist/src/data/node.js'

const [dir] = process.argv.slice(2)
if (!dir) {
  console.error('Name a folder: node scripts/demo-library.mjs DIR')
  process.exit(2)
}
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
const started = performance.now()
let first
try {
  const { total, made } = await makeDemoLibrary({
    dir,
    signal: stop.signal,
    onProgress: ({ done, total }) => {
      first ??= { done: done - 1, at: started }
      const left = ((performance.now() - first.at) / (done - first.done)) * (total - done)
      const line = `Composing and rendering the demo library: ${done} of ${total} pieces, ${Math.ceil(left / 1000)} s left`
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : done % 10 === 0 ? `${line}\n` : '')
    },
  })
  if (made > 0) process.stderr.write('\n')
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`Demo library: ${total} pieces in ${dir}` + (made > 0 ? ` (${made} made in ${seconds} s)` : ''))
} catch (error) {
  process.stderr.write('\n')
  if (error.code !== 'interrupted') throw error
  console.error('Stopped; the next run goes on from here.')
  process.exit(130)
}
