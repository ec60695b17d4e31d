import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInThisContext } from 'node:vm'
import { AntiphonError } from '../errors/index.js'
import * as g from './index.js'

const graph = new g.Graph()
const image = graph.input('image', ['batch', 3, 11, 7])
const tokens = graph.input('tokens', ['batch', 7, 12])
const ids = graph.input('ids', ['batch', 7], 'int32')
const weight = (...shape: number[]) => graph.parameter(`weight${graph.parameters.size}`, shape)

/** What is written, and what the message says. */
const MISTAKES: [string, () => unknown, RegExp][] = [
  ['add', () => g.add(image, tokens), /^add: \[batch, 3, 11, 7\] and \[batch, 7, 12\] don't broadcast/],
  [
    'add of types',
    () => g.add(tokens, ids),
    /^add: .* and int32 \[batch, 7\] differ in type; cast one of them/,
  ],
  ['a free axis against a number', () => g.add(image, weight(2, 3, 11, 7)), /^add: .*don't broadcast/],
  [
    'conv2d',
    () => g.conv2d(image, weight(4, 2, 3, 3)),
    /^conv2d: weight \[4, 2, 3, 3\] does not fit input \[batch, 3, 11, 7\] with 1 group /,
  ],
  ['conv2d rank', () => g.conv2d(tokens, weight(4, 2, 3, 3)), /^conv2d: .* must have 4 axes/],
  ['conv2d bias', () => g.conv2d(image, weight(4, 3, 3, 3), { bias: weight(5) }), /^conv2d: bias \[5\]/],
  [
    'a kernel larger than the image',
    () => g.conv2d(image, weight(4, 3, 13, 3)),
    /^conv2d: a window of 13 does not fit axis 2 of \[batch, 3, 11, 7\] with padding 0/,
  ],
  [
    'pool',
    () => g.maxPool(image, { kernel: [2, 3], padding: [1, 3] }),
    /^maxPool: padding \[1, 3, 1, 3\] is as large as the kernel \[2, 3\]/,
  ],
  ['linear', () => g.linear(tokens, weight(5, 7)), /^linear: weight \[5, 7\] \(out, in\) does not fit input/],
  ['matmul', () => g.matmul(tokens, weight(7, 5)), /^matmul: \[batch, 7, 12\] and \[7, 5\] don't multiply/],
  ['layerNorm', () => g.layerNorm(tokens, weight(7), weight(7)), /^layerNorm: weight \[7\] and bias \[7\]/],
  [
    'batchNorm',
    () => g.batchNorm(image, { weight: weight(3), bias: weight(3), mean: weight(4), variance: weight(3) }),
    /^batchNorm: mean \[4\] is not one number for each channel \(axis 1\) of \[batch, 3, 11, 7\]/,
  ],
  ['attention', () => g.attention(tokens, tokens, tokens, { heads: 5 }), /^attention: .*into 5 heads/],
  ['embedding', () => g.embedding(weight(9, 5), tokens), /^embedding: .* must hold int32 or int64/],
  [
    'reshape',
    () => g.reshape(tokens, ['batch', 85]),
    /^reshape: \[batch, 7, 12\] has other elements than \[batch, 85\]/,
  ],
  [
    'reshape -1',
    () => g.reshape(tokens, ['batch', -1, 5]),
    /^reshape: .* does not divide into \[batch, -1, 5\]/,
  ],
  ['concat', () => g.concat([tokens, image], { axis: 1 }), /^concat: .* don't join along axis 1/],
  [
    'slice',
    () => g.slice(tokens, { axis: 1, start: 7 }),
    /^slice: 7: of axis 1 of \[batch, 7, 12\] is empty/,
  ],
  [
    'axis',
    () => g.softmax(tokens, { axis: 3 }),
    /^softmax: axis 3 is not one of the 3 axes of \[batch, 7, 12\]/,
  ],
  ['expand', () => g.expand(tokens, ['batch', 8, 12]), /^expand: .* does not expand to \[batch, 8, 12\]/],
  [
    'pad',
    () => g.pad(tokens, { axes: [{ axis: 1, before: 7 }], mode: 'reflect' }),
    /^pad: 7 before and 0 after/,
  ],
  ['where', () => g.where(ids, tokens, tokens), /^where: its condition is int32 \[batch, 7\], expected bool/],
  ['names', () => graph.input('image', [1]), /^input: the name "image" is taken/],
  [
    'an axis named like arithmetic',
    () => graph.input('named', ['2*batch', 7]),
    /^input: "named" \[2\*batch, 7\]: a dimension is a whole number or a name of letters, digits and _/,
  ],
  [
    'one value a channel',
    () => {
      const names = { weight: weight(3), bias: weight(3), mean: weight(3), variance: weight(3) }
      return g.batchNormTraining(graph.input('alone', [1, 3, 1]), names)
    },
    /^batchNormTraining: \[1, 3, 1\] has 1 value a channel, a variance needs 2/,
  ],
  ['constants', () => graph.constant(new Float32Array(6), [7]), /^constant: 6 numbers don't fill \[7\]/],
  ['other graph', () => g.add(tokens, new g.Graph().input('x', [12])), /inputs belong to different graphs/],
  [
    'free size',
    () => g.resize(graph.input('r', ['b', 'h', 7]), { size: [3, 7], mode: 'bilinear' }),
    /^resize: axis 1 /,
  ],
]

for (const [name, mistake, message] of MISTAKES)
  test(`a wrong shape is refused when it is written: ${name}`, () => {
    assert.throws(mistake, (error) => {
      assert.ok(error instanceof AntiphonError)
      assert.equal(error.code, 'shape')
      assert.match(error.message, message)
      assert.match(error.message, /shape-error\.test\.js:\d+\)$/)
      return true
    })
  })

test('the message ends with the line that called, not with a line of this folder', () => {
  const line = Number(/:(\d+):\d+\)?$/.exec(new Error().stack!.split('\n')[1])![1])
  assert.throws(
    () => g.multiHeadAttention(tokens, tokens, tokens, broken, { heads: 3 }),
    new RegExp(`shape-error\\.test\\.js:${line + 1}\\)$`),
  )
})

test('no name of an axis is read as arithmetic or as a number', () => {
  const names = [
    '2*batch',
    'a*b',
    '(a+1)',
    'a+b',
    'a-1',
    'floor(a/2)',
    'a/2',
    'a,b',
    '7',
    '0x10',
    '-1',
    ' ',
    '',
  ]
  for (const name of names)
    assert.throws(() => new g.Graph().input('x', [name, 7]), { code: 'shape', message: /^input: "x" / }, name)
  for (const name of ['batch', 'N', '_n2', 'Länge'])
    assert.deepEqual(new g.Graph().input('x', [name, 7]).shape, [name, 7])
})

test('the caller may lie in a folder of any name', () => {
  for (const [filename, shown] of [
    ['/music/50%/model.js', '/music/50%/model.js'],
    ['/music/a%20b/model.js', '/music/a%20b/model.js'],
    ['file:///music/50%25/a%20%23b/model.js', '/music/50%/a #b/model.js'],
    ['file:///music/50%/model.js', '/music/50%/model.js'],
  ]) {
    const call = runInThisContext('(mistake) => { return mistake() }', { filename }) as (f: unknown) => void
    assert.throws(
      () => call(g.add.bind(null, image, tokens)),
      (error) => {
        assert.ok(error instanceof AntiphonError)
        assert.equal(error.code, 'shape')
        assert.ok(error.message.endsWith(` (${shown}:1)`), error.message)
        return true
      },
    )
  }
})

const broken = {
  inWeight: weight(36, 12),
  inBias: weight(36),
  outWeight: weight(12, 11),
  outBias: weight(12),
}
