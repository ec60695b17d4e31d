import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { chunks } from '../src/audio/index.js'
import { DecoderPool } from '../src/audio/node.js'
import { openProgram, type Program } from '../src/graph/index.js'
import { nodeRuntime } from '../src/graph/node.js'
import { openModel, type OpenedModel } from '../src/model/node.js'
import type { Benchmark } from './benchmark.js'
import { figure, median } from './figures.js'
import { demoLibrary } from './library.js'
import { measure, repositoryRoot } from './process.js'
import { qualityOf } from './quality.js'

const CHUNKS = 84 // one of each piece of the demo library
const BYTES_PER_MEGABYTE = 1e6
const QUERIES = ['calm piano', 'aggressive metal with distorted guitars', 'a string quartet', 'fast techno']

/** `bridge` with its matrices in 8 bits beside `bridge`: size, time, and what is lost. */
export const int8Benchmark: Benchmark = async ({ repeats = 5, say }) => {
  say('making bridge-int8 …')
  await measure(process.execPath, [join(repositoryRoot, 'dist/src/model/build-models.js'), 'int8'])
  const models = { exact: await openModel('bridge'), int8: await openModel('bridge-int8') }
  try {
    const heard = await someChunks(models.exact, say)
    const [exact, int8] = [sizeOf(models.exact.dir), sizeOf(models.int8.dir)]
    const against = { reference: 'bridge, float32', unit: 'MB' }
    const times = await timeChunks(models, heard, repeats)
    const alike = {
      audio: cosines(await models.exact.embedAudio(heard), await models.int8.embedAudio(heard)),
      text: cosines(await models.exact.embedText(QUERIES), await models.int8.embedText(QUERIES)),
    }
    const quality = {
      exact: await qualityOf('bridge', { say }),
      int8: await qualityOf('bridge-int8', { say }),
    }
    return [
      figure({ name: 'size', value: int8, referenceValue: exact, ...against }),
      figure({
        name: 'a chunk, one thread',
        value: times.int8,
        referenceValue: times.exact,
        ...against,
        unit: 'ms',
      }),
      ...(['audio', 'text'] as const).flatMap((side) => [
        figure({
          name: `${side} cosine, median`,
          value: median(alike[side]),
          unit: '',
          lowerIsBetter: false,
        }),
        figure({
          name: `${side} cosine, least`,
          value: Math.min(...alike[side]),
          unit: '',
          lowerIsBetter: false,
        }),
      ]),
      ...quality.int8
        .filter(({ name }) => /^(style|track)/.test(name))
        .map((one) =>
          figure({
            ...one,
            reference: against.reference,
            referenceValue: quality.exact.find(({ name }) => name === one.name)!.value,
          }),
        ),
    ]
  } finally {
    await models.exact.close()
    await models.int8.close()
  }
}

/** The second chunk of each piece: the first may begin with silence. */
async function someChunks(model: OpenedModel, say: (line: string) => void): Promise<Float32Array[]> {
  const { files } = await demoLibrary(say)
  const pool = new DecoderPool()
  const heard: Float32Array[] = []
  try {
    for (const { path } of files.slice(0, CHUNKS)) {
      let place = 0
      for await (const { samples } of chunks(pool.decode(path, model.audio), model.audio))
        if (place++ === 1) {
          heard.push(samples)
          break
        }
    }
  } finally {
    await pool.close()
  }
  return heard
}

/** Medians of alternated runs, in milliseconds. */
async function timeChunks(
  models: { exact: OpenedModel; int8: OpenedModel },
  heard: readonly Float32Array[],
  repeats: number,
): Promise<{ exact: number; int8: number }> {
  const runtime = await nodeRuntime()
  const open = (model: OpenedModel): Promise<Program> => openProgram(runtime, join(model.dir, 'audio.onnx'))
  const programs = { exact: await open(models.exact), int8: await open(models.int8) }
  const times = { exact: [] as number[], int8: [] as number[] }
  for (let run = 0; run <= repeats; run++)
    for (const waveform of heard.slice(0, 10))
      for (const which of ['exact', 'int8'] as const) {
        const started = performance.now()
        await programs[which].run({ waveform })
        if (run > 0) times[which].push(performance.now() - started) // the first round warms up
      }
  for (const program of Object.values(programs)) await program.close()
  return { exact: median(times.exact), int8: median(times.int8) }
}

/** In megabytes, all files of a model. */
function sizeOf(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0) / BYTES_PER_MEGABYTE
}

function cosines(a: readonly Float32Array[], b: readonly Float32Array[]): number[] {
  return a.map((vector, i) => vector.reduce((sum, x, d) => sum + x * b[i][d], 0))
}
