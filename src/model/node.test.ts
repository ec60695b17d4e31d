import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { maxAbsDifference } from '../../test/golden.js'
import { TINY_CONFIG, TINY_SAMPLES, writeTinyModel } from '../../test/tiny-model.js'
import { nodeRuntime } from '../graph/node.js'
import { loadModel } from './index.js'
import { AudioPool } from './node/audio-pool.js'
import { DEFAULT_MODEL, findModel, openModel, type OpenedModel } from './node.js'

const scratch = mkdtempSync(join(tmpdir(), 'antiphon-model-'))
let count = 0
/** A model directory, and a cache directory, of its own. */
async function fresh(): Promise<string> {
  process.env['XDG_CACHE_HOME'] = join(scratch, `cache${++count}`)
  return writeTinyModel(join(scratch, `models${count}`, 'tiny'))
}
async function using<T>(model: OpenedModel, work: (model: OpenedModel) => Promise<T>): Promise<T> {
  try {
    return await work(model)
  } finally {
    await model.close()
  }
}
const noise = (seed: number): Float32Array =>
  Float32Array.from({ length: TINY_SAMPLES }, (_, i) => Math.sin(seed + i * (1.1 + seed)))
const length = (vector: Float32Array): number => Math.hypot(...vector)

before(() => delete process.env['ANTIPHON_MODELS'])
after(() => rmSync(scratch, { recursive: true, force: true }))

test('a model opened by its path says what its config says, and makes unit vectors', async () => {
  const dir = await fresh()
  await using(await openModel(dir, { workers: 1 }), async (model) => {
    assert.equal(model.name, 'tiny')
    assert.equal(model.dir, dir)
    assert.deepEqual(model.audio, TINY_CONFIG.audio)
    assert.match(model.spaceId, /^[0-9a-f]{16}$/)
    const [audio] = await model.embedAudio([noise(1)])
    const [text, other] = await model.embedText(['rock', 'calm piano'])
    for (const vector of [audio, text, other]) {
      assert.equal(vector.length, TINY_CONFIG.dim)
      assert.ok(Math.abs(length(vector) - 1) < 1e-6)
    }
    assert.notDeepEqual(text, other)
    assert.deepEqual(await model.embedAudio([]), [])
    assert.deepEqual(await model.embedText([]), [])
    const { largestDifference, tolerance } = await model.checkParity()
    assert.ok(largestDifference <= tolerance)
  })
})

test('the front door gives the same space and the same vectors', async () => {
  const dir = await fresh()
  const files = (name: string) => Promise.resolve(readFileSync(join(dir, name)))
  const front = await loadModel(files, await nodeRuntime())
  await using(await openModel(dir), async (back) => {
    assert.equal(front.spaceId, back.spaceId)
    const chunks = [noise(1), noise(2)]
    const [a, b] = [await front.embedAudio(chunks), await back.embedAudio(chunks)]
    a.forEach((vector, i) => assert.ok(maxAbsDifference(vector, b[i]) < 1e-6))
    assert.deepEqual(await front.embedText(['rock']), await back.embedText(['rock']))
  })
  await front.close()
})

test('a name is looked for in ANTIPHON_MODELS, and what was tried is listed', async () => {
  const dir = await fresh()
  process.env['ANTIPHON_MODELS'] = join(dir, '..')
  assert.equal(findModel('tiny'), dir)
  assert.throws(
    () => findModel('tinny'),
    (error: Error) => {
      assert.match(error.message, /No model "tinny"/)
      assert.ok(error.message.includes(join(dir, '..', 'tinny')))
      assert.ok(error.message.includes(join('dist', 'models', 'tinny')))
      return true
    },
  )
  delete process.env['ANTIPHON_MODELS']
  const here = process.cwd()
  process.chdir(join(dir, '..'))
  try {
    assert.equal(
      realpathSync(findModel('tiny')),
      realpathSync(dir),
      'a directory here, where no name is meant',
    )
    cpSync(dir, join(dir, '..', DEFAULT_MODEL), { recursive: true })
    assert.match(findModel(DEFAULT_MODEL), /dist.models.bridge$/, 'not what lies around')
    assert.match(findModel(`./${DEFAULT_MODEL}`), /bridge$/)
    assert.notEqual(findModel(`./${DEFAULT_MODEL}`), findModel(DEFAULT_MODEL))
  } finally {
    process.chdir(here)
  }
  await assert.rejects(openModel(join(scratch, 'nowhere')), { code: 'model', message: /nowhere/ })
  await assert.rejects(openModel(dir, { workers: 0 }), { code: 'usage', message: /workers is 0/ })
  await assert.rejects(openModel(dir, { workers: 65 }), { code: 'usage', message: /from 1 to 64/ })
})

test('chunks of another length are refused before anything is loaded', async () => {
  const dir = await fresh()
  await using(await openModel(dir), async (model) => {
    await assert.rejects(model.embedAudio([noise(1), new Float32Array(109)]), {
      code: 'usage',
      message: /109 samples, expected 110/,
    })
  })
})

test('a truncated file is an error that names it', async (t) => {
  for (const file of [
    'model.safetensors',
    'audio.onnx',
    'text.onnx',
    'tokenizer.json',
    'config.json',
    'parity.json',
  ])
    await t.test(file, async () => {
      const dir = await fresh()
      truncateSync(join(dir, file), 100)
      const use = async (): Promise<void> =>
        using(await openModel(dir, { workers: 1 }), async (model) => {
          await model.embedText(['rock'])
          await model.embedAudio([noise(1)])
        })
      await assert.rejects(use, (error: Error & { code?: string }) => {
        assert.equal(error.name, 'AntiphonError')
        assert.equal(error.code, 'model')
        assert.ok(error.message.includes(dir) || error.message.includes(file), error.message)
        return true
      })
    })
})

