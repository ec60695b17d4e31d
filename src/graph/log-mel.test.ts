import assert from 'node:assert/strict'
import { test } from 'node:test'
import { golden, maxAbsDifference } from '../../test/golden.js'
import {
  compile,
  Graph,
  logMel,
  melFilterBank,
  pad,
  resize,
  squeeze,
  standardize,
  unsqueeze,
  add,
  div,
  type LogMelOptions,
  type Tensor,
} from './index.js'
import { nodeRuntime } from './node.js'

// test/golden/README.md: absolute, in the unit of the spectrogram.
const MUSICNN = 1e-5
const DECIBELS_WITHIN_REACH = 1e-3 // of cells at most 80 dB below the loudest
const DECIBELS_BELOW = 0.5 // float32 does not know them better
const SHRUNK = 5e-3
const AST = 1e-3
const WAV2VEC2 = 1e-5
const REACH = 80
// Of the largest weight. torchaudio computes its banks in float32 and is off by this much; librosa is closer.
const BANK = 2e-5

const decibels = { kind: 'decibel', floor: 1e-10 } as const
const torchaudio = {
  nFft: 1024,
  nMels: 128,
  melScale: 'htk',
  padMode: 'reflect',
  compression: decibels,
} as const
const clap = {
  sampleRate: 48000,
  nFft: 1024,
  hopLength: 480,
  nMels: 64,
  fMax: 14000,
  compression: decibels,
} as const

const CONFIGS: Record<string, LogMelOptions> = {
  musicnn: {
    sampleRate: 16000,
    nFft: 512,
    hopLength: 256,
    padMode: 'constant',
    nMels: 96,
    melScale: 'slaney',
    norm: 'slaney',
    compression: { kind: 'log10', scale: 10000, offset: 1 },
  },
  torchaudio_16k: { ...torchaudio, sampleRate: 16000, hopLength: 320 },
  torchaudio_22k: {
    ...torchaudio,
    sampleRate: 22050,
    hopLength: 512,
    compression: { ...decibels, topDecibels: 80 },
  },
  clap_rand_trunc: { ...clap, melScale: 'slaney', norm: 'slaney' },
  clap_rand_trunc_fmin50: { ...clap, melScale: 'slaney', norm: 'slaney', fMin: 50 },
  clap_fusion: { ...clap, melScale: 'htk' },
  clap_fusion_fmin50: { ...clap, melScale: 'htk', fMin: 50 },
  ast: {
    sampleRate: 16000,
    nFft: 512,
    winLength: 400,
    hopLength: 160,
    window: 'symmetric',
    windowPlacement: 'start',
    center: false,
    removeDcOffset: true,
    preemphasis: 0.97,
    nMels: 128,
    fMin: 20,
    melScale: 'htk',
    triangles: 'mel',
    compression: { kind: 'log', floor: 1.1920929e-7 },
  },
}

const mels = golden('mel')
const signals = golden('signal')

test('mel filter banks are those of librosa, torchaudio, transformers and Kaldi', () => {
  for (const [name, options] of Object.entries(CONFIGS)) {
    const expected = goldenBank(name)
    const error = maxAbsDifference(melFilterBank(options), expected)
    const largest = expected.reduce((a, b) => Math.max(a, b))
    assert.ok(error <= BANK * largest, `${name}: ${error} of ${largest}`)
  }
})

test('log-mel spectrograms are those of librosa, torchaudio and transformers', async (t) => {
  const runtime = await nodeRuntime()
  for (const { case: name, config, signal, samples, frames, full_frames } of mels.json.cases)
    await t.test(name, async () => {
      let wave = signals.tensor(signal).data.subarray(samples[0], samples[1])
      if (config.startsWith('clap') && wave.length < 480000) wave = repeatPad(wave, 480000)
      const graph = new Graph()
      const x = graph.input('waveform', ['batch', wave.length])
      // With an exact bank the dB of torchaudio's cases move by up to 1e-3, so they get the bank they were made with.
      const bank = config.startsWith('torchaudio') ? goldenBank(config) : undefined
      let y = logMel(x, { ...CONFIGS[config], bank })
      if (config === 'ast') y = asAst(y, frames)
      if (full_frames) y = squeeze(resize(unsqueeze(y, 1), { size: [frames, 64], mode: 'bilinear' }), 1)
      const program = await compile(runtime, { outputs: { y } })
      const { data, shape } = (await program.run({ waveform: wave })).y
      const { data: expected, shape: kept } = mels.tensor(`${name}/log_mel`)
      assert.deepEqual(shape, [1, frames, kept[1]])
      const chosen = chosenFrames(data as Float32Array, name, kept)
      const loudest = expected.reduce((a, b) => Math.max(a, b))
      let within = 0
      let below = 0
      for (const [i, value] of expected.entries()) {
        const error = Math.abs(chosen[i] - value)
        if (config.includes('musicnn') || config === 'ast' || value > loudest - REACH)
          within = error <= within ? within : error
        else below = error <= below ? below : error
      }
      const limit =
        config === 'musicnn' ? MUSICNN : config === 'ast' ? AST : full_frames ? SHRUNK : DECIBELS_WITHIN_REACH
      assert.ok(within <= limit, `differs by ${within}`)
      assert.ok(below <= DECIBELS_BELOW, `quiet cells differ by ${below}`)
    })
})

