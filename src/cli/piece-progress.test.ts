import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PieceProgress } from './piece-progress.js'

test('the time left follows the pieces of this run, not those kept from before', () => {
  const lines: string[] = []
  let now = 0
  const stderr = {
    write: (text: string) => void lines.push(text),
    interactive: false,
    columns: 80,
    colour: false,
  }
  const progress = new PieceProgress({ stderr, now: () => now }, { what: 'Making', pieces: 'pieces' })
  progress.update({ done: 1500, total: 2000 })
  assert.deepEqual(lines, [])
  now = 20_000
  progress.update({ done: 1510, total: 2000 })
  now = 21_000
  progress.update({ done: 1511, total: 2000 })
  assert.deepEqual(lines, ['Making: 1,510 of 2,000 pieces, 16:20 left\n'])
})
