import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chunks } from '../audio/index.js'
import type { Text } from '../data/index.js'
import { Random } from '../random/index.js'
import { readTables } from '../text/node.js'
import { drawRow } from './draw-rows.js'
import { canDraw, drawTexts, type TextPolicy } from './draw-texts.js'
import { mix } from './mix.js'
import { specAugment } from './spec-augment.js'
import { cutAt, repeatUntilFull, windows } from './windows.js'

const POLICY: TextPolicy = {
  kinds: { caption: 1, tag: 3 },
  tags: 'some',
  tag_separator: ', ',
  tag_dropout: 0,
  tag_captions: 0,
  dropout: 0,
  synonyms: 0,
  swaps: 'tags',
  similarity_context: 0,
  texts: 1,
}
const TAGS = ['slow', 'piano', 'sad', 'solo']
const TEXTS: Text[] = [
  { kind: 'caption', value: 'A slow piano.' },
  { kind: 'title', value: 'Never' },
  ...TAGS.map((value): Text => ({ kind: 'tag', value })),
]
const draws = (policy: Partial<TextPolicy>, count = 2000): string[] =>
  Array.from({ length: count }, (_, i) => drawTexts(TEXTS, { ...POLICY, ...policy }, new Random(i))[0])

test('kinds come as often as they weigh, those without a weight never', () => {
  const captions = draws({}).filter((text) => text === 'A slow piano.').length
  assert.ok(Math.abs(captions - 500) < 80, `${captions} of 2000`)
  assert.ok(!draws({}).includes('Never'))
  assert.ok(canDraw(TEXTS, POLICY))
  assert.ok(!canDraw([{ kind: 'title', value: 'Only' }], POLICY))
  // A pair without tags draws among what it has.
  assert.deepEqual(drawTexts(TEXTS.slice(0, 2), POLICY, new Random(1)), ['A slow piano.'])
})

test('tags: one, all in their order, some in any; dropout keeps one at least', () => {
  const kinds = { tag: 1 }
  assert.deepEqual([...new Set(draws({ kinds, tags: 'one' }))].sort(), [...TAGS].sort())
  assert.deepEqual([...new Set(draws({ kinds, tags: 'all', tag_separator: ' ' }))], ['slow piano sad solo'])
  const some = draws({ kinds }).map((text) => text.split(', '))
  for (const tags of some) assert.equal(new Set(tags.filter((tag) => TAGS.includes(tag))).size, tags.length)
  for (const count of [1, 2, 3, 4]) {
    const share = some.filter((tags) => tags.length === count).length
    assert.ok(Math.abs(share - 500) < 80, `${share} of ${count}`)
  }
  const dropped = draws({ kinds, tags: 'all', tag_dropout: 0.5 }).map((text) => text.split(', '))
  assert.ok(dropped.every((tags) => tags.length >= 1))
  const mean = dropped.reduce((sum, tags) => sum + tags.length, 0) / dropped.length
  assert.ok(Math.abs(mean - (2 + 1 / 16)) < 0.1, `${mean}`)
})

test('tags in sentences, parts left out, synonyms: as often as is said, of what is no name', async () => {
  const tables = await readTables()
  const draw = (policy: Partial<TextPolicy>, count = 1000): string[] =>
    Array.from(
      { length: count },
      (_, i) => drawTexts(TEXTS, { ...POLICY, ...policy }, new Random(i), tables)[0],
    )
  const tag = { tag: 1 }
  const said = draw({ kinds: tag, tag_captions: 0.5 })
  const sentences = said.filter((text) => text.endsWith('.'))
  assert.ok(Math.abs(sentences.length - 500) < 60, `${sentences.length}`)
  assert.ok(new Set(sentences).size > 100)
  assert.deepEqual([...new Set(draw({ kinds: { caption: 1 }, dropout: 0.5 }))].sort(), [
    'A piano.',
    'A slow piano.',
    'A slow.',
    'A.',
    'Piano.',
    'Slow piano.',
    'Slow.',
  ])
  const synonyms = new Set(draw({ kinds: { caption: 1 }, synonyms: 1 }))
  assert.ok(synonyms.has('An unhurried piano.') && !synonyms.has('A slow piano.'))
  for (const policy of [{ dropout: 0.9 }, { synonyms: 1 }, { tag_captions: 1 }])
    assert.deepEqual([...new Set(draw({ kinds: { title: 1 }, ...policy }, 20))], ['Never'])
  // What is not asked for changes nothing.
  assert.deepEqual(draw({}), draws({}, 1000))
  assert.throws(() => drawTexts(TEXTS, { ...POLICY, synonyms: 0.1 }, new Random(1)), /need tables/)
})

