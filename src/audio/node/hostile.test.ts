import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeHostileFiles } from '../../../test/hostile-files.js'
import { AudioFileError } from '../index.js'
import { DecoderPool } from '../node.js'

test('hostile files: each bad one has its reason, each good one decodes, none takes another with it', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'antiphon-hostile-'))
  const pool = new DecoderPool({ processes: 2, stallSeconds: 20 })
  try {
    const files = await makeHostileFiles(dir, { skip: (what) => t.diagnostic(`SKIPPED: ${what}`) })
    assert.ok(files.filter(({ good }) => !good).length >= 60)
    const wrong: string[] = []
    for (const { path, why, good, reason } of files) {
      let samples = 0
      let outcome = 'decoded'
      try {
        for await (const block of pool.decode(path, { sampleRate: 16000 })) {
          if (!block.every(Number.isFinite)) outcome = 'not finite'
          samples += block.length
        }
      } catch (error) {
        assert.ok(error instanceof AudioFileError, `${why}: ${String(error)}`)
        assert.equal(error.path, path)
        outcome = error.reason
      }
      const right = good ? outcome === 'decoded' && samples > 0 : reason.test(outcome)
      if (!right)
        wrong.push(`${JSON.stringify(path.slice(dir.length))} (${why}): ${outcome}, ${samples} samples`)
      // A look and the tags must survive all of them too.
      for (const look of await Promise.allSettled([pool.probe(path), pool.tags(path)])) {
        if (look.status === 'fulfilled') continue
        assert.ok(look.reason instanceof AudioFileError, `${why}: ${String(look.reason)}`)
      }
    }
    assert.deepEqual(wrong, [])
  } finally {
    await pool.close()
    await rm(dir, { recursive: true, force: true })
  }
})

test('names and contents of files never reach the network', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'antiphon-network-'))
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const pool = new DecoderPool()
  try {
    const playlist = join(dir, 'list.m3u8')
    await writeFile(
      playlist,
      `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:${port}/a.mp3\n#EXT-X-ENDLIST\n`,
    )
    for (const path of [
      `http://127.0.0.1:${port}/a.mp3`,
      `tcp://127.0.0.1:${port}`,
      playlist,
      `concat:${playlist}|x`,
    ]) {
      await assert.rejects(pool.probe(path), AudioFileError)
    }
    assert.equal(connections, 0)
  } finally {
    await pool.close()
    await rm(dir, { recursive: true, force: true })
  }
})
