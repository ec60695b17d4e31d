import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Pair } from '../../data/index.js'
import { readItemFactors } from '../../model/index.js'
import { parseRecipe } from '../recipe-file.js'
import { makeFactors } from './item-factors.js'
import { PairFactors } from './pair-factors.js'
import type { TrainOptions } from './run-options.js'

const RECIPE = `
name: known
audio: { encoder: musicnn, factors: { dim: 3, dropout: 0.5 } }
text: { encoder: minilm, pretrained: models/towers/minilm }
`
const pair = (id: string): Pair => ({ audio: { path: `/${id}.wav` }, texts: [], track: { id } })
const PAIRS = [pair('audio/a/one'), pair('audio/a/two'), pair('nobody/hears'), pair('audio/a/one')]

function optionsOf(data: string, recipe = RECIPE, set: string[] = []): TrainOptions {
  const pairs = { pairs: PAIRS, rows: 4, wrong: [], withoutText: 0 }
  return { recipe: parseRecipe(recipe, { set }), data, pairs } as unknown as TrainOptions
}

function listening(lines: readonly string[], name = 'listening.tsv'): string {
  const dir = mkdtempSync(join(tmpdir(), 'antiphon-listening-'))
  writeFileSync(join(dir, name), lines.map((line) => `${line}\n`).join(''))
  return dir
}

const HEARD = ['u\ta/one\t3', 'u\ta/two\t1', 'v\ta/two\t2', 'w\ta/one\t9', 'w\tb/three\t1']

test('factors of all items, of mean square 1, the same each time, joined by the end of a path', async () => {
  const dir = listening(HEARD)
  const done: string[] = []
  const bytes = await makeFactors(optionsOf(dir), (at, of) => done.push(`${at}/${of}`))
  assert.equal(done.at(-1), '20/20')
  assert.deepEqual(await makeFactors(optionsOf(dir), () => undefined), bytes)
  const all = readItemFactors(bytes!)
  assert.deepEqual(all.names, ['a/one', 'a/two', 'b/three'])
  const square = all.factors.reduce((sum, x) => sum + x * x, 0) / all.factors.length
  assert.ok(Math.abs(square - 1) < 1e-5)

  const of = new PairFactors(bytes!, PAIRS, 0.5)
  const { factors, present } = of.feeds([2, 1, 0, 3])
  assert.deepEqual([...present.data], [0, 1, 1, 1])
  assert.deepEqual([...factors.data.subarray(0, 3)], [0, 0, 0])
  assert.deepEqual(factors.data.slice(3, 6), all.factors.slice(3, 6))
  assert.deepEqual(factors.data.slice(6, 9), factors.data.slice(9, 12))
  assert.deepEqual(
    [factors.shape, present.shape],
    [
      [4, 3],
      [4, 1],
    ],
  )
  const rows = Array.from({ length: 1000 }, () => 0)
  const left = of.feeds(rows, (row) => `seed/${row}`)
  const kept = left.present.data.reduce((sum, one) => sum + one, 0)
  assert.ok(kept > 430 && kept < 570, `${kept} of 1000 kept`)
  assert.deepEqual(
    of.feeds(rows, (row) => `seed/${row}`),
    left,
  )
  for (const [row, one] of left.present.data.entries())
    assert.equal(left.factors.data[row * 3] !== 0, one === 1)
})

test('it stops between two sweeps', async () => {
  const stop = new AbortController()
  let told = 0
  const making = makeFactors({ ...optionsOf(listening(HEARD)), signal: stop.signal }, () => {
    if (told++ === 0) setImmediate(() => stop.abort()) // as a signal comes: when the thread is free
  })
  await assert.rejects(making, { code: 'interrupted' })
  assert.ok(told < 5, `${told} of 20`)
})

test('listening that is not there, or of other music, is told', async () => {
  const none = mkdtempSync(join(tmpdir(), 'antiphon-listening-'))
  await assert.rejects(
    makeFactors(optionsOf(none), () => undefined),
    {
      code: 'usage',
      message: /audio\.factors: there is no listening in .*data\.listening/,
    },
  )
  await assert.rejects(
    makeFactors(optionsOf(listening(['u\tx\t1', 'v\ty\t1'])), () => undefined),
    { code: 'usage', message: /"audio\/a\/one"; its items are such as "x"/ },
  )
  await assert.rejects(
    makeFactors(optionsOf(none, RECIPE, ['data.listening=nowhere.tsv']), () => undefined),
    { code: 'usage', message: /^data\.listening: Cannot read .*nowhere\.tsv/ },
  )
  const named = join(listening(HEARD, 'plays.tsv'), 'plays.tsv')
  assert.ok(await makeFactors(optionsOf(none, RECIPE, [`data.listening=${named}`]), () => undefined))
  const without = RECIPE.replace(', factors: { dim: 3, dropout: 0.5 }', '')
  assert.equal(await makeFactors(optionsOf(none, without), () => undefined), undefined)
})

test('combinations that cannot be are refused by the key', () => {
  const refused = (set: string[], message: RegExp, recipe = RECIPE): void => {
    assert.throws(() => parseRecipe(recipe, { set }), { code: 'usage', message })
  }
  refused(['loss.self_supervision={}'], /loss\.self_supervision: audio\.factors has no second view/)
  refused(['audio.factors.dropout=1'], /audio\.factors\.dropout/)
  refused(['data.knowledge=graph.tsv'], /data\.knowledge: a graph is for texts of kind "similarity"/)
  refused(
    ['data.listening=x.tsv'],
    /data\.listening: listening is for the factors of items/,
    RECIPE.replace(', factors: { dim: 3, dropout: 0.5 }', ''),
  )
  assert.equal(parseRecipe(RECIPE).audio.factors?.hidden, 3)
})