test('several texts are different ones as long as there are', () => {
  const three = drawTexts(TEXTS, { ...POLICY, kinds: { tag: 1 }, tags: 'one', texts: 3 }, new Random(1))
  assert.equal(new Set(three).size, 3)
  const captions = drawTexts(TEXTS, { ...POLICY, kinds: { caption: 1 }, texts: 3 }, new Random(1))
  assert.deepEqual(captions, Array(3).fill('A slow piano.'))
})

test('masks lie within the spectrogram, are no wider than they may be, and leave the rest alone', () => {
  const shapes = fc.record({
    frames: fc.integer({ min: 1, max: 23 }),
    mels: fc.integer({ min: 1, max: 11 }),
    time_masks: fc.nat(3),
    time_width: fc.nat(30),
    mel_masks: fc.nat(3),
    mel_width: fc.nat(14),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(shapes, ({ frames, mels, seed, ...masks }) => {
      const before = Float32Array.from({ length: frames * mels }, (_, i) => 100 + i)
      const guarded = new Float32Array(frames * mels + 14).fill(-7)
      guarded.set(before, 7)
      const after = guarded.subarray(7, 7 + before.length)
      specAugment(after, { frames, mels }, masks, new Random(seed))
      assert.ok(
        guarded.subarray(0, 7).every((x) => x === -7) &&
          guarded.subarray(7 + before.length).every((x) => x === -7),
      )
      const mean = Math.fround(before.reduce((a, b) => a + b, 0) / before.length)
      const blank = Array.from(after, (value, i) => value === mean && before[i] !== mean)
      for (const [i, value] of after.entries()) assert.ok(value === before[i] || value === mean)
      const isBlank = (frame: number, mel: number): boolean =>
        blank[frame * mels + mel] || before[frame * mels + mel] === mean
      const wholeFrames = Array.from({ length: frames }, (_, f) => f).filter((f) =>
        Array.from({ length: mels }, (_, m) => m).every((m) => isBlank(f, m)),
      )
      const wholeMels = Array.from({ length: mels }, (_, m) => m).filter((m) =>
        Array.from({ length: frames }, (_, f) => f).every((f) => isBlank(f, m)),
      )
      // What is blank belongs to a band.
      blank.forEach((yes, i) =>
        assert.ok(!yes || wholeFrames.includes(Math.floor(i / mels)) || wholeMels.includes(i % mels)),
      )
      if (wholeMels.length < mels) assert.ok(wholeFrames.length <= masks.time_masks * masks.time_width + 1)
    }),
  )
})

test('a mixture has the powers that were drawn', () => {
  const random = new Random(4)
  const sound = (level: number): Float32Array =>
    Float32Array.from({ length: 20_011 }, () => level * (2 * random.next() - 1))
  const power = (x: Float32Array): number => x.reduce((sum, v) => sum + v * v, 0) / x.length
  const [own, behind] = [sound(0.5), sound(0.01)]
  const before = power(own)
  const only = mix_(own, { gain: 1, noise: 0, share: 0.3 }, behind)
  const part = only.map((v, i) => v - Math.sqrt(0.7) * own[i])
  assert.ok(Math.abs(power(part) / before - 0.3) < 1e-4)
  const noisy = mix_(own, { gain: 1, noise: 0.2, share: 0 })
  assert.ok(Math.abs(power(noisy.map((v, i) => v - own[i])) / before - 0.04) < 0.002)
  assert.ok(Math.abs(power(mix_(own, { gain: 2, noise: 0, share: 0 })) / before - 4) < 1e-4)
  const silence = new Float32Array(11)
  assert.deepEqual(mix_(silence, { gain: 2, noise: 1, share: 0.5 }, silence), silence)

  function mix_(x: Float32Array, how: Parameters<typeof mix>[1], background?: Float32Array): Float32Array {
    const mixed = x.slice()
    mix(mixed, how, { background, random: new Random(9) })
    return mixed
  }
})

test('one change to the sound does not alter another, nor the place', () => {
  const of = (augment: object, row = 2) =>
    drawRow(
      { gain_db: 0, noise: 0, mixup: 0, spec_augment: {} as never, ...augment },
      { seed: 1, step: 5, row, size: 7 },
    )
  const { place } = of({})
  assert.equal(of({}).mix, undefined)
  for (const augment of [
    { gain_db: 6 },
    { noise: 0.1 },
    { mixup: 0.4 },
    { gain_db: 6, noise: 0.1, mixup: 0.4 },
  ])
    assert.equal(of(augment).place, place)
  assert.equal(of({ gain_db: 6, mixup: 0.4 }).mix!.gain, of({ gain_db: 6 }).mix!.gain)
  for (let row = 0; row < 7; row++) {
    const { mix: drawn, background } = of({ gain_db: 6, noise: 0.1, mixup: 0.4 }, row)
    assert.ok(background!.row !== row && background!.row >= 0 && background!.row < 7)
    assert.ok(drawn!.share <= 0.4 && drawn!.noise <= 0.1 && Math.abs(20 * Math.log10(drawn!.gain)) <= 6)
  }
})

test('the grid of windows is the one that chunks cuts', async () => {
  const cases = fc.record({
    samples: fc.nat(400),
    chunkSeconds: fc.constantFrom(1, 2.3, 5),
    hopSeconds: fc.constantFrom(0.7, 1, 2.3, 6),
    minRestSeconds: fc.constantFrom(0, 0.4, 1),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ samples, ...seconds }) => {
      const spec = { sampleRate: 20, ...seconds }
      const track = Float32Array.from({ length: samples }, (_, i) => i + 1)
      const expected: Float32Array[] = []
      for await (const chunk of chunks([track], spec)) expected.push(chunk.samples)
      const found = windows(samples, spec).map(({ from, length }) => {
        const chunk = new Float32Array(Math.round(spec.chunkSeconds * 20))
        chunk.set(track.subarray(from, from + length))
        repeatUntilFull(chunk, length)
        return chunk
      })
      assert.deepEqual(found, expected)
    }),
  )
})

