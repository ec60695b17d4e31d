import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { neighbours } from '../vectors/word-vectors.js'
import { SkipGramWeights } from './negative-sampling.js'
import { findPhrases } from './phrases.js'
import { trainSkipGram } from './train-skip-gram.js'
import { countTerms, keepChances, NoiseSampler } from './vocabulary.js'

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Mikolov et al. 2013, equation 4, its sign turned; in double precision. */
function lossOf(input: readonly number[], outputs: readonly (readonly number[])[]): number {
  return outputs.reduce((sum, output, n) => {
    const dot = output.reduce((total, value, i) => total + value * input[i], 0)
    return sum - Math.log(sigmoid(n === 0 ? dot : -dot))
  }, 0)
}

/** The same step as the paper writes it, in double precision. */
function slowStep(input: number[], outputs: number[][], rate: number): void {
  const slope = input.map(() => 0)
  for (const [n, output] of outputs.entries()) {
    const dot = output.reduce((total, value, i) => total + value * input[i], 0)
    const step = rate * ((n === 0 ? 1 : 0) - sigmoid(dot))
    for (let i = 0; i < input.length; i++) {
      slope[i] += step * output[i]
      output[i] += step * input[i]
    }
  }
  for (let i = 0; i < input.length; i++) input[i] += slope[i]
}

test('a step goes down the slope of the loss, as finite differences have it', () => {
  const random = new Random('slope')
  const step = 1e-5
  for (const dim of [1, 3, 7, 8, 11]) {
    const numbers = (): number[] => Array.from({ length: dim }, () => Math.fround(random.between(-1, 1)))
    const [word, outputs] = [numbers(), [numbers(), numbers(), numbers()]]
    const slopeAt = (row: number, i: number): number => {
      const moved = (by: number): number => {
        const [input, all] = [[...word], outputs.map((values) => [...values])]
        if (row < 0) input[i] += by
        else all[row][i] += by
        return lossOf(input, all)
      }
      return (moved(step) - moved(-step)) / (2 * step)
    }
    const rate = 1e-3
    const weights = new SkipGramWeights(3, dim)
    const other = numbers()
    weights.vector(0).set(other)
    weights.vector(1).set(word)
    for (const [row, values] of outputs.entries()) weights.neighbour(row).set(values)
    weights.step(1, Int32Array.of(0, 1, 2), rate)
    assert.deepEqual([...weights.vector(0)], other, 'another word stays')
    for (let i = 0; i < dim; i++) {
      assert.ok(Math.abs((weights.vector(1)[i] - word[i]) / rate + slopeAt(-1, i)) < 2e-3, `word ${i}`)
      for (const [row, values] of outputs.entries())
        assert.ok(Math.abs((weights.neighbour(row)[i] - values[i]) / rate + slopeAt(row, i)) < 2e-3)
    }
  }
})

test('many steps are those of the formula', () => {
  const random = new Random('steps')
  const dim = 13
  const words = Array.from({ length: 9 }, () => Array.from({ length: dim }, () => random.between(-1, 1)))
  const outputs = words.map(() => Array.from({ length: dim }, () => random.between(-1, 1)))
  const weights = new SkipGramWeights(words.length, dim)
  for (const id of words.keys()) {
    weights.vector(id).set(words[id])
    weights.neighbour(id).set(outputs[id])
  }
  for (let i = 0; i < 500; i++) {
    const word = random.int(0, 8)
    const targets = random.shuffle([...words.keys()]).slice(0, 4)
    weights.step(word, Int32Array.from(targets), 0.1)
    slowStep(
      words[word],
      targets.map((id) => outputs[id]),
      0.1,
    )
  }
  for (const id of words.keys())
    for (let i = 0; i < dim; i++) {
      assert.ok(Math.abs(weights.vector(id)[i] - words[id][i]) < 1e-4)
      assert.ok(Math.abs(weights.neighbour(id)[i] - outputs[id][i]) < 1e-4)
    }
  assert.equal(weights.vectors()[8 * dim + 2], weights.vector(8)[2])
})

