import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { golden, repositoryRoot } from '../../../test/golden.js'
import { openProgram } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { openModel } from '../node.js'
import { buildBridge } from '../node/build-bridge.js'

const scratch = mkdtempSync(join(tmpdir(), 'antiphon-int8-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0)

test('bridge in 8 bits is half as large, and its vectors are near those of bridge', async () => {
  process.env['XDG_CACHE_HOME'] = join(scratch, 'cache')
  const out = join(scratch, 'bridge-int8')
  const towers = join(repositoryRoot, 'models/towers')
  assert.equal(await buildBridge({ towers, out, code: [], precision: 'int8' }), true)
  const [exact, small] = [await openModel('bridge', { workers: 1 }), await openModel(out, { workers: 1 })]
  try {
    assert.equal(small.name, 'bridge-int8')
    assert.notEqual(small.spaceId, exact.spaceId)
    const size = (dir: string): number => statSync(join(dir, 'model.safetensors')).size
    assert.ok(size(small.dir) < 0.52 * size(exact.dir))
    const music = golden('signal').tensor('music/16000').data
    const chunks = [0, 1, 2].map((i) => music.slice(i * 9001, i * 9001 + 160_000))
    const { queries } = golden('minilm').json as { queries: { text: string }[] }
    const texts = queries.map(({ text }) => text)
    const near = (a: Float32Array[], b: Float32Array[]): number[] => a.map((vector, i) => dot(vector, b[i]))
    for (const cosine of near(await exact.embedAudio(chunks), await small.embedAudio(chunks)))
      assert.ok(cosine > 0.9995, `audio: ${cosine}`)
    for (const cosine of near(await exact.embedText(texts), await small.embedText(texts)))
      assert.ok(cosine > 0.985, `text: ${cosine}`)

    // A quiet chunk is not measured by its loud neighbours.
    const program = await openProgram(await nodeRuntime(), join(out, 'audio.onnx'))
    const quiet = chunks[1].map((x) => x / 500)
    const batch = Float32Array.from([...chunks[0], ...quiet, ...chunks[2]])
    const together = (await program.run({ waveform: batch })).embedding.data as Float32Array
    const [alone] = await small.embedAudio([quiet])
    assert.ok(dot(alone, together.slice(small.dim, 2 * small.dim)) > 1 - 1e-6)
    await program.close()
  } finally {
    await exact.close()
    await small.close()
  }
})
