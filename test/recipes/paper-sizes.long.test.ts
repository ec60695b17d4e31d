// Every published system in the size of its paper: shapes, numbers of parameters, two training steps; and what the size for
// two cores costs.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { findSources, openSources } from '../../src/data/node.js'
import { Graph } from '../../src/graph/index.js'
import { nodeRuntime } from '../../src/graph/node.js'
import { createAudioEncoder, createTextEncoder, trainingScope, type Scope } from '../../src/model/index.js'
import { resolvePretrained } from '../../src/model/node.js'
import { parseRecipe, variantsOf, type Recipe } from '../../src/train/index.js'
import { train, type TrainEvent } from '../../src/train/node.js'
import { SYSTEMS as BENCH } from '../../bench/recipes/systems.js'
import { repositoryRoot } from '../golden.js'
import * as layers from './layer-sizes.js'
import { tinyWorld } from './tiny-world.js'

/** Of training: what two cores do in minutes. */
const MOST_FLOPS_A_PAIR = 5e9
const MOST_TRAINED = 6.5e6

interface Paper {
  /** Frames and mels of a chunk. */
  readonly features: readonly number[]
  /** Weights of the audio encoder, and length of its vectors. */
  readonly audio: readonly [weights: number, width: number]
  /** The same of text; absent where it is a table of words. */
  readonly text?: readonly [weights: number, width: number]
}

const SHORT_CHUNK = layers.shortChunk(128)
/** all-MiniLM-L6-v2, which stands in for BERT base and RoBERTa base. */
const MINILM = [layers.bert({ words: 30_522, places: 512, width: 384, layers: 6 }), 384] as const

const PAPERS: Readonly<Record<string, Paper>> = {
  choi2019: { features: [130, 128], audio: [layers.conv1d(128, 128, 100), 100] },
  won2021: { features: [173, 128], audio: [SHORT_CHUNK, 512] },
  mwe2024: { features: [626, 128], audio: [SHORT_CHUNK, 512] },
  chen2022: { features: [626, 128], audio: [SHORT_CHUNK, 512], text: MINILM },
  ttmr2023: {
    features: [992, 128],
    audio: [
      layers.musicTransformer({ mels: 128, channels: 128, pools: 4, width: 256, layers: 4, places: 512 }),
      256,
    ],
    text: MINILM,
  },
  muscall2022: {
    features: [626, 128],
    audio: [layers.resnet({ width: 16, layers: [3, 4, 6, 3], output: 256, mels: 128, frames: 626 }), 256],
    text: [layers.textTransformer(49_408, 77, 512, 4), 512],
  },
  mulan2022: { features: [1024, 128], audio: [layers.ast(768, 12, 12 * 101), 768], text: MINILM },
  clap2023: {
    features: [4 * 1001, 64],
    audio: [
      layers.htsat({ mels: 64, width: 96, depths: [2, 2, 6, 2], heads: [4, 8, 16, 32], fusion: true }),
      768,
    ],
    text: MINILM,
  },
  ttmrpp2024: {
    features: [1003, 128],
    audio: [layers.resnet({ width: 64, layers: [3, 4, 6, 3], output: 768, mels: 128, frames: 1003 }), 768],
    text: MINILM,
  },
  wikimute2024: { features: [626, 96], audio: [layers.MUSICNN, 200], text: MINILM },
  ads2024: { features: [626, 96], audio: [layers.MUSICNN, 200], text: MINILM },
}

