// A model in the layout of transformers.js, used as any other: real files, real command line.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { schemas } from '../src/cli/index.js'
import { golden, repositoryRoot } from './golden.js'
import { wav } from './wav.js'

const CLAP = join(repositoryRoot, 'test/golden/clap')
const folder = mkdtempSync(join(tmpdir(), 'antiphon-clap-library-'))
const music = join(folder, 'music')
before(() => {
  mkdirSync(music)
  const write = (name: string, samples: Float32Array, rate: number): void => {
    const bytes = Buffer.from(samples.slice().buffer)
    writeFileSync(join(music, name), wav(bytes, { tag: 3, bits: 32, rate })) // tag 3: IEEE float
  }
  const { data } = golden('signal').tensor('music/48000')
  write('chords.wav', data, 48_000) // 12 s: a chunk, and a rest too short to be one
  write('short.wav', data.subarray(0, 96_000), 48_000)
  write(
    'hiss.wav',
    new Float32Array(66_150).map((_, i) => 0.5 * Math.sin(i * i)),
    22_050,
  )
})
after(() => rmSync(folder, { recursive: true, force: true }))

function antiphon(...args: string[]) {
  const main = join(repositoryRoot, 'dist/src/cli/main.js')
  return spawnSync(process.execPath, [main, ...args, '--catalog', join(folder, 'catalog'), '--json'], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    timeout: 120_000,
  })
}

test('a CLAP directory indexes a folder and answers a query', () => {
  const index = antiphon('index', music, '--model', CLAP)
  assert.equal(index.status, 0, index.stderr)
  assert.equal(schemas.IndexOutput.parse(JSON.parse(index.stdout)).tracks, 3)
  const search = antiphon('search', 'calm piano for studying')
  assert.equal(search.status, 0, search.stderr)
  const { results, model } = schemas.SearchOutput.parse(JSON.parse(search.stdout))
  assert.equal(model, CLAP)
  assert.equal(results.length, 3)

  // The cosine of the first 10 s is that of the reference.
  const reference = golden('clap/golden')
  const [audio, text] = ['audio', 'text'].map((side) =>
    reference.tensor(`${side}_embeds_normalised`).data.subarray(0, 24),
  )
  const expected = audio.reduce((sum, value, i) => sum + value * text[i], 0)
  const { cosine } = results.find(({ path }) => path === join(music, 'chords.wav'))!
  assert.ok(Math.abs(cosine - expected) < 2e-4, `${cosine}, expected ${expected}`)
})
