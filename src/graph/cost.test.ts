import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attention } from './attention.js'
import { conv1d, conv2d } from './convolution.js'
import { multiplyAdds } from './cost.js'
import { relu } from './activation.js'
import { add } from './elementwise.js'
import { gradients } from './gradient/index.js'
import { Graph } from './graph.js'
import { linear, matmul } from './matmul.js'
import { sum } from './reduction.js'

test('layers cost what their formulas say', () => {
  const g = new Graph()
  const x = g.input('x', [7, 11, 12])
  const dense = linear(x, g.parameter('dense', [5, 12]), g.parameter('bias', [5]))
  assert.equal(multiplyAdds([dense]), 7 * 11 * 12 * 5)
  const images = g.input('images', [3, 6, 13, 9])
  const strided = conv2d(images, g.parameter('conv', [10, 6, 3, 2]), { stride: 2, padding: 1 })
  assert.deepEqual(strided.shape, [3, 10, 7, 5])
  assert.equal(multiplyAdds([strided]), 3 * 10 * 7 * 5 * (6 * 3 * 2))
  const grouped = conv1d(x, g.parameter('grouped', [22, 1, 4]), { groups: 11 })
  assert.equal(multiplyAdds([grouped]), 7 * 22 * 9 * 4)
  const { output } = attention(x, x, x, { heads: 3 })
  assert.equal(multiplyAdds([output]), 2 * (7 * 11 * 11 * 12))
})

test('what is shared counts once, what is not needed not at all', () => {
  const g = new Graph()
  const x = g.input('x', [7, 7])
  const y = matmul(x, g.parameter('w', [7, 7]))
  matmul(y, y)
  assert.equal(multiplyAdds([relu(y), add(y, x), y]), 7 ** 3)
})

test('a training step costs three times the forward products, but for the gradient to what is fed', () => {
  const g = new Graph()
  const image = g.input('image', [2, 3, 8, 8])
  const weights = [g.parameter('first', [4, 3, 3, 3]), g.parameter('second', [5, 4, 3, 3])]
  const first = conv2d(image, weights[0], { padding: 1 })
  const loss = sum(conv2d(relu(first), weights[1], { padding: 1, stride: 2 }))
  const [one, all] = [multiplyAdds([first]), multiplyAdds([loss])]
  assert.deepEqual([one, all], [2 * 4 * 64 * 27, 2 * 4 * 64 * 27 + 2 * 5 * 16 * 36])
  assert.equal(multiplyAdds([loss, ...gradients(loss, weights)]), 3 * all - one)
})

test('a free axis is refused', () => {
  const g = new Graph()
  const y = linear(g.input('x', ['batch', 7]), g.parameter('w', [3, 7]))
  assert.throws(() => multiplyAdds([y]), /must have known sizes/)
})
