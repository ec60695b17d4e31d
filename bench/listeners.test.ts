import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaveOut, ListeningMatrix, planWorld, worldListening, worldPieces } from '../src/data/index.js'
import { rank } from './listeners.js'

test('factors and item similarity tell what listeners hear, better than popularity, which is better than chance', () => {
  const pieces = 560
  const { artists } = planWorld({ pieces, seed: 2 })
  const tracks = [...worldPieces({ pieces, seed: 2 })].map(({ track }) => track)
  const matrix = ListeningMatrix.fromRows(worldListening(tracks, artists, { seed: 2 }))
  const left = leaveOut(matrix, { seed: 2 })
  const [items, factors] = [rank(left, 'items'), rank(left, 'factors')]
  const [popularity, chance] = [rank(left, 'popularity'), rank(left, 'chance')]
  const said = JSON.stringify({ items, factors, popularity, chance })
  for (const { recall, nDCG } of [items, factors])
    assert.ok(recall > 1.5 * popularity.recall && nDCG > 1.5 * popularity.nDCG, said)
  assert.ok(popularity.recall > 1.5 * chance.recall, said)
})

test('recall and nDCG are those of a ranking by hand', () => {
  // Five tracks, the most popular first; u heard a and b, c and e were left out.
  const others = [5, 4, 3, 2, 1].flatMap((count, item) =>
    Array.from({ length: count }, (_, user) => ({ user: `other ${user}`, item: 'abcde'[item], count: 1 })),
  )
  const train = ListeningMatrix.fromRows([
    ...others,
    ...['a', 'b'].map((item) => ({ user: 'u', item, count: 1 })),
  ])
  const user = train.users.find('u')
  const start = Uint32Array.from({ length: train.users.size + 1 }, (_, i) => (i > user ? 2 : 0))
  const left = { train, start, item: Uint32Array.from([train.items.find('c'), train.items.find('e')]) }
  const { recall, nDCG } = rank(left, 'popularity')
  assert.equal(recall, 1)
  // c is first, d second, e third.
  assert.ok(Math.abs(nDCG - (1 + 0.5) / (1 + 1 / Math.log2(3))) < 1e-12)
})
