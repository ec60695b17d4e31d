// A probe of each kind on the command line, over files with facts beside them, with a model that loads in no time.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { schemas } from '../src/cli/index.js'
import { cli } from './cli-run.js'
import { tune } from './audio-files.js'
import { writeTinyModel } from './tiny-model.js'
import { wav } from './wav.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-probes-'))
after(() => rmSync(root, { recursive: true, force: true }))
process.env['XDG_CACHE_HOME'] = join(root, 'cache')
const [model, data] = [join(root, 'tiny'), join(root, 'data')]

const PIECES: readonly (readonly [tags: readonly string[], caption: string])[] = [
  [['rock', 'drums', 'electric guitar', 'fast', 'happy'], 'A fast rock song with drums, happy. It drives.'],
  [['rock', 'drums', 'electric guitar', 'slow', 'sad'], 'A slow rock song with drums, sad. It drags.'],
  [['rock', 'no drums', 'acoustic guitar', 'slow', 'sad'], 'A slow rock song, sad, for a guitar. No drums.'],
  [['jazz', 'drums', 'piano', 'fast', 'happy'], 'A lively jazz piece, fast, for piano. It swings.'],
  [['jazz', 'no drums', 'piano', 'slow', 'sad'], 'A mournful jazz piece, slow, for piano. It sighs.'],
  [['jazz', 'no drums', 'piano', 'fast', 'happy'], 'A cheerful jazz piece, quick, for piano. It runs.'],
]

before(async () => {
  await writeTinyModel(model, { sampleRate: 100 })
  mkdirSync(data)
  for (const [i, [tags, caption]] of PIECES.entries()) {
    const samples = Int16Array.from(tune(11, 8000, i + 1), (x) => x * 32_000)
    writeFileSync(join(data, `${i}.wav`), wav(samples, { rate: 8000 }))
    writeFileSync(join(data, `${i}.json`), JSON.stringify({ title: `Piece ${i}`, tags, caption }))
  }
})

const evaluate = (...args: string[]) => cli('evaluate', model, '--data', data, '--samples', '20', ...args)

