import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerpt } from './excerpt.js'

test('an excerpt is the samples between its times, whatever the blocks, and the rest is not asked for', async () => {
  const samples = Float32Array.from({ length: 97 }, (_, i) => i)
  for (const size of [1, 7, 30, 97, 200])
    for (const [start, end] of [
      [undefined, undefined],
      [0, 3.7],
      [2.04, 5.06],
      [9, 40],
      [12, 13],
      [4, 4],
    ] as const) {
      let asked = 0
      const blocks = async function* (): AsyncGenerator<Float32Array> {
        for (let at = 0; at < samples.length; at += size) {
          asked = at
          yield samples.subarray(at, at + size)
        }
      }
      const found: number[] = []
      for await (const block of excerpt(blocks(), { start, end, sampleRate: 10 })) found.push(...block)
      const [from, to] = [Math.round((start ?? 0) * 10), Math.round((end ?? Infinity) * 10)]
      assert.deepEqual(found, [...samples.slice(from, to)], `blocks of ${size}, ${start} to ${end}`)
      assert.ok(asked < Math.max(1, to), `asked for ${asked}, needed ${to}`)
    }
})
