import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryRoot } from '../../../test/golden.js'
import { wav } from '../../../test/wav.js'
import { chunks } from '../../audio/index.js'
import type { Pair } from '../../data/index.js'
import { Random } from '../../random/index.js'
import { readFolder } from '../../data/node.js'
import { Graph, logMel, openProgram, toOnnx } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { createTokenizer } from '../../text/index.js'
import { readTables } from '../../text/node.js'
import { parseRecipe, type Recipe } from '../index.js'
import { openBatches, type Batch, type Batches, type BatchesOptions } from '../node.js'

const RATE = 4000
const CHUNK = 0.5
const SAMPLES = RATE * CHUNK
const TRACKS = 23

const root = await mkdtemp(join(tmpdir(), 'antiphon-batches-'))
after(() => rm(root, { recursive: true, force: true }))
const music = join(root, 'music')
const tokenizer = await readFile(join(repositoryRoot, 'models/towers/minilm/tokenizer.json'))
let pairs: readonly Pair[]

/** Even samples at the decoder's own rate: what is kept of them is exact. The last track is shorter than a chunk. */
function samplesOf(track: number): Int16Array {
  const random = new Random(track)
  const length = track === TRACKS - 1 ? 700 : 3000 + 411 * track
  return Int16Array.from({ length }, () => 2 * random.int(-9000, 9000))
}

const nameOf = (track: number): string => `t${String(track).padStart(2, '0')}`
const asFloats = (track: number): Float32Array => Float32Array.from(samplesOf(track), (x) => x / 32768)

before(async () => {
  await mkdir(music)
  for (let track = 0; track < TRACKS; track++) {
    await writeFile(join(music, `${nameOf(track)}.wav`), wav(samplesOf(track), { rate: RATE }))
    await writeFile(
      join(music, `${nameOf(track)}.json`),
      JSON.stringify({ caption: `Number ${track}.`, tags: ['loud', 'noisy', 'white', `tag ${track}`] }),
    )
  }
  ;({ pairs } = await readFolder(music))
})

const recipeOf = (...set: string[]): Recipe =>
  parseRecipe('name: test\naudio: { encoder: a }\ntext: { encoder: b, pretrained: c }', {
    set: [`audio.chunk_seconds=${CHUNK}`, 'data.batch=7', 'text.max_tokens=11', ...set],
  })

async function withBatches<T>(
  set: string[],
  use: (batches: Batches) => Promise<T>,
  options: Partial<BatchesOptions> = {},
): Promise<T> {
  const batches = await openBatches({
    pairs,
    recipe: recipeOf(...set),
    sampleRate: RATE,
    tokenizer,
    cacheDir: join(root, 'cache'),
    workers: 1,
    ...options,
  })
  try {
    return await use(batches)
  } finally {
    await batches.close()
  }
}

const LOG_MEL = {
  sampleRate: RATE,
  nFft: 128,
  hopLength: 100,
  nMels: 11,
  melScale: 'slaney',
  norm: 'slaney',
  padMode: 'constant',
  compression: { kind: 'log10', scale: 10_000, offset: 1 },
} as const

/** A front end: waveform [1, samples] to features [1, 21, 11]. */
function frontEnd(): Uint8Array {
  const graph = new Graph()
  return toOnnx({ outputs: { features: logMel(graph.input('waveform', [1, SAMPLES]), LOG_MEL) } })
}

const numbersOf = ({ waited: _, ...batch }: Batch): Omit<Batch, 'waited'> => batch

const ALL_CHANGES = ['audio.augment={ gain_db: 6, noise: 0.1, mixup: 0.4 }']
const MASKS = 'audio.augment.spec_augment={ time_masks: 2, time_width: 5, mel_masks: 1, mel_width: 3 }'

