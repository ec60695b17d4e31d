import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { editDistance } from './edit-distance.js'
import { NameIndex } from './name-index.js'
import { normalName } from './normal-name.js'

test('a normal name lacks what people leave out', () => {
  for (const [name, normal] of [
    ['The Beatles', 'beatles'],
    ['Beatles, The', 'beatles'],
    ['The The', 'the'],
    ['the', 'the'],
    ['Sigur Rós', 'sigur ros'],
    ['AC/DC', 'acdc'],
    ['N.W.A.', 'nwa'],
    ["Guns N' Roses", 'guns n roses'],
    ['Simon & Garfunkel', 'simon and garfunkel'],
    ['Simon&Garfunkel', 'simon and garfunkel'],
    ['Mötley Crüe', 'motley crue'],
    ['Røyksopp', 'royksopp'],
    ['  Blink-182 ', 'blink 182'],
    ['!!!', '!!!'],
    ['久石譲', '久石譲'],
    ['ＡＢＢＡ', 'abba'],
    ['snake_case', 'snake case'],
  ])
    assert.equal(normalName(name), normal, name)
})

/** By the definition: letter by letter from the end. */
function slowDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const [x, y] = [a.slice(0, -1), b.slice(0, -1)]
  const same = a.at(-1) === b.at(-1)
  let best = Math.min(slowDistance(x, y) + (same ? 0 : 1), slowDistance(x, b) + 1, slowDistance(a, y) + 1)
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1))
    best = Math.min(best, slowDistance(a.slice(0, -2), b.slice(0, -2)) + 1)
  return best
}

test('edit distance is that of the definition, and says when it is more than asked', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
  fc.assert(
    fc.property(word, word, fc.nat(7), (a, b, most) => {
      const distance = slowDistance(a, b)
      assert.equal(editDistance(a, b), distance)
      assert.equal(editDistance(a, b, most), Math.min(distance, most + 1))
    }),
  )
  assert.equal(editDistance('x'.repeat(300), 'y'.repeat(200)), 300)
})

const NAMES = [
  'The Beatles', 'Beady Eye', 'Queen', 'Queens of the Stone Age', 'U2', 'Norah Jones', 'Nora Jonson', 'Hotel California',
  'Yesterday - 2009 Remaster', 'Yesterdays', 'AC/DC', 'Beyoncé', 'Guns N’ Roses', 'Sigur Rós', '!!!', '久石譲', 'Air', 'Aria',
] // prettier-ignore

test('names are found in spite of slips', () => {
  const index = new NameIndex(NAMES.map((name, owner) => [owner, name]))
  const best = (query: string): string | undefined => index.find(query, { limit: 1 })[0]?.name
  for (const [query, name] of [
    ['beatels', 'The Beatles'],
    ['The Beetles', 'The Beatles'],
    ['qeuen', 'Queen'],
    ['queens of stone age', 'Queens of the Stone Age'],
    ['u2', 'U2'],
    ['jones norah', 'Norah Jones'],
    ['Nora Jones', 'Norah Jones'],
    ['california hotel', 'Hotel California'],
    ['yesterday', 'Yesterdays'],
    ['yesterday 2009', 'Yesterday - 2009 Remaster'],
    ['ac dc', 'AC/DC'],
    ['beyonse', 'Beyoncé'],
    ['guns and roses', 'Guns N’ Roses'],
    ['sigurros', 'Sigur Rós'],
    ['!!!', '!!!'],
    ['久石譲', '久石譲'],
    ['air', 'Air'],
  ])
    assert.equal(best(query), name, query)
  assert.equal(best('xyzzy'), undefined)
  assert.equal(best(''), undefined)
  assert.equal(index.find('the beatles', { limit: 1 })[0].score, 1)
  const { score } = index.find('beatels', { limit: 1 })[0]
  assert.ok(score > 0.8 && score < 1, `${score}`)
})

test('equals come by rank, names written just so before others; what is not accepted stays out', () => {
  const index = new NameIndex([
    [0, 'Air'],
    [1, 'AIR'],
    [2, 'air'],
    [2, 'Air (band)'],
  ])
  const owners = (query: string, rank?: (owner: number) => number): number[] =>
    index.find(query, { limit: 9, rank }).map(({ owner }) => owner)
  assert.deepEqual(owners('AIR'), [1, 0, 2])
  assert.deepEqual(
    owners('aIR', (owner) => owner),
    [2, 1, 0],
  )
  assert.deepEqual(
    index.find('air', { limit: 9, accepts: (owner) => owner === 1 }).map(({ owner }) => owner),
    [1],
  )
})

test('every name finds itself, first or as well as any', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 40 }), (names) => {
      const index = new NameIndex(names.map((name, owner) => [owner, name]))
      names.forEach((name, owner) => {
        if (normalName(name) === '') return
        const found = index.find(name, { limit: names.length })
        assert.equal(found[0].score, 1)
        assert.ok(
          found.some((one) => one.owner === owner && one.score === 1),
          name,
        )
      })
    }),
    { numRuns: 50 },
  )
})
