import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { itemSimilarity, largest, weightOf, type CountWeight } from './item-similarity.js'
import { leaveOut } from './leave-out.js'
import { ListeningMatrix, type ListeningRow } from './matrix.js'
import { recommendByItems, recommendByScore } from './recommend.js'
import { describeListening } from './describe.js'

const rowsOf = (users: number, items: number, length: number): fc.Arbitrary<ListeningRow[]> =>
  fc.array(
    fc.record({
      user: fc.nat(users - 1).map((i) => `u${i}`),
      item: fc.nat(items - 1).map((i) => `t${i}`),
      count: fc.integer({ min: 1, max: 50 }),
    }),
    { maxLength: length, minLength: 1 },
  )

/** The plain way: a Map of Maps. */
function summed(rows: readonly ListeningRow[]): Map<string, Map<string, number>> {
  const users = new Map<string, Map<string, number>>()
  for (const { user, item, count } of rows) {
    const of = users.get(user) ?? new Map<string, number>()
    users.set(user, of.set(item, (of.get(item) ?? 0) + count))
  }
  return users
}

test('the matrix is what a Map of Maps is, from both sides', () => {
  fc.assert(
    fc.property(rowsOf(7, 11, 60), (rows) => {
      const matrix = ListeningMatrix.fromRows(rows)
      const expected = summed(rows)
      const flat = [...expected].flatMap(([user, of]) =>
        [...of].map(([item, count]) => ({ user, item, count })),
      )
      const order = (a: ListeningRow, b: ListeningRow): number =>
        a.user < b.user ? -1 : a.user > b.user ? 1 : a.item < b.item ? -1 : 1
      assert.deepEqual([...matrix.rows()].sort(order), flat.sort(order))
      assert.equal(matrix.entries, flat.length)
      for (const { user, item, count } of flat) assert.equal(matrix.count(user, item), count)
      assert.equal(matrix.count('nobody', 't0'), 0)
      for (const [index, item] of [...matrix.items].entries()) {
        const of = flat.filter((row) => row.item === item)
        assert.equal(matrix.popularity()[index], of.length)
        assert.equal(
          matrix.popularity('plays')[index],
          of.reduce((sum, { count }) => sum + count, 0),
        )
        const { start, index: users, value } = matrix.byItem
        const seen = [...users.subarray(start[index], start[index + 1])].map((user, i) => ({
          user: matrix.users.get(user),
          item,
          count: value[start[index] + i],
        }))
        assert.deepEqual(seen.sort(order), of)
      }
    }),
  )
})

test('a count that is no whole number from 1 is refused', () => {
  for (const count of [0, -1, 1.5, NaN, 2 ** 32])
    assert.throws(() => ListeningMatrix.fromRows([{ user: 'u', item: 't', count }]), RangeError)
})

test('similarity of items is the cosine of their columns', () => {
  const weights = fc.constantFrom<CountWeight>('heard', 'log', 'count')
  fc.assert(
    fc.property(rowsOf(9, 7, 50), weights, fc.integer({ min: 1, max: 8 }), (rows, weight, neighbours) => {
      const matrix = ListeningMatrix.fromRows(rows)
      const columns = [...matrix.items].map((item) =>
        [...matrix.users].map((user) => {
          const count = matrix.count(user, item)
          return count === 0 ? 0 : weightOf(count, weight)
        }),
      )
      const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0)
      const cosine = (a: number[], b: number[]): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
      const { start, item, similarity } = itemSimilarity(matrix, { neighbours, weight })
      columns.forEach((column, i) => {
        const all = columns.map((other, j) => (j === i ? 0 : cosine(column, other))).filter((c) => c > 0)
        const got = similarity.subarray(start[i], start[i + 1])
        assert.equal(got.length, Math.min(neighbours, all.length))
        const best = all.sort((a, b) => b - a)
        got.forEach((value, place) =>
          assert.ok(Math.abs(value - best[place]) < 1e-6, `${value} ${best[place]}`),
        )
        // Both ways the same.
        got.forEach((value, place) => {
          const other = columns[item[start[i] + place]]
          assert.ok(Math.abs(value - cosine(other, column)) < 1e-6)
        })
      })
    }),
    { numRuns: 60 },
  )
})

