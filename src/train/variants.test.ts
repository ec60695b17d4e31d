import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRecipe, parseRecipe, placeOfField, variantsOf } from './index.js'

const FILE = `name: system
audio:
  encoder: resnet
  options: { width: 64, layers: [3, 4] }
  chunk_seconds: 30
text: { encoder: bert, pretrained: dir }
text_policy: { kinds: { caption: 1, tag: 2 } }
schedule: { steps: 9000, warmup: 100 }
variants:
  bench:
    audio: { options: { width: 8, layers: [1] }, chunk_seconds: 5 }
    schedule: { steps: 60, warmup: 6 }
  small-text:
    text: { encoder: transformer, options: { width: 4 }, pretrained: null, tokenizer: words }
    schedule: { steps: 50 }
  other-audio:
    audio: { encoder: ast }
  wrong:
    schedule: { learning_rat: 1 }
    audio:
      hop_seconds: -1
  list: [1]
`
const read = (...variants: string[]) => parseRecipe(FILE, { file: 'r.yaml', variants })
const message = (...variants: string[]): string => {
  try {
    read(...variants)
  } catch (error) {
    return (error as Error).message
  }
  return assert.fail('nothing was wrong')
}

test('variants are laid over the fields, and over each other', () => {
  assert.deepEqual(variantsOf(FILE), ['bench', 'small-text', 'other-audio', 'wrong', 'list'])
  const paper = read()
  assert.deepEqual([paper.audio.chunk_seconds, paper.schedule.steps], [30, 9000])
  const bench = read('bench')
  assert.deepEqual(bench.audio.options, { width: 8, layers: [1] })
  assert.deepEqual([bench.audio.chunk_seconds, bench.audio.encoder], [5, 'resnet'])
  assert.deepEqual([bench.schedule.steps, bench.schedule.warmup], [60, 6])
  assert.deepEqual(bench.text_policy.kinds, { caption: 1, tag: 2 })
  const both = read('bench', 'small-text')
  assert.equal(both.schedule.steps, 50)
  assert.equal(both.text.pretrained, undefined)
  assert.deepEqual(both.text.options, { width: 4 })
  assert.equal(read('small-text', 'bench').schedule.steps, 60)
  assert.deepEqual(read('other-audio').audio.options, {}) // those of the resnet are not the ast's
  assert.deepEqual(parseRecipe(formatRecipe(both)), both)
})

test('where a field is said: in the file, in a variant, after --set', () => {
  const of = (field: string, ...variants: string[]) => placeOfField(FILE, field, { file: 'r.yaml', variants })
  assert.equal(of('audio.options.width'), 'r.yaml:4')
  assert.equal(of('audio.options.width', 'bench'), 'r.yaml:11')
  assert.equal(of('text.pretrained', 'bench', 'small-text'), 'r.yaml:14')
  assert.equal(of('audio.pretrained', 'bench'), 'r.yaml:2') // not said: what is around it
  assert.equal(of('data.knowledge'), 'r.yaml')
  const set = ['text.options={ width: 3 }', 'schedule.steps=4']
  assert.equal(placeOfField(FILE, 'text.options.width', { set }), '--set')
  assert.equal(placeOfField(FILE, 'text.encoder', { set }), 'the recipe:6')
})

test('what --set says is laid over the variants', () => {
  const { schedule } = parseRecipe(FILE, { variants: ['bench'], set: ['schedule.steps=7'] })
  assert.deepEqual([schedule.steps, schedule.warmup], [7, 6])
})

test('what is wrong in a variant is told by its line, and an unknown one with those that are', () => {
  assert.match(message('wrong'), /r\.yaml:19: unknown key "schedule\.learning_rat" \(expected optimizer/)
  assert.match(message('wrong'), /r\.yaml:21: audio\.hop_seconds: /)
  assert.equal(
    message('bensh'),
    'r.yaml has no variant "bensh" (expected bench, small-text, other-audio, wrong, list)',
  )
  assert.equal(message('toString').startsWith('r.yaml has no variant "toString"'), true)
  assert.equal(message('list'), 'r.yaml: variants.list: expected fields of a recipe')
  const least = 'name: x\naudio: { encoder: a }\ntext: { encoder: b, pretrained: c }\nvariants:'
  assert.equal(parseRecipe(least).name, 'x')
  assert.throws(() => parseRecipe(`${least} 3`, { file: 'r.yaml' }), /^AntiphonError: r\.yaml: variants: /)
  // A field of the recipe itself, with a variant that doesn't touch it.
  const file = FILE.replace('chunk_seconds: 30', 'chunk_seconds: 0')
  assert.throws(() => parseRecipe(file, { file: 'r.yaml', variants: ['small-text'] }), /r\.yaml:5: audio/)
  assert.throws(() => parseRecipe('name: x', { variants: ['bench'] }), /it has none/)
})
