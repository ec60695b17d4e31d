import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { factorCost, factorize, type FactorOptions, type ListeningFactors } from './factors.js'
import { weightOf } from './item-similarity.js'
import { ListeningMatrix } from './matrix.js'

/** Two kinds of listeners, each with items of its own and now and then one of the others. */
function twoTastes(users: number, items: number, seed: number): ListeningMatrix {
  const random = new Random(seed)
  const rows = Array.from({ length: users }, (_, user) =>
    Array.from({ length: items }, (_, item) => ({
      user: `u${user}`,
      item: `t${item}`,
      count: random.chance(user % 2 === item % 2 ? 0.6 : 0.05) ? random.int(1, 40) : 0,
    })),
  ).flat()
  return ListeningMatrix.fromRows(rows.filter(({ count }) => count > 0))
}

/** Gauss's elimination, with the largest pivot. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]])
  for (let column = 0; column < rows.length; column++) {
    const pivot = rows
      .slice(column)
      .reduce(
        (best, row, i) => (Math.abs(row[column]) > Math.abs(rows[best][column]) ? column + i : best),
        column,
      )
    ;[rows[column], rows[pivot]] = [rows[pivot], rows[column]]
    for (let row = 0; row < rows.length; row++) {
      if (row === column) continue
      const factor = rows[row][column] / rows[column][column]
      for (let i = column; i <= rows.length; i++) rows[row][i] -= factor * rows[column][i]
    }
  }
  return rows.map((row, i) => row[rows.length] / row[i])
}

const rowsOf = ({ dim }: ListeningFactors, factors: Float32Array): number[][] =>
  Array.from({ length: factors.length / dim }, (_, row) => [...factors.subarray(row * dim, (row + 1) * dim)])

test('items solve their normal equations, made densely', () => {
  const matrix = twoTastes(13, 11, 1)
  for (const weight of ['heard', 'log', 'count'] as const) {
    const options = { dim: 5, sweeps: 3, regularisation: 0.7, alpha: 1.5, weight, steps: 40, seed: 1 }
    const found = factorize(matrix, options)
    const users = rowsOf(found, found.users)
    for (const [item, got] of rowsOf(found, found.items).entries()) {
      const confidence = users.map((_, user) => {
        const count = matrix.count(matrix.users.get(user), matrix.items.get(item))
        return { heard: count > 0 ? 1 : 0, c: count > 0 ? 1 + 1.5 * weightOf(count, weight) : 1 }
      })
      const left = got.map((_, a) =>
        got.map(
          (_, b) =>
            users.reduce((sum, x, user) => sum + confidence[user].c * x[a] * x[b], 0) + (a === b ? 0.7 : 0),
        ),
      )
      const right = got.map((_, a) =>
        users.reduce((sum, x, user) => sum + confidence[user].c * confidence[user].heard * x[a], 0),
      )
      const expected = solve(left, right)
      for (const [d, value] of got.entries())
        assert.ok(
          Math.abs(value - expected[d]) < 2e-5,
          `${weight}, item ${item}: ${value}, not ${expected[d]}`,
        )
    }
  }
})

test('the cost is the sum over all pairs, heard or not', () => {
  const matrix = twoTastes(7, 11, 2)
  const found = factorize(matrix, { dim: 3, sweeps: 1, seed: 2 })
  const [users, items] = [rowsOf(found, found.users), rowsOf(found, found.items)]
  let expected = 0
  for (const [user, x] of users.entries())
    for (const [item, y] of items.entries()) {
      const count = matrix.count(matrix.users.get(user), matrix.items.get(item))
      const score = x.reduce((sum, value, d) => sum + value * y[d], 0)
      expected += count > 0 ? (1 + 4 * weightOf(count, 'log')) * (1 - score) ** 2 : score ** 2
    }
  for (const value of [...users, ...items].flat()) expected += 3 * value * value
  const cost = factorCost(matrix, found, { alpha: 4, regularisation: 3 })
  assert.ok(Math.abs(cost - expected) < 1e-6 * expected, `${cost}, not ${expected}`)
})

test('the cost falls with every half-sweep, in few steps of conjugate gradient too', () => {
  const matrix = twoTastes(37, 23, 3)
  for (const steps of [1, 3]) {
    const costs: number[] = []
    const options: FactorOptions = {
      dim: 7,
      sweeps: 7,
      regularisation: 0.5,
      alpha: 10,
      steps,
      seed: 3,
      onProgress: ({ cost }) => costs.push(cost()),
    }
    const last = factorCost(matrix, factorize(matrix, options), options)
    assert.equal(costs.length, 14)
    assert.ok(Math.abs(costs[13] - last) < 1e-5 * last)
    for (let i = 1; i < costs.length; i++)
      assert.ok(costs[i] < costs[i - 1], `half-sweep ${i + 1}: ${costs[i]} after ${costs[i - 1]}`)
    assert.ok(last < 0.98 * costs[0], String(costs))
  }
})

test('the same seed gives the same bits; another other ones; progress tells half-sweeps', () => {
  const matrix = twoTastes(9, 11, 4)
  const done: string[] = []
  const options = {
    dim: 4,
    sweeps: 2,
    onProgress: (p: { done: number; total: number }) => done.push(`${p.done}/${p.total}`),
  }
  const first = factorize(matrix, { ...options, seed: 1 })
  assert.deepEqual(done, ['1/4', '2/4', '3/4', '4/4'])
  assert.deepEqual(factorize(matrix, { ...options, seed: 1 }), first)
  assert.notDeepEqual(factorize(matrix, { ...options, seed: 2 }).items, first.items)
})

test('what those of a taste hear stands above what they do not', () => {
  const matrix = twoTastes(40, 30, 5)
  const found = factorize(matrix, { dim: 4, regularisation: 0.1, seed: 5 })
  const [users, items] = [rowsOf(found, found.users), rowsOf(found, found.items)]
  const score = (user: number, item: number): number =>
    users[user].reduce((sum, x, d) => sum + x * items[item][d], 0)
  for (let user = 0; user < users.length; user++) {
    const sums = [0, 0]
    for (let item = 0; item < items.length; item++)
      sums[Number(matrix.items.get(item).slice(1)) % 2] += score(user, item)
    const own = Number(matrix.users.get(user).slice(1)) % 2
    assert.ok(sums[own] > 1.5 * Math.abs(sums[1 - own]), `user ${user}: ${String(sums)}`)
  }
})
