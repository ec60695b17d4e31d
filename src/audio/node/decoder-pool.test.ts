import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { AntiphonError } from '../../errors/index.js'
import { encodeAudio, tune } from '../../../test/audio-files.js'
import { AudioFileError } from '../index.js'
import { DecoderPool } from '../node.js'

let dir: string
let good: string
let long: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'antiphon-pool-'))
  good = join(dir, 'good.flac')
  long = join(dir, 'long.flac')
  const channels = [tune(2, 22050, 1)]
  await encodeAudio([
    { path: good, format: 'flac', codec: 'flac', sampleRate: 22050, channels },
    { path: long, format: 'flac', codec: 'flac', sampleRate: 22050, channels, repeat: 60 },
  ])
})
after(() => rm(dir, { recursive: true, force: true }))

async function decode(pool: DecoderPool, path: string): Promise<Float32Array> {
  const blocks: number[] = []
  for await (const block of pool.decode(path, { sampleRate: 16000 })) for (const x of block) blocks.push(x)
  return Float32Array.from(blocks)
}

/** A decoder that runs `code` before each command, for faults that FFmpeg shows only to those who look for them. */
async function faultyDecoder(name: string, code: string): Promise<URL> {
  const path = join(dir, `${name}.mjs`)
  const child = new URL('./child.js', import.meta.url).href
  await writeFile(
    path,
    `import fs from 'node:fs'
     import { syncBuiltinESMExports } from 'node:module'
     const { serve } = await import(${JSON.stringify(child)})
     const crash = () => { process.kill(process.pid, 'SIGSEGV'); for (;;); }
     const hang = () => { for (;;); }
     const once = (what) => { const mark = ${JSON.stringify(join(dir, `${name}.done`))}; if (!fs.existsSync(mark)) { fs.writeFileSync(mark, ''); what() } }
     await serve((command) => { ${code} })`,
  )
  return pathToFileURL(path)
}

const startsOf = async (name: string) => (await readFile(join(dir, name), 'utf8')).length

test('a file that crashes the decoder twice costs that file only', async () => {
  const entry = await faultyDecoder(
    'crash',
    `if (command.path.includes('bad')) { fs.appendFileSync(${JSON.stringify(join(dir, 'crashes'))}, 'x'); crash() }`,
  )
  const bad = join(dir, 'bad.flac')
  await copyFile(good, bad)
  const pool = new DecoderPool({ entry })
  try {
    const before = await decode(pool, good)
    await assert.rejects(decode(pool, bad), (error) => {
      assert.ok(error instanceof AudioFileError)
      assert.equal(error.code, 'file')
      assert.equal(error.path, bad)
      assert.match(error.reason, /crashed on it \(SIGSEGV\)/)
      return true
    })
    assert.equal(await startsOf('crashes'), 2)
    await assert.rejects(pool.probe(bad), /crashed on it/)
    await assert.rejects(pool.tags(bad), /crashed on it/)
    assert.deepEqual(await decode(pool, good), before)
  } finally {
    await pool.close()
  }
})

test('a decoder that hangs is killed, its file tried once more, and the next goes on', async () => {
  const entry = await faultyDecoder('hang', `if (command.path.includes('stuck')) hang()`)
  const stuck = join(dir, 'stuck.flac')
  await copyFile(good, stuck)
  const pool = new DecoderPool({ entry, stallSeconds: 3 })
  try {
    const started = performance.now()
    await assert.rejects(decode(pool, stuck), /hung on it \(no output for 3 s\)/)
    const seconds = (performance.now() - started) / 1000
    assert.ok(seconds > 6 && seconds < 15, `${seconds} s`)
    assert.ok((await decode(pool, good)).length > 0)
  } finally {
    await pool.close()
  }
})

test('a crash midway that does not come again leaves no trace in the samples', async () => {
  const plain = new DecoderPool()
  const entry = await faultyDecoder(
    'midway',
    `const write = fs.writeSync; let n = 0
     fs.writeSync = (...rest) => { if (++n === 30) once(crash); return write(...rest) }
     syncBuiltinESMExports()`,
  )
  const pool = new DecoderPool({ entry })
  try {
    const expected = await decode(plain, long)
    const blocks: number[] = []
    for await (const block of pool.decode(long, { sampleRate: 16000 })) for (const x of block) blocks.push(x)
    assert.ok(await readFile(join(dir, 'midway.done')), 'it crashed')
    assert.deepEqual(Float32Array.from(blocks), expected)
  } finally {
    await pool.close()
    await plain.close()
  }
})

