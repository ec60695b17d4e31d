import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numbers, seeded } from '../../../test/gradient-check.js'
import * as g from '../index.js'
import { nodeRuntime } from '../node.js'

// ONNX Runtime's ScatterND with reduction "add" lost updates in every one of 60 runs of such a program.
const REPETITIONS = 60
const THREADS = { threads: 2 }

/** Skewed as words are: a few ids make up most of a batch. */
function ids(count: number, rows: number, random: () => number): Int32Array {
  return Int32Array.from({ length: count }, () => Math.floor(rows * random() ** 4))
}

// Tables of few rows, where threads meet all the time, and one as large as a small vocabulary.
for (const [count, rows, width] of [
  [2048, 4, 192],
  [8192, 2, 64],
  [4928, 3000, 67],
])
  test(`gradients of ${rows} rows picked ${count} times are exact sums, run after run, with threads`, async () => {
    const random = seeded(7)
    const graph = new g.Graph()
    const weight = graph.parameter('weight', [rows, width])
    const words = graph.input('ids', [count / 32, 32], 'int32')
    const flow = graph.input('flow', [count / 32, 32, width])
    const [slope] = g.gradients(g.sum(g.mul(g.embedding(weight, words), flow)), [weight])
    const program = await g.compile(await nodeRuntime(), { outputs: { slope }, ...THREADS })
    const feeds = {
      ids: ids(count, rows, random),
      // Multiples of 1/128 add up without rounding, in any order.
      flow: numbers([count, width], random).data,
    }
    const expected = new Float32Array(rows * width)
    feeds.ids.forEach((id, token) => {
      for (let k = 0; k < width; k++) expected[id * width + k] += feeds.flow[token * width + k]
    })
    for (let run = 0; run < REPETITIONS; run++) {
      const { slope } = await program.run(feeds)
      assert.ok(sameBits(slope.data as Float32Array, expected), `run ${run} differs from the plain sum`)
    }
    await program.close()
  })

test('gradients of picked elements and of overlapping maxima are exact sums, with threads', async () => {
  const shape = [16, 7, 40, 31]
  const random = seeded(11)
  const graph = new g.Graph()
  const x = graph.input('x', shape)
  const index = graph.input('index', shape, 'int32')
  const flow = graph.input('flow', shape)
  const picked = g.mul(g.gather(x, index, { axis: 2 }), flow)
  const largest = g.maxPool(x, { kernel: 3, stride: 1, padding: 1 })
  const [byPicking] = g.gradients(g.sum(picked), [x])
  const [byPooling] = g.gradients(g.sum(g.mul(largest, flow)), [x])
  const program = await g.compile(await nodeRuntime(), { outputs: { byPicking, byPooling }, ...THREADS })
  const size = shape.reduce((a, b) => a * b, 1)
  const feeds = {
    x: Float32Array.from({ length: size }, random),
    index: ids(size, shape[2], random),
    flow: numbers(shape, random).data as Float32Array,
  }
  const picks = new Float32Array(size)
  const pools = new Float32Array(size)
  const [height, width] = shape.slice(2)
  for (let i = 0; i < size; i++) {
    const [plane, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width]
    picks[(plane * height + feeds.index[i]) * width + column] += feeds.flow[i]
    let best = i
    for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, height - 1); r++)
      for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, width - 1); c++) {
        const place = (plane * height + r) * width + c
        if (feeds.x[place] > feeds.x[best]) best = place
      }
    pools[best] += feeds.flow[i]
  }
  for (let run = 0; run < 10; run++) {
    const results = await program.run(feeds)
    assert.ok(sameBits(results.byPicking.data as Float32Array, picks), `run ${run}: picked elements`)
    assert.ok(sameBits(results.byPooling.data as Float32Array, pools), `run ${run}: maxima`)
  }
  await program.close()
})

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  )
}
