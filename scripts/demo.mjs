// The main job, from nothing to answers: set-up, a library to search, an index, and questions asked in words.
// What is done is kept in demo/, so a repeat is quick.
import { join } from 'node:path'
import { setup } from './setup.mjs'
import { root, run } from './run.mjs'

const QUESTIONS = [
  'a calm solo piano ballad',
  'an aggressive metal band',
  'dance music with a techno beat',
  'a string quartet playing classical music',
  'a choir singing',
]

const library = join(root, 'demo/library')
const antiphon = (...args) =>
  run(process.execPath, [join(root, 'dist/src/cli/main.js'), ...args], {
    env: { ANTIPHON_CATALOG: join(root, 'demo/catalog') },
  })

setup()
run(process.execPath, [join(root, 'scripts/demo-library.mjs'), library])
antiphon('index', library)
for (const question of QUESTIONS) {
  console.log(`\n$ antiphon search "${question}" -n 3`)
  antiphon('search', question, '-n', '3')
}
console.log(`
Ask your own:   npx antiphon --catalog demo/catalog search "…"
Your own music: npx antiphon index ~/Music, then npx antiphon search "…"`)
