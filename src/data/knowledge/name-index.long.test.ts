import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { NameIndex } from './name-index.js'

const NAMES = 300_000
const MOST_MS = 20

/** Made of syllables, common words more often than rare ones, as names are. */
function names(): string[] {
  const rng = new Random('names')
  const heads = [
    'b',
    'br',
    'c',
    'ch',
    'd',
    'f',
    'g',
    'h',
    'j',
    'k',
    'l',
    'm',
    'n',
    'p',
    'r',
    's',
    'st',
    't',
    'th',
    'w',
    '',
  ]
  const vowels = ['a', 'e', 'i', 'o', 'u', 'ee', 'ai', 'ou']
  const ends = ['n', 'r', 's', 't', 'l', 'ck', 'ng', 'm', 'd', '']
  const word = (): string =>
    Array.from({ length: rng.int(1, 3) }, () => rng.pick(heads) + rng.pick(vowels) + rng.pick(ends)).join('')
  const words = Array.from({ length: 30_000 }, word)
  return Array.from({ length: NAMES }, () =>
    Array.from({ length: rng.int(1, 4) }, () => words[Math.floor(words.length * rng.next() ** 2)]).join(' '),
  )
}

test('a misspelt name among 300,000 is found in under 20 ms', (t) => {
  const all = names()
  const index = new NameIndex(all.map((name, owner) => [owner, name]))
  const rng = new Random('queries')
  const times: number[] = []
  let [found, long] = [0, 0]
  for (let query = 0; query < 220; query++) {
    const owner = rng.int(0, NAMES - 1)
    const name = all[owner]
    // Two neighbours swapped.
    const at = rng.int(0, name.length - 2)
    const misspelt = name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2)
    const started = performance.now()
    const result = index.find(misspelt, { limit: 10 })
    times.push(performance.now() - started)
    if (name.length < 7) continue // others are as near
    long++
    if (result.some((one) => all[one.owner] === name)) found++
  }
  times.splice(0, 20) // compiling
  const sorted = times.sort((a, b) => a - b)
  const [median, most] = [sorted[sorted.length >> 1], sorted[Math.floor(sorted.length * 0.95)]]
  t.diagnostic(
    `median ${median.toFixed(1)} ms, of 20 the slowest ${most.toFixed(1)} ms; found ${found} of ${long}`,
  )
  assert.ok(median < MOST_MS, `${median} ms`)
  assert.ok(found > 0.97 * long, `${found} of ${long}`)
})
