import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { captionOf } from '../captions/answer.js'
import { messagesOf } from '../captions/prompts.js'
import { Captioner, readPrompts, type CaptionModel } from './captioner.js'
import { readTables } from './tables.js'

const { words } = await readTables()
const prompts = await readPrompts()
const root = await mkdtemp(join(tmpdir(), 'antiphon-captioner-'))

interface Asked {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly seed: number
}
type Reply = (asked: Asked, response: ServerResponse, request: IncomingMessage, number: number) => void

let reply: Reply
let seen: Asked[] = []
let atOnce = 0
let mostAtOnce = 0
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part: Buffer) => (body += part.toString()))
  request.on('end', () => {
    const asked = JSON.parse(body) as Asked
    seen.push(asked)
    mostAtOnce = Math.max(mostAtOnce, ++atOnce)
    response.on('close', () => atOnce--)
    assert.equal(request.url, '/v1/chat/completions')
    reply(asked, response, request, seen.length)
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
after(async () => {
  server.closeAllConnections()
  server.close()
  await rm(root, { recursive: true, force: true })
})

const say = (response: ServerResponse, content: unknown): void => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }))
}
const describe: Reply = ({ messages, seed }, response) =>
  say(
    response,
    `A fine piece, number ${seed}, about which is known: ${messages[1].content.length} characters.`,
  )

let cacheDir = ''
let caches = 0
beforeEach(() => {
  seen = []
  mostAtOnce = 0
  reply = describe
  cacheDir = join(root, `cache-${caches++}`)
})

const PIECES = Array.from({ length: 9 }, (_, i) => ({ id: `p${i}`, tags: ['slow', 'piano', `tag ${i}`] }))

async function run(
  model: Partial<CaptionModel> = {},
  { each = 2, pieces = PIECES, signal }: { each?: number; pieces?: typeof PIECES; signal?: AbortSignal } = {},
) {
  const captioner = new Captioner({
    words,
    prompts,
    signal,
    model: { endpoint, model: 'tiny', cacheDir, backoff: 5, ...model },
  })
  const found: { id: string; captions: string[] }[] = []
  for await (const { piece, captions } of captioner.captions(pieces, { each }))
    found.push({ id: piece.id, captions })
  return { found, counts: captioner.counts }
}

test('captions come in the order of the pieces, some at once, with the key', async () => {
  let key: string | undefined
  reply = (asked, response, request) => {
    key = request.headers.authorization
    setTimeout(
      () => describe(asked, response, request, 0),
      asked.messages[1].content.includes('tag 0') ? 60 : 5,
    )
  }
  const { found, counts } = await run({ concurrency: 3, apiKey: 'secret' })
  assert.deepEqual(
    found.map(({ id }) => id),
    PIECES.map(({ id }) => id),
  )
  for (const { captions } of found)
    assert.ok(captions.length === 2 && captions.every((text) => text.startsWith('A fine piece')))
  assert.equal(counts.model, 18)
  assert.equal(counts.asked, 18)
  assert.equal(mostAtOnce, 3)
  assert.equal(key, 'Bearer secret')
  assert.ok(seen.every(({ model, messages }) => model === 'tiny' && messages[0].role === 'system'))
  for (const file of await readdir(cacheDir, { recursive: true }))
    if (file.endsWith('.json')) assert.doesNotMatch(await readFile(join(cacheDir, file), 'utf8'), /secret/)
})

test('a second run asks nothing, another question is another answer', async () => {
  const first = await run()
  const second = await run()
  assert.deepEqual(second.found, first.found)
  assert.equal(second.counts.asked, 0)
  assert.equal(second.counts.kept, 18)
  assert.equal((await run({ model: 'other' })).counts.asked, 18)
  assert.equal((await run({ temperature: 0 })).counts.asked, 18)
  // A damaged file is asked for again.
  const files = (await readdir(cacheDir, { recursive: true })).filter((file) => file.endsWith('.json')).sort()
  for (const file of files) await writeFile(join(cacheDir, file), '{"asked":{},"answ')
  assert.equal((await run()).counts.asked, 18)
})

test('a busy or failing server is asked again, when it says so', async () => {
  for (const [status, headers] of [
    [429, { 'retry-after': '0.05' }],
    [503, {}],
    [500, { 'retry-after': new Date(Date.now() - 1000).toUTCString() }],
  ] as const) {
    seen = []
    reply = (asked, response, request, number) => {
      if (number > 2) describe(asked, response, request, number)
      else response.writeHead(status, headers).end('{"error":{"message":"busy"}}')
    }
    const began = performance.now()
    const { counts } = await run({ model: `m${status}` }, { each: 1, pieces: PIECES.slice(0, 1) })
    assert.equal(counts.model, 1)
    assert.equal(seen.length, 3)
    if (status === 429) assert.ok(performance.now() - began >= 100, 'Retry-After')
  }
  reply = (_, response) => response.writeHead(500).end('out of memory')
  await assert.rejects(run({ tries: 3 }), {
    code: 'failed',
    message: /failed 3 times: HTTP 500: out of memory/,
  })
  // What waited for its turn is not asked any more.
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40))
  await pause()
  const asked = seen.length
  await pause()
  assert.equal(seen.length, asked)
})

