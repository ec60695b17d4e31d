import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, stringify } from 'yaml'
import { repositoryRoot } from '../../test/golden.js'
import { createAudioEncoder, createTextEncoder } from '../model/index.js'
import { formatRecipe, parseRecipe, variantsOf, type Recipe } from './index.js'

const LEAST = 'name: least\naudio: { encoder: a }\ntext: { encoder: b, pretrained: dir }\n'

/** Fields of which any name may stand: an encoder's own, and those that are values by a known name. */
const OPEN = new Set(['audio.options', 'text.options'])

const message = (yaml: string, set: string[] = []): string => {
  try {
    parseRecipe(yaml, { file: 'x.yaml', set })
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'usage')
    return (error as Error).message
  }
  throw new Error('was taken')
}

/** A recipe in which nothing is left to its default, so that every object is there. */
const FULL = parseRecipe(LEAST, {
  set: [
    'schedule.early_stop={ metric: mrr, patience: 3 }',
    'schedule.groups=[{ match: "text.*", learning_rate: 0.001 }]',
  ],
})

test('the recipes in the repository are read, and their towers know the options', () => {
  const dir = join(repositoryRoot, 'recipes')
  const files = readdirSync(dir)
  assert.ok(files.includes('demo.yaml') && files.includes('scratch.yaml'))
  for (const file of files) {
    const yaml = readFileSync(join(dir, file), 'utf8')
    // Ablations are laid over the size of the bench.
    const choices = variantsOf(yaml).map((name) => (name === 'bench' ? [name] : ['bench', name]))
    for (const variants of [[], ...choices]) {
      const { audio, text } = parseRecipe(yaml, { file, variants })
      createAudioEncoder(audio)
      createTextEncoder(text)
    }
  }
})

test('the least recipe is whole, and reads back as it was written', () => {
  const recipe = parseRecipe(LEAST)
  assert.deepEqual(parseRecipe(formatRecipe(recipe)), recipe)
  assert.deepEqual(parseRecipe(formatRecipe(FULL)), FULL)
  assert.deepEqual(Object.keys(recipe), [
    'name',
    'audio',
    'text',
    'projection',
    'loss',
    'negatives',
    'text_policy',
    'data',
    'schedule',
    'seed',
  ])
  assert.equal(recipe.audio.hop_seconds, 10)
  assert.equal(recipe.text.tokenizer, 'dir')
  assert.equal(recipe.projection.hidden, 512)
  assert.equal(recipe.data.chunk, 128)
})

test('defaults that follow from the loss', () => {
  const of = (kind: string): Recipe => parseRecipe(LEAST, { set: [`loss.kind=${kind}`] })
  assert.equal(of('info_nce').loss.temperature, 0.07)
  assert.equal(of('siglip').loss.temperature, 0.1)
  assert.equal(of('triplet').negatives.kind, 'distance_weighted')
  assert.equal(of('dcl').negatives.kind, 'in_batch')
  assert.equal(of('multi_positive').text_policy.texts, 2)
})

test("self-supervision has MusCALL's values; texts without a projection give the space its width", () => {
  const { self_supervision } = parseRecipe(LEAST, { set: ['loss.self_supervision={}'] }).loss
  assert.deepEqual(self_supervision, { weight: 0.3, temperature: 0.5, dim: 128 })
  const of = (...set: string[]) => parseRecipe(LEAST, { set: ['projection.sides=audio', ...set] }).projection
  assert.equal(of('text.encoder=minilm').dim, 384)
  assert.equal(of('text.encoder=bert').dim, 768)
  assert.equal(of('text.encoder=bert', 'text.options.hidden_size=96').hidden, 96)
  assert.equal(of('text.encoder=minilm', 'projection.dim=100').dim, 100)
  const regression = ['loss.kind=regression', 'projection.sides=audio', 'text.freeze=true']
  assert.equal(parseRecipe(LEAST, { set: regression }).loss.kind, 'regression')
})

test('an unknown key is refused in every object, with the known ones', () => {
  let objects = 0
  const visit = (value: unknown, path: string[]): void => {
    if (typeof value !== 'object' || value === null || OPEN.has(path.join('.'))) return
    if (Array.isArray(value)) return value.forEach((entry, index) => visit(entry, [...path, String(index)]))
    objects++
    const key = [...path, 'no_such_key'].join('.')
    if (path.join('.') !== 'text_policy.kinds') {
      const told = message(formatRecipe(FULL), [`${key}=1`])
      assert.ok(told.includes(`unknown key ${JSON.stringify(key)} (expected `), told)
      for (const known of Object.keys(value)) assert.match(told, new RegExp(`[ (]${known}[,)]`))
    } else
      assert.match(message(formatRecipe(FULL), [`${key}=1`]), /text_policy\.kinds.*no_such_key|no_such_key/)
    for (const [name, below] of Object.entries(value)) visit(below, [...path, name])
  }
  visit(FULL, [])
  assert.equal(objects, 15)
})

