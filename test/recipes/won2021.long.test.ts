import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openProgram } from '../../src/graph/index.js'
import { nodeRuntime } from '../../src/graph/node.js'
import { loadModel, paritySound } from '../../src/model/index.js'
import { openModel } from '../../src/model/node.js'
import { cli } from '../cli-run.js'
import { indexAndSearch, PIECES, tinyWorld, trainTiny } from './tiny-world.js'

/** Words embedded one by one take minutes; of a skip-gram over the tiny world they take a second. */
const SMALL = [
  'audio.options={ sample_rate: 16000, n_mels: 64, hop_length: 512, width: 4 }',
  'audio.factors={ dim: 5, hidden: 6 }',
  'text.vectors={ skip_gram: { dim: 16, epochs: 1 } }',
  'projection={ dim: 16, hidden: 16 }',
]

test('won2021: known items and those that are only heard, in one space; the run goes on to the same weights', async () => {
  const { out, model: dir } = await trainTiny('won2021', { set: SMALL })
  const model = await openModel(dir)
  const { audio, dim } = model
  const sounds = [220, 330].map((hertz) => paritySound([{ hertz, amplitude: 0.3, decay: 2 }], audio))
  const item = (await model.items!.find(['audio/nothing', ...itemsOf(await tinyWorld())]))!
  assert.equal(await model.items!.find(['nothing']), undefined)
  const known = await model.items!.embedAudio(sounds, item)
  const heard = await model.embedAudio(sounds)
  for (const vector of [...known, ...heard]) {
    assert.equal(vector.length, dim)
    assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5)
  }
  assert.ok(distance(known[0], heard[0]) > 1e-3, 'factors say something')
  // The same bits alone, and from the bytes of the directory.
  assert.deepEqual(await model.items!.embedAudio([sounds[1]], item), [known[1]])
  const runtime = await nodeRuntime()
  const files = (name: string): Promise<Uint8Array> => Promise.resolve(readFileSync(join(dir, name)))
  const loaded = await loadModel(files, runtime)
  assert.equal(loaded.spaceId, model.spaceId)
  assert.ok(distance((await loaded.items!.embedAudio([sounds[0]], item))[0], known[0]) < 1e-5)
  assert.ok((await loaded.checkParity()).largestDifference < 1e-4)
  await assert.rejects(model.items!.embedAudio(sounds, 'nothing'), { code: 'usage' })
  // Without factors the program of items is that of audio.
  const program = await openProgram(runtime, join(dir, 'item.onnx'))
  const { embedding } = await program.run({
    waveform: { data: sounds[0], shape: [1, sounds[0].length] },
    factors: { data: new Float32Array(5).fill(7), shape: [1, 5] },
    present: { data: Float32Array.of(0), shape: [1, 1] },
  })
  assert.ok(distance(embedding.data as Float32Array, heard[0]) < 1e-5)
  await Promise.all([program.close(), model.close(), loaded.close()])

  const results = await indexAndSearch(dir, 'calm piano')
  assert.ok(results.length > 0 && results.length <= PIECES)
  const measure = async (...more: string[]) => {
    const {
      code,
      out: json,
      err,
    } = await cli(
      ...['--json', 'evaluate', dir, '--protocol', 'folder', '--data', await tinyWorld(), '--samples', '1'],
      ...more,
    )
    assert.equal(code, 0, err)
    return (JSON.parse(json) as { model: { known: number } }).model.known
  }
  assert.equal(await measure(), PIECES)
  assert.equal(await measure('--without-factors'), 0)

  const { code, err } = await cli('train', '--resume', out)
  assert.equal(code, 0, err)
  assert.deepEqual(
    readFileSync(join(out, 'factors.safetensors')),
    readFileSync(join(dir, 'factors.safetensors')),
  )
})

test('won2021 without factors has two towers; a folder without listening is refused', async () => {
  const { model: dir } = await trainTiny('won2021', {
    variants: ['bench', 'without-factors'],
    set: SMALL.filter((assignment) => !assignment.startsWith('audio.factors')),
  })
  const model = await openModel(dir)
  assert.equal(model.items, undefined)
  await model.close()
  const data = join(await tinyWorld(), 'audio')
  const out = join(mkdtempSync(join(tmpdir(), 'antiphon-won2021-')), 'run')
  await assert.rejects(trainTiny('won2021', { set: SMALL, data, out }), /there is no listening in .*audio/)
})

function itemsOf(world: string): string[] {
  const lines = readFileSync(join(world, 'listening.tsv'), 'utf8').split('\n')
  return lines.slice(0, 1).map((line) => line.split('\t')[1])
}

const distance = (a: Float32Array, b: Float32Array): number => Math.hypot(...a.map((x, i) => x - b[i]))
