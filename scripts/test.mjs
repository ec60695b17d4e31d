// Runs compiled tests: all of them, or those whose path contains one of the given words.
// Tests named *.long.test.ts run only with --long.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.mjs'

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const long = process.argv.includes('--long')
const files = readdirSync(join(root, 'dist'), { recursive: true })
  .map((file) => join('dist', String(file)))
  .filter((file) => file.endsWith('.test.js') && file.endsWith('.long.test.js') === long)
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .filter((file) => existsSync(join(root, file.replace(/^dist/, '.').replace(/\.js$/, '.ts')))) // not a leftover
  .sort()
if (files.length === 0) {
  console.error(`No test matches ${words.join(', ')}; run "npm run build" first?`)
  process.exit(1)
}
run(process.execPath, ['--test', '--test-concurrency=2', ...files])