test('texts in other words follow from seed and step alone', async () => {
  const set = ['text_policy={ tag_captions: 0.5, dropout: 0.3, synonyms: 0.5 }']
  const tables = await readTables()
  const textsOf = (steps: number[], more: string[] = []): Promise<(readonly string[])[]> =>
    withBatches(
      [...set, ...more],
      async (batches) => {
        const texts: (readonly string[])[] = []
        for (const step of steps) texts.push((await batches.batch(step)).texts)
        return texts
      },
      { tables },
    )
  const forwards = await textsOf([0, 1, 2, 3])
  assert.deepEqual((await textsOf([3, 1, 2, 0])).toReversed().flat().sort(), forwards.flat().sort())
  assert.deepEqual((await textsOf([2]))[0], forwards[2])
  assert.notDeepEqual(await textsOf([0, 1, 2, 3], ['seed=2']), forwards)
  const all = forwards.flat()
  assert.ok(
    all.some((text) => /\w+ .*\.$/.test(text) && !/^Number/.test(text)),
    'a sentence of tags',
  )
  await assert.rejects(
    withBatches(set, (batches) => batches.batch(0)),
    /need tables/,
  )
})

test('a row is a cut of its track, in the bits of the file, with a text of its pair', async () => {
  const encode = createTokenizer(tokenizer, { maxTokens: 11 })
  await withBatches([], async (batches) => {
    assert.equal(batches.stepsPerEpoch, 23 / 7)
    const places = new Set<number>()
    for (let step = 0; step < 12; step++) {
      const { audio, indices, texts, inputIds, attentionMask, tracks } = await batches.batch(step)
      assert.deepEqual(audio!.shape, [7, SAMPLES])
      assert.deepEqual(
        [inputIds.shape, attentionMask.shape],
        [
          [7, 11],
          [7, 11],
        ],
      )
      for (const [row, pair] of indices.entries()) {
        const track = asFloats(pair)
        const chunk = audio!.data.subarray(row * SAMPLES, (row + 1) * SAMPLES)
        const at = track.findIndex(
          (_, i) => track[i] === chunk[0] && track[i + 1] === chunk[1] && track[i + 2] === chunk[2],
        )
        places.add(at)
        for (let i = 0; i < SAMPLES; i++)
          assert.equal(chunk[i], track[pair === TRACKS - 1 ? i % 700 : at + i])
        assert.ok(
          texts[row] === `Number ${pair}.` ||
            texts[row].split(', ').every((t) => /^(loud|noisy|white|tag \d+)$/.test(t)),
        )
        if (/Number|tag/.test(texts[row])) assert.ok(new RegExp(`\\b${pair}\\b`).test(texts[row]))
        const ids = encode.encode(texts[row])
        assert.deepEqual(
          [...inputIds.data.subarray(row * 11, (row + 1) * 11)],
          [...ids, ...Array<number>(11 - ids.length).fill(0)],
        )
        assert.deepEqual(
          [...attentionMask.data.subarray(row * 11, (row + 1) * 11)],
          Array.from({ length: 11 }, (_, i) => (i < ids.length ? 1 : 0)),
        )
        assert.equal(tracks[row], pair)
      }
    }
    assert.ok(places.size > 60, 'cut anywhere')
  })
})

for (const [name, set, features] of [
  ['waveforms, changed', ALL_CHANGES, undefined],
  ['features, blanked out', [...ALL_CHANGES, MASKS], frontEnd()],
  ['kept features, blanked out', ['audio.cache=features', MASKS], frontEnd()],
] as const)
  test(`${name}: batch k alone is batch k in sequence, with one thread and with two, read ahead or not`, async () => {
    const options = { features }
    const inSequence = await withBatches(
      [...set],
      async (batches) => {
        const all: Omit<Batch, 'waited'>[] = []
        for (let step = 0; step < 6; step++) all.push(numbersOf(await batches.batch(step)))
        return all
      },
      options,
    )
    for (const [step, workers, ahead] of [
      [5, 1, 0],
      [4, 2, 4],
      [0, 2, 1],
    ])
      await withBatches(
        [...set],
        async (batches) => {
          assert.deepEqual(numbersOf(await batches.batch(step)), inSequence[step])
          // Back and forth too.
          assert.deepEqual(numbersOf(await batches.batch(2)), inSequence[2])
        },
        { ...options, workers, ahead },
      )
    await withBatches(
      [...set, 'seed=2'],
      async (batches) => {
        assert.notDeepEqual((await batches.batch(0)).indices, inSequence[0].indices)
      },
      options,
    )
  })

