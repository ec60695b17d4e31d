// Training from a recipe and a folder to a model that searches: stopped, killed and gone on with; what can go wrong.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { cp, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { chunks } from '../src/audio/index.js'
import { DecoderPool } from '../src/audio/node.js'
import { run as runCli, schemas, systemContext } from '../src/cli/index.js'
import { split } from '../src/data/index.js'
import { readFolder } from '../src/data/node.js'
import { float32, parseSafetensors } from '../src/graph/index.js'
import { openModel } from '../src/model/node.js'
import { parseRecipe } from '../src/train/index.js'
import type { TrainEvent } from '../src/train/node.js'
import { repositoryRoot } from './golden.js'
import {
  killedAndResumed,
  logOf,
  score,
  startCli,
  TINY,
  trainTiny,
  trainUntil,
  untilStep,
  VARIANTS,
  writeMusic,
  type TinyRun,
} from './train-fixture.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-train-'))
after(() => rmSync(root, { recursive: true, force: true }))
const music = writeMusic(join(root, 'music'))
const cacheDir = join(root, 'cache', 'antiphon', 'train')
process.env['XDG_CACHE_HOME'] = join(root, 'cache')
const recipeFile = join(root, 'tiny.yaml')
await writeFile(recipeFile, TINY)

let made = 0
const place = (): string => join(root, `run ${made++}`)
const tiny = (out: string, more: Partial<TinyRun> = {}): TinyRun => ({ music, cacheDir, out, ...more })

const weights = (out: string): Promise<Buffer> => readFile(join(out, 'model', 'model.safetensors'))
const checkpoints = (out: string): string[] => readdirSync(join(out, 'checkpoints')).sort()
const lastCheckpoint = (out: string): string => join(out, 'checkpoints', checkpoints(out).at(-1)!)
/** What a log says but for how long it took. */
const told = (out: string) => logOf(out).map(({ seconds, waited, ...rest }) => (void [seconds, waited], rest))

/** One unbroken run of the tiny recipe, for all who compare with it. */
let unbrokenRun: Promise<string> | undefined
const unbroken = (): Promise<string> =>
  (unbrokenRun ??= (async () => {
    const out = place()
    await trainTiny(tiny(out))
    return out
  })())

/** A run ends in the bits of another: weights, optimiser, averages, scores, log. */
async function assertSameEnd(out: string, other: string): Promise<void> {
  assert.deepEqual(told(out), told(other))
  assert.ok((await readFile(lastCheckpoint(out))).equals(await readFile(lastCheckpoint(other))))
  assert.ok((await weights(out)).equals(await weights(other)))
  assert.deepEqual(readdirSync(out).sort(), readdirSync(other).sort())
}

for (const [name, set] of Object.entries(VARIANTS))
  test(`stopped and gone on with, it ends in the bits of a run that never stopped: ${name}`, async () => {
    const [whole, broken] = [set.length === 0 ? await unbroken() : place(), place()]
    if (set.length > 0) await trainTiny(tiny(whole, { set }))
    for (const [step, resume] of [
      [3, false],
      [4, true],
    ] as const) {
      const events = await trainUntil(step, tiny(broken, { set, resume }))
      assert.equal(checkpoints(broken).at(-1), `step-00000000${step}.safetensors`)
      assert.equal(events.filter(({ kind }) => kind === 'step').length, resume ? 1 : 3)
    }
    const events = await trainTiny(tiny(broken, { set, resume: true }))
    assert.equal(events.at(-1)!.kind, 'done')
    await assertSameEnd(broken, whole)
  })

