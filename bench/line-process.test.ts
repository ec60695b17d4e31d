import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { LineProcess } from './line-process.js'

const COUNTER = `
  let count = 0
  console.log('a warning, not an answer')
  process.stdin.on('data', (lines) => {
    for (const line of String(lines).trimEnd().split('\\n')) console.log(JSON.stringify({ count: ++count }))
    if (count === 2) { console.error('no more'); process.exit(7) }
  })`

test('a line is answered by a line; an end tells why', async () => {
  const child = new LineProcess(process.execPath, ['-e', COUNTER])
  assert.deepEqual(await child.ask(), { count: 1 })
  assert.deepEqual(await child.ask(), { count: 2 })
  await assert.rejects(child.ask(), /ended with 7:\nno more/)
  await assert.rejects(child.ask(), /ended with 7/)
  await child.close()
  const absent = new LineProcess('no-such-command', [])
  await assert.rejects(absent.next(), /ENOENT/)
  await absent.close()
})

/** Starts a child that starts a child, tells the ids of all, and then waits, or fails. */
const PARENT = `
  const { LineProcess } = await import(process.env.MODULE)
  const grandchild = "const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);" +
    "console.log(JSON.stringify({ pids: [process.pid, pid] })); setInterval(() => {}, 1000)"
  const child = new LineProcess(process.execPath, ['-e', grandchild])
  console.log(JSON.stringify(await child.next()))
  if (process.env.FAIL) throw new Error('failed')
  setInterval(() => {}, 1000)`

for (const how of ['SIGINT', 'SIGTERM', 'an error'] as const)
  test(
    `children end with their parent, by ${how}`,
    { skip: process.platform === 'win32' && 'no process groups here' },
    async () => {
      const env = {
        ...process.env,
        MODULE: new URL('./line-process.js', import.meta.url).href,
        FAIL: how === 'an error' ? 'yes' : '',
      }
      const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const ended = once(parent, 'close')
      const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
      const { pids } = JSON.parse(line) as { pids: number[] }
      assert.equal(pids.length, 2)
      if (how !== 'an error') parent.kill(how)
      const [status] = (await ended) as [number]
      assert.equal(status, { SIGINT: 130, SIGTERM: 143, 'an error': 1 }[how])
      const isRunning = (pid: number): boolean => {
        try {
          process.kill(pid, 0)
          return true
        } catch {
          return false
        }
      }
      for (let wait = 0; wait < 50 && pids.some(isRunning); wait++) await pause(100)
      assert.deepEqual(pids.filter(isRunning), [])
    },
  )
