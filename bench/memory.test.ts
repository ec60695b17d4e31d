import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { canMeasureMemory, MemorySampler, treeBytes } from './memory.js'

const MEGABYTE = 1e6
/** A child that starts a child: the first takes 60 MB, the second 90 MB, then both wait. */
const PROGRAM = `
  const { spawn } = require('node:child_process')
  const take = (megabytes) => Buffer.alloc(megabytes * 1e6, 1)
  if (process.argv[1] === 'second') {
    globalThis.held = take(90)
    console.log('ready')
    setInterval(() => {}, 1000)
  } else {
    spawn(process.execPath, ['-e', process.env.PROGRAM, 'second'], { stdio: ['ignore', 'inherit', 'inherit'] })
    globalThis.held = take(60)
    setInterval(() => {}, 1000)
    process.on('SIGTERM', () => process.exit())
  }
`

test(
  'memory counts children of children, and shows when they took it',
  { skip: !canMeasureMemory && 'no /proc here' },
  async () => {
    const own = treeBytes(process.pid)
    const child = spawn(process.execPath, ['-e', PROGRAM, 'first'], {
      env: { ...process.env, PROGRAM },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true, // a group of its own, to end both at once
    })
    try {
      const sampler = new MemorySampler(child.pid!, { everyMs: 20 })
      await once(child.stdout, 'data')
      const before = performance.now()
      await new Promise((resolve) => setTimeout(resolve, 100))
      sampler.stop()
      const bytes = treeBytes(child.pid!)
      // Two Node processes take some 40 to 60 MB each besides.
      assert.ok(bytes > 180 * MEGABYTE && bytes < 500 * MEGABYTE, `${bytes / MEGABYTE} MB`)
      assert.ok(sampler.peakBytes({ from: before }) > 180 * MEGABYTE)
      assert.ok(sampler.peakBytes() >= sampler.peakBytes({ to: before }))
      assert.ok(sampler.samples[0].bytes < 150 * MEGABYTE, 'the first sample is from before')
      assert.ok(treeBytes(process.pid) > own + 150 * MEGABYTE, 'our own tree holds them too')
    } finally {
      process.kill(-child.pid!, 'SIGKILL')
    }
    await once(child, 'close')
    assert.equal(treeBytes(child.pid!), 0)
  },
)