test('the same seed gives the same weights, another one others; each step has its own batch', async () => {
  const [again, other] = [place(), place()]
  await trainTiny(tiny(again, { engine: { threads: 1 } }))
  await trainTiny(tiny(other, { set: ['seed=4', 'schedule.steps=3'] }))
  const log = told(await unbroken())
  assert.deepEqual(
    told(again).map(({ step }) => step),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
  for (const [i, { loss }] of told(again).entries())
    assert.ok(Math.abs(loss - log[i].loss) < 1e-3, `loss ${loss}, ${log[i].loss}`)
  assert.notEqual(told(other)[0].loss, log[0].loss)
  assert.ok(log.at(-1)!.loss < log[0].loss)
  const twin = place()
  await trainTiny(tiny(twin))
  await assertSameEnd(twin, await unbroken())
})

test('what is frozen keeps its numbers, what is trained changes, statistics are saved', async () => {
  for (const [variant, isFrozen] of [
    ['two frozen towers', (name: string) => /^(audio|text)\.(?!projection)/.test(name)],
    [
      'hard texts, kept features, parts of it frozen, groups',
      (name: string) => /^(audio\.blocks\.0\.|text\.token)/.test(name),
    ],
    ['gradient caching, batch norm, accumulation', () => false],
  ] as const) {
    const out = place()
    let first: Buffer | undefined
    const events = await trainTiny(
      tiny(out, {
        set: [...VARIANTS[variant], 'schedule.ema=0', 'schedule.steps=3', 'schedule.warmup=0'],
        during: (event) => {
          if (event.kind === 'checkpoint' && event.step === 0) first = readFileSync(event.path)
        },
      }),
    )
    const before = parseSafetensors(first!)
    const last = parseSafetensors(readFileSync(lastCheckpoint(out)))
    const model = parseSafetensors(await weights(out))
    const names = [...last.entries.keys()].flatMap((name) => /^model\/(.*)/.exec(name)?.slice(1) ?? [])
    for (const name of names) {
      const [then, now] = [float32(before, `model/${name}`), float32(last, `model/${name}`)]
      // A gradient through a softmax or a norm may be 0 to the last bit.
      if (isFrozen(name)) assert.deepEqual(now, then, name)
      else if (!/key\.bias|k_proj\.bias|qkv\.bias/.test(name)) assert.notDeepEqual(now, then, name)
    }
    const done = events.find((event) => event.kind === 'done')!
    if (done.modelStep === done.step)
      for (const name of names)
        if (model.entries.has(name)) assert.deepEqual(float32(model, name), float32(last, `model/${name}`))
    if (variant === 'two frozen towers') assert.ok(!names.includes('text.token_embedding.weight'))
    assert.ok(model.entries.has('text.token_embedding.weight'))
    if (variant.includes('batch norm')) {
      assert.ok(names.includes('audio.bn1.running_var'))
      assert.ok(float32(last, 'model/audio.bn1.running_mean').some((x) => x !== 0))
    }
  }
})

test('killed at any step, --resume ends in the same model; what kills leave behind does no harm', async () => {
  const [whole, broken] = [place(), place()]
  const set = ['schedule.steps=36', 'schedule.checkpoint_every=5', 'schedule.validate_every=9']
  await trainTiny(tiny(whole, { set }))
  const { code, out, err } = await killedAndResumed({
    ...{ recipeFile, music, set, out: broken, cacheHome: join(root, 'cache'), kills: 3 },
    moment: (kill, ended) => untilStep(4 + 11 * kill + Math.floor(7 * Math.random()), broken, ended),
  })
  assert.equal(code, 0, err)
  await assertSameEnd(broken, whole)
  assert.deepEqual(
    logOf(broken).map(({ step }) => step),
    Array.from({ length: 36 }, (_, i) => i + 1),
  )
  const output = schemas.TrainOutput.parse(JSON.parse(out))
  assert.equal(output.step, 36)
  assert.equal(output.out, broken)
  assert.match(err, /going on after step \d+/)
})

test(
  'Ctrl-C saves, says how to go on, and ends with 130',
  { skip: process.platform === 'win32' },
  async () => {
    const out = place()
    const args = ['train', recipeFile, '--data', music, '--out', out, '--set', 'schedule.steps=100000']
    const { child, ended } = startCli(args, { XDG_CACHE_HOME: join(root, 'cache') })
    await untilStep(3, out, ended)
    child.kill('SIGINT')
    const { code, out: printed, err } = await ended
    assert.equal(code, 130)
    assert.equal(printed, '')
    const [, step] = /Stopping after this step\.[^]*antiphon: Stopped after step (\d+) of 100000\. /.exec(
      err,
    )!
    assert.ok(err.endsWith(`Go on with: antiphon train --resume '${out}'\n`), err)
    assert.equal(checkpoints(out).at(-1), `step-${step.padStart(9, '0')}.safetensors`)
    assert.ok(!err.includes('    at '))
    assert.deepEqual(
      logOf(out).map((line) => line['step']),
      Array.from({ length: Number(step) }, (_, i) => i + 1),
    )
    assert.ok(!readdirSync(out).includes('lock'))
  },
)

test('a damaged checkpoint is passed by; where none is whole, that is said', async () => {
  for (const damage of [
    (path: string) => truncate(path, 1000),
    async (path: string) => {
      const bytes = await readFile(path)
      bytes[bytes.length - 5] ^= 1 // one bit of one number
      await writeFile(path, bytes)
    },
  ]) {
    const out = place()
    await trainUntil(6, tiny(out))
    assert.deepEqual(checkpoints(out).slice(-2), ['step-000000004.safetensors', 'step-000000006.safetensors'])
    const last = lastCheckpoint(out)
    await damage(last)
    const events = await trainTiny(tiny(out, { resume: true }))
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'damaged'),
      [{ kind: 'damaged', path: last }],
    )
    assert.equal(events.find((event) => event.kind === 'start')!.step, 4)
    await assertSameEnd(out, await unbroken())
  }
  const out = place()
  await trainUntil(2, tiny(out))
  for (const name of checkpoints(out)) await truncate(join(out, 'checkpoints', name), 100)
  await assert.rejects(trainTiny(tiny(out, { resume: true })), {
    code: 'model',
    message: /step-000000000\.safetensors is not a whole safetensors file/,
  })
})

