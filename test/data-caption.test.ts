// Captions of a data set on the command line: by the grammar, by a language model, read back as a data set.
import assert from 'node:assert/strict'
import {
  lstatSync,
  symlinkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { schemas } from '../src/cli/index.js'
import { findSources, openSources } from '../src/data/node.js'
import { cli } from './cli-run.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-caption-'))
process.env['XDG_CACHE_HOME'] = join(root, 'cache')
const music = join(root, 'music')
mkdirSync(join(music, 'deep'), { recursive: true })
const TRACKS = 7
for (let i = 0; i < TRACKS; i++) {
  const stem = join(music, i % 2 === 0 ? 'deep' : '.', `t${i}`)
  writeFileSync(`${stem}.wav`, 'not looked into')
  const tags = i === 3 ? [] : ['piano', 'slow', `odd ${i}`, 'no drums']
  writeFileSync(
    `${stem}.json`,
    JSON.stringify({ title: `T${i}`, artist: 'Ann', tags, caption: 'As it was.' }),
  )
}

let asked = 0
const server = createServer((request, response) => {
  asked++
  request
    .resume()
    .on('end', () =>
      response.end(
        JSON.stringify({ choices: [{ message: { content: `Said by the model, answer ${asked}.` } }] }),
      ),
    )
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
after(() => {
  server.close()
  rmSync(root, { recursive: true, force: true })
})

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('captions by the grammar are a data set; the same seed writes the same file', async () => {
  const out = join(root, 'new folder', 'captions.jsonl')
  const {
    code,
    out: json,
    err,
  } = await cli('data', 'caption', music, '--out', out, '--per-track', '3', '--json')
  assert.equal(code, 0, err)
  const output = schemas.DataCaptionOutput.parse(JSON.parse(json))
  assert.deepEqual([output.tracks, output.captions, output.byGrammar, output.withoutTags], [6, 18, 18, 1])
  const lines = linesOf(out)
  assert.equal(lines.length, 6)
  for (const { path, captions, tags, title, artist } of lines) {
    assert.match(path as string, /^\.\.\/music\/(deep\/)?t\d\.wav$/)
    assert.equal(new Set(captions as string[]).size, 3)
    assert.equal((tags as string[]).length, 4)
    assert.equal(artist, 'Ann')
    assert.match(title as string, /^T\d$/)
  }
  const { pairs, wrong } = await openSources(await findSources(out))
  assert.equal(wrong.length, 0)
  assert.equal(pairs.length, 6)
  for (const { texts, audio } of pairs) {
    assert.ok(audio.path.startsWith(music))
    assert.equal(texts.filter(({ kind }) => kind === 'caption').length, 3)
  }
  const again = join(root, 'new folder', 'again.jsonl')
  await cli('data', 'caption', music, '--out', again, '--per-track', '3')
  assert.equal(readFileSync(again, 'utf8'), readFileSync(out, 'utf8'))
  const link = join(root, 'link.jsonl')
  symlinkSync(again, link)
  await cli('data', 'caption', music, '--out', link, '--per-track', '3', '--seed', '2')
  assert.ok(lstatSync(link).isSymbolicLink())
  assert.notEqual(readFileSync(again, 'utf8'), readFileSync(out, 'utf8'))
})

test('captions by a model; the second run asks nothing', async () => {
  const out = join(root, 'model.jsonl')
  const args = ['data', 'caption', music, '--out', out, '--endpoint', endpoint, '--model', 'tiny', '--json']
  const first = await cli(...args)
  assert.equal(first.code, 0, first.err)
  const output = schemas.DataCaptionOutput.parse(JSON.parse(first.out))
  assert.deepEqual([output.tracks, output.byModel, output.asked], [7, 14, 14])
  const text = readFileSync(out, 'utf8')
  const second = schemas.DataCaptionOutput.parse(JSON.parse((await cli(...args)).out))
  assert.deepEqual([second.asked, second.kept, asked], [0, 14, 14])
  assert.equal(readFileSync(out, 'utf8'), text)
})

test('what is wrong is told, and leaves the old file and nothing beside it', async () => {
  const out = join(root, 'kept.jsonl')
  writeFileSync(out, 'old\n')
  const dead = 'http://127.0.0.1:1/v1'
  for (const [args, code, message] of [
    [['--endpoint', dead, '--model', 'm'], 1, /Nothing answers/],
    [['--endpoint', endpoint], 2, /Which model of .*--model/],
    [['--endpoint', 'nowhere', '--model', 'm'], 2, /is no address/],
    [['--temperature', '1'], 2, /are for a language model: name its --endpoint/],
    [['--endpoint', endpoint, '--model', 'm', '--api-key-env', 'NO_SUCH_KEY'], 2, /has no NO_SUCH_KEY/],
    [['--temperature', 'hot'], 2, /Expected 0 to 2/],
    [['--per-track', '0'], 2, /./],
  ] as const) {
    const result = await cli('data', 'caption', music, '--out', out, ...args)
    assert.equal(result.code, code, result.err)
    assert.match(result.err, message)
    assert.equal(readFileSync(out, 'utf8'), 'old\n')
  }
  assert.equal((await cli('data', 'caption', music, '--out', root)).code, 2)
  assert.equal((await cli('data', 'caption', join(root, 'none'), '--out', out)).code, 2)
  assert.deepEqual(
    readdirSync(root).filter((name) => name.endsWith('.part')),
    [],
  )
})