test('a free number of samples gives the frames of the same waveform at a fixed length', async () => {
  const runtime = await nodeRuntime()
  const wave = signals.tensor('music/16000').data.subarray(0, 7777)
  const spectrogram = async (samples: number | string) => {
    const graph = new Graph()
    const y = logMel(graph.input('waveform', ['batch', samples]), CONFIGS.musicnn)
    const program = await compile(runtime, { outputs: { y } })
    return (await program.run({ waveform: { data: wave, shape: [1, wave.length] } })).y
  }
  const [free, fixed] = [await spectrogram('samples'), await spectrogram(wave.length)]
  assert.deepEqual(free.shape, [1, 31, 96])
  assert.deepEqual(free, fixed)
})

test('waveforms are standardised as Wav2Vec2 takes them, padding left out', async () => {
  const runtime = await nodeRuntime()
  const short = signals.tensor('short/16000').data
  const clipped = signals.tensor('clipped/16000').data.subarray(0, 3200)
  const graph = new Graph()
  const one = standardize(graph.input('short', [1, short.length]))
  const x = graph.input('padded', [2, short.length])
  const mask = graph.input('mask', [2, short.length], 'int32')
  const program = await compile(runtime, { outputs: { one, batch: standardize(x, { mask }) } })
  const padded = new Float32Array(2 * short.length)
  padded.set(short)
  padded.set(clipped, short.length)
  const kept = Int32Array.from(mels.tensor('wav2vec2/batch/attention_mask').data)
  const results = await runOf(program, { short, padded, mask: kept })
  assert.ok(maxAbsDifference(results.one, mels.tensor('wav2vec2/short/input_values').data) <= WAV2VEC2)
  assert.ok(maxAbsDifference(results.batch, mels.tensor('wav2vec2/batch/input_values').data) <= WAV2VEC2)
})

async function runOf(
  program: Awaited<ReturnType<typeof compile>>,
  feeds: Parameters<Awaited<ReturnType<typeof compile>>['run']>[0],
) {
  const results = await program.run(feeds)
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

function goldenBank(config: string): Float32Array {
  const first = mels.tensor(`bank/${config}/first_bin`).data
  const counts = mels.tensor(`bank/${config}/bin_count`).data
  const weights = mels.tensor(`bank/${config}/weights`).data
  const { nMels, nFft } = CONFIGS[config]
  const bank = new Float32Array(nMels * (nFft / 2 + 1))
  let at = 0
  for (let mel = 0; mel < nMels; mel++)
    for (let i = 0; i < counts[mel]; i++) bank[mel * (nFft / 2 + 1) + first[mel] + i] = weights[at++]
  return bank
}

/** CLAP's repeatpad: as many whole repeats as fit, then zeros. */
function repeatPad(wave: Float32Array, length: number): Float32Array {
  const padded = new Float32Array(length)
  for (let at = 0; at + wave.length <= length; at += wave.length) padded.set(wave, at)
  return padded
}

/** AST: zero frames up to 1024, then a fixed mean and deviation. */
function asAst(y: Tensor, frames: number): Tensor {
  const after = frames - (y.shape[1] as number)
  return div(add(pad(y, { axes: [{ axis: 1, after }] }), 4.2677393), 2 * 4.5689974)
}

function chosenFrames(data: Float32Array, name: string, [frames, width]: readonly number[]): Float32Array {
  const key = `${name}/frame_index`
  if (!mels.has(key)) return data
  const index = mels.tensor(key).data
  const chosen = new Float32Array(frames * width)
  for (const [row, frame] of index.entries())
    chosen.set(data.subarray(frame * width, (frame + 1) * width), row * width)
  return chosen
}