test('a run that is done says so, and writes its model again', async () => {
  const out = place()
  await cp(await unbroken(), out, { recursive: true })
  rmSync(join(out, 'model'), { recursive: true })
  const events = await trainTiny(tiny(out, { resume: true }))
  assert.deepEqual(
    events.map(({ kind }) => kind).filter((kind) => kind !== 'preparing'),
    ['start', 'done'],
  )
  assert.equal(events.find((event) => event.kind === 'start')!.done, true)
  await assertSameEnd(out, await unbroken())
})

test('two trainings in one folder: the second is refused, new or resumed', async () => {
  const out = place()
  const tries: Promise<unknown>[] = []
  await trainTiny(
    tiny(out, {
      set: ['schedule.steps=3'],
      during: (event) => {
        if (event.kind !== 'start' && event.kind !== 'preparing') return
        for (const resume of [false, event.kind === 'start'])
          tries.push(
            assert.rejects(trainTiny(tiny(out, { resume })), {
              code: 'locked',
              message: /has been writing to/,
            }),
          )
      },
    }),
  )
  assert.ok(tries.length > 0)
  await Promise.all(tries)
})

const NO_FULL_DISK = existsSync('/dev/full') ? false : 'there is no /dev/full here'
test(
  'a full disk ends the run with how to go on; what was saved is whole',
  { skip: NO_FULL_DISK },
  async () => {
    const out = place()
    const full = (name: string): void => symlinkSync('/dev/full', join(out, `${name}.${process.pid}.part`))
    await assert.rejects(
      trainTiny(
        tiny(out, {
          during: (event) => {
            if (event.kind === 'checkpoint' && event.step === 2)
              full('checkpoints/step-000000004.safetensors')
          },
        }),
      ),
      {
        code: 'failed',
        message:
          /^Cannot write .*step-000000004\.safetensors: the disk is full\. The last good checkpoint is of step 3, .* Once it can be written, go on with: antiphon train --resume '.*'$/,
      },
    )
    await trainTiny(tiny(out, { resume: true }))
    await assertSameEnd(out, await unbroken())
  },
)

test('without pairs to validate with, the last weights are the model', async () => {
  const out = place()
  const events = await trainTiny(tiny(out, { set: ['data.validation=0', 'schedule.steps=3'] }))
  const done = events.find((event) => event.kind === 'done')!
  assert.equal(done.best, undefined)
  assert.equal(done.scores, undefined)
  assert.equal(done.modelStep, 3)
  assert.match(await readFile(join(out, 'model', 'README.md'), 'utf8'), /No pairs were kept apart/)
})

/** The command line within this process: exit code and what it printed. */
async function antiphon(...args: string[]) {
  const said = { out: '', err: '' }
  const output = (name: 'out' | 'err') => ({
    write: (text: string) => void (said[name] += text),
    interactive: false,
    columns: 80,
    colour: false,
  })
  const { signal } = new AbortController()
  const context = {
    ...systemContext(),
    stdout: output('out'),
    stderr: output('err'),
    interruption: () => signal,
  }
  return { code: await runCli(args, context), ...said }
}

