import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { golden, goldenJson, maxAbsDifference, repositoryRoot } from '../../../test/golden.js'
import { add, embedding, Graph, linear, mean, mul, openProgram, reshape, toOnnx } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { openModel } from '../node.js'
import { readClapConfig } from './config.js'
import { clapFiles } from './files.js'
import { clapFrontEndProgram } from './front-end.js'

const GOLDEN = join(repositoryRoot, 'test/golden/clap')
const DIM = 24
const VECTOR_TOLERANCE = 1e-4 // of unit vectors, from the waveform on
const scratch = mkdtempSync(join(tmpdir(), 'antiphon-clap-'))
let count = 0
/** A copy that may be spoilt. */
function copy(): string {
  const dir = join(scratch, `clap${++count}`)
  cpSync(GOLDEN, dir, { recursive: true })
  return dir
}
before(() => {
  process.env['XDG_CACHE_HOME'] = join(scratch, 'cache')
})
after(() => rmSync(scratch, { recursive: true, force: true }))

/** transformers' repeatpad: as many whole repeats as fit, then zeros. */
function repeatPad(clip: Float32Array, length: number): Float32Array {
  const padded = new Float32Array(length)
  for (let at = 0; at + clip.length <= length; at += clip.length) padded.set(clip, at)
  return padded
}
const rows = (data: Float32Array): Float32Array[] =>
  Array.from({ length: data.length / DIM }, (_, row) => data.subarray(row * DIM, (row + 1) * DIM))

test('waveforms and strings get the vectors of the reference', async () => {
  const reference = golden('clap/golden')
  const { audio, text } = reference.json as {
    audio: { signal: string; samples: [number, number] }[]
    text: string[]
  }
  const clips = audio.map(({ signal, samples }) =>
    repeatPad(
      golden('signal')
        .tensor(signal)
        .data.subarray(...samples),
      480_000,
    ),
  )
  const model = await openModel(GOLDEN, { workers: 2 })
  try {
    const vectors = { audio: await model.embedAudio(clips), text: await model.embedText(text) }
    for (const side of ['audio', 'text'] as const) {
      const expected = rows(reference.tensor(`${side}_embeds_normalised`).data)
      assert.equal(vectors[side].length, expected.length)
      vectors[side].forEach((vector, i) => {
        const difference = maxAbsDifference(vector, expected[i])
        assert.ok(difference < VECTOR_TOLERANCE, `${side} ${i} differs by ${difference}`)
      })
    }
    const logits = vectors.text.flatMap((t) =>
      vectors.audio.map((a) => model.logitScale * a.reduce((sum, value, i) => sum + value * t[i], 0)),
    )
    assert.ok(maxAbsDifference(logits, reference.tensor('logits_per_text').data) < 1e-3)
    const { largestDifference, tolerance } = await model.checkParity()
    assert.ok(largestDifference <= tolerance)
  } finally {
    await model.close()
  }
})

test('the front end sees what the reference sees, one view or four', async () => {
  const { preprocessor, model } = configFiles()
  const [signal, mel] = [golden('signal'), golden('mel')]
  const waveform = repeatPad(signal.tensor('music/48000').data.subarray(0, 144_000), 480_000)
  const run = async (truncation: 'rand_trunc' | 'fusion', frequency_min: number) => {
    const { frontEnd } = readClapConfig(
      { model, preprocessor: { ...preprocessor, truncation, frequency_min } },
      { name: 'clap', dir: 'x' },
    )
    return (await openProgram(await nodeRuntime(), clapFrontEndProgram(frontEnd))).run({ waveform })
  }
  const one = await run('rand_trunc', 50)
  assert.deepEqual(one.input_features.shape, [1, 1, 1001, 64])
  const expected = golden('clap/golden').tensor('input_features/music_3s').data
  assertDecibels(one.input_features.data as Float32Array, expected)
  const four = await run('fusion', 0)
  assert.deepEqual(four.input_features.shape, [1, 4, 1001, 64])
  assert.deepEqual([...four.is_longer.data], [0])
  assert.deepEqual(four.is_longer.shape, [1, 1])
  const frames = new Int32Array(mel.file.bytes.slice(...placeOf('clap_fusion/music_3s/frame_index')).buffer)
  const view = (four.input_features.data as Float32Array).slice(3 * 1001 * 64)
  const kept = [...frames].flatMap((frame) => [...view.subarray(frame * 64, (frame + 1) * 64)])
  assertDecibels(kept, mel.tensor('clap_fusion/music_3s/log_mel').data)

  function placeOf(name: string): [number, number] {
    const { begin, end } = mel.file.entries.get(name)!
    return [begin, end]
  }
})

