// Runs one benchmark of dist/bench: npm run bench -- NAME [--json FILE] [options]
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.mjs'

const main = join(root, 'dist/bench/main.js')
if (!existsSync(main)) {
  console.error('The benchmarks are not built; run "npm run setup" first.')
  process.exit(1)
}
run(process.execPath, [main, ...process.argv.slice(2)])
