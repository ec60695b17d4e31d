// The package as a stranger gets it: packed, installed in an empty folder with install scripts off, indexing, searching and
// training.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { repositoryRoot } from './golden.js'
import { wav } from './wav.js'

const run = promisify(execFile)

/** The README says at most this. */
const MAX_TARBALL_BYTES = 60e6
const SAMPLE_RATE = 22_050

/** A 16-bit wav of `seconds` of a decaying tone, struck `beats` times a second. */
function tone(hertz: number, beats: number, seconds: number): Buffer {
  const samples = Int16Array.from({ length: SAMPLE_RATE * seconds }, (_, i) => {
    const time = i / SAMPLE_RATE
    const decay = Math.exp(-4 * ((time * beats) % 1))
    return Math.round(12_000 * decay * Math.sin(2 * Math.PI * hertz * time))
  })
  return wav(samples, { rate: SAMPLE_RATE })
}

test(
  'the packed package, installed without scripts, indexes, searches and trains',
  { timeout: 300_000 },
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'antiphon-package-'))
    try {
      const npm = (cwd: string, ...args: string[]) => run('npm', [...args, '--loglevel=error'], { cwd })
      await npm(repositoryRoot, 'pack', '--ignore-scripts', '--pack-destination', dir)
      const tarball = (await readdir(dir)).find((name) => name.endsWith('.tgz'))
      assert.ok(tarball, 'npm pack wrote no tarball')
      const { size } = await stat(join(dir, tarball))
      assert.ok(size < MAX_TARBALL_BYTES, `the tarball has ${(size / 1e6).toFixed(1)} MB`)

      const app = join(dir, 'app')
      const music = join(dir, 'music')
      await mkdir(app)
      await mkdir(music)
      await writeFile(join(app, 'package.json'), '{ "name": "app", "type": "module" }')
      await writeFile(join(music, 'slow low.wav'), tone(110, 0.5, 12))
      await writeFile(join(music, 'fast high.wav'), tone(880, 8, 12))
      await npm(app, 'install', '--ignore-scripts', '--no-audit', '--no-fund', join(dir, tarball))

      const env = {
        ...process.env,
        ANTIPHON_CATALOG: join(dir, 'catalog'),
        XDG_CACHE_HOME: join(dir, 'cache'),
      }
      const antiphon = (...args: string[]) =>
        run(join(app, 'node_modules/.bin/antiphon'), args, { cwd: app, env })
      await antiphon('index', music)
      const { stdout } = await antiphon('search', 'a slow bass note', '--json')
      const { results } = JSON.parse(stdout)
      assert.equal(results.length, 2)
      assert.ok(results[0].cosine >= results[1].cosine)

      await writeFile(
        join(app, 'program.js'),
        `import { openCatalog } from 'antiphon'
       const catalog = await openCatalog({ dir: process.env.ANTIPHON_CATALOG })
       const { results } = await catalog.search('a slow bass note')
       console.log(JSON.stringify(results))
       await catalog.close()`,
      )
      const program = await run(process.execPath, ['program.js'], { cwd: app, env })
      assert.deepEqual(JSON.parse(program.stdout), results)

      assert.match((await antiphon('train', '--help')).stdout, /train \[options\] \[recipe\]/)
      for (const name of ['slow low', 'fast high'])
        await writeFile(join(music, `${name}.txt`), `A ${name} tone.`)
      const packed = join(app, 'node_modules', 'antiphon')
      const trained = await antiphon(
        ...[
          'train',
          join(packed, 'recipes', 'scratch.yaml'),
          '--data',
          music,
          '--out',
          join(dir, 'run'),
          '--json',
        ],
        '--set',
        `text.tokenizer=${join(packed, 'dist', 'models', 'bridge')}`,
        'text.options={width: 8, heads: 2, layers: 1}',
        'audio.options={width: 8, heads: 2, layers: 1}',
        'data={batch: 2, validation: 0}',
        'schedule={steps: 2}',
      )
      const { step, model } = JSON.parse(trained.stdout)
      assert.equal(step, 2)
      await antiphon('--catalog', join(dir, 'other'), '--model', model, 'index', music)
      const own = await antiphon('--catalog', join(dir, 'other'), 'search', 'a slow low tone', '--json')
      assert.equal(JSON.parse(own.stdout).results.length, 2)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  },
)
