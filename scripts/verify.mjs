// Everything that CI runs, on a machine with only Node and git: set-up, lint, import rule, tests.
// --long adds the checks that take minutes (*.long.test.ts).
import { setup } from './setup.mjs'
import { root, run } from './run.mjs'
import { join } from 'node:path'

const steps = [
  ['formatting', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']],
  ['lint', 'node_modules/eslint/bin/eslint.js', ['.']],
  [
    'import rule',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    ['src', 'test', 'bench', '--config', '.dependency-cruiser.cjs'],
  ],
  ['tests', 'scripts/test.mjs', []],
  ...(process.argv.includes('--long') ? [['long tests', 'scripts/test.mjs', ['--long']]] : []),
]

const started = performance.now()
setup()
for (const [name, script, args] of steps) {
  const before = performance.now()
  console.log(`\n== ${name}`)
  run(process.execPath, [join(root, script), ...args])
  console.log(`== ${name}: ${((performance.now() - before) / 1000).toFixed(0)} s`)
}
console.log(`\nverify: all passed in ${((performance.now() - started) / 1000).toFixed(0)} s`)