test('a cut lies within the track, the first and the last place among them', () => {
  assert.deepEqual(cutAt(0, 107, 50), { from: 0, length: 50 })
  assert.deepEqual(cutAt(1 - 2 ** -32, 107, 50), { from: 57, length: 50 })
  assert.deepEqual(cutAt(0.9, 50, 50), { from: 0, length: 50 })
  assert.deepEqual(cutAt(0.9, 31, 50), { from: 0, length: 31 })
})

test('metadata is said in one text; similarity is drawn where the track has some, and makes a pair drawable', () => {
  const texts: Text[] = [
    { kind: 'title', value: 'Sunrise' },
    { kind: 'album', value: 'Feels like Home' },
    { kind: 'artist', value: 'Norah Jones' },
  ]
  const metadata: TextPolicy = { ...POLICY, kinds: { metadata: 1 } }
  assert.deepEqual(drawTexts(texts, metadata, new Random(1)), [
    'music track Sunrise by Norah Jones from Feels like Home',
  ])
  assert.deepEqual(drawTexts(texts.slice(0, 1), metadata, new Random(1)), ['music track Sunrise'])
  assert.equal(canDraw(texts.slice(1), metadata), false)
  const similar: TextPolicy = { ...POLICY, kinds: { similarity: 1, title: 1 } }
  const drawn = new Set(
    Array.from(
      { length: 40 },
      (_, seed) => drawTexts(texts, similar, new Random(seed), undefined, () => 'songs like Sunrise')[0],
    ),
  )
  assert.deepEqual([...drawn].sort(), ['Sunrise', 'songs like Sunrise'])
  assert.deepEqual(drawTexts(texts, similar, new Random(1)), ['Sunrise'])
  const only: TextPolicy = { ...POLICY, kinds: { similarity: 1 } }
  assert.equal(canDraw(texts, only), false)
  assert.equal(
    canDraw([], only, () => 'songs like Sunrise'),
    true,
  )
})
