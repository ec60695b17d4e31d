import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeListening, ListeningMatrix, planWorld, worldListening, worldPieces } from '../index.js'

const PIECES = 330
const { artists } = planWorld({ pieces: PIECES, seed: 3 })
const tracks = [...worldPieces({ pieces: PIECES, seed: 3 })].map(({ track }) => track)
const rows = [...worldListening(tracks, artists, { seed: 5, listeners: 400 })]
const matrix = ListeningMatrix.fromRows(rows)
const trackOf = new Map(tracks.map((track) => [track.id, track]))

test('each listener hears some tracks of the world, each once in the rows', () => {
  assert.equal(matrix.users.size, 400)
  assert.equal(matrix.entries, rows.length)
  for (const { item, count } of rows) {
    assert.ok(trackOf.has(item))
    assert.ok(Number.isInteger(count) && count >= 1)
  }
  const { itemsOfUser } = describeListening(matrix)
  assert.ok(itemsOfUser.least >= 1 && itemsOfUser.most <= 0.2 * PIECES, JSON.stringify(itemsOfUser))
})

test('plays, counts and popularity have long tails', () => {
  const { count, usersOfItem, topTenth } = describeListening(matrix)
  assert.ok(count.median <= 2 && count.most > 50, JSON.stringify(count))
  assert.ok(usersOfItem.most > 5 * usersOfItem.median, JSON.stringify(usersOfItem))
  assert.ok(topTenth > 0.3 && topTenth < 0.7, `${topTenth}`)
})

test('who listens to two tracks likes the same style rather than chance says', () => {
  const { start, index } = matrix.byUser
  const styleOf = [...matrix.items].map((id) => trackOf.get(id)!.style)
  const shares = Array.from({ length: matrix.users.size }, (_, user) => {
    const styles = [...index.subarray(start[user], start[user + 1])].map((item) => styleOf[item])
    const counts = styles.map((style) => styles.filter((other) => other === style).length - 1)
    return styles.length < 2
      ? 0
      : counts.reduce((sum, c) => sum + c, 0) / (styles.length * (styles.length - 1))
  })
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  // 28 styles: by chance about a twentieth, as some are more famous.
  assert.ok(mean > 0.25, `${mean}`)
})

test('the same seed gives the same listeners, however many there are', () => {
  const again = [...worldListening(tracks.values(), artists, { seed: 5, listeners: 20 })]
  assert.deepEqual(again, rows.slice(0, again.length))
  assert.notDeepEqual([...worldListening(tracks, artists, { seed: 6, listeners: 20 })], again)
  assert.deepEqual([...worldListening([], [], { seed: 1 })], [])
  assert.throws(() => [...worldListening(tracks, [], { seed: 1 })], /who is not among the artists/)
})