test('a file damaged after an earlier start is found', async () => {
  const dir = await fresh()
  const path = join(dir, 'audio.onnx')
  await using(await openModel(dir), async (model) => void (await model.embedAudio([noise(1)])))
  const whole = readFileSync(path)
  writeFileSync(path, Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100)]))
  await assert.rejects(openModel(dir), { code: 'model', message: /damaged or were changed/ })
})

test('a file that is missing is named', async () => {
  const dir = await fresh()
  rmSync(join(dir, 'tokenizer.json'))
  await assert.rejects(openModel(dir), { code: 'model', message: /tokenizer\.json is missing/ })
})

test('a model that computes something else than its parity file says is refused, each side by itself', async () => {
  const dir = await fresh()
  const path = join(dir, 'parity.json')
  const parity = JSON.parse(readFileSync(path, 'utf8')) as { text: { embedding: number[] }[] }
  parity.text[1].embedding[3] += 0.01
  writeFileSync(path, JSON.stringify(parity))
  await using(await openModel(dir, { workers: 1 }), async (model) => {
    await assert.rejects(model.embedText(['rock']), {
      code: 'model',
      message: /text vectors differ by 0\.010/,
    })
    assert.equal((await model.embedAudio([noise(1)])).length, 1)
    const { largestDifference, tolerance } = await model.checkParity()
    assert.ok(largestDifference > tolerance)
  })
})

test('what was found out is kept until a file changes; without a cache it is found out again', async () => {
  const dir = await fresh()
  const embed = async (): Promise<string> =>
    using(await openModel(dir, { workers: 1 }), async (model) => {
      await model.embedText(['rock'])
      await model.embedAudio([noise(1)])
      return model.spaceId
    })
  const id = await embed()
  // Nothing is hashed and no parity is run now: a change that keeps size and time goes unseen.
  const parityFile = join(dir, 'parity.json')
  const text = readFileSync(parityFile, 'utf8')
  const wrong = text.replace(id, 'f'.repeat(16))
  assert.equal(wrong.length, text.length)
  const stamp = new Date(2020, 1, 1)
  utimesSync(parityFile, stamp, stamp)
  assert.equal(await embed(), id)
  writeFileSync(parityFile, wrong)
  utimesSync(parityFile, stamp, stamp)
  assert.equal(await embed(), id)
  process.env['XDG_CACHE_HOME'] = '/dev/null/none' // can't be made
  await assert.rejects(embed(), { code: 'model', message: /damaged or were changed/ })
  writeFileSync(parityFile, text)
  assert.equal(await embed(), id)
})

test('vectors have the same bits whatever the batch, the order and the number of workers', async () => {
  const dir = await fresh()
  const chunks = Array.from({ length: 7 }, (_, i) => noise(i / 3))
  const results: Float32Array[][] = []
  for (const workers of [1, 2])
    await using(await openModel(dir, { workers }), async (model) => {
      results.push(await model.embedAudio(chunks))
      results.push((await model.embedAudio(chunks.toReversed())).toReversed())
      results.push((await Promise.all(chunks.map((chunk) => model.embedAudio([chunk])))).flat())
    })
  for (const vectors of results.slice(1)) assert.deepEqual(vectors, results[0])
})

test('closing refuses what waits, and what comes after', async () => {
  const dir = await fresh()
  const model = await openModel(dir, { workers: 1 })
  const waiting = model.embedAudio(Array.from({ length: 50 }, (_, i) => noise(i)))
  const refused = assert.rejects(waiting, { code: 'interrupted' })
  await new Promise((resolve) => setTimeout(resolve, 5))
  await model.close()
  await refused
  await assert.rejects(model.embedAudio([noise(1)]), { code: 'interrupted' })
})

test('a chunk that the program refuses costs that chunk only', async () => {
  const dir = await fresh()
  const pool = new AudioPool([join(dir, 'audio.onnx')], 2)
  const results = await Promise.allSettled(
    [noise(1), noise(2).subarray(0, 50), noise(3)].map((c) => pool.embed(c)),
  )
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  await assert.rejects(pool.embed(noise(1).subarray(0, 3)), {
    code: 'model',
    message: /could not run: .*waveform/,
  })
  assert.equal((await pool.embed(noise(1))).length, TINY_CONFIG.dim)
  await pool.close()
})

test('a process that is done ends by itself, though it closed nothing', async () => {
  const dir = await fresh()
  const script = `
    import { openModel } from ${JSON.stringify(new URL('./node.js', import.meta.url).href)}
    const model = await openModel(${JSON.stringify(dir)}, { workers: 2 })
    const chunk = new Float32Array(${TINY_SAMPLES}).fill(0.5)
    console.log((await model.embedAudio([chunk, chunk, chunk])).length, (await model.embedText(['rock'])).length)`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.equal(run.stderr, '')
  assert.equal(run.stdout, '3 1\n')
  assert.equal(run.status, 0)
})

test('a device that is not here is refused with those that are', async () => {
  for (const device of ['abacus', 'coreml'].filter(
    (name) => name !== 'coreml' || process.platform !== 'darwin',
  ))
    await assert.rejects(openModel('bridge', { device }), {
      code: 'usage',
      message: new RegExp(`"${device}" .*expected one of cpu`),
    })
})
