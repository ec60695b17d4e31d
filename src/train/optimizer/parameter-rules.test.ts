import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parameterSettings } from '../index.js'

const parameters = new Map(
  Object.entries({
    'audio.stem.weight': [7, 11],
    'audio.stem.bias': [7],
    'text.layer.1.weight': [3, 3],
    'text.layer.11.weight': [3, 3],
    log_scale: [],
  }).map(([name, shape]) => [name, { shape }]),
)

test('matrices decay, vectors and scalars do not', () => {
  const settings = parameterSettings(parameters, [], { weightDecay: 0.2 })
  const decays = [...settings].map(([, { weightDecay }]) => weightDecay)
  assert.deepEqual(decays, [0.2, 0, 0.2, 0.2, 0])
  assert.deepEqual(settings.get('log_scale'), { weightDecay: 0, learningRate: 1, frozen: false })
})

test('rules match whole names, * any run of characters; the later rule wins, key by key', () => {
  const settings = parameterSettings(
    parameters,
    [
      { match: 'text.*', frozen: true, learningRate: 0.1 },
      { match: '*.1.*', frozen: false },
      { match: '*bias', weightDecay: 0.5 },
      { match: 'log_scale', learningRate: 10 },
    ],
    { weightDecay: 0.2 },
  )
  assert.deepEqual(Object.fromEntries(settings), {
    'audio.stem.weight': { weightDecay: 0.2, learningRate: 1, frozen: false },
    'audio.stem.bias': { weightDecay: 0.5, learningRate: 1, frozen: false },
    'text.layer.1.weight': { weightDecay: 0.2, learningRate: 0.1, frozen: false },
    'text.layer.11.weight': { weightDecay: 0.2, learningRate: 0.1, frozen: true },
    log_scale: { weightDecay: 0, learningRate: 10, frozen: false },
  })
})

test('a rule that matches nothing is an error: a dot is a dot, a part of a name no name', () => {
  for (const match of ['audio', 'text.layer.1', 'logXscale', 'log.scale', '(', 'audio.*.weights'])
    assert.throws(
      () => parameterSettings(parameters, [{ match, frozen: true }]),
      (error: Error) =>
        error.message ===
        `No parameter is called "${match}" (expected a name or pattern such as "audio.*", "text.*", "audio.stem.weight")`,
    )
})