/** 1e-3 within 80 dB of the loudest cell; further down float32 itself is up to 0.5 dB off. */
function assertDecibels(actual: ArrayLike<number>, expected: Float32Array): void {
  assert.equal(actual.length, expected.length)
  const loudest = expected.reduce((a, b) => Math.max(a, b), -Infinity)
  expected.forEach((value, i) =>
    assert.ok(
      Math.abs(actual[i] - value) < (value > loudest - 80 ? 1e-3 : 0.5),
      `cell ${i}: ${actual[i]}, ${value}`,
    ),
  )
}

test('the directory says how audio is cut, how long texts may be, and what a good match is', async () => {
  const model = await openModel(GOLDEN)
  await model.close()
  assert.deepEqual(model.audio, { sampleRate: 48_000, chunkSeconds: 10, hopSeconds: 10, minRestSeconds: 3 })
  assert.deepEqual([model.name, model.dim, model.languages], ['clap', DIM, ['en']])
  assert.ok(Math.abs(model.logitScale - Math.exp(2.6592600345611572)) < 1e-4)
  assert.ok(Math.abs(model.matchScale - Math.log(100) / model.logitScale) < 1e-9)
  const { config } = readClapConfig(configFiles(), { name: 'clap', dir: 'x' })
  assert.equal(config.text.maxTokens, 80)
  assert.equal(config.logitScale, 14.285714285714285)
})

test('every file that decides vectors is in the space, others are not', async () => {
  const space = async (dir: string): Promise<string> => {
    const model = await openModel(dir)
    await model.close()
    return model.spaceId
  }
  const dir = copy()
  assert.equal(await space(dir), await space(GOLDEN))
  writeFileSync(join(dir, 'README.md'), 'changed')
  rmSync(join(dir, 'model.safetensors'))
  assert.equal(await space(dir), await space(GOLDEN))
  for (const name of ['preprocessor_config.json', 'tokenizer.json', 'onnx/text_model.onnx']) {
    const before = await space(dir)
    writeFileSync(join(dir, name), Buffer.concat([readFileSync(join(dir, name)), Buffer.from(' ')]))
    assert.notEqual(await space(dir), before, name)
  }
})

test('of several precisions the most exact is taken, and what is missing is named', async () => {
  const dir = copy()
  renameSync(join(dir, 'onnx/audio_model.onnx'), join(dir, 'onnx/audio_model_quantized.onnx'))
  const model = await openModel(dir, { workers: 1 })
  await model.close()
  const small = ['config.json', 'preprocessor_config.json', 'tokenizer.json']
  const files = clapFiles(
    [
      ...small,
      ...['audio_model_int8.onnx', 'audio_model_fp16.onnx', 'text_model.onnx', 'text_model.onnx_data'].map(
        (name) => `onnx/${name}`,
      ),
    ],
    'x',
  )
  assert.deepEqual([files.audio, files.text], ['onnx/audio_model_fp16.onnx', 'onnx/text_model.onnx'])
  assert.ok(files.all.includes('onnx/text_model.onnx_data'))
  assert.ok(!files.all.includes('onnx/audio_model_int8.onnx'))
  rmSync(join(dir, 'onnx/text_model.onnx'))
  rmSync(join(dir, 'preprocessor_config.json'))
  await assert.rejects(openModel(dir), {
    code: 'model',
    message: /without preprocessor_config\.json, onnx\/text_model\.onnx/,
  })
})

