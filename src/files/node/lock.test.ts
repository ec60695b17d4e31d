import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { AntiphonError } from '../../errors/index.js'
import { takeLock, type Lock } from './lock.js'

const root = await mkdtemp(join(tmpdir(), 'antiphon-lock-'))
after(() => rm(root, { recursive: true, force: true }))

const folder = (): Promise<string> => mkdtemp(join(root, 'catalog-'))
const isLocked = (error: unknown): boolean => error instanceof AntiphonError && error.code === 'locked'

async function leave(dir: string, holder: object): Promise<void> {
  const dead = { pid: 1, host: hostname(), processStart: null, since: '2020-01-01T00:00:00.000Z', token: 'x' }
  await writeFile(join(dir, 'lock'), JSON.stringify({ ...dead, ...holder }))
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid!
}

it('is held by one, who is named to the others, and released', async () => {
  const dir = await folder()
  const lock = await takeLock(dir)
  await assert.rejects(takeLock(dir), (error: unknown) => {
    assert.ok(isLocked(error))
    assert.match(
      (error as Error).message,
      new RegExp(`Process ${process.pid} has been writing .* since \\d{4}-`),
    )
    return true
  })
  await lock.release()
  await (await takeLock(dir)).release()
  assert.deepEqual(await readdir(dir), [])
})

it('takes the lock of a dead process, of an earlier one with the same pid, and half a lock', async () => {
  const dir = await folder()
  await leave(dir, { pid: await deadPid() })
  await (await takeLock(dir)).release()
  if (process.platform === 'linux') {
    await leave(dir, { pid: process.pid, processStart: 'another boot 123' })
    await (await takeLock(dir)).release()
  }
  await writeFile(join(dir, 'lock'), '{"pid": 12')
  await (await takeLock(dir)).release()
})

it('leaves the lock of another machine, and of a process of another user', async () => {
  const dir = await folder()
  await leave(dir, { pid: await deadPid(), host: 'elsewhere' })
  await assert.rejects(takeLock(dir), /on elsewhere .* delete .*lock/)
  await leave(dir, { pid: process.ppid })
  await assert.rejects(takeLock(dir), isLocked)
})

it('is taken from a dead process by one only, however many try', async () => {
  for (let round = 0; round < 10; round++) {
    const dir = await folder()
    await leave(dir, { pid: await deadPid(), token: `dead ${round}` })
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(dir)))
    const held = tries.filter(
      (result): result is PromiseFulfilledResult<Lock> => result.status === 'fulfilled',
    )
    assert.equal(held.length, 1)
    for (const result of tries)
      if (result.status === 'rejected') assert.ok(isLocked(result.reason), String(result.reason))
    assert.equal(JSON.parse(await readFile(join(dir, 'lock'), 'utf8')).pid, process.pid)
    await held[0].value.release()
    assert.deepEqual(await readdir(dir), [])
  }
})
