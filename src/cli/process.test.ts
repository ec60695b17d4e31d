import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { output } from './process.js'

const stream = (properties: { isTTY?: boolean; columns?: number }) =>
  Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), properties)

test('a terminal is fitted and coloured unless the user says no', () => {
  const terminal = stream({ isTTY: true, columns: 97 })
  const look = (env: Record<string, string>, to = terminal) => {
    const { interactive, colour } = output(to, env)
    return { interactive, colour }
  }
  assert.deepEqual(look({ TERM: 'xterm-256color' }), { interactive: true, colour: true })
  assert.deepEqual(look({ TERM: 'xterm', NO_COLOR: '1' }), { interactive: true, colour: false })
  assert.deepEqual(look({ TERM: 'xterm', NO_COLOR: '' }), { interactive: true, colour: true }) // no-color.org: not empty
  assert.deepEqual(look({ TERM: 'dumb' }), { interactive: false, colour: false })
  assert.deepEqual(look({ TERM: 'xterm' }, stream({})), { interactive: false, colour: false })
})

test('the width follows the terminal, and is 80 where it does not say', () => {
  const terminal = stream({ isTTY: true, columns: 97 })
  const seen = output(terminal, {})
  assert.equal(seen.columns, 97)
  terminal.columns = 40
  assert.equal(seen.columns, 40)
  assert.equal(output(stream({ isTTY: true, columns: 0 }), {}).columns, 80)
})

test('a reader that went away is no error', () => {
  const gone = stream({})
  const seen = output(gone, {})
  gone.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  seen.write('on the floor')
})
