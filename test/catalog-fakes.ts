import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AudioFiles } from '../src/catalog/node.js'
import type { TrackTags } from '../src/catalog/index.js'
import { AntiphonError } from '../src/errors/index.js'
import type { JointEmbedding } from '../src/model/index.js'

// A made-up world for tests of the catalog: "audio files" are small JSON texts, a model knows a few styles by name.

const SAMPLE_RATE = 100
const DIM = 125

export interface FakeAudio {
  /** What it sounds like: words that the model knows by their hash, mixed; its first word weighs most. */
  readonly sound: string
  readonly seconds: number
  readonly tags?: TrackTags
  /** It cannot be decoded, for this reason. */
  readonly broken?: string
}

export async function writeFake(path: string, audio: FakeAudio): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, JSON.stringify(audio))
}

/** Readers of such files. `decoded` collects the paths that were decoded. */
export function fakeAudioFiles({
  decoded = [],
  blockMilliseconds = 0,
}: { decoded?: string[]; blockMilliseconds?: number } = {}): AudioFiles {
  const failure = (path: string, reason: string): AntiphonError =>
    Object.assign(new AntiphonError('file', `Could not read ${path}: ${reason}`), { reason })
  const parse = (path: string, text: string): FakeAudio => {
    try {
      return JSON.parse(text) as FakeAudio
    } catch {
      throw failure(path, 'not audio')
    }
  }
  const read = async (path: string): Promise<FakeAudio> => parse(path, await readFile(path, 'utf8'))
  return {
    async *decode(path, { sampleRate, signal }) {
      const { sound, seconds, broken } = parse(path, readFileSync(path, 'utf8'))
      decoded.push(path)
      const vector = styleOf(sound)
      const samples = new Float32Array(Math.round(seconds * sampleRate))
      const noise = seeded(`${sound} ${seconds}`)
      for (let i = 0; i < samples.length; i++) samples[i] = vector[i % DIM] + (noise() - 0.5) * 0.8
      for (let at = 0; at < samples.length; at += 77) {
        if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted')
        if (blockMilliseconds > 0) await sleep(blockMilliseconds)
        yield samples.slice(at, at + 77)
      }
      if (broken !== undefined) throw failure(path, broken)
    },
    probe: async (path) => {
      const { sound, seconds } = await read(path)
      return { content: createHash('sha256').update(`${sound} ${seconds}`).digest('hex'), duration: seconds }
    },
    tags: async (path) => (await read(path)).tags ?? {},
    close: async () => undefined,
  }
}

/** A model that hears the style of such files, and knows the words. A seed makes another space. */
export function fakeModel({ name = 'fake', seed = '', sampleRate = SAMPLE_RATE } = {}): JointEmbedding & {
  calls: number
} {
  return {
    name,
    spaceId: createHash('sha256').update(`fake ${seed}`).digest('hex'),
    dim: DIM,
    logitScale: 20,
    matchScale: 0.3,
    languages: ['en'],
    audio: { sampleRate, chunkSeconds: 10, hopSeconds: 10, minRestSeconds: 3 },
    calls: 0,
    async embedAudio(chunks) {
      this.calls += chunks.length
      return chunks.map((samples) => {
        const sum = new Float64Array(DIM)
        samples.forEach((x, i) => (sum[i % DIM] += x))
        return unit(turned(sum, seed))
      })
    },
    embedText: async (texts) => texts.map((text) => unit(turned(styleOf(text), seed))),
    close: async () => undefined,
  }
}

function styleOf(words: string): Float64Array {
  const sum = new Float64Array(DIM)
  words.split(/\s+/).forEach((word, rank) => {
    const random = seeded(word.toLowerCase())
    for (let d = 0; d < DIM; d++) sum[d] += (random() - 0.5) / (rank + 1)
  })
  return sum
}

/** Another space: other signs. */
function turned(vector: Float64Array, seed: string): Float64Array {
  const random = seeded(seed)
  return seed === '' ? vector : vector.map((x) => (random() < 0.5 ? x : -x))
}

function unit(vector: Float64Array): Float32Array {
  const length = Math.hypot(...vector) || 1
  return Float32Array.from(vector, (x) => x / length)
}

/** Numbers from 0 to 1 that a text decides (mulberry32). */
export function seeded(text: string): () => number {
  let state = createHash('sha256').update(text).digest().readInt32LE()
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
