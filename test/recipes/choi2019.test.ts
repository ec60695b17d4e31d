import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openModel } from '../../src/model/node.js'
import { Random } from '../../src/random/index.js'
import { termsOf, wordsOf } from '../../src/text/index.js'
import { isUnseenTag } from '../../src/train/index.js'
import { cli } from '../cli-run.js'
import { indexAndSearch, PIECES, tinyWorld, trainTiny } from './tiny-world.js'

const dir = mkdtempSync(join(tmpdir(), 'antiphon-choi2019-'))
after(() => rmSync(dir, { recursive: true, force: true }))

interface Sidecar {
  readonly tags: readonly string[]
}

/** Tags of all pieces of the tiny world. */
async function tagsOfWorld(): Promise<string[]> {
  const audio = join(await tinyWorld(), 'audio')
  const files = readdirSync(audio, { recursive: true, encoding: 'utf8' })
  const sidecars = files.filter((name) => name.endsWith('.json'))
  return sidecars.flatMap((name) => (JSON.parse(readFileSync(join(audio, name), 'utf8')) as Sidecar).tags)
}

/** Word vectors in GloVe's format: words of the tags, and one that no text has. */
async function vectorFile(): Promise<string> {
  const random = new Random('vectors')
  const words = [...new Set((await tagsOfWorld()).flatMap(wordsOf)), 'theremin']
  const line = (word: string): string =>
    [word, ...Array.from({ length: 20 }, () => random.gauss().toFixed(4))].join(' ')
  const path = join(dir, 'vectors.txt')
  writeFileSync(path, `${words.map(line).join('\n')}\nbroken 1 2\n`)
  return path
}

test('choi2019 trains on word vectors from a file; its model asks for tags that it never heard of', async () => {
  const path = await vectorFile()
  const unseen = { share: 0.3, seed: 2 }
  const run = await trainTiny('choi2019', {
    set: [
      `text.vectors={ file: ${path} }`,
      `data.unseen_tags={ share: ${unseen.share}, seed: ${unseen.seed} }`,
      'audio.options.width=16',
      'audio.options.output=16',
    ],
  })
  const made = ['tokenizer.json', 'words.safetensors', 'model/text.onnx', 'model/tokenizer.json']
  const read = () => made.map((name) => readFileSync(join(run.out, name)))
  const before = read()
  assert.ok(termsOf(before[0]).includes('theremin'))
  assert.deepEqual(before[0], before[3])
  rmSync(path) // the run has what it needs
  const { code, err } = await cli('train', '--resume', run.out)
  assert.equal(code, 0, err)
  assert.deepEqual(read(), before)

  const tags = [...new Set(await tagsOfWorld())]
  const [unseenTag] = tags.filter((tag) => isUnseenTag(tag, unseen))
  assert.ok(unseenTag)
  const served = await openModel(run.model)
  const [tag, nothing, unknown] = await served.embedText([unseenTag, '', 'xyzzy'])
  await served.close()
  assert.ok([...tag, ...nothing].every(Number.isFinite))
  assert.deepEqual(nothing, unknown)
  assert.notDeepEqual(tag, nothing)
  const results = await indexAndSearch(run.model, unseenTag)
  assert.ok(results.length > 0 && results.length <= PIECES)
  const card = readFileSync(join(run.model, 'README.md'), 'utf8')
  assert.match(card, /word vectors from .*vectors\.txt/)
  assert.match(card, /unseen tags: 30 %/)
})