test('the largest are those that sorting finds', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), fc.nat(20), (values, limit) => {
      const scores = Float64Array.from(values)
      const all = Uint32Array.from(scores.keys())
      const expected = [...all].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, limit)
      assert.deepEqual([...largest(all, scores, limit)], expected)
    }),
  )
})

test('some of the items of each user are left out, whatever the order of the rows', () => {
  fc.assert(
    fc.property(rowsOf(6, 40, 150), fc.nat(99), (rows, seed) => {
      const matrix = ListeningMatrix.fromRows(rows)
      const named = (of: ListeningMatrix): Map<string, string[]> => {
        const { train, start, item } = leaveOut(of, { seed, share: 0.25, atLeast: 4 })
        const left = new Map<string, string[]>()
        for (const [user, name] of [...of.users].entries()) {
          const out = [...item.subarray(start[user], start[user + 1])].map((i) => of.items.get(i))
          const kept = [...of.items].filter((track) => train.count(name, track) > 0)
          const all = [...of.items].filter((track) => of.count(name, track) > 0)
          assert.deepEqual([...kept, ...out].sort(), [...all].sort())
          assert.equal(out.length, all.length < 4 ? 0 : Math.max(1, Math.round(all.length / 4)))
          left.set(name, out.sort())
        }
        return left
      }
      const turned = ListeningMatrix.fromRows([...rows].reverse())
      const [one, other] = [named(matrix), named(turned)]
      for (const [user, out] of one) assert.deepEqual(other.get(user), out)
    }),
    { numRuns: 50 },
  )
  const rows = Array.from({ length: 60 }, (_, i) => ({ user: 'u', item: `t${i}`, count: 1 }))
  const matrix = ListeningMatrix.fromRows(rows)
  const out = (seed: number): string => leaveOut(matrix, { seed }).item.join()
  assert.notEqual(out(1), out(2))
})

test('what is recommended is what the sums of similarities say, and nothing that was heard', () => {
  fc.assert(
    fc.property(rowsOf(8, 9, 50), (rows) => {
      const matrix = ListeningMatrix.fromRows(rows)
      const near = itemSimilarity(matrix, { neighbours: 99 })
      const popularity = matrix.popularity()
      for (let user = 0; user < matrix.users.size; user++) {
        const name = matrix.users.get(user)
        const scores = [...matrix.items].map((item, i) => {
          if (matrix.count(name, item) > 0) return 0
          let sum = 0
          for (let other = 0; other < matrix.items.size; other++)
            if (matrix.count(name, matrix.items.get(other)) > 0)
              for (let j = near.start[other]; j < near.start[other + 1]; j++)
                if (near.item[j] === i) sum += near.similarity[j]
          return sum
        })
        const expected = scores.filter((score) => score > 0).sort((a, b) => b - a)
        const got = [...recommendByItems(matrix, near, user, { limit: 4 })]
        assert.equal(got.length, Math.min(4, expected.length))
        got.forEach((item, place) => assert.ok(Math.abs(scores[item] - expected[place]) < 1e-5))
        for (const item of recommendByScore(matrix, popularity, user, { limit: 20 }))
          assert.equal(matrix.count(name, matrix.items.get(item)), 0)
      }
    }),
    { numRuns: 40 },
  )
})

test('listening is summed up', () => {
  const matrix = ListeningMatrix.fromRows([
    { user: 'a', item: 'x', count: 8 },
    { user: 'a', item: 'y', count: 1 },
    { user: 'b', item: 'x', count: 1 },
  ])
  assert.deepEqual(describeListening(matrix), {
    users: 2,
    items: 2,
    entries: 3,
    density: 0.75,
    plays: 10,
    count: { least: 1, median: 1, most: 8 },
    itemsOfUser: { least: 1, median: 1, most: 2 },
    usersOfItem: { least: 1, median: 1, most: 2 },
    topTenth: 0.9,
  })
})