test('a negative that is the neighbour itself does not push it away; too many words are refused', () => {
  const weights = new SkipGramWeights(1, 2)
  weights.vector(0).set([1, 0])
  weights.step(0, Int32Array.of(0, 0, 0), 1)
  assert.deepEqual([...weights.neighbour(0)], [0.5, 0])
  assert.throws(() => new SkipGramWeights(2_000_000, 300), { code: 'usage', message: /4\.8 GB/ })
})

test('the vocabulary: rare words are left out, frequent ones thinned out by √(t / f)', () => {
  const vocabulary = countTerms([['b', 'a', 'b'], ['c', 'a', 'b', 'd'], []], 2)
  assert.deepEqual(vocabulary.terms, ['b', 'a'])
  assert.deepEqual([...vocabulary.counts], [3, 2])
  const keep = keepChances(vocabulary, 0.3)
  assert.ok(Math.abs(keep[0] - Math.sqrt(0.3 / 0.6)) < 1e-12)
  assert.ok(Math.abs(keep[1] - Math.sqrt(0.3 / 0.4)) < 1e-12)
  assert.deepEqual([...keepChances(vocabulary, 0)], [1, 1])
})

test('negatives are drawn by count^0.75', () => {
  const counts = Float64Array.of(1000, 100, 10, 1, 1)
  const noise = new NoiseSampler({ counts })
  const drawn = new Float64Array(5)
  const draws = 200_000
  for (let i = 0; i < draws; i++) drawn[noise.draw((i + 0.5) / draws)]++
  const weights = counts.map((count) => count ** 0.75)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  for (const [id, count] of drawn.entries())
    assert.ok(Math.abs(count / draws - weights[id] / total) < 1e-4, `word ${id}`)
})

test('phrases are pairs that are together more often than chance has it', () => {
  const random = new Random('phrases')
  const others = Array.from({ length: 50 }, (_, i) => `w${i}`)
  const sentences = Array.from({ length: 400 }, (_, i) => [
    random.pick(others),
    ...(i % 4 === 0 ? ['bossa', 'nova'] : ['the', random.pick(others)]),
    random.pick(others),
  ])
  const joined = findPhrases(sentences, { threshold: 8 })
  const found = new Set(joined.flat().filter((term) => term.includes(' ')))
  assert.deepEqual([...found], ['bossa nova'])
  // (100 - 5) / (100 * 100) * 1600 words
  assert.equal(findPhrases(sentences, { threshold: 15.3 }).flat().includes('bossa nova'), false)
  assert.equal(findPhrases(sentences, { threshold: 15.1 }).flat().includes('bossa nova'), true)
  assert.deepEqual(findPhrases([['a', 'b'], []], { threshold: 1 }), [['a', 'b'], []])
})

/** Sentences each of one topic, with words that both have. */
function corpus(): string[][] {
  const random = new Random('topics')
  const topics = ['calm', 'loud'].map((topic) => Array.from({ length: 15 }, (_, i) => `${topic}${i}`))
  const both = ['the', 'a', 'of', 'and']
  return Array.from({ length: 1500 }, (_, i) =>
    Array.from({ length: 12 }, () => random.pick(random.chance(0.4) ? both : topics[i % 2])),
  )
}

test('two topics come apart, whatever words they share', async () => {
  const vectors = await trainSkipGram(corpus(), { dim: 24, epochs: 4, learningRate: 0.05, seed: 1 })
  for (const word of ['calm0', 'calm7', 'loud3', 'loud14']) {
    const near = neighbours(vectors, word, 10).map(({ term }) => term)
    assert.ok(
      near.filter((term) => term.startsWith(word.slice(0, 4))).length >= 9,
      `${word}: ${near.join(' ')}`,
    )
  }
})

test('the same seed gives the same bytes, another one others; progress is told', async () => {
  const sentences = corpus().slice(0, 200)
  const told: number[] = []
  const train = (seed: number) =>
    trainSkipGram(sentences, { dim: 8, epochs: 2, seed, onProgress: (done) => void told.push(done) })
  const [one, again, other] = [await train(1), await train(1), await train(2)]
  assert.deepEqual(one, again)
  assert.notDeepEqual(one.data, other.data)
  assert.equal(told.at(-1), 2 * sentences.flat().length)
  await assert.rejects(trainSkipGram([['a', 'b']], { seed: 1 }), { code: 'usage', message: /min_count/ })
})