test('a consumer that takes its time is no stall', async () => {
  const pool = new DecoderPool({ stallSeconds: 2 })
  try {
    let blocks = 0
    for await (const block of pool.decode(long, { sampleRate: 16000 })) {
      assert.ok(block.length > 0)
      if (blocks++ === 1) await new Promise((resolve) => setTimeout(resolve, 4000))
    }
    assert.ok(blocks > 20)
  } finally {
    await pool.close()
  }
})

test('an iteration that is left frees its process for the next file', async () => {
  const pool = new DecoderPool({ processes: 1 })
  try {
    const expected = await decode(pool, good)
    for (let turn = 0; turn < 3; turn++) {
      for await (const block of pool.decode(long, { sampleRate: 16000 })) {
        assert.ok(block.length > 0)
        break
      }
      assert.deepEqual(await decode(pool, good), expected)
    }
  } finally {
    await pool.close()
  }
})

test('a signal ends decoding, probing and waiting in line', async () => {
  const pool = new DecoderPool({ processes: 1 })
  const isInterrupted = (error: unknown) => error instanceof AntiphonError && error.code === 'interrupted'
  try {
    const expected = await decode(pool, good)
    const controller = new AbortController()
    const { signal } = controller
    await assert.rejects(async () => {
      for await (const block of pool.decode(long, { sampleRate: 16000, signal })) {
        assert.ok(block.length > 0)
        const waiting = assert.rejects(pool.probe(good, { signal }), isInterrupted)
        controller.abort()
        await waiting
      }
    }, isInterrupted)
    await assert.rejects(pool.probe(good, { signal }), isInterrupted)
    assert.deepEqual(await decode(pool, good), expected)
  } finally {
    await pool.close()
  }
})

test('closing fails at once what is under way and what waits in line, and says so', async () => {
  const started = join(dir, 'closing')
  const entry = await faultyDecoder(
    'closing',
    `if (command.path.includes('endless')) { fs.appendFileSync(${JSON.stringify(started)}, 'x'); hang() }`,
  )
  const endless = join(dir, 'endless.flac')
  await copyFile(good, endless)
  const isClosed = (error: unknown) =>
    error instanceof AntiphonError && error.code === 'failed' && /pool was closed/.test(error.message)
  const within = async (work: Promise<void>[]) => {
    const begun = performance.now()
    await Promise.all(work)
    const seconds = (performance.now() - begun) / 1000
    assert.ok(seconds < 5, `${seconds} s`)
  }
  const starting = new DecoderPool({ entry })
  const first = assert.rejects(starting.probe(endless), isClosed)
  await within([starting.close(), first])

  const pool = new DecoderPool({ entry })
  const work = [
    assert.rejects(decode(pool, endless), isClosed),
    assert.rejects(decode(pool, good), isClosed),
    assert.rejects(pool.tags(good), isClosed),
  ]
  while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20))
  await within([pool.close(), ...work])

  // The consumer has a block and asks for the next one only after the pool is closed.
  const paused = new DecoderPool()
  const blocks = paused.decode(long, { sampleRate: 16000 })
  assert.equal((await blocks.next()).done, false)
  const inLine = assert.rejects(paused.probe(good), isClosed)
  await within([paused.close(), inLine])
  await within([assert.rejects(paused.probe(good), isClosed), assert.rejects(blocks.next(), isClosed)])
})

test('files wait for a process, and two at once give the same as one after the other', async () => {
  const pool = new DecoderPool({ processes: 2 })
  try {
    const expected = await decode(pool, good)
    const all = await Promise.all(Array.from({ length: 7 }, () => decode(pool, good)))
    for (const samples of all) assert.deepEqual(samples, expected)
  } finally {
    await pool.close()
  }
  await assert.rejects(decode(pool, good), /closed/)
})

test('a decoder that cannot be started is no fault of the file', async () => {
  const path = join(dir, 'broken.mjs')
  await writeFile(path, `throw new Error('Could not load the native binding')`)
  const pool = new DecoderPool({ entry: pathToFileURL(path) })
  try {
    await assert.rejects(decode(pool, good), (error) => {
      assert.ok(error instanceof AntiphonError)
      assert.equal(error.code, 'failed')
      assert.match(error.message, /could not be started: Could not load the native binding/)
      return true
    })
  } finally {
    await pool.close()
  }
})

test('a pool that was not closed does not keep the program, and its children go with it', async () => {
  const door = new URL('../node.js', import.meta.url).href
  const script = `
    const { DecoderPool } = await import(${JSON.stringify(door)})
    const pool = new DecoderPool()
    console.log(JSON.stringify(await pool.probe(${JSON.stringify(good)})))`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 30_000 })
  assert.equal((JSON.parse(out.toString()) as { codec: string }).codec, 'flac')
})
