import assert from 'node:assert/strict'
import { test } from 'node:test'
import { broadcast, exactQuotient, floorQuotient, product, sum } from './dimension.js'

test('products of named dimensions have one spelling', () => {
  assert.equal(product([7, 'batch', 11]), '77*batch')
  assert.equal(product(['tokens', 'batch']), 'batch*tokens')
  assert.equal(product(['7*batch', 'batch']), '7*batch*batch')
  assert.equal(product([2, '(frames+3)']), '2*(frames+3)')
  assert.equal(product(['batch', 0]), 0)
  assert.equal(product([]), 1)
})

test('division gives a dimension only where it comes out even', () => {
  assert.equal(exactQuotient('77*batch', 'batch'), 77)
  assert.equal(exactQuotient('77*batch', 7), '11*batch')
  assert.equal(exactQuotient('77*batch', 5), undefined)
  assert.equal(exactQuotient(77, 'batch'), undefined)
  assert.equal(floorQuotient('6*batch', 3), '2*batch')
  assert.equal(floorQuotient('(samples+5)', 4), 'floor((samples+5)/4)')
  assert.equal(floorQuotient(11, 4), 2)
})

test('numbers added to a name are folded', () => {
  assert.equal(sum('samples', 512), '(samples+512)')
  assert.equal(sum(sum('samples', 512), -512), 'samples')
  assert.equal(sum(sum('samples', 5), -7), '(samples-2)')
  assert.equal(sum(3, 'samples'), '(samples+3)')
  assert.equal(sum('a', 'a'), '2*a')
  assert.equal(sum('b', 'a'), '(a+b)')
})

test('a named dimension broadcasts with itself and with 1 only', () => {
  assert.deepEqual(broadcast(['batch', 1, 7], [11, 7]), ['batch', 11, 7])
  assert.equal(broadcast(['batch', 7], [3, 7]), undefined)
  assert.equal(broadcast(['batch'], ['tokens']), undefined)
})