test('--set takes YAML, makes what is on the way, counts entries of lists', () => {
  const set = [
    'audio.augment.spec_augment.time_masks=2',
    'text.freeze=[embeddings.*, "encoder.layer.0.*"]',
    'schedule.groups.0={ match: "*.bias" }',
    'schedule.groups.0.weight_decay=0',
    'loss.learn_temperature=false',
    'audio.encoder=c=d',
  ]
  const recipe = parseRecipe(LEAST, { set })
  assert.equal(recipe.audio.augment.spec_augment.time_masks, 2)
  assert.deepEqual(recipe.text.freeze, ['embeddings.*', 'encoder.layer.0.*'])
  assert.deepEqual(recipe.schedule.groups, [{ match: '*.bias', weight_decay: 0 }])
  assert.equal(recipe.loss.learn_temperature, false)
  assert.equal(recipe.audio.encoder, 'c=d')
  for (const wrong of ['seed', '=3', 'a..b=1', '__proto__.x=1'])
    assert.match(message(LEAST, [wrong]), /expected key=value/)
  assert.match(message(LEAST, ['name.x=1']), /--set "name\.x=1": name has no "x"/)
  assert.match(
    message(LEAST, ['schedule.groups.0.match=x', 'schedule.groups.2.match=x']),
    /groups: |has no "2"/,
  )
  assert.match(message(LEAST, ['seed={']), /its value is no YAML/)
})

test('wrong values and impossible combinations are named', () => {
  const cases: [string, RegExp][] = [
    ['loss.kind=nce', /loss\.kind: .*"info_nce"/],
    ['data.batch=1', /data\.batch/],
    ['audio.cache=features', /^$/],
    ['negatives.kind=hardest', /negatives\.kind: "hardest" is for the triplet loss/],
    ['text_policy.texts=3', /text_policy\.texts: .*multi_positive/],
    ['text_policy.kinds={ caption: 0 }', /text_policy\.kinds: give one kind a weight above 0/],
    ['schedule.warmup=10000', /schedule\.warmup/],
    ['data={ validation: 0.5, test: 0.5 }', /data\.validation/],
    ['text={ encoder: bert }', /text\.tokenizer: name a directory/],
    ['text.tokenizer={ bpe: {} }', /text\.tokenizer\.bpe\.vocabulary/],
    ['text.tokenizer={ bpe: { vocabulary: 600, size: 1 } }', /"text\.tokenizer\.bpe\.size" \(expected vocab/],
    ['text.tokenizer={ bpo: 1 }', /"text\.tokenizer\.bpo" \(expected bpe\)/],
    ['text.tokenizer=5', /text\.tokenizer: /],
    ['text={ encoder: words }', /text\.vectors: .*expected file, encoder or skip_gram/],
    ['text={ encoder: words, vectors: { file: a, encoder: b } }', /text\.vectors: .*from one place/],
    ['text={ encoder: words, vectors: { file: a }, tokenizer: b }', /text\.tokenizer: .*leave it out/],
    [
      'text={ encoder: words, vectors: { fil: a } }',
      /"text\.vectors\.fil" \(expected file, encoder, skip_gram/,
    ],
    ['text={ encoder: words, vectors: { skip_gram: { dims: 3 } } }', /skip_gram\.dims" \(expected dim, /],
    ['text.vectors={ file: a }', /text\.vectors: word vectors are for the encoder "words", not "/],
    ['data.unseen_tags={ share: 1 }', /data\.unseen_tags\.share/],
    ['schedule.betas=[0.9]', /schedule\.betas/],
    ['loss.self_supervision={ weight: 1 }', /loss\.self_supervision\.weight/],
    ['loss.self_supervision={ temprature: 1 }', /"loss\.self_supervision\.temprature" \(expected weight, /],
    [
      'loss.kind=regression',
      /loss\.kind: regression has no negatives.*projection\.sides: audio and text\.freeze/,
    ],
    ['projection.sides=text', /projection\.sides: .*"both"/],
    ['schedule.early_stop={ metric: recall@7, patience: 1 }', /schedule\.early_stop\.metric/],
  ]
  for (const [set, expected] of cases)
    if (expected.source === '^$') parseRecipe(LEAST, { set: [set] })
    else assert.match(message(LEAST, [set]), expected, set)
  assert.match(
    message(LEAST, ['audio.cache=features', 'audio.augment.gain_db=3']),
    /audio\.cache: .*waveforms/,
  )
  assert.match(message(LEAST, ['loss.kind=triplet', 'negatives.kind=in_batch']), /one negative a pair/)
  assert.match(
    message(LEAST, ['loss.self_supervision={}', 'audio.freeze=true']),
    /loss\.self_supervision: an encoder that is frozen learns nothing from it/,
  )
})

test('what is no YAML is told with its line; what is no recipe is told', () => {
  assert.match(message('name: x\naudio: {\n'), /^x\.yaml:[23]: /)
  assert.match(message('name: x\nname: y\n'), /^x\.yaml:2: Map keys must be unique/)
  assert.match(message('- a list'), /^x\.yaml: /)
  assert.match(message(''), /^x\.yaml: /)
  assert.match(message(stringify({ ...(parse(LEAST) as object), name: '../x' })), /name: letters, digits/)
})