test('wrong configurations, towers and encoders are refused with what is wrong', async () => {
  const dir = copy()
  const preprocessor = { ...configFiles().preprocessor, truncation: 'other', sampling_rate: 0 }
  writeFileSync(join(dir, 'preprocessor_config.json'), JSON.stringify(preprocessor))
  await assert.rejects(openModel(dir), { code: 'model', message: /sampling_rate: .*; truncation: / })
  writeFileSync(join(dir, 'config.json'), '{"model_type": "bert"}')
  await assert.rejects(openModel(dir), { code: 'model', message: /a "bert" encoder/ })

  const other = copy()
  const graph = new Graph()
  const ids = graph.input('input_ids', ['batch', 'tokens'], 'int64')
  writeFileSync(join(other, 'onnx/text_model.onnx'), toOnnx({ outputs: { logits: add(ids, 1) } }))
  const model = await openModel(other, { workers: 1 })
  await assert.rejects(model.embedText(['x']), {
    code: 'model',
    message: /takes input_ids and gives logits \(expected input_ids, attention_mask and text_embeds\)/,
  })
  await model.close()
})

test('a checkpoint that answers everything alike is refused, each side by itself', async () => {
  const dir = copy()
  {
    const graph = new Graph()
    const ids = graph.input('input_ids', ['batch', 'tokens'], 'int64')
    const table = graph.constant(
      new Float32Array(601 * DIM).map((_, i) => Math.sin(7 * i)),
      [601, DIM],
    )
    const mask = graph.input('attention_mask', ['batch', 'tokens'], 'int64')
    const text_embeds = add(
      mul(mean(embedding(table, mul(ids, mask)), { axis: 1 }), 0.02),
      graph.constant(new Float32Array(DIM).fill(1), [DIM]),
    )
    writeFileSync(join(dir, 'onnx/text_model.onnx'), toOnnx({ outputs: { text_embeds } }))
  }
  {
    const graph = new Graph()
    const features = graph.input('input_features', ['batch', 1, 1001, 64])
    const first = reshape(mean(features, { axis: 2 }), ['batch', 64])
    const weight = graph.constant(new Float32Array(DIM * 64).fill(NaN), [DIM, 64])
    writeFileSync(
      join(dir, 'onnx/audio_model.onnx'),
      toOnnx({ outputs: { audio_embeds: linear(first, weight) } }),
    )
  }
  const model = await openModel(dir, { workers: 1 })
  try {
    for (let time = 0; time < 2; time++)
      await assert.rejects(model.embedText(['rock']), {
        code: 'model',
        message: /can't tell texts apart: .*mean cosine (0\.99|1\.00)/,
      })
    await assert.rejects(model.embedAudio([new Float32Array(480_000)]), {
      code: 'model',
      message: /audio side answers with vectors that are no numbers/,
    })
    await assert.rejects(model.checkParity(), { code: 'model' })
  } finally {
    await model.close()
  }
})

function configFiles() {
  return {
    model: goldenJson('clap/config'),
    preprocessor: goldenJson('clap/preprocessor_config'),
    tokenizer: goldenJson('clap/tokenizer_config'),
  }
}

test('a model on the hub is opened by its name once it is here', async () => {
  const models = join(scratch, 'models')
  cpSync(GOLDEN, join(models, 'someone', 'clap-7'), { recursive: true })
  await assert.rejects(openModel('hub:someone/clap-7@v1'), { code: 'model', message: /someone.clap-7@v1/ })
  process.env['ANTIPHON_MODELS'] = models
  try {
    const model = await openModel('hub:someone/clap-7@v1', { workers: 1 })
    await model.close()
    assert.equal(model.dir, join(models, 'someone', 'clap-7'))
    assert.equal(model.name, 'clap-7')
  } finally {
    delete process.env['ANTIPHON_MODELS']
  }
})
