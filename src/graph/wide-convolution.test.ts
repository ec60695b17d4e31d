import assert from 'node:assert/strict'
import { test } from 'node:test'
import { relativeDifference } from '../../test/golden.js'
import { amax, compile, conv2d, Graph, wideConv2dMax } from './index.js'
import { nodeRuntime } from './node.js'

test('equals the largest value of the plain convolution along the width', async (t) => {
  const runtime = await nodeRuntime()
  const cases = [
    { image: [11, 13], kernel: [7, 5], filters: 3, padding: [0, 0] },
    { image: [7, 12], kernel: [3, 11], filters: 5, padding: [1, 1] },
    { image: [11, 7], kernel: [2, 7], filters: 1, padding: [0, 1] },
    { image: [41, 96], kernel: [7, 38], filters: 204, padding: [3, 3] }, // more than one part
  ] as const
  for (const { image, kernel, filters, padding } of cases)
    await t.test(`${kernel.join('x')} on ${image.join('x')}`, async () => {
      const graph = new Graph()
      const x = graph.input('x', ['batch', 1, ...image])
      const weight = graph.input('weight', [filters, 1, ...kernel])
      const bias = graph.input('bias', [filters])
      const [above, below] = padding
      const outputs = {
        fast: wideConv2dMax(x, weight, { bias, padding }),
        slow: amax(conv2d(x, weight, { bias, padding: [above, 0, below, 0] }), { axis: 3 }),
      }
      assert.deepEqual(outputs.fast.shape, outputs.slow.shape)
      const program = await compile(runtime, { outputs })
      const batch = 3
      const { fast, slow } = await program.run({
        x: waves(batch * image[0] * image[1], 1.7),
        weight: waves(filters * kernel[0] * kernel[1], 2.3),
        bias: waves(filters, 0.9),
      })
      assert.deepEqual(fast.shape, slow.shape)
      const error = relativeDifference(fast.data as Float32Array, slow.data as Float32Array)
      assert.ok(error <= 2e-6, `differs by ${error}`)
    })
})

test('refuses images with more channels, and kernels wider than the image', () => {
  const graph = new Graph()
  const weight = graph.parameter('weight', [4, 1, 3, 9])
  assert.throws(
    () => wideConv2dMax(graph.input('colour', [1, 3, 8, 8]), weight),
    /^AntiphonError: wideConv2dMax: input \[1, 3, 8, 8\] and weight \[4, 1, 3, 9\] must have one input channel/,
  )
  assert.throws(
    () => wideConv2dMax(graph.input('narrow', [1, 1, 8, 8]), weight),
    /weight \[4, 1, 3, 9\] is larger than input \[1, 1, 8, 8\]/,
  )
})

function waves(length: number, step: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * step + i * i * 0.013))
}
