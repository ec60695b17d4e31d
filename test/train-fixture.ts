// A folder of short sounds with words beside them, and recipes that train on it in a second.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readFolder } from '../src/data/node.js'
import { nodeRuntime } from '../src/graph/node.js'
import { resolvePretrained } from '../src/model/node.js'
import { parseRecipe } from '../src/train/index.js'
import { train, type Score, type TrainEvent, type TrainOptions } from '../src/train/node.js'
import { tune } from './audio-files.js'
import { repositoryRoot } from './golden.js'
import { wav } from './wav.js'

export const RATE = 4000
export const TRACKS = 14
const TOKENIZER = join(repositoryRoot, 'models/towers/minilm')
const SIZES = '{ sample_rate: 4000, n_fft: 128, hop_length: 64, n_mels: 32'

/** Transformers with dropout, every change to the sound, an average of weights. */
export const TINY = `
name: tiny
audio:
  encoder: transformer
  options: ${SIZES}, width: 8, heads: 2, layers: 1, patch: 8, dropout: 0.1 }
  chunk_seconds: 1
  augment: { gain_db: 3, noise: 0.1, mixup: 0.2, spec_augment: { time_masks: 1, time_width: 9, mel_masks: 1, mel_width: 5 } }
text:
  encoder: transformer
  options: { width: 8, heads: 2, layers: 1, dropout: 0.1 }
  tokenizer: ${TOKENIZER}
  max_tokens: 24
projection: { dim: 7, dropout: 0.1 }
data: { batch: 4, validation: 0.25, split_by: track }
schedule:
  { learning_rate: 1.0e-2, steps: 8, warmup: 2, validate_every: 3, checkpoint_every: 2, ema: 0.9, clip: 1, best_by: loss }
seed: 3
`

/** What makes other programs of it: each as after --set. */
export const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'all of it trained': [],
  'two frozen towers': ['audio.freeze=true', 'audio.hop_seconds=0.5', 'text.freeze=true'],
  'gradient caching, batch norm, accumulation': [
    `audio.encoder=resnet`,
    `audio.options=${SIZES}, width: 4, layers: [1], heads: 2, output: 8 }`,
    'data={batch: 4, chunk: 2, accumulate: 2, validation: 0.25, split_by: track}',
    'schedule.steps=6',
  ],
  'hard texts, kept features, parts of it frozen, groups': [
    'loss.kind=text_swap',
    'text_policy={ tag_captions: 0.3, dropout: 0.2, synonyms: 0.2, swaps: table }',
    'audio.cache=features',
    'audio.augment={}',
    'audio.freeze=blocks.0.*',
    'schedule.groups=[{match: text.*, learning_rate: 1.0e-3, weight_decay: 0}, {match: text.token*, freeze: true}]',
    'schedule.shape=plateau',
    'schedule.plateau={factor: 0.5, patience: 0}',
    'schedule.validate_every=2',
  ],
  'tokens learnt from mined sentences, each text a pair; audio that knows itself again': [
    'text.tokenizer={ bpe: { vocabulary: 560 } }',
    'text_policy={ kinds: { sentence: 1, tag: 1 }, mine: { from: [caption] }, filter: { words: 0.1 } }',
    'data={ batch: 6, chunk: 3, pairs: texts, validation: 0.25, split_by: track }',
    'loss.self_supervision={ dim: 5 }',
    'schedule.steps=6',
  ],
  'words learnt, factors of listening, queries of similarity': [
    'text={ encoder: words, vectors: { skip_gram: { dim: 6, min_count: 1 } }, max_tokens: 24 }',
    'audio.factors={ dim: 3 }',
    'text_policy.kinds={ tag: 1, similarity: 1 }',
    'schedule.steps=6',
  ],
}

const WORDS = ['slow', 'loud', 'lo-fi', 'piano', 'odd']

export function writeMusic(dir: string): string {
  mkdirSync(dir, { recursive: true })
  for (let i = 0; i < TRACKS; i++) {
    const samples = tune(1.6 + 0.21 * i, RATE, i + 1)
    writeFileSync(
      join(dir, `t${i}.wav`),
      wav(
        Int16Array.from(samples, (x) => Math.round(x * 20_000)),
        { rate: RATE },
      ),
    )
    const tags = WORDS.filter((_, word) => (i + word) % 3 > 0)
    const caption = `A ${WORDS[i % 5]} piece, number ${i}.`
    writeFileSync(join(dir, `t${i}.json`), JSON.stringify({ caption, tags, artist: `artist ${i}` }))
  }
  // Neighbours are alike, and half of them are heard.
  const lines = (line: (i: number) => string): string =>
    Array.from({ length: TRACKS }, (_, i) => line(i)).join('')
  writeFileSync(
    join(dir, 'listening.tsv'),
    lines((i) => `user ${i % 4}\tt${i >> 1}\t${1 + (i % 3)}\n`),
  )
  writeFileSync(
    join(dir, 'graph.tsv'),
    lines((i) => `track:t${i}\tmade_by\tartist:a${i >> 1}\nartist:a${i >> 1}\tname\tartist ${i >> 1}\n`),
  )
  return dir
}