test('all probes: a table for each, the same each time, in JSON and on a page', async () => {
  const out = join(root, 'out')
  const first = await evaluate('--protocol', 'probes', '--json', '--out', out)
  assert.equal(first.code, 0, first.err)
  const report = schemas.EvaluateOutput.parse(JSON.parse(first.out))
  assert.equal(report.results.length, 16)
  assert.equal(new Set(report.results.map(({ title }) => title)).size, 16)
  assert.equal(report.data.items, PIECES.length)
  for (const { title, figures, items } of report.results) {
    assert.equal(items, PIECES.length)
    assert.ok(figures.length > 0, `${title}`)
    for (const { metric, value, n } of figures)
      assert.ok(Number.isFinite(value) && n > 0, `${title}: ${metric}`)
  }
  const figure = (title: string, metric: string): number => {
    const { figures } = report.results.find((result) => result.title === title)!
    return figures.find((each) => each.metric === metric)!.value
  }
  // The model is linear, with unit length behind it: loudness can't matter to it, and noise must.
  assert.ok(Math.abs(figure('Loudness', '−12 dB: cosine') - 1) < 1e-5)
  assert.equal(figure('Loudness', '+6 dB: rank shift (log2)'), 0)
  assert.ok(figure('Noise', 'noise, SNR 20 dB: cosine') < 0.99999)
  // It adds up words: their order is nothing to it but where it reads only the first nine tokens.
  assert.ok(Math.abs(figure('Order', 'attributes permuted: cosine') - 1) < 1e-5)
  assert.ok(figure('Long captions', '520 words before: cosine') < 0.9)

  const again = await evaluate('--protocol', 'probes', '--json')
  assert.equal(again.out, first.out)
  assert.deepEqual(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')), JSON.parse(first.out))
  const page = readFileSync(join(out, 'report.html'), 'utf8')
  for (const { title } of report.results) assert.ok(page.includes(`<h2>${title}</h2>`), `${title}`)
})

test('one probe prints its table; another has the same figures alone as in the suite', async () => {
  const { code, out } = await evaluate('--protocol', 'probe-negation')
  assert.equal(code, 0)
  assert.match(out, /^Negation +value +95 % interval +n$/m)
  assert.match(out, /^without X: those without X above +[01]\.\d{3} /m)
  const alone = JSON.parse((await evaluate('--protocol', 'probe-typos', '--json')).out)
  const suite = JSON.parse((await evaluate('--protocol', 'probes', '--json')).out)
  const { figures } = suite.results.find((result: { title: string }) => result.title === 'Typing errors')
  assert.deepEqual(alone.results[0].figures, figures)
})

test('what probes are not for is told', async () => {
  for (const [args, message] of [
    [['--list', join(root, 'list')], /--list is of texts and audio as they are/],
    [['--save-vectors', join(root, 'v')], /--save-vectors is of texts/],
  ] as const) {
    const { code, err } = await evaluate('--protocol', 'probe-gain', ...args)
    assert.equal(code, 2)
    assert.match(err, message)
  }
  const files = ['--vectors', join(root, 'audio.npy'), join(root, 'text.npy')]
  const compared = await cli('compare', model, ...files, '--protocol', 'probe-gain', '--data', data)
  assert.equal(compared.code, 2)
  assert.match(compared.err, /--vectors are of texts and audio as they are/)
})

test('models are compared probe by probe, each with the figures it has alone', async () => {
  const other = join(root, 'other')
  await writeTinyModel(other, { sampleRate: 100, step: 0.9 })
  const out = join(root, 'compared')
  const both = ['--data', data, '--protocol', 'probes', '--samples', '20']
  const {
    code,
    out: text,
    err,
  } = await cli(...['compare', model, other, model, ...both, '--permutations', '30', '--json', '--out', out])
  assert.equal(code, 0, err)
  const comparison = schemas.CompareOutput.parse(JSON.parse(text))
  assert.deepEqual(JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8')), comparison)
  for (const [which, named] of [model, other].entries()) {
    const alone = schemas.EvaluateOutput.parse(
      JSON.parse((await cli('evaluate', named, ...both, '--json')).out),
    )
    assert.deepEqual(
      comparison.results.map(({ title, queries, items, figures }) => ({
        title,
        queries,
        items,
        figures: figures.map(({ metric, n, models, higherIsBetter }) => ({
          metric,
          ...models[which],
          n,
          higherIsBetter,
        })),
      })),
      alone.results.map(({ title, queries, items, figures }) => ({ title, queries, items, figures })),
    )
  }
  assert.deepEqual(comparison.versus, [])
  for (const { title, figures } of comparison.results)
    for (const { metric, models, differences } of figures) {
      const [difference, none] = differences
      assert.ok(Math.abs(difference.difference - (models[1].value - models[0].value)) < 1e-12)
      const { p, adjusted } = none
      assert.deepEqual(
        [none.difference, p, adjusted],
        [0, 1, 1],
        `${title}: ${metric} of a model with itself`,
      )
    }
  const page = readFileSync(join(out, 'comparison.html'), 'utf8')
  for (const { title } of comparison.results) assert.ok(page.includes(`<h2>${title}</h2>`), `${title}`)
  const told = await cli('compare', model, other, '--data', data, '--protocol', 'probe-typos')
  assert.match(told.out, /^Typing errors +tiny +tiny \(2\) +difference +95 % interval +p$/m)
})

test('a file that breaks off is left out of every figure, and told', async () => {
  const broken = join(root, 'broken')
  mkdirSync(broken)
  for (let i = 0; i < 21; i++) {
    const [tags, caption] = PIECES[i % PIECES.length]
    const samples = Int16Array.from(tune(5, 8000, i + 1), (x) => x * 32_000)
    const bytes = wav(samples, { rate: 8000 })
    writeFileSync(join(broken, `${i}.wav`), i === 3 ? bytes.subarray(0, 20_000) : bytes)
    writeFileSync(
      join(broken, `${i}.json`),
      JSON.stringify({ tags, caption: `${caption} It is number ${i}.` }),
    )
  }
  const { code, out } = await cli(
    'evaluate',
    model,
    '--data',
    broken,
    '--protocol',
    'probe-tempo',
    '--samples',
    '9',
    '--json',
  )
  const report = schemas.EvaluateOutput.parse(JSON.parse(out))
  assert.equal(code, 3)
  assert.equal(report.data.items, 20)
  assert.equal(report.data.unreadable.length, 1)
  assert.equal(report.results[0].figures[0].n, 20)
})
