import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { DecoderPool } from '../src/audio/node.js'
import { openCatalog } from '../src/catalog/node.js'
import { AntiphonError } from '../src/errors/index.js'
import { openModel, type OpenedModel } from '../src/model/node.js'
import { figure, median, type Figure } from './figures.js'
import { audioFiles, demoLibrary, describeFiles, lasting, secondsOf, type AudioFile } from './library.js'
import type { Benchmark } from './benchmark.js'
import { canMeasureMemory } from './memory.js'
import { antiphon, hasReference, measure, reference, repositoryRoot } from './process.js'
import { cacheDir } from './vectors.js'

/** Of audio, for each timed run. */
const TIMED_SECONDS = 15 * 60
const HOUR = 3600
const work = join(cacheDir, 'index')
const MEGABYTE = 1e6
const PARTS = ['time', 'decode', 'rss']

interface ReferenceRun {
  readonly seconds: number
  readonly versions: { readonly librosa: string; readonly onnxruntime: string }
}

/** A folder of music to stored vectors, against librosa and ONNX Runtime in Python. */
export const indexBenchmark: Benchmark = async ({ music, only = PARTS, repeats = 3, say }) => {
  const unknown = only.filter((part) => !PARTS.includes(part))
  if (unknown.length > 0)
    throw new AntiphonError(
      'usage',
      `--only ${unknown.join(',')} is no part of "index" (expected ${PARTS.join(', ')})`,
    )
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  try {
    const wanted = only.includes('rss') ? 2 * HOUR : TIMED_SECONDS
    const all = music ? await audioFiles(music) : (await demoLibrary(say, { seconds: wanted })).files
    if (all.length === 0) throw new AntiphonError('usage', `No audio in ${music}`)
    const timed = lasting(await readable(all, say), TIMED_SECONDS)
    const model = await openModel()
    const figures: Figure[] = []
    if (only.includes('time')) figures.push(...(await timeIndexing(timed, model, { repeats, say })))
    if (only.includes('decode')) figures.push(...(await timeDecoding(timed, model, { repeats, say })))
    if (only.includes('rss')) figures.push(...(await measureMemory(lasting(all, 2 * HOUR), model, say)))
    return figures
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Files that librosa can read too, so that both do the same work. */
async function readable(files: readonly AudioFile[], say: (line: string) => void): Promise<AudioFile[]> {
  const checked = await reference<{ readable: string[] }>('index_library.py', [
    'check',
    '--files',
    listOf(files),
  ])
  if (!checked) return [...files]
  const theirs = new Set(checked.result.readable)
  const left = files.filter((file) => !theirs.has(file.path))
  if (left.length > 0) say(`left out of the times, as librosa alone can't read them: ${describeFiles(left)}`)
  return files.filter((file) => theirs.has(file.path))
}

async function timeIndexing(
  files: readonly AudioFile[],
  model: OpenedModel,
  { repeats, say }: { repeats: number; say: (line: string) => void },
): Promise<Figure[]> {
  say(`index time: ${describeFiles(files)}, ${repeats} times each …`)
  const catalog = join(work, 'catalog')
  const vectors = join(work, 'vectors.f32')
  const runOurs = async (some: readonly AudioFile[]) => {
    rmSync(catalog, { recursive: true, force: true })
    const paths = some.map(({ path }) => path)
    return antiphon(['index', '--catalog', catalog, '--model', model.dir, ...paths], { memory: true })
  }
  const runReference = () =>
    reference<ReferenceRun>(
      'index_library.py',
      [
        ...['index', '--files', listOf(files), '--model', join(model.dir, 'audio.onnx'), '--out', vectors],
        ...['--rate', String(model.audio.sampleRate), '--chunk', String(model.audio.chunkSeconds)],
        ...['--hop', String(model.audio.hopSeconds), '--min-rest', String(model.audio.minRestSeconds)],
        ...['--threads', String(availableParallelism())],
      ],
      { memory: true },
    )
  await runOurs(files.slice(0, 1)) // not counted: a model is checked when it is first used on a machine
  const ours: number[] = []
  const theirs: number[] = []
  let name: string | null = null
  let ourPeak = 0
  let theirPeak = 0
  for (let repeat = 1; repeat <= repeats; repeat++) {
    const mine = await runOurs(files)
    ours.push(mine.seconds)
    ourPeak = Math.max(ourPeak, mine.memory.peakBytes())
    const other = await runReference()
    say(
      `  ${repeat}: ${mine.seconds.toFixed(1)} s, reference ${other?.result.seconds.toFixed(1) ?? 'null'} s`,
    )
    if (!other) continue
    theirs.push(other.result.seconds)
    theirPeak = Math.max(theirPeak, other.memory.peakBytes())
    name = `librosa ${other.result.versions.librosa} + onnxruntime ${other.result.versions.onnxruntime}, Python`
  }
  if (hasReference) say(`  ${await compareVectors(catalog, model, files, vectors)}`)
  const seconds = secondsOf(files)
  const [value, referenceValue] = [median(ours), theirs.length > 0 ? median(theirs) : null]
  const figures = [
    figure({ name: 'index time', value, unit: 's', reference: name, referenceValue }),
    figure({
      name: 'index real time',
      value: seconds / value,
      unit: '×',
      reference: name,
      referenceValue: referenceValue && seconds / referenceValue,
      lowerIsBetter: false,
    }),
  ]
  if (canMeasureMemory)
    figures.push(
      figure({
        name: 'index rss of the timed run',
        value: ourPeak / MEGABYTE,
        unit: 'MB',
        reference: name,
        referenceValue: theirs.length > 0 ? theirPeak / MEGABYTE : null,
      }),
    )
  return figures
}

/** Our track vectors beside the reference's: both should say the same of the same music. */
async function compareVectors(
  dir: string,
  model: OpenedModel,
  files: readonly AudioFile[],
  vectorsFile: string,
): Promise<string> {
  const catalog = await openCatalog({ dir, model: model.dir })
  const { tracks, dim, matrix } = await catalog.vectors()
  await catalog.close()
  const bytes = readFileSync(vectorsFile)
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const rowOf = new Map(files.map(({ path }, row) => [path, row]))
  const cosines = tracks.map((track, row) => {
    const other = rowOf.get(track.path)
    if (other === undefined) throw new Error(`The catalog has ${track.path}, which was not given to it`)
    let sum = 0
    for (let d = 0; d < dim; d++) sum += matrix[row * dim + d] * theirs[other * dim + d]
    return sum
  })
  if (cosines.length !== files.length)
    throw new Error(`${cosines.length} of ${files.length} files were indexed`)
  return `cosine of our track vectors to the reference's: median ${median(cosines).toFixed(5)}, lowest ${Math.min(...cosines).toFixed(5)}`
}

async function timeDecoding(
  files: readonly AudioFile[],
  model: OpenedModel,
  { repeats, say }: { repeats: number; say: (line: string) => void },
): Promise<Figure[]> {
  say(`decode time: ${describeFiles(files)}, ${repeats} times each …`)
  const ours: number[] = []
  const alone: number[] = []
  const theirs: number[] = []
  let name: string | null = null
  for (let repeat = 1; repeat <= repeats; repeat++) {
    ours.push(await decodeAll(files, model.audio.sampleRate, availableParallelism()))
    alone.push(await decodeAll(files, model.audio.sampleRate, 1))
    const other = await reference<ReferenceRun>('index_library.py', [
      ...['decode', '--files', listOf(files), '--rate', String(model.audio.sampleRate)],
    ])
    if (!other) continue
    theirs.push(other.result.seconds)
    name = `librosa ${other.result.versions.librosa} load`
  }
  const referenceValue = theirs.length > 0 ? median(theirs) : null
  return [
    figure({ name: 'decode time', value: median(ours), unit: 's', reference: name, referenceValue }),
    figure({
      name: 'decode time, one process',
      value: median(alone),
      unit: 's',
      reference: name,
      referenceValue,
    }),
  ]
}

/** Seconds from no decoder at all to every sample received. */
async function decodeAll(
  files: readonly AudioFile[],
  sampleRate: number,
  processes: number,
): Promise<number> {
  const started = performance.now()
  const pool = new DecoderPool({ processes })
  const queue = files.values()
  let samples = 0
  const drain = async () => {
    for (const { path } of queue)
      for await (const block of pool.decode(path, { sampleRate })) samples += block.length
  }
  await Promise.all(Array.from({ length: processes }, drain))
  const took = (performance.now() - started) / 1000
  await pool.close()
  const [got, expected] = [samples / sampleRate, secondsOf(files)]
  if (Math.abs(got - expected) > 0.01 * expected)
    throw new Error(`Decoding gave ${got.toFixed(0)} s of audio where the files say ${expected.toFixed(0)} s`)
  return took
}

/** Peak memory over two hours of audio in one run, and whether it grows. */
async function measureMemory(
  files: readonly AudioFile[],
  model: OpenedModel,
  say: (line: string) => void,
): Promise<Figure[]> {
  if (!canMeasureMemory) {
    say('index rss: NOT MEASURED, as this system has no /proc')
    return []
  }
  const total = secondsOf(files)
  if (total < 2 * HOUR)
    say(`index rss: ONLY ${describeFiles(files)} of the two hours; the halves are shorter`)
  say(`index rss: ${describeFiles(files)} …`)
  let half = Infinity
  const indexer = join(repositoryRoot, 'dist/bench/indexer.js')
  const { memory, seconds } = await measure(
    process.execPath,
    [indexer, join(work, 'catalog-rss'), model.dir, listOf(files)],
    {
      memory: true,
      onLine: (line) => {
        if (half === Infinity && Number(line) >= total / 2) half = performance.now()
      },
    },
  )
  const first = memory.peakBytes({ to: half }) / MEGABYTE
  const second = memory.peakBytes({ from: half }) / MEGABYTE
  say(
    `  ${(total / seconds).toFixed(0)} × real time; peaks ${first.toFixed(0)} MB, then ${second.toFixed(0)} MB`,
  )
  return [
    figure({ name: 'index rss', value: Math.max(first, second), unit: 'MB' }),
    figure({
      name: 'index rss second hour',
      value: second,
      unit: 'MB',
      reference: 'the first hour of the same run',
      referenceValue: first,
    }),
  ]
}

/** The files as a JSON list of their paths, in a file. */
function listOf(files: readonly AudioFile[]): string {
  const file = join(work, 'files.json')
  writeFileSync(file, JSON.stringify(files.map(({ path }) => path)))
  return file
}