test('a batch in chunks, in two passes, is the batch', async () => {
  const whole = await withBatches(ALL_CHANGES, (batches) => batches.batch(3))
  await withBatches(
    [...ALL_CHANGES, 'data.chunk=3'],
    async (batches) => {
      assert.equal(batches.chunks, 3)
      for (const pass of [0, 1]) {
        const parts: Batch[] = []
        for (let chunk = 0; chunk < 3; chunk++) parts.push(await batches.batch(3, { chunk, pass }))
        assert.deepEqual(
          parts.map(({ from }) => from),
          [0, 3, 6],
        )
        assert.deepEqual(
          parts.flatMap(({ indices }) => [...indices]),
          [...whole.indices],
        )
        assert.deepEqual(
          parts.flatMap(({ texts }) => texts),
          whole.texts,
        )
        assert.deepEqual(
          parts.flatMap(({ audio }) => [...audio!.data]),
          [...whole.audio!.data],
        )
        assert.deepEqual(
          parts.flatMap(({ inputIds }) => [...inputIds.data]),
          [...whole.inputIds.data],
        )
      }
    },
    { passes: 2 },
  )
})

test('whole tracks are the chunks that serving cuts; batches say which', async () => {
  const spec = { sampleRate: RATE, chunkSeconds: CHUNK, hopSeconds: 0.2, minRestSeconds: CHUNK }
  const expected: Float32Array[] = []
  const counts: number[] = []
  for (let track = 0; track < TRACKS; track++) {
    const before = expected.length
    for await (const chunk of chunks([asFloats(track)], spec)) expected.push(chunk.samples)
    counts.push(expected.length - before)
  }
  const set = ['audio.hop_seconds=0.2']
  const identity = (...more: string[]): Promise<string> =>
    withBatches([...set, ...more], async (batches) => batches.identity)
  assert.equal(await identity('seed=5', 'data.batch=3'), await identity())
  assert.notEqual(await identity('audio.hop_seconds=0.21'), await identity())
  await withBatches([...set, ...ALL_CHANGES], async (batches) => {
    assert.deepEqual(
      [...batches.windowOffsets],
      counts.reduce((sums, count) => [...sums, sums.at(-1)! + count], [0]),
    )
    let next = 0
    for await (const { from, audio } of batches.wholeTracks({ size: 13 })) {
      assert.equal(from, next)
      for (let row = 0; row < audio.shape[0]; row++)
        assert.deepEqual(audio.data.subarray(row * SAMPLES, (row + 1) * SAMPLES), expected[next++])
    }
    assert.equal(next, expected.length)
  })
  const features = frontEnd()
  const program = await openProgram(await nodeRuntime(), features)
  await withBatches(
    [...set, 'audio.cache=features'],
    async (batches) => {
      const kept: Float32Array[] = []
      for await (const { audio } of batches.wholeTracks({ size: 50 }))
        for (let row = 0; row < audio.shape[0]; row++) kept.push(audio.data.slice(row * 231, (row + 1) * 231))
      assert.equal(kept.length, expected.length)
      for (const [i, waveform] of expected.entries()) {
        const { features: exact } = await program.run({ waveform })
        assert.deepEqual(exact.shape, [1, 21, 11])
        // Half precision: 11 bits.
        for (const [j, value] of kept[i].entries())
          assert.ok(
            Math.abs(value - Number(exact.data[j])) <= Math.abs(Number(exact.data[j])) * 2 ** -11 + 2 ** -24,
          )
      }
      const batch = await batches.batch(2)
      for (const [row, window] of batch.windows!.entries()) {
        const piece = batches.pieceOf[batch.indices[row]]
        assert.ok(window >= batches.windowOffsets[piece] && window < batches.windowOffsets[piece + 1])
        assert.deepEqual(batch.audio!.data.subarray(row * 231, (row + 1) * 231), kept[window])
      }
      const frozen = await withBatches([...set], (others) => others.batch(2), { windowsOnly: true })
      assert.equal(frozen.audio, undefined)
      assert.deepEqual(frozen.windows, batch.windows)
      assert.deepEqual(frozen.texts, batch.texts)
    },
    { features },
  )
  await program.close()
})