test('no answer in time, an answer of another form, a cut connection', async () => {
  const one = { each: 1, pieces: PIECES.slice(0, 1) }
  reply = () => {}
  await assert.rejects(run({ timeout: 30, tries: 2 }, one), /failed 2 times: no answer within 0.03 s/)
  for (const [model, body] of [
    ['a', 'not json'],
    ['b', '{}'],
    ['c', '{"choices":[{"message":{"content":7}}]}'],
  ] as const) {
    reply = (_, response) => response.end(body)
    await assert.rejects(run({ tries: 2, model }, one), { code: 'failed', message: /not of OpenAI's form: / })
  }
  reply = (asked, response, request, number) =>
    number % 2 === 1 ? request.socket.destroy() : describe(asked, response, request, number)
  seen = []
  assert.equal((await run({ model: 'd' }, one)).counts.model, 1)
})

test('what is refused is told with what to do', async () => {
  for (const [status, expected] of [
    [401, /HTTP 401 \(is the API key right.*--api-key-env\): no key/],
    [404, /HTTP 404 .*have the model/],
    [400, /refuses: HTTP 400: no key/],
  ] as const) {
    reply = (_, response) => response.writeHead(status).end('{"error":{"message":"no key"}}')
    await assert.rejects(run(), { code: 'usage', message: expected })
  }
  await assert.rejects(run({ endpoint: `http://127.0.0.1:${await closedPort()}/v1` }), {
    code: 'failed',
    message: /Nothing answers at .*: the connection is refused\. Start/,
  })
  await assert.rejects(run({ endpoint: 'localhost' }), { code: 'usage', message: /is no address/ })
})

test('an answer that is no caption is asked for once more, then the grammar writes it', async () => {
  reply = (asked, response) =>
    say(
      response,
      asked.seed < 1000
        ? 'As an AI, I cannot listen to music, sorry.'
        : 'Soft piano chords, very slow and sparse.',
    )
  const { counts, found } = await run({}, { each: 1 })
  assert.equal(counts.model, 9)
  assert.equal(counts.wrong.get('it refuses'), 9)
  assert.ok(found.every(({ captions }) => captions[0].startsWith('Soft piano')))
  reply = (_, response) => say(response, '- one\n- two and three and four')
  const fallen = await run({ model: 'other' }, { each: 1 })
  assert.deepEqual([fallen.counts.model, fallen.counts.grammar, fallen.counts.asked], [0, 9, 18])
  assert.ok(fallen.found.every(({ captions }) => /slow|piano|tag \d/i.test(captions[0])))
  assert.equal((await run({ model: 'other' }, { each: 1 })).counts.asked, 0)
})

test('Ctrl-C ends it at once', async () => {
  reply = () => {}
  const controller = new AbortController()
  const running = run({}, { signal: controller.signal })
  setTimeout(() => controller.abort(), 30)
  const began = performance.now()
  await assert.rejects(running, { code: 'interrupted' })
  assert.ok(performance.now() - began < 2000)
})

test('killed in the middle, answers are whole: the next run asks for the rest only', async () => {
  reply = (asked, response, request, number) =>
    setTimeout(() => describe(asked, response, request, number), 3)
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `
    const { Captioner, readPrompts, readTables } = await import(${JSON.stringify(new URL('../node.js', import.meta.url).href)})
    const { words } = await readTables()
    const model = { endpoint: '${endpoint}', model: 'tiny', cacheDir: ${JSON.stringify(cacheDir)} }
    const captioner = new Captioner({ words, prompts: await readPrompts(), model })
    const pieces = Array.from({ length: 4000 }, (_, i) => ({ id: 'p' + i, tags: ['slow', 'tag ' + i] }))
    for await (const _ of captioner.captions(pieces, { each: 1 }));
  `,
  ])
  while (seen.length < 60) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.on('exit', resolve))
  const files = (await readdir(cacheDir, { recursive: true })).filter((file) => file.endsWith('.json'))
  assert.ok(files.length >= 50)
  for (const file of files) JSON.parse(await readFile(join(cacheDir, file), 'utf8'))
})

test('answers: what is taken and what is not', () => {
  for (const [answer, expected] of [
    ['  "A calm piano piece."  ', 'A calm piano piece.'],
    ['Sure! Here is a description:\nA calm\npiano piece.', 'A calm piano piece.'],
    ['<think>Let me see.</think>A calm piano piece.', 'A calm piano piece.'],
    ['It opens on the 1. of May, a calm tune.', 'It opens on the 1. of May, a calm tune.'],
  ] as const)
    assert.deepEqual(captionOf(answer), { text: expected })
  for (const [answer, expected] of [
    ['', /empty/],
    ['Piano.', /too short/],
    ["I'm sorry, but I can't do that for you.", /refuses/],
    ['1. A calm piano piece', /list/],
    ['One paragraph of words.\n\nAnother one.', /paragraphs/],
    [`A ${'very '.repeat(200)}long one.`, /characters/],
    ['{"caption": "a calm piano piece"}', /no prose/],
    ['\u001b[2JA calm piano piece.', /no text/],
    ['A calm \u202epiano piece.', /no text/],
  ] as const)
    assert.match((captionOf(answer) as { wrong: string }).wrong, expected)
})

test('prompts say what is known, and leave out what is not', () => {
  const [system, user] = messagesOf('writing', { tags: ['slow', 'piano'] }, prompts)
  assert.equal(system.role, 'system')
  assert.match(user.content, /: slow, piano$/)
  assert.doesNotMatch(user.content, /[{}]|people wrote/)
  assert.match(
    messagesOf('paraphrase', { tags: [], captions: ['A tune.', 'B'] }, prompts)[1].content,
    /: A tune\. \/ B$/,
  )
})

/** A port that nothing listens at. */
async function closedPort(): Promise<number> {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  await new Promise((resolve) => other.close(resolve))
  return port
}
