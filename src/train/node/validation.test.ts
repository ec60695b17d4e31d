import assert from 'node:assert/strict'
import { test } from 'node:test'
import { score } from '../../../test/train-fixture.js'
import type { Pair } from '../../data/index.js'
import type { JointEmbedding } from '../../model/index.js'
import type { Batches } from './batches.js'
import { Validation, type ValidationOptions } from './validation.js'

const IDS = ['audio/a', 'b', 'c', 'd']
const pairs = IDS.map((id): Pair => ({
  audio: { path: `/${id}.wav` },
  track: { id },
  texts: [{ kind: 'caption', value: id }],
}))

/** Pieces lie in another order than pairs, and have one to three chunks. */
const pieceOf = Int32Array.of(2, 0, 3, 1)
const windowOffsets = Int32Array.of(0, 2, 3, 6, 7)
const batches = {
  pieceOf,
  windowOffsets,
  async *wholeTracks() {
    for (const [from, to] of [
      [0, 4],
      [4, 7],
    ]) {
      const data = Float32Array.from({ length: to - from }, (_, i) => from + i)
      yield await Promise.resolve({ from, audio: { data, shape: [to - from, 1] } })
    }
  },
} as unknown as Batches

const oneHot = (at: number): Float32Array => Float32Array.from({ length: 4 }, (_, i) => Number(i === at))

test('a model that knows items is judged with what it knows of them, each chunk as its own track', async () => {
  const asked: [chunk: number, name: string][] = []
  const model = {
    logitScale: 1,
    items: {
      find: (names: readonly string[]) =>
        Promise.resolve(names.find((name) => ['a', 'b', 'c'].includes(name))),
      embedAudio: ([chunk]: readonly Float32Array[], name: string) => {
        asked.push([chunk[0], name])
        return Promise.resolve([oneHot('abcd'.indexOf(name))])
      },
    },
    // By sound alone all are alike.
    embedAudio: (chunks: readonly Float32Array[]) => Promise.resolve(chunks.map(() => oneHot(3))),
    embedText: (texts: readonly string[]) =>
      Promise.resolve(texts.map((text) => oneHot('abcd'.indexOf(text.at(-1)!)))),
  } as unknown as JointEmbedding
  const validation = new Validation({ pairs, batches, score } as unknown as ValidationOptions)
  const { scores } = await validation.judgeServed(model, batches)
  assert.equal(scores['recall@1'], 1)
  assert.deepEqual(asked, [
    [0, 'b'],
    [1, 'b'],
    [3, 'a'],
    [4, 'a'],
    [5, 'a'],
    [6, 'c'],
  ])
  const heard: JointEmbedding = { ...model, items: undefined }
  assert.ok((await validation.judgeServed(heard, batches)).scores['recall@1'] < 1)
})
