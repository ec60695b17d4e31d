import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cast, mul, reshape } from '../graph/index.js'
import { nodeRuntime } from '../graph/node.js'
import type { TextEncoder } from '../model/index.js'
import { Embedder } from './embedder.js'
import { parseRecipe } from './recipe-file.js'
import { textSide } from './sides.js'

const TOKENS = 3

/** Its output is the ids themselves, those that the mask has. */
const IDS: TextEncoder = {
  width: TOKENS,
  maxTokens: TOKENS,
  vocabularySize: 100,
  encode: (ids, mask) => reshape(cast(mul(ids, mask), 'float32'), ['batch', TOKENS]),
}

test('texts without a projection are what their encoder gives, at unit length, frozen or not', async () => {
  const { projection } = parseRecipe(
    `{ name: x, audio: { encoder: x }, text: { encoder: x, tokenizer: x }, projection: { sides: audio, dim: ${TOKENS} } }`,
  )
  const ids = [3, 0, 4, 1, 2, 2]
  const expected = [0.6, 0, 0.8, 1 / 3, 2 / 3, 2 / 3]
  const runtime = await nodeRuntime()
  for (const frozen of [false, true]) {
    const side = textSide({ encoder: IDS, projection, tokens: TOKENS, frozen })
    const embedder = await Embedder.open(runtime, side)
    const shape = [2, TOKENS]
    const found = await embedder.embed(new Map(), {
      input_ids: { data: Int32Array.from(ids), shape },
      attention_mask: { data: new Int32Array(6).fill(1), shape },
      text_outputs: { data: Float32Array.from(ids), shape },
    })
    await embedder.close()
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(found[i] - value) < 1e-6)
  }
})
