import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { DEFAULT_MODEL, openModel } from '../src/model/node.js'
import { golden, maxAbsDifference } from './golden.js'

const CHUNKS = 7
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0)

/** Chunks of 10 s, all different, from the 12 s of music of the goldens. */
function chunks(): Float32Array[] {
  const music = golden('signal').tensor('music/16000').data
  return Array.from({ length: CHUNKS }, (_, i) =>
    music.slice(i * 4001, i * 4001 + 160_000).map((x) => x / (i + 1)),
  )
}

test('the built model is whole, and computes here what it should', async () => {
  const model = await openModel()
  assert.equal(model.name, DEFAULT_MODEL)
  assert.deepEqual(model.audio, { sampleRate: 16_000, chunkSeconds: 10, hopSeconds: 10, minRestSeconds: 3 })
  const { largestDifference, tolerance } = await model.checkParity()
  assert.ok(largestDifference <= tolerance, `differs by ${largestDifference}`)
  await model.close()
})

test('one chunk has the same bits alone, in a batch of 7, and with 1 and 2 workers', async () => {
  const all = chunks()
  const results: Float32Array[][] = []
  for (const workers of [1, 2]) {
    const model = await openModel(DEFAULT_MODEL, { workers })
    results.push(await model.embedAudio(all))
    if (workers === 1) results.push([...(await model.embedAudio([all[3]]))])
    await model.close()
  }
  const [one, [alone], two] = results
  assert.deepEqual(two, one)
  assert.deepEqual(alone, one[3])
  for (const vector of one) assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-5)
})

test('text has the same bits alone and among others, and near meanings are near', async () => {
  const model = await openModel()
  const texts = [
    'heavy metal',
    'loud distorted guitars',
    'a string quartet',
    'chamber music with violins',
    '',
    '夜',
  ]
  const together = await model.embedText(texts)
  for (const [i, text] of texts.entries()) assert.deepEqual(await model.embedText([text]), [together[i]])
  const [metal, guitars, quartet, chamber] = together
  assert.ok(dot(metal, guitars) > dot(metal, quartet))
  assert.ok(dot(quartet, chamber) > dot(quartet, guitars))
  const reference = golden('minilm')
  const { queries } = reference.json as { queries: { text: string }[] }
  const [first] = await model.embedText([queries[0].text])
  assert.ok(maxAbsDifference(first, reference.tensor('embeddings').data.subarray(0, model.dim)) < 1e-3) // half precision
  await model.close()
})

test('a process may end in the middle of embedding, with its own exit code and nothing on stderr', () => {
  const script = `
    import { openModel } from ${JSON.stringify(new URL('../src/model/node.js', import.meta.url).href)}
    const model = await openModel('bridge', { workers: 2 })
    const chunk = () => new Float32Array(160_000).fill(0.1)
    await model.embedAudio([chunk()])
    model.embedAudio([chunk(), chunk(), chunk()]).catch(() => {})
    setTimeout(() => process.exit(7), 50)`
  const options = { encoding: 'utf8', timeout: 60_000 } as const
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], options)
  assert.equal(stderr, '')
  assert.equal(status, 7) // ONNX Runtime aborts a process whose threads are stopped in the middle of a run
})
