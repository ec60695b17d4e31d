import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openTrainFolder, writeTrainFolder } from './train-folder.js'
import type { TrainModel } from './train-models.js'
import { operatorTimes, products, type ProfileEvent } from './train-profile.js'
import { startOurs, type StepLine } from './train-variants.js'

const SMALL: TrainModel = {
  audio: { encoder: 'transformer', width: 12, heads: 3, mlp_ratio: 2, layers: 1, patch: 4 },
  text: {
    encoder: 'transformer',
    vocab_size: 11,
    max_tokens: 7,
    width: 12,
    heads: 3,
    mlp_ratio: 2,
    layers: 1,
  },
  projection: { dim: 5, layers: 1, hidden: 5, activation: 'relu' },
  optimizer: { learning_rate: 1e-2, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay: 0.05 },
  inputs: [
    { name: 'features', shape: [6, 8, 4], dtype: 'float32' },
    { name: 'input_ids', shape: [6, 7], dtype: 'int32' },
    { name: 'attention_mask', shape: [6, 7], dtype: 'int32' },
  ],
  batches: 3,
}

function inFolder(run: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const dir = mkdtempSync(join(tmpdir(), 'antiphon-bench-'))
    try {
      await run(writeTrainFolder(SMALL, dir))
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }
}

async function take(
  folder: string,
  count: number,
  options: Parameters<typeof startOurs>[1],
): Promise<StepLine[]> {
  const child = startOurs(folder, options)
  try {
    await child.next()
    const lines: StepLine[] = []
    while (lines.length < count) lines.push(await child.ask<StepLine>())
    return lines
  } finally {
    await child.close()
  }
}

test(
  'any rows of any batch can be read, and texts are masked where they end',
  inFolder(async (dir) => {
    const folder = openTrainFolder(dir)
    const { model, parameters } = folder
    const bytes = readFileSync(join(dir, 'inputs.bin'))
    const [features, ids, mask] = model.inputs
    // A batch is 6 rows of 32 numbers, then 6 rows of 7 ids, then 6 rows of 7 ones and zeros.
    const batch = 4 * (6 * 32 + 6 * 7 + 6 * 7)
    assert.equal(bytes.length, 3 * batch)
    const second = folder.rows(features, 2, 1, 3)
    assert.equal(second.length, 2 * 32)
    assert.equal(second[5], bytes.readFloatLE(2 * batch + 4 * (32 + 5)))
    for (let i = 0; i < 3; i++) {
      const [words, seen] = [folder.rows(ids, i, 0, 6), folder.rows(mask, i, 0, 6)]
      for (let row = 0; row < 6; row++) {
        const length = seen.subarray(7 * row, 7 * row + 7).filter((one) => one === 1).length
        assert.ok(length >= 2)
        for (let token = 0; token < 7; token++) {
          const word = words[7 * row + token]
          assert.ok(token < length ? word >= 1 && word < 11 : word === 0)
        }
      }
    }
    const again = openTrainFolder(dir)
    assert.deepEqual(again.parameters, parameters)
    assert.equal(again.parameters.get('log_scale')!.data[0], Math.fround(Math.log(1 / 0.07)))
  }),
)

test(
  'steps go through the batches, and learn; in chunks they are the same steps',
  inFolder(async (dir) => {
    const whole = await take(dir, 31, {})
    const chunked = await take(dir, 31, { chunk: 2 })
    for (const [step, { loss }] of whole.entries())
      assert.ok(Math.abs(loss - chunked[step].loss) < 1e-3, `step ${step}: ${loss}, ${chunked[step].loss}`)
    assert.ok(whole[30].loss < 0.8 * whole[0].loss, `${whole[0].loss} to ${whole[30].loss}`)
    assert.ok(whole[0].ms > 0 && whole[30].maxRss >= whole[0].maxRss && whole[0].maxRss > 20)
    const some = await take(dir, 1, { pairs: 4, chunk: 2 })
    assert.notEqual(some[0].loss, whole[0].loss)
  }),
)

test('a profile tells what the operators took, and what products computed', () => {
  const event = (name: string, op_name: string, dur: number, shapes: number[][]): ProfileEvent => ({
    cat: 'Node',
    name: `${name}_kernel_time`,
    dur,
    args: {
      op_name,
      input_type_shape: shapes.slice(0, -1).map((float) => ({ float })),
      output_type_shape: shapes.slice(-1).map((float) => ({ float })),
    },
  })
  const gemm = [
    [7, 11],
    [7, 13],
    [11, 13],
  ] // its first input is transposed
  const matmul = [
    [2, 3, 7, 5],
    [2, 3, 5, 11],
    [2, 3, 7, 11],
  ]
  const shared = [
    [4, 7, 5],
    [5, 11],
    [4, 7, 11],
  ]
  const conv = [
    [2, 8, 9, 9],
    [6, 4, 3, 3],
    [2, 6, 9, 9],
  ] // two groups of four channels
  const times = operatorTimes([
    event('a', 'Gemm', 3000, gemm),
    event('a', 'Gemm', 2000, gemm),
    event('b', 'MatMul', 500, matmul),
    event('c', 'MatMul', 700, shared),
    event('d', 'Conv', 900, conv),
    event('e', 'Mul', 4000, [[3], [3], [3]]),
    { cat: 'Node', name: 'a_fence_before', dur: 9e9, args: { op_name: 'Gemm' } },
    { cat: 'Session', name: 'model_run', dur: 9e9 },
  ])
  const flop = {
    Gemm: 2 * 11 * 13 * 7,
    MatMul: 2 * 6 * 7 * 11 * 5 + 2 * 4 * 7 * 11 * 5,
    Conv: 2 * (2 * 6 * 9 * 9) * (4 * 3 * 3),
    Mul: 0,
  }
  assert.deepEqual(
    times.map(({ operator, ms }) => [operator, ms]),
    [
      ['Mul', 4],
      ['Gemm', 2],
      ['MatMul', 1.2],
      ['Conv', 0.9],
    ],
  )
  for (const { operator, gflop } of times)
    assert.ok(Math.abs(gflop * 1e9 - flop[operator as keyof typeof flop]) < 1e-3, operator)
  assert.ok(Math.abs(products(times).gflop * 1e9 - flop.Gemm - flop.MatMul) < 1e-3)
  assert.equal(products(times).ms, 3.2)
})