test('parts of a file are learnt from by themselves', async () => {
  const parts: Pair[] = [
    [0.1, 0.6],
    [0.5, 1.2],
    [0.3, undefined],
  ].map(([start, end], i) => ({
    ...pairs[20],
    audio: { path: pairs[20].audio.path, start, end },
    track: { id: `part ${i}` },
  }))
  for (const cache of ['waveforms', 'features'])
    await withBatches(
      ['data.batch=3', `audio.cache=${cache}`, 'audio.hop_seconds=0.1'],
      async (batches) => {
        assert.deepEqual([...batches.usable], [0, 1, 2])
        const last = [2400, 4800, samplesOf(20).length][2] - 1200
        assert.deepEqual([...batches.windowOffsets], [0, 1, 4, 4 + Math.floor((last - SAMPLES) / 400) + 1])
        if (cache === 'waveforms') {
          const { audio, indices } = await batches.batch(1)
          const row = indices.indexOf(0)
          assert.deepEqual(
            audio!.data.subarray(row * SAMPLES, (row + 1) * SAMPLES),
            asFloats(20).subarray(400, 2400),
          )
        }
      },
      { pairs: parts, features: cache === 'features' ? frontEnd() : undefined },
    )
})

test('audio that cannot be read is told and passed by; too much of it ends the run', async () => {
  const broken: Pair[] = [
    ...pairs,
    { ...pairs[0], audio: { path: join(music, 'nowhere.wav') } },
    { ...pairs[0], audio: { path: join(music, 't00.json') } },
    { ...pairs[1], audio: { path: pairs[1].audio.path, start: 50, end: 60 } },
    { ...pairs[2], texts: [{ kind: 'album', value: 'No kind that is drawn' }] },
  ]
  const progress: number[][] = []
  await withBatches(
    ['data.wrong_share=0.2'],
    async (batches) => {
      assert.equal(batches.usable.length, TRACKS)
      assert.deepEqual(
        batches.failed
          .map(({ file, reason }) => [file.slice(music.length + 1), reason])
          .map(([file, reason]) => `${file}: ${reason}`.slice(0, 40)),
        [
          'nowhere.wav: it does not exist',
          batches.failed[1] && `t00.json: ${batches.failed[1].reason}`.slice(0, 40),
          't01.wav: no sound between 50 s and 60 s'.slice(0, 40),
        ],
      )
      for (let step = 0; step < 5; step++)
        for (const pair of (await batches.batch(step)).indices) assert.ok(pair < TRACKS)
    },
    { pairs: broken, onProgress: ({ done, total, failed }) => progress.push([done, total, failed]) },
  )
  assert.deepEqual(progress.at(-1), [TRACKS + 2, TRACKS + 2, 2])
  await assert.rejects(
    withBatches([], async () => undefined, { pairs: broken }),
    {
      code: 'failed',
      message:
        /^3 of 26 audio files are wrong \(12 %, at most 5 % may be\):\n.*nowhere\.wav: it does not exist/,
    },
  )
  await assert.rejects(
    withBatches(['data.batch=24'], (batches) => batches.batch(0)),
    { code: 'usage', message: /data\.batch to 23/ },
  )
  await assert.rejects(
    withBatches([], async () => undefined, { signal: AbortSignal.abort(), cacheDir: join(root, 'none') }),
    { code: 'interrupted' },
  )
  await assert.rejects(
    withBatches([], async () => undefined, { features: new Uint8Array(7) }).then(() =>
      withBatches(['audio.cache=features'], async () => undefined, { features: new Uint8Array(7) }),
    ),
    { code: 'model' },
  )
})

