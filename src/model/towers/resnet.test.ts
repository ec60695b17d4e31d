import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, Graph, type Value } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { assertGoldenStep } from '../../../test/golden-step.js'
import { parameterFeeds } from '../../../test/golden-tower.js'
import { golden, maxAbsDifference } from '../../../test/golden.js'
import { servingScope, trainingScope } from '../scope.js'
import { RESNET_OPTIONS, resnetEncoder, resnetStages } from './resnet.js'

const SERVING_TOLERANCE = 1e-5 // of test/golden's README; PyTorch's own float32 differs by 4e-7
const runtime = await nodeRuntime()
const data = (value: Value): Float32Array => value.data as Float32Array

const reference = golden('resnet')
const { width, layers, output, 'attention heads': heads } = reference.json.shape
const options = RESNET_OPTIONS.parse({ width, layers, output, heads })
const encoder = resnetEncoder(options)
const image = reference.tensor('input') // [batch, 1, mels, frames]
const [batch, , mels, frames] = image.shape
const features = {
  shape: [batch, frames, mels],
  data: image.data.map((_, i) => {
    const [row, frame, mel] = [Math.floor(i / frames / mels), Math.floor(i / mels) % frames, i % mels]
    return image.data[(row * mels + mel) * frames + frame]
  }),
}

test('resnet computes what the original does', async () => {
  const graph = new Graph()
  const x = graph.input('features', ['batch', frames, mels])
  const scope = servingScope(graph)
  const names = ['stem', 'layer1', 'layer2', 'layer3', 'layer4']
  const stages = resnetStages(x, scope, options)
  const program = await compile(runtime, {
    outputs: {
      output: encoder.encode(x, scope),
      ...Object.fromEntries(names.map((name, i) => [name, stages[i]])),
    },
  })
  const results = await program.run({
    features,
    ...parameterFeeds(graph.parameters.keys(), reference.file, 'model/'),
  })
  for (const name of [...names, 'output']) {
    const expected = reference.tensor(`eval/${name}`).data
    const difference = maxAbsDifference(data(results[name]).subarray(0, expected.length), expected)
    assert.ok(difference <= SERVING_TOLERANCE, `${name} differs by ${difference}`)
  }
})

test('a training step of resnet gives the output, gradients and running statistics of the original', () =>
  assertGoldenStep({
    ...{ runtime, encoder, features, reference },
    output: 'output',
    counts: [6, 10],
    feeds: (names) => parameterFeeds(names, reference.file, 'model/'),
  }))

test('resnet hears waveforms: features of 10 s are 128 mels', () => {
  const graph = new Graph()
  const published = resnetEncoder(RESNET_OPTIONS.parse({}))
  const heard = published.features(graph.input('waveform', [7, 160_000]))
  assert.deepEqual(heard.shape, [7, 626, 128])
  const scope = trainingScope(graph)
  assert.deepEqual(published.encode(heard, scope.within('audio.')).shape, [7, 1024])
})
