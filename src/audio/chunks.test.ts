import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chunks, type AudioSpec, type Chunk } from './index.js'

/** The rule of chunks said once more, for a track that is in memory. */
function oracle(track: Float32Array, spec: AudioSpec): Chunk[] {
  const { sampleRate } = spec
  const size = spec.chunkSeconds * sampleRate
  const hop = spec.hopSeconds * sampleRate
  const out: Chunk[] = []
  let start = 0
  for (; start + size <= track.length; start += hop) {
    out.push({
      start: start / sampleRate,
      end: (start + size) / sampleRate,
      samples: track.slice(start, start + size),
    })
  }
  const seen = out.length === 0 ? 0 : start - hop + size
  const rest = track.length - Math.max(seen, start)
  if (rest > 0 && (rest >= spec.minRestSeconds * sampleRate || out.length === 0)) {
    const samples = new Float32Array(size)
    for (let i = 0; i < size; i++) samples[i] = track[start + (i % (track.length - start))]
    out.push({ start: start / sampleRate, end: track.length / sampleRate, samples })
  }
  return out
}

function* cut(track: Float32Array, sizes: readonly number[]): Generator<Float32Array> {
  const reused = new Float32Array(64) // a block is the producer's again once the next is asked for
  for (let at = 0, i = 0; at < track.length; i++) {
    const size = Math.min(sizes[i % sizes.length], track.length - at)
    reused.fill(NaN)
    reused.set(track.subarray(at, at + size))
    yield reused.subarray(0, size)
    at += size
  }
}

async function collect(source: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const out: Chunk[] = []
  for await (const chunk of source) out.push(chunk)
  return out
}

const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i + 1)

test('chunks of any track, hop and blocks are those of the rule', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 1, max: 45 }),
      fc.integer({ min: 1, max: 31 }),
      fc.array(fc.integer({ min: 1, max: 61 }), { minLength: 1, maxLength: 7 }),
      async (length, size, hop, minRest, sizes) => {
        // At 1 Hz a second is a sample.
        const spec = {
          sampleRate: 1,
          chunkSeconds: size,
          hopSeconds: hop,
          minRestSeconds: Math.min(minRest, size),
        }
        const track = ramp(length)
        assert.deepEqual(await collect(chunks(cut(track, sizes), spec)), oracle(track, spec))
      },
    ),
    { numRuns: 500 },
  )
})

const spec: AudioSpec = { sampleRate: 100, chunkSeconds: 10, hopSeconds: 10, minRestSeconds: 3 }
const times = async (seconds: number) =>
  (await collect(chunks([ramp(Math.round(seconds * 100))], spec))).map(({ start, end }) => [start, end])

test('a rest of three seconds is a chunk, a shorter one is dropped unless it is the whole track', async () => {
  assert.deepEqual(await times(20), [
    [0, 10],
    [10, 20],
  ])
  assert.deepEqual(await times(22.99), [
    [0, 10],
    [10, 20],
  ])
  assert.deepEqual(await times(23), [
    [0, 10],
    [10, 20],
    [20, 23],
  ])
  assert.deepEqual(await times(1.5), [[0, 1.5]])
  assert.deepEqual(await times(0.01), [[0, 0.01]])
  assert.deepEqual(await times(0), [])
})

test('a rest is repeated until the chunk is full', async () => {
  const [, rest] = await collect(chunks([ramp(1400)], spec))
  assert.equal(rest.samples.length, 1000)
  assert.deepEqual([...rest.samples.slice(398, 402)], [1399, 1400, 1001, 1002])
  assert.equal(rest.samples[999], 1001 + (999 % 400))
})

test('chunks come as soon as they are full', async () => {
  let asked = 0
  async function* endless() {
    for (;;) {
      asked++
      yield ramp(250)
    }
  }
  for await (const chunk of chunks(endless(), spec)) {
    if (chunk.start >= 20) break
  }
  assert.equal(asked, 12)
})
