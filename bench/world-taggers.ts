import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DecoderPool } from '../src/audio/node.js'
import {
  compile,
  embeddedWeights,
  Graph,
  linear,
  parseSafetensors,
  sigmoid,
  type Program,
} from '../src/graph/index.js'
import { nodeRuntime } from '../src/graph/node.js'
import { createAudioEncoder, servingScope } from '../src/model/index.js'
import { repositoryRoot } from './process.js'
import type { Tagger } from './world-tags.js'

const SAMPLE_RATE = 16_000 // of all three

interface Head {
  readonly encoder: 'musicnn' | 'yamnet'
  /** Where its last layer's weights are, and where config.json lists its outputs. */
  readonly layer: string
  readonly names: 'tags' | 'classes'
}

const HEADS: Readonly<Record<Tagger, Head>> = {
  'musicnn-msd': { encoder: 'musicnn', layer: 'backend.tags', names: 'tags' },
  'musicnn-mtt': { encoder: 'musicnn', layer: 'backend.tags', names: 'tags' },
  yamnet: { encoder: 'yamnet', layer: 'classifier', names: 'classes' },
}

/** Scores of files by network and tag: [file]. */
export type TagScores = ReadonlyMap<`${Tagger}/${string}`, Float32Array>

/** Runs the pretrained taggers of models/towers over recordings: tags of the mean over all patches of the first `seconds`. */
export async function tagScores(
  files: readonly string[],
  { seconds, onFile }: { seconds: number; onFile: (done: number) => void },
): Promise<TagScores> {
  const samples = seconds * SAMPLE_RATE
  const taggers = await Promise.all(
    (Object.keys(HEADS) as Tagger[]).map(async (tagger) => ({ tagger, ...(await load(tagger, samples)) })),
  )
  const scores = new Map<`${Tagger}/${string}`, Float32Array>()
  for (const { tagger, names } of taggers)
    for (const name of names) scores.set(`${tagger}/${name}`, new Float32Array(files.length))
  const pool = new DecoderPool({ processes: 1 })
  try {
    for (const [index, file] of files.entries()) {
      const waveform = new Float32Array(samples)
      let at = 0
      for await (const block of pool.decode(file, { sampleRate: SAMPLE_RATE })) {
        if (at < samples) waveform.set(block.subarray(0, samples - at), at)
        at += block.length
      }
      for (const { tagger, program, names } of taggers) {
        const { tags } = await program.run({ waveform })
        names.forEach((name, tag) => (scores.get(`${tagger}/${name}`)![index] = Number(tags.data[tag])))
      }
      onFile(index + 1)
    }
  } finally {
    await pool.close()
  }
  return scores
}

async function load(tagger: Tagger, samples: number): Promise<{ program: Program; names: string[] }> {
  const { encoder: name, layer, names: field } = HEADS[tagger]
  const read = (file: string): Buffer => readFileSync(join(repositoryRoot, 'models/towers', tagger, file))
  const names = (JSON.parse(read('config.json').toString('utf8')) as Record<string, string[]>)[field]
  const graph = new Graph()
  const scope = servingScope(graph)
  const encoder = createAudioEncoder({ encoder: name })
  const waveform = graph.input('waveform', [1, samples])
  const vector = encoder.encode(encoder.features(waveform), scope)
  const weight = scope.parameter(`${layer}.weight`, [names.length, encoder.width])
  const tags = sigmoid(linear(vector, weight, scope.parameter(`${layer}.bias`, [names.length])))
  const weights = embeddedWeights(parseSafetensors(read('model.safetensors'), tagger))
  return { program: await compile(await nodeRuntime(), { outputs: { tags }, weights }), names }
}
