import assert from 'node:assert/strict'
import test from 'node:test'
import { measure } from './process.js'

const PROGRAM = 'console.log(process.env.ANTIPHON_MODEL, process.env.PATH === undefined)'

test("the shell's choice of a model does not reach what is measured; ours does", async () => {
  process.env['ANTIPHON_MODEL'] = 'of-the-shell'
  try {
    const plain = await measure(process.execPath, ['-e', PROGRAM])
    assert.equal(plain.stdout, 'undefined false\n')
    const named = await measure(process.execPath, ['-e', PROGRAM], { env: { ANTIPHON_MODEL: 'named' } })
    assert.equal(named.stdout, 'named false\n')
  } finally {
    delete process.env['ANTIPHON_MODEL']
  }
})