/** Text to music by definition: ranks counted one by one, ties as chance. */
export const score: Score = ({ queries, items, similarity, relevance }) => {
  const ks = [1, 5, 10] as const
  const recall = { 1: 0, 5: 0, 10: 0 }
  let [mrr, map] = [0, 0]
  const ranks: number[] = []
  for (let query = 0; query < queries; query++) {
    const row = [...similarity.subarray(query * items, (query + 1) * items)]
    const right = [...relevance.subarray(query * items, (query + 1) * items)]
    const order = row.map((_, item) => item).sort((a, b) => row[b] - row[a])
    const places = order.flatMap((item, place) => (right[item] === 1 ? [place + 1] : []))
    ranks.push(places[0])
    mrr += 1 / places[0] / queries
    map += places.reduce((sum, place, i) => sum + (i + 1) / place, 0) / places.length / queries
    for (const k of ks) if (places[0] <= k) recall[k] += 1 / queries
  }
  ranks.sort((a, b) => a - b)
  const median_rank = (ranks[(queries - 1) >> 1] + ranks[queries >> 1]) / 2
  return { 'recall@1': recall[1], 'recall@5': recall[5], 'recall@10': recall[10], mrr, map, median_rank }
}

export interface TinyRun extends Partial<TrainOptions> {
  readonly music: string
  readonly out: string
  readonly cacheDir: string
  readonly set?: readonly string[]
  /** Called with each event, as it happens. */
  readonly during?: (event: TrainEvent) => void
}

/** Trains, or goes on, to the end. */
export async function trainTiny({ music, set, during, ...options }: TinyRun): Promise<TrainEvent[]> {
  const events: TrainEvent[] = []
  const run = train({
    recipe: parseRecipe(TINY, { set }),
    pairs: await readFolder(music),
    data: music,
    runtime: await nodeRuntime(),
    engine: { threads: 2 },
    find: (name) => resolvePretrained(name),
    score,
    ...options,
  })
  for await (const event of run) {
    events.push(event)
    during?.(event)
  }
  return events
}

/** Trains until so many steps are taken, as Ctrl-C ends it; without the error that says so. */
export async function trainUntil(step: number, run: TinyRun): Promise<TrainEvent[]> {
  const stop = new AbortController()
  const events: TrainEvent[] = []
  const during = (event: TrainEvent): void => {
    events.push(event)
    if (event.kind === 'step' && event.report.step === step) stop.abort()
  }
  await trainTiny({ ...run, during, signal: stop.signal }).catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'interrupted') throw error
  })
  return events
}

/** The lines of a run's log; a cut one throws. */
export const logOf = (out: string): Record<string, number>[] =>
  readFileSync(join(out, 'log.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, number>)

/** Steps in the log of a run that another process may be writing. */
export function stepsSoFar(out: string): number {
  try {
    return readFileSync(join(out, 'log.jsonl'), 'utf8').split('\n').length - 1
  } catch {
    return 0
  }
}

export const CLI = join(repositoryRoot, 'dist/src/cli/main.js')

/** The command line as a process of its own. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (data) => (said.out += data))
  child.stderr.on('data', (data) => (said.err += data))
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
    ...said,
  }))
  return { child: child as ChildProcess, said, ended }
}

/** Waits until a process has taken so many steps, or has ended. */
export async function untilStep(step: number, out: string, ended: Promise<unknown>): Promise<void> {
  let over = false
  void ended.then(() => (over = true))
  while (!over && stepsSoFar(out) < step) await sleep(4)
}

export interface Kills {
  readonly recipeFile: string
  readonly music: string
  readonly out: string
  readonly set: readonly string[]
  /** Of XDG. */
  readonly cacheHome: string
  readonly kills: number
  /** Waits for the moment of a kill. */
  readonly moment: (kill: number, ended: Promise<unknown>) => Promise<void>
}

/** A run of the command line that is killed again and again, and leaves what kills can leave; then it goes on to the end. */
export async function killedAndResumed({ recipeFile, music, out, set, cacheHome, kills, moment }: Kills) {
  const env = { XDG_CACHE_HOME: cacheHome }
  const begin = ['train', recipeFile, '--data', music, '--out', out, '--threads', '2', '--set', ...set]
  const args = (): string[] =>
    existsSync(join(out, 'recipe.yaml')) ? ['train', '--resume', out, '--threads', '2'] : begin
  for (let kill = 0; kill < kills; kill++) {
    const { child, ended } = startCli(args(), env)
    await moment(kill, ended)
    child.kill('SIGKILL')
    const { signal, code, err } = await ended
    if (signal !== 'SIGKILL' && code !== 0) throw new Error(`ended by itself with ${code}: ${err}`)
    if (!existsSync(join(out, 'checkpoints'))) continue
    const model = join(out, `model.${child.pid}.part`)
    mkdirSync(model, { recursive: true })
    writeFileSync(join(model, 'audio.onnx'), 'half')
    writeFileSync(join(out, 'checkpoints', `step-000000099.safetensors.${child.pid}.part`), 'half')
    writeFileSync(join(out, 'log.jsonl'), '{"step":99,"lo', { flag: 'a' })
  }
  return startCli([...args(), '--json'], env).ended
}
