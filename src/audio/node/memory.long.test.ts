import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { canMeasureMemory, treeBytes } from '../../../bench/memory.js'
import { encodeAudio, formats, tune } from '../../../test/audio-files.js'
import { chunks } from '../index.js'
import { DecoderPool } from '../node.js'

const MEGABYTE = 2 ** 20

async function peakOf(path: string): Promise<{ peak: number; seconds: number }> {
  const pool = new DecoderPool()
  try {
    let peak = 0
    let seconds = 0
    let next = 0
    const spec = { sampleRate: 16000, chunkSeconds: 10, hopSeconds: 10, minRestSeconds: 3 }
    for await (const chunk of chunks(pool.decode(path, { sampleRate: 16000 }), spec)) {
      seconds = chunk.end
      if (performance.now() < next) continue
      next = performance.now() + 500
      peak = Math.max(peak, treeBytes(process.pid))
    }
    const { duration } = await pool.probe(path)
    assert.ok(Math.abs(duration - seconds) < 60, `${duration} s, decoded ${seconds} s`)
    return { peak: Math.max(peak, treeBytes(process.pid)), seconds }
  } finally {
    await pool.close()
  }
}

test('ten hours peak within 50 MB of one', { skip: !canMeasureMemory && 'reads /proc' }, async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'antiphon-hours-'))
  try {
    for (const extension of ['flac', 'mp3', 'ogg', 'm4a', 'wma', 'mka']) {
      const format = formats.find((f) => f.extension === extension)!
      const sampleRate = extension === 'mp3' || extension === 'wma' ? 22050 : 8000
      const channels = [tune(60, sampleRate, 1)]
      const hours = [1, 10].map((count) => ({ count, path: join(dir, `${count}.${extension}`) }))
      await encodeAudio(
        hours.map(({ count, path }) => ({ ...format, path, sampleRate, channels, repeat: 60 * count })),
      )
      await peakOf(hours[0].path) // what the process needs once
      const peaks: number[] = []
      for (const { count, path } of hours) {
        const { peak, seconds } = await peakOf(path)
        assert.ok(Math.abs(seconds - 3600 * count) < 60 * count, `${extension}: ${seconds} s`)
        peaks.push(peak / MEGABYTE)
        await rm(path)
      }
      const [one, ten] = peaks.map((peak) => Math.round(peak))
      t.diagnostic(`${extension}: one hour ${one} MB, ten hours ${ten} MB`)
      assert.ok(ten - one < 50, `${extension}: one hour ${one} MB, ten hours ${ten} MB`)
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
