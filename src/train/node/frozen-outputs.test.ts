import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { linear } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import type { AudioEncoder } from '../../model/index.js'
import { frozenAudioOutputs } from './frozen-outputs.js'

const root = await mkdtemp(join(tmpdir(), 'antiphon-outputs-'))
after(() => rm(root, { recursive: true, force: true }))

const WIDTH = 3
const FEATURES = 5
const weight = Float32Array.from({ length: WIDTH * FEATURES }, (_, i) => Math.sin(i))
const parameters = new Map([['audio.weight', { data: weight, shape: [WIDTH, FEATURES] }]])
const encoder: AudioEncoder = {
  width: WIDTH,
  sampleRate: 1,
  features: (waveform) => waveform,
  encode: (features, scope) => linear(features, scope.parameter('weight', [WIDTH, FEATURES])),
}

const feature = (row: number, i: number): number => Math.cos(row * FEATURES + i)

/** Rows of features, and which of them were asked for. */
function rowsOf(total: number) {
  const asked: number[] = []
  return {
    asked,
    windowOffsets: Int32Array.of(0, total),
    identity: `rows ${total}`,
    async *wholeTracks({ size, from: first = 0 }: { size: number; from?: number }) {
      for (let from = first; from < total; from += size) {
        const rows = Math.min(size, total - from)
        asked.push(from)
        const data = Float32Array.from({ length: rows * FEATURES }, (_, i) =>
          feature(from + Math.floor(i / FEATURES), i % FEATURES),
        )
        yield await Promise.resolve({ from, audio: { data, shape: [rows, FEATURES] } })
      }
    },
  }
}

const options = async (cacheDir: string) => ({
  ...{ runtime: await nodeRuntime(), parameters, encoder, featureShape: [FEATURES], cacheDir, partSize: 16 },
})

test('outputs are those of the encoder, row by row; they are computed once', async () => {
  for (const total of [1, 16, 17, 53]) {
    const [first, again] = [rowsOf(total), rowsOf(total)]
    const cacheDir = join(root, 'once')
    const found = await frozenAudioOutputs(first, await options(cacheDir))
    assert.equal(found.length, total * WIDTH)
    for (let row = 0; row < total; row++)
      for (let i = 0; i < WIDTH; i++) {
        let expected = 0
        for (let k = 0; k < FEATURES; k++) expected += weight[i * FEATURES + k] * feature(row, k)
        assert.ok(Math.abs(found[row * WIDTH + i] - expected) < 1e-5)
      }
    assert.deepEqual(await frozenAudioOutputs(again, await options(cacheDir)), found)
    assert.deepEqual(again.asked, [])
  }
})

test('what was stopped goes on behind the last part; a damaged part is made again', async () => {
  const cacheDir = join(root, 'stopped')
  const whole = await frozenAudioOutputs(rowsOf(53), await options(join(root, 'whole')))
  const stop = new AbortController()
  const onProgress = (done: number): void => {
    if (done === 40) stop.abort()
  }
  await assert.rejects(
    frozenAudioOutputs(rowsOf(53), { ...(await options(cacheDir)), onProgress, signal: stop.signal }),
    { code: 'interrupted' },
  )
  const rest = rowsOf(53)
  assert.deepEqual(await frozenAudioOutputs(rest, await options(cacheDir)), whole)
  assert.deepEqual(rest.asked, [32, 40, 48])

  const [key] = await readdir(join(cacheDir, 'outputs'))
  const parts = (await readdir(join(cacheDir, 'outputs', key))).sort()
  assert.equal(parts.length, 4)
  await truncate(join(cacheDir, 'outputs', key, parts[1]), 50)
  const repaired = rowsOf(53)
  assert.deepEqual(await frozenAudioOutputs(repaired, await options(cacheDir)), whole)
  assert.equal(repaired.asked[0], 16)
})

test('other weights and other audio are other outputs', async () => {
  const cacheDir = join(root, 'others')
  await frozenAudioOutputs(rowsOf(9), await options(cacheDir))
  const others = new Map([['audio.weight', { data: weight.map((x) => 2 * x), shape: [WIDTH, FEATURES] }]])
  const [audio, weights] = [{ ...rowsOf(9), identity: 'other' }, rowsOf(9)]
  await frozenAudioOutputs(audio, await options(cacheDir))
  await frozenAudioOutputs(weights, { ...(await options(cacheDir)), parameters: others })
  assert.ok(audio.asked.length > 0 && weights.asked.length > 0)
  assert.equal((await readdir(join(cacheDir, 'outputs'))).length, 3)
})
