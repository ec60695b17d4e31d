import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { TEST_SENTENCES } from '../../../test/mining-sentences.js'
import { repositoryRoot } from '../../../test/golden.js'
import type { Pair } from '../../data/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { readTables } from '../../text/node.js'
import { parseRecipe } from '../recipe-file.js'
import { minedPairs } from './mining.js'
import type { TrainEvent, TrainOptions } from './run-options.js'

const { miner } = await readTables()

async function mine(filter: string, sentences: readonly string[], signal?: AbortSignal) {
  const pairs = sentences.map((value, i): Pair => ({
    audio: { path: `/${i}.wav` },
    track: { id: `${i}` },
    texts: [{ kind: 'article', value }],
  }))
  const recipe = parseRecipe(
    `{ name: t, audio: { encoder: a }, text: { encoder: b, tokenizer: c }, text_policy: { kinds: { article: 1 }, filter: ${filter} } }`,
  )
  const find = (name: string): Promise<string> => Promise.resolve(join(repositoryRoot, name))
  const options = { recipe, runtime: await nodeRuntime(), find, signal } as unknown as TrainOptions
  const events: TrainEvent[] = []
  const work = minedPairs(pairs, miner, options)
  for (;;) {
    const { done, value } = await work.next()
    if (done)
      return {
        kept: value.filter(({ texts }) => texts.length > 0).map(({ track }) => Number(track.id)),
        events,
      }
    events.push(value)
  }
}

test('a sentence encoder tells what speaks of sound, by itself and after the words', async () => {
  // Of 32 that do and 32 that don't; as measured: 32 and 2 by itself, 30 and none after the words.
  for (const [words, leastRight, mostWrong] of [
    [0, 29, 4],
    [0.2, 27, 2],
  ]) {
    const { kept, events } = await mine(
      `{ words: ${words}, encoder: models/towers/minilm }`,
      TEST_SENTENCES.map(({ text }) => text),
    )
    const right = kept.filter((i) => TEST_SENTENCES[i].sound).length
    assert.ok(right >= leastRight && kept.length - right <= mostWrong, `${right}, ${kept.length - right}`)
    assert.ok(events.some((event) => event.kind === 'preparing' && event.what === 'sentences'))
    assert.deepEqual(events.at(-1), {
      kind: 'mined',
      sentences: [{ kind: 'article', kept: kept.length, of: 64 }],
      aspects: 0,
      withoutText: 64 - kept.length,
    })
  }
})

test('a filter that leaves nothing is refused', async () => {
  await assert.rejects(mine('{ words: 1 }', ['A slow waltz.']), {
    code: 'usage',
    message: /no text is left to train on/,
  })
})

test('mining stops where it is asked to, and shows how far it is', async () => {
  await assert.rejects(mine('{ words: 0.1 }', ['A slow waltz.'], AbortSignal.abort()), {
    code: 'interrupted',
  })
  const { events } = await mine(
    '{ words: 0 }',
    Array.from({ length: 600 }, (_, i) => `Waltz ${i}.`),
  )
  assert.deepEqual(
    events.flatMap((event) =>
      event.kind === 'preparing' ? [`${event.what} ${event.done}/${event.total}`] : [],
    ),
    ['texts 0/600', 'texts 256/600', 'texts 512/600'],
  )
})