const hashes = async (dir: string): Promise<Record<string, string>> => {
  const entries = (await readdir(dir)).sort().map(async (name) => {
    const hash = createHash('sha256').update(await readFile(join(dir, name)))
    return [name, hash.digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

test(
  'a cache is kept, follows its files, and is whole whenever its process is killed',
  { timeout: 120_000 },
  async () => {
    const dir = join(root, 'killed')
    const decode = (cacheDir: string, dieAt?: number): Promise<number | null> => {
      const entry = fileURLToPath(new URL('../../../test/batches-child.js', import.meta.url))
      const child = spawn(process.execPath, [entry, music, cacheDir, '11025'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child.stdout.on('data', (text: Buffer) => {
        if (dieAt !== undefined && Number(text.toString().trim().split('\n').at(-1)) >= dieAt)
          child.kill('SIGKILL')
      })
      return new Promise((resolve) => child.on('close', resolve))
    }
    const whole = join(root, 'whole')
    assert.equal(await decode(whole), 0)
    const expected = await hashes(join(whole, 'waveforms'))
    assert.equal(Object.keys(expected).length, TRACKS)
    for (const dieAt of [1, 6, 15]) {
      assert.equal(await decode(dir, dieAt), null)
      // A killed process leaves whole files, and drafts.
      const left = await hashes(join(dir, 'waveforms'))
      for (const [name, hash] of Object.entries(left))
        if (name.endsWith('.s16')) assert.equal(hash, expected[name])
    }
    await writeFile(join(dir, 'waveforms', 'x.s16.999999999.part'), 'what a killed process leaves')
    assert.equal(await decode(dir), 0)
    assert.deepEqual(await hashes(join(dir, 'waveforms')), expected)

    let made: number | undefined
    const onProgress = (progress: { made: number }): void => void (made = progress.made)
    await withBatches([], async () => undefined, { onProgress })
    assert.equal(made, 0)
    await utimes(join(music, 't03.wav'), new Date(), new Date(1e12))
    await withBatches([], async () => undefined, { onProgress })
    assert.equal(made, 1)
  },
)

test('a second view is another cut of the same track, changed anew; the first is what it is without', async () => {
  const views = 2
  const one = await withBatches(ALL_CHANGES, (batches) => batches.batch(3))
  const two = await withBatches(ALL_CHANGES, (batches) => batches.batch(3), { views })
  const { second, ...first } = numbersOf(two)
  assert.deepEqual(first, numbersOf(one))
  assert.deepEqual(second!.shape, two.audio!.shape)
  assert.notDeepEqual(second!.data, two.audio!.data)
  // Unchanged, it can be found in its track.
  const places = new Set<boolean>()
  await withBatches(
    ['data.chunk=3'],
    async (batches) => {
      for (let step = 0; step < 6; step++)
        for (let chunk = 0; chunk < 3; chunk++) {
          const { audio, second, indices } = await batches.batch(step, { chunk })
          for (const [row, pair] of indices.entries()) {
            const track = asFloats(pair)
            const [at, other] = [audio!, second!].map(({ data }) => {
              const [a, b, c] = data.subarray(row * SAMPLES)
              return track.findIndex((_, i) => track[i] === a && track[i + 1] === b && track[i + 2] === c)
            })
            assert.ok(other >= 0, 'of its track')
            places.add(at === other)
            if (pair !== TRACKS - 1) assert.notEqual(at, other)
          }
        }
    },
    { views },
  )
  assert.deepEqual([...places].sort(), [false, true], 'the shortest track is one cut')
})

test('of kept features the second view is another chunk of the grid, where there is one', async () => {
  const features = frontEnd()
  const all: Float32Array[] = []
  const set = ['audio.cache=features']
  await withBatches(
    set,
    async (batches) => {
      const { windowOffsets: offsets, pieceOf } = batches
      for await (const { audio } of batches.wholeTracks({ size: 1 })) all.push(audio.data.slice())
      const seen = new Set<string>()
      for (let step = 0; step < 12; step++) {
        const { second, windows, indices } = await batches.batch(step)
        for (const [row, pair] of indices.entries()) {
          const [from, to] = [offsets[pieceOf[pair]], offsets[pieceOf[pair] + 1]]
          const size = all[0].length
          const view = second!.data.subarray(row * size, (row + 1) * size)
          const other = all.findIndex(
            (chunk, i) => i >= from && i < to && chunk.every((value, k) => value === view[k]),
          )
          assert.ok(other >= 0, 'a chunk of its track')
          assert.equal(other === windows![row], to - from === 1)
          seen.add(`${windows![row]} ${other}`)
        }
      }
      assert.ok(seen.size > 30)
    },
    { features, views: 2 },
  )
})