test('what is wrong is said in one line, with the right exit code, and leaves no folder behind', async () => {
  const out = place()
  const begin = ['train', recipeFile, '--data', music, '--out', out]
  const set = (...assignments: string[]): string[] => [...begin, '--set', ...assignments]
  const notEmpty = place()
  mkdirSync(notEmpty)
  await writeFile(join(notEmpty, 'diary.txt'), '')
  const someones = place() // a tokenizer that no run made
  mkdirSync(someones)
  await writeFile(join(someones, 'tokenizer.json'), '{}')
  const empty = place()
  mkdirSync(empty)
  const foreign = join(root, 'foreign.txt')
  await writeFile(foreign, 'xyzzy 1 2\nplugh 3 4\n')
  const mistaken = join(root, 'mistaken.yaml')
  await writeFile(
    mistaken,
    `${TINY.replace('dropout: 0.1 }', 'dropuot: 0.1 }')}variants:
  elsewhere:
    audio: { options: { dropuot: null, dropout: 0 } }
    text:
      pretrained: nowhere
`,
  )
  const mistakes = ['train', mistaken, '--data', music, '--out', out]
  for (const [args, code, message] of [
    [mistakes, 2, /mistaken\.yaml:5: audio\.options\.dropuot: .*unknown key "dropuot" \(expected .*dropout/],
    [
      [...mistakes, '--variant', 'elsewhere'],
      1,
      /mistaken\.yaml:22: text\.pretrained: No pretrained model "/,
    ],
    [['train'], 2, /Expected: antiphon train RECIPE/],
    [
      ['train', join(root, 'none.yaml'), '--data', music, '--out', out],
      2,
      /Cannot read the recipe .*none\.yaml/,
    ],
    [['train', recipeFile, '--data', join(root, 'nowhere'), '--out', out], 2, /nowhere.* does not exist/],
    [['train', recipeFile, '--data', empty, '--out', out], 2, /no audio in/],
    [['train', recipeFile, '--data', music, '--out', notEmpty], 2, /is not empty \(diary\.txt\)/],
    [['train', recipeFile, '--data', music, '--out', someones], 2, /is not empty \(tokenizer\.json\)/],
    [['train', recipeFile, '--data', music, '--out', recipeFile], 2, /Cannot make the folder/],
    [['train', recipeFile, '--data', music, '--out', await unbroken()], 2, /holds a run already.*--resume '/],
    [['train', '--resume', empty], 2, /is not the directory of a run: it has no recipe\.yaml/],
    [['train', '--resume', join(root, 'nowhere')], 2, /is not the directory of a run/],
    [['train', recipeFile, '--resume', await unbroken()], 2, /takes no recipe/],
    [[...begin, '--device', 'abacus'], 2, /The device "abacus" is unknown \(expected one of cpu/],
    [[...begin, '--device', 'dml'], 2, /The device "dml"/],
    [[...begin, '--threads', '0'], 2, /whole number/],
    [set('data.bathc=3'), 2, /bathc.*batch/],
    [set('nonsense'), 2, /expected key=value/],
    [set('schedule.steps=0'), 2, /schedule\.steps/],
    [set('audio.encoder=ears'), 2, /: --set: audio\.encoder: Unknown audio encoder "ears" \(expected/],
    [set('audio.options={wdith: 3}'), 2, /audio\.options\.wdith: .*unknown key "wdith" \(expected /],
    [set('text.tokenizer=nowhere'), 1, /^antiphon: --set: text\.tokenizer: No pretrained model "/],
    [set('text.tokenizer={ bpe: { vocabulary: 99 } }'), 2, /text\.tokenizer\.bpe: A BPE vocabulary of 99/],
    [
      set(`text={ encoder: words, vectors: { file: ${foreign} } }`),
      2,
      /text\.vectors\.file: .* has none of the/,
    ],
    [
      set('loss.kind=muscall', `loss.content=${join(repositoryRoot, 'models/towers/yamnet')}`),
      1,
      /loss\.content: Cannot read .*tokenizer\.json/,
    ],
    [set('text.max_tokens=100'), 2, /text\.max_tokens: it is 100.*at most 77/],
    [
      set('text.options.vocab_size=99'),
      2,
      /tiny\.yaml:11: text\.tokenizer: .* has 30522 tokens, .* knows 99/,
    ],
    [set('data.batch=64'), 2, /fewer than a batch of 64/],
    [
      set('data.batch=64', 'data.pairs=texts'),
      2,
      /data\.batch: there are \d+ pairs to train on, fewer than a batch of 64/,
    ],
    [
      set('text_policy.kinds={ review: 1, comment: 0 }'),
      2,
      /text_policy\.kinds: none of the pairs .* of kind review \(there are texts of kind .*caption/,
    ],
    [set('data.chunk=3'), 2, /not made of whole chunks of 3/],
    [set('audio.freeze=block*.'), 2, /audio\.freeze: no parameter is called "block\*\." .*such as "/],
    [set('schedule.groups=[{match: txt.*, freeze: true}]'), 2, /schedule\.groups\.0\.match: no parameter/],
    [
      set('text.freeze=true', 'schedule.groups=[{match: text.token*, learning_rate: 1}]'),
      2,
      /schedule\.groups\.0\.match: .* is frozen/,
    ],
    [set('data.validation=0', 'schedule.shape=plateau'), 2, /plateau needs pairs/],
    [
      set('schedule.learning_rate=1e30', 'schedule.warmup=0'),
      1,
      /Step \d: .*The last good checkpoint is of step 0/,
    ],
  ] as const) {
    const done = await antiphon(...args)
    const last = done.err.trimEnd().split('\n').at(-1)!
    assert.equal(done.code, code, `${args.join(' ')}: ${done.err}`)
    assert.match(last, message)
    assert.ok(last.startsWith('antiphon: ') && !done.err.includes('    at '), done.err)
    assert.equal(done.out, '')
    if (message.source.startsWith('Step')) continue
    assert.ok(!existsSync(out), `${args.join(' ')} leaves ${out}`)
  }
  assert.deepEqual(readdirSync(notEmpty), ['diary.txt'])
  assert.deepEqual(readdirSync(empty), [])
})

test('other pairs and other audio are no data to go on with; the same in another place are', async () => {
  const out = place()
  const elsewhere = place()
  await cp(music, elsewhere, { recursive: true })
  await trainUntil(3, tiny(out, { music: elsewhere }))
  const words = await readFile(join(elsewhere, 't3.json'), 'utf8')
  await writeFile(join(elsewhere, 't3.json'), words.replace('number', 'no.'))
  assert.match((await antiphon('train', '--resume', out)).err, /The pairs in .* begin a new run\n$/)
  await writeFile(join(elsewhere, 't3.json'), words)
  const sound = await readFile(join(elsewhere, 't3.wav'))
  await cp(join(elsewhere, 't13.wav'), join(elsewhere, 't3.wav'))
  assert.match((await antiphon('train', '--resume', out)).err, /The audio in .* begin a new run\n$/)
  await writeFile(join(elsewhere, 't3.wav'), sound)
  const moved = place()
  await rename(elsewhere, moved)
  assert.match((await antiphon('train', '--resume', out)).err, /does not exist/)
  const { code, err } = await antiphon('train', '--resume', out, '--data', moved, '--threads', '2')
  assert.equal(code, 0, err)
  await assertSameEnd(out, await unbroken())
})

test('the model of a run opens, embeds what training scored, indexes and searches', async () => {
  const out = place()
  const set = ['schedule.steps=12', 'text_policy.tags=all']
  const { code, out: json } = await antiphon(
    ...['train', recipeFile, '--data', music, '--out', out, '--json', '--int8', '--set', ...set],
  )
  assert.equal(code, 0)
  const done = schemas.TrainOutput.parse(JSON.parse(json))
  const model = await openModel(done.model, { workers: 1 })
  const { largestDifference, tolerance } = await model.checkParity()
  assert.ok(largestDifference <= tolerance)

  // Validation, by what serves: the mean of a track's chunks, every caption a query.
  const { pairs } = await readFolder(music)
  const recipe = parseRecipe(TINY, { set })
  const { validation } = split(pairs, { by: 'track', validation: 0.25, seed: recipe.seed })
  const items: Float32Array[] = []
  const decoders = new DecoderPool()
  for (const { audio } of validation) {
    const pieces: Float32Array[] = []
    for await (const { samples } of chunks(
      decoders.decode(audio.path, { sampleRate: model.audio.sampleRate }),
      model.audio,
    ))
      pieces.push(samples)
    const vectors = await model.embedAudio(pieces)
    const sum = vectors[0].map((_, i) => vectors.reduce((total, vector) => total + vector[i], 0))
    items.push(sum.map((x) => x / Math.hypot(...sum)))
  }
  await decoders.close()
  const texts = validation.flatMap((pair) => pair.texts.filter(({ kind }) => kind === 'caption'))
  const queries = await model.embedText(texts.map(({ value }) => value))
  const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((dot, x, i) => dot + x * b[i], 0)
  const similarity = Float32Array.from(queries.flatMap((query) => items.map((item) => cosine(query, item))))
  const relevance = Uint8Array.from(queries.flatMap((_, q) => items.map((_, i) => Number(q === i))))
  const count = items.length
  const { loss, ...metrics } = done.scores!
  const expected = score({ queries: count, items: count, similarity, relevance })
  for (const [name, value] of Object.entries(expected))
    assert.ok(Math.abs(metrics[name as keyof typeof metrics] - value) < 1e-9, name)
  const rows = queries.map((_, q) => similarity.subarray(q * count, (q + 1) * count))
  const losses = rows.map((row, q) => {
    const weights = [...row].map((x) => Math.exp(model.logitScale * x))
    return -Math.log(weights[q] / weights.reduce((a, b) => a + b))
  })
  assert.ok(Math.abs(losses.reduce((a, b) => a + b) / count - loss) < 1e-4 * loss)
  const standings = rows.map((row, q) => {
    const background = row.reduce((a, b) => a + b) / count
    return (row[q] - background) / Math.sqrt(1 - background ** 2)
  })
  const standing = standings.sort((a, b) => a - b)[count >> 1]
  const config = JSON.parse(await readFile(join(done.model, 'config.json'), 'utf8'))
  assert.ok(Math.abs(config.matchScale - Math.max(0.02, standing)) < 1e-4)
  await model.close()

  // In 8 bits: the same space but for rounding, scored on its own.
  const small = await openModel(done.int8!.model, { workers: 1 })
  const [exactVectors, smallVectors] = [queries, await small.embedText(texts.map(({ value }) => value))]
  for (const [i, vector] of smallVectors.entries()) {
    assert.ok(cosine(vector, exactVectors[i]) > 0.99)
    assert.ok(vector.some((x, k) => x !== exactVectors[i][k]))
  }
  await small.close()
  assert.deepEqual(Object.keys(done.int8!.scores!).sort(), Object.keys(done.scores!).sort())
  assert.match(await readFile(join(done.int8!.model, 'README.md'), 'utf8'), /8 bits/)

  const catalog = ['--catalog', join(root, 'catalog'), '--model', done.model]
  assert.equal((await antiphon('index', music, ...catalog)).code, 0)
  const found = await antiphon('search', 'a slow piece', ...catalog, '--json')
  assert.equal(found.code, 0, found.err)
  assert.equal(schemas.SearchOutput.parse(JSON.parse(found.out)).results.length, 10)
  const html = await readFile(join(out, 'curves.html'), 'utf8')
  assert.ok(html.startsWith('<!doctype html>') && html.includes('<path'))
})

const python = join(repositoryRoot, '.venv-reference', 'bin', 'python')
const NO_PYTHON = existsSync(python) ? false : 'no .venv-reference: Python was not asked'
test("Python's safetensors reads the model and a checkpoint", { skip: NO_PYTHON }, async () => {
  const out = await unbroken()
  const program = `
import json, sys
from safetensors.numpy import load_file
print(json.dumps([{name: [list(x.shape), float(abs(x).sum(dtype="float64"))] for name, x in load_file(path).items()} for path in sys.argv[1:]]))`
  const paths = [join(out, 'model', 'model.safetensors'), lastCheckpoint(out)]
  const seen = JSON.parse(execFileSync(python, ['-c', program, ...paths], { encoding: 'utf8' })) as Record<
    string,
    [number[], number]
  >[]
  for (const [i, path] of paths.entries()) {
    const file = parseSafetensors(await readFile(path))
    assert.deepEqual(Object.keys(seen[i]).sort(), [...file.entries.keys()].sort())
    for (const [name, { shape }] of file.entries) {
      const total = float32(file, name).reduce((sum, x) => sum + Math.abs(x), 0)
      assert.deepEqual(seen[i][name][0], shape)
      assert.ok(Math.abs(seen[i][name][1] - total) <= 1e-9 * total)
    }
  }
})

test('stopped before the first step, the same command begins again', async () => {
  const out = place()
  const stop = new AbortController()
  const events: TrainEvent[] = []
  await assert.rejects(
    trainTiny(
      tiny(out, {
        set: VARIANTS['two frozen towers'],
        cacheDir: join(root, 'another cache'),
        signal: stop.signal,
        during: (event) => {
          events.push(event)
          if (event.kind === 'preparing' && event.what === 'outputs') stop.abort()
        },
      }),
    ),
    { code: 'interrupted', message: /^Stopped before the next step\. The same command goes on/ },
  )
  assert.ok(!existsSync(out))
})