const SYSTEMS = readdirSync(join(repositoryRoot, 'recipes'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({ name: file.slice(0, -'.yaml'.length), yaml: read(file) }))
  .filter(({ yaml }) => variantsOf(yaml).includes('bench'))

function read(file: string): string {
  return readFileSync(join(repositoryRoot, 'recipes', file), 'utf8')
}

test('the papers’ sizes are told of every system', () => {
  assert.deepEqual(SYSTEMS.map(({ name }) => name).sort(), Object.keys(PAPERS).sort())
})

test('a card says what MiniLM stands in for, but where a sentence encoder is what the paper has', () => {
  const silent = SYSTEMS.filter(({ yaml }) => {
    const { encoder, stands_in_for: other } = parseRecipe(yaml).text
    return encoder === 'minilm' && other === undefined
  })
  assert.deepEqual(
    silent.map(({ name }) => name),
    ['wikimute2024'],
  )
})

test('clap2023 in its small size, and over the 60 s that fusion takes', () => {
  const { audio } = parseRecipe(read('clap2023.yaml'), {
    variants: ['small'],
    set: ['audio.chunk_seconds=60'],
  })
  const encoder = createAudioEncoder(audio)
  const samples = Math.round(encoder.sampleRate * audio.chunk_seconds)
  const features = encoder.features(new Graph().input('waveform', [1, samples]))
  assert.deepEqual(features.shape, [1, 4 * 1001, 64])
  const weights = weightsOf((graph, scope) => {
    assert.deepEqual(encoder.encode(graph.input('features', [2, 4 * 1001, 64]), scope).shape, [2, 768])
  })
  const of = { mels: 64, width: 96, heads: [4, 8, 16, 32], fusion: true }
  assert.equal(weights, layers.htsat({ ...of, depths: [2, 2, 18, 2] }))
})

test('mulan2022 with its other tower', () => {
  const { audio } = parseRecipe(read('mulan2022.yaml'), { variants: ['resnet'] })
  const encoder = createAudioEncoder(audio)
  const samples = Math.round(encoder.sampleRate * audio.chunk_seconds)
  const [, frames, mels] = encoder.features(new Graph().input('waveform', [1, samples])).shape as number[]
  assert.deepEqual([frames, mels], [626, 128])
  const weights = weightsOf((graph, scope) => {
    assert.deepEqual(encoder.encode(graph.input('features', [2, frames, mels]), scope).shape, [2, 1024])
  })
  assert.equal(weights, layers.resnet({ width: 64, layers: [3, 4, 6, 3], output: 1024, mels, frames }))
})

/** Numbers of a tower's weights. */
function weightsOf(encode: (graph: Graph, scope: Scope) => void): number {
  const graph = new Graph()
  const scope = trainingScope(graph)
  encode(graph, scope)
  return [...scope.parameters.values()]
    .filter(({ kind }) => kind === 'weight')
    .reduce((total, { tensor }) => total + (tensor.shape as number[]).reduce((a, b) => a * b, 1), 0)
}

/** Two pairs a step and nothing to validate with: the world of the tests is small. */
const SMALL_BATCH = ['data.validation=0', 'data.test=0', 'data.split_by=track', 'schedule.warmup=0']

/** As a test takes it; words learnt from the few texts stand in for those that MiniLM embeds, some 20,000 of them one by one. */
function small(paper: string, variants: readonly string[], set: readonly string[]): Recipe {
  const yaml = paper.replace(/^ {2}early_stop:.*\n/m, '') // it wants something to validate with
  const { text } = parseRecipe(yaml, { variants })
  const words = text.encoder === 'words' ? ['text.vectors={ skip_gram: { dim: 384, epochs: 1 } }'] : []
  return parseRecipe(yaml, { variants, set: [...SMALL_BATCH, ...words, ...set] })
}

async function* events(recipe: Recipe): AsyncGenerator<TrainEvent, void, void> {
  const dir = mkdtempSync(join(tmpdir(), `antiphon-${recipe.name}-`))
  const data = await tinyWorld()
  try {
    yield* train({
      recipe,
      pairs: await openSources(await findSources(data)),
      data,
      out: join(dir, 'run'),
      base: repositoryRoot,
      cacheDir: join(repositoryRoot, '.cache/test/train'),
      runtime: await nodeRuntime(),
      engine: { threads: 2 },
      find: (name) => resolvePretrained(resolve(repositoryRoot, name), { allowDownload: false }),
      score: () => assert.fail('nothing is validated'),
    })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

for (const { name, yaml } of SYSTEMS) {
  test(`${name} has the shapes and parameters of its paper`, () => {
    const { audio, text } = parseRecipe(yaml)
    const paper = PAPERS[name]
    const encoder = createAudioEncoder(audio)
    const samples = Math.round(encoder.sampleRate * audio.chunk_seconds)
    const features = encoder.features(new Graph().input('waveform', [1, samples]))
    assert.deepEqual(features.shape, [1, ...paper.features])
    const weights = weightsOf((graph, scope) => {
      const vectors = encoder.encode(graph.input('features', [2, ...paper.features]), scope)
      assert.deepEqual(vectors.shape, [2, paper.audio[1]])
    })
    assert.equal(weights, paper.audio[0])
    if (!paper.text) return
    const vocabulary = typeof text.tokenizer === 'object' && { vocab_size: text.tokenizer.bpe.vocabulary }
    const options = { ...vocabulary, ...text.options }
    const sentences = createTextEncoder({ encoder: text.encoder, options, pooling: text.pooling })
    const textWeights = weightsOf((graph, scope) => {
      const ids = graph.input('ids', [2, text.max_tokens], 'int32')
      const mask = graph.input('mask', [2, text.max_tokens], 'int32')
      assert.deepEqual(sentences.encode(ids, mask, scope).shape, [2, paper.text![1]])
    })
    assert.equal(textWeights, paper.text[0])
  })

  test(`${name} takes two steps in the size of its paper`, async () => {
    const recipe = small(
      yaml,
      [],
      ['data.batch=2', 'data.chunk=2', 'schedule.steps=2', 'schedule.shape=constant'],
    )
    const losses: number[] = []
    for await (const event of events(recipe)) {
      if (event.kind !== 'step') continue
      losses.push(event.report.loss)
      if (losses.length === 2) break // the model that would be written is of no use
    }
    assert.equal(losses.length, 2)
    assert.ok(losses.every(Number.isFinite), `losses ${losses.join(', ')}`)
  })

  for (const variants of BENCH.find((system) => system.name === name)!.runs)
    test(`${name} trains on two cores: at most ${MOST_FLOPS_A_PAIR / 1e9} GFLOP a pair (${variants.join(', ')})`, async () => {
      const recipe = small(yaml, variants, ['data.batch=4', 'data.chunk=4'])
      for await (const event of events(recipe)) {
        if (event.kind !== 'start') continue
        const { flopsPerPair, trained } = event
        assert.ok(flopsPerPair > 0 && flopsPerPair <= MOST_FLOPS_A_PAIR, `${flopsPerPair / 1e9} GFLOP a pair`)
        assert.ok(trained > 0 && trained <= MOST_TRAINED, `${trained} numbers are trained`)
        return
      }
      assert.fail('training did not start')
    })
}
