import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { resolvePretrained, type ResolvePretrainedOptions } from './pretrained.js'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const NAME = 'hub:owner/tower'
const LARGE = Buffer.from(Float32Array.from({ length: 250_007 }, (_, i) => Math.sin(i)).buffer)

interface Listed {
  readonly path: string
  readonly bytes: Buffer
  readonly lfs?: boolean
  /** What the listing says instead of the truth. */
  readonly lie?: object
}
/** Answers a request for a file, the first, second, … time; undefined: as a good hub would. */
type Fault = (time: number, request: IncomingMessage, response: ServerResponse, bytes: Buffer) => boolean

/** A server that speaks as much of the hub's API as is asked of it, and breaks what a test wants broken. */
let server: Server
let endpoint: string
let files: Listed[]
let faults: Record<string, Fault>
let requests: string[]
const times = new Map<string, number>()

const scratch = mkdtempSync(join(tmpdir(), 'antiphon-hub-'))
let cacheDir: string
let count = 0

before(async () => {
  server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
  rmSync(scratch, { recursive: true, force: true })
})
beforeEach(() => {
  cacheDir = join(scratch, `cache${++count}`)
  files = [
    { path: 'config.json', bytes: Buffer.from('{"model_type":"bert"}') },
    { path: 'model.safetensors', bytes: LARGE, lfs: true },
    { path: 'pytorch_model.bin', bytes: Buffer.from('the same again'), lfs: true },
    { path: 'vocab.txt', bytes: Buffer.alloc(0) },
    { path: 'onnx/model.onnx', bytes: Buffer.from('once more'), lfs: true },
  ]
  faults = {}
  requests = []
  times.clear()
})
afterEach(() => delete process.env['ANTIPHON_MODELS'])

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url!, 'http://x')
  const range = request.headers.range
  requests.push(`${decodeURIComponent(pathname)}${range ? ` ${range}` : ''}`)
  const json = (body: unknown, headers = {}): void => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
  if (pathname === '/api/models/owner/tower/revision/main') return json({ id: 'owner/tower', sha: COMMIT })
  if (pathname === `/api/models/owner/tower/tree/${COMMIT}`) {
    const half = Math.ceil(files.length / 2) // two pages
    const second = searchParams.has('cursor')
    const next = `<${endpoint}${pathname}?recursive=true&cursor=2>; rel="next"`
    const page = second ? files.slice(half) : files.slice(0, half)
    return json(
      [{ type: 'directory', path: 'onnx', size: 0 }, ...page.map(listed)],
      second ? {} : { link: next },
    )
  }
  const path = decodeURIComponent(
    pathname.replace(`/owner/tower/resolve/${COMMIT}/`, '').replace('/cdn/', ''),
  )
  const file = files.find((one) => one.path === path)
  if (!file) return void response.writeHead(404).end('Entry not found')
  if (file.lfs && !pathname.startsWith('/cdn/'))
    return void response.writeHead(302, { location: `${endpoint}/cdn/${path}` }).end()
  const time = (times.get(path) ?? 0) + 1
  times.set(path, time)
  if (!faults[path]?.(time, request, response, file.bytes)) send(request, response, file.bytes)
}

function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1)
  if (start < 0) return void response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  if (start >= bytes.length) return void response.writeHead(416).end()
  response.writeHead(206, {
    'content-length': bytes.length - start,
    'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
  })
  response.end(bytes.subarray(start))
}

function listed({ path, bytes, lfs, lie }: Listed): object {
  const sha1 = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const large = lfs ? { lfs: { oid: sha256, size: bytes.length, pointerSize: 134 } } : {}
  return { type: 'file', path, size: bytes.length, oid: sha1, ...large, ...lie }
}

/** Sends some bytes and breaks the connection. */
const cutAfter =
  (bytes: number, only = Infinity): Fault =>
  (time, request, response, whole) => {
    if (time > only) return false
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response.writeHead(start ? 206 : 200, {
      'content-length': whole.length - start,
      ...(start ? { 'content-range': `bytes ${start}-${whole.length - 1}/${whole.length}` } : {}),
    })
    response.write(whole.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20))
    return true
  }

const waits: number[] = []
const fetchIt = (options: ResolvePretrainedOptions = {}): Promise<string> =>
  resolvePretrained(NAME, {
    endpoint,
    cacheDir,
    allowDownload: true,
    wait: (ms) => {
      waits.push(ms)
      return Promise.resolve()
    },
    ...options,
  })
const fileRequests = (path: string): string[] =>
  requests.filter((request) => request.startsWith(`/cdn/${path}`))

test('a repository is fetched once, its listing in pages, without other formats of the same weights', async () => {
  const seen: number[] = []
  const dir = await fetchIt({ onProgress: ({ bytes, totalBytes }) => seen.push(bytes / totalBytes) })
  assert.equal(dir, join(cacheDir, 'hub/owner/tower@main'))
  assert.deepEqual(readdirSync(dir).sort(), ['config.json', 'hub.json', 'model.safetensors', 'vocab.txt'])
  assert.deepEqual(readFileSync(join(dir, 'model.safetensors')), LARGE)
  assert.equal(JSON.parse(readFileSync(join(dir, 'hub.json'), 'utf8')).commit, COMMIT)
  assert.equal(seen.at(-1), 1)
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    seen,
  )
  const asked = requests.length
  assert.equal(await fetchIt(), dir)
  assert.equal(await resolvePretrained(`${NAME}@main`, { cacheDir }), dir)
  assert.equal(requests.length, asked, 'what is there is not asked for again')
})

test('places on this machine come first, and nothing is fetched that no command names', async () => {
  await assert.rejects(resolvePretrained(NAME, { endpoint, cacheDir }), (error: Error & { code: string }) => {
    assert.equal(error.code, 'model')
    assert.ok(error.message.includes(join(cacheDir, 'hub/owner/tower@main')))
    return true
  })
  const models = join(scratch, 'models')
  process.env['ANTIPHON_MODELS'] = models
  for (const place of ['tower', 'owner/tower']) {
    mkdirSync(join(models, place), { recursive: true })
    writeFileSync(join(models, place, 'config.json'), '{}')
    assert.equal(await fetchIt(), join(models, place))
  }
  assert.match(await resolvePretrained('hub:any/minilm'), /models.towers.minilm$/)
  assert.equal(await resolvePretrained(join(models, 'tower')), join(models, 'tower'))
  await assert.rejects(resolvePretrained(join(models, 'none')), { code: 'model', message: /hub:owner\/name/ })
  for (const wrong of [
    'hub:tower',
    'hub:../tower',
    'hub:a/..',
    'hub:a/b@../c',
    'hub:a/b@c/../d',
    'hub:a/b/c',
    'hub:',
  ])
    await assert.rejects(resolvePretrained(wrong, { cacheDir }), { code: 'usage' }, wrong)
  assert.deepEqual(requests, [])
})

test('a connection that breaks is taken up where it broke', async () => {
  faults['model.safetensors'] = cutAfter(300_000)
  const dir = await fetchIt()
  assert.deepEqual(readFileSync(join(dir, 'model.safetensors')), LARGE)
  const ranges = fileRequests('model.safetensors')
  assert.ok(ranges.length >= 4, 'every try brings some')
  assert.ok(ranges.slice(1).every((request) => / bytes=[1-9]\d*-$/.test(request)))
})

test('a download that was given up goes on at the next command', async () => {
  faults['model.safetensors'] = (time, ...rest) =>
    time === 1 ? cutAfter(300_000)(time, ...rest) : (rest[1].destroy(), true)
  waits.length = 0
  await assert.rejects(fetchIt(), { code: 'failed', message: /goes on where this one stopped/ })
  assert.deepEqual(waits.slice(-4), [2000, 4000, 8000, 16_000])
  assert.ok(!existsSync(join(cacheDir, 'hub/owner/tower@main')), 'no half model')
  faults = {}
  requests = []
  const dir = await fetchIt()
  assert.deepEqual(readFileSync(join(dir, 'model.safetensors')), LARGE)
  assert.match(fileRequests('model.safetensors')[0], / bytes=[1-9]\d*-$/)
  assert.ok(!requests.some((request) => request.includes('resolve') && request.endsWith('config.json')))
})

test('a server without ranges is asked for the whole again', async () => {
  faults['model.safetensors'] = (time, request, response, bytes) => {
    if (time === 1) return cutAfter(300_000)(time, request, response, bytes)
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    return true
  }
  assert.deepEqual(readFileSync(join(await fetchIt(), 'model.safetensors')), LARGE)
})

test('a part that the server will not go on from is fetched anew: 416, or another place than asked', async () => {
  const wrong: Record<string, Fault> = {
    416: (time, request, response, bytes) => {
      if (time === 1) return cutAfter(300_000)(time, request, response, bytes)
      if (time > 2) return false
      response.writeHead(416).end()
      return true
    },
    206: (time, request, response, bytes) => {
      if (time === 1) return cutAfter(300_000)(time, request, response, bytes)
      if (time > 2) return false
      response.writeHead(206, { 'content-range': `bytes 7-9/${bytes.length}` }).end('abc')
      return true
    },
  }
  for (const [status, fault] of Object.entries(wrong)) {
    faults['model.safetensors'] = fault
    times.clear()
    const own = join(cacheDir, status)
    const dir = await fetchIt({ cacheDir: own })
    assert.deepEqual(readFileSync(join(dir, 'model.safetensors')), LARGE)
  }
})

test('wrong bytes are fetched once more, then refused, and nothing of them is kept', async () => {
  const spoilt = Buffer.from(LARGE)
  spoilt[500_000] ^= 1
  const once: Fault = (time, request, response) => time === 1 && (send(request, response, spoilt), true)
  faults['model.safetensors'] = once
  assert.deepEqual(readFileSync(join(await fetchIt(), 'model.safetensors')), LARGE)

  for (const path of ['model.safetensors', 'config.json']) {
    times.clear()
    faults = {}
    faults[path] = (_, request, response, bytes) => (
      send(request, response, Buffer.alloc(bytes.length)),
      true
    )
    const own = join(cacheDir, path)
    await assert.rejects(fetchIt({ cacheDir: own }), {
      code: 'model',
      message: /damaged.*sha(256|1) .*twice/,
    })
    assert.equal(times.get(path), 2)
    assert.deepEqual(readdirSync(join(own, 'hub/owner/tower@main.partial/.parts')), [])
  }
})

test('a file that is longer than listed is refused at its first byte too many', async () => {
  faults['model.safetensors'] = (_, request, response, bytes) => {
    response.writeHead(200)
    response.end(Buffer.concat([bytes, Buffer.alloc(100)]))
    return true
  }
  await assert.rejects(fetchIt(), { code: 'model', message: /model\.safetensors.*are more/ })
})

test('a part of an earlier commit is not gone on with', async () => {
  const older = Buffer.from(LARGE).reverse()
  files[1] = { ...files[1], bytes: older }
  faults['model.safetensors'] = (time, ...rest) =>
    time === 1 ? cutAfter(300_000)(time, ...rest) : (rest[1].destroy(), true)
  await assert.rejects(fetchIt(), { code: 'failed' })
  faults = {}
  files[1] = { ...files[1], bytes: LARGE }
  assert.deepEqual(readFileSync(join(await fetchIt(), 'model.safetensors')), LARGE)
})

test('a busy server is waited for, one that refuses is not', async () => {
  faults['config.json'] = (time, _, response) => {
    if (time > 2) return false
    response.writeHead(time === 1 ? 503 : 429, { 'retry-after': '7' }).end()
    return true
  }
  waits.length = 0
  await fetchIt()
  assert.deepEqual(waits, [7000, 7000])

  faults['config.json'] = (_, __, response) => (response.writeHead(404).end(), true)
  await assert.rejects(fetchIt({ cacheDir: join(cacheDir, 'b') }), {
    code: 'model',
    message: /config\.json could not be fetched: the server answered 404/,
  })
})

test('a repository that is not there, has no model, or cannot be reached says so', async () => {
  await assert.rejects(resolvePretrained('hub:owner/none', { endpoint, cacheDir, allowDownload: true }), {
    code: 'model',
    message: /no public model owner\/none at revision "main" \(it answered 404\)/,
  })
  files = files.slice(1)
  await assert.rejects(fetchIt(), { code: 'model', message: /no config\.json/ })
  await assert.rejects(fetchIt({ endpoint: 'http://127.0.0.1:1' }), {
    code: 'failed',
    message: /could not be listed/,
  })
  await assert.rejects(fetchIt({ endpoint: 'ftp://x' }), { code: 'usage', message: /ftp:\/\/x/ })
})

test('hostile names, sizes and hashes are refused before anything is fetched', async () => {
  const good = files
  const bad = Buffer.from('{}')
  for (const path of [
    '../evil.json',
    '/etc/evil.json',
    'a/../../evil.json',
    '..\\evil.json',
    'C:evil.json',
    'a//b.json',
    'nul\0.json',
    'line\nbreak.json',
    './x.json',
  ]) {
    files = [...good, { path, bytes: bad }]
    await assert.rejects(fetchIt(), { code: 'model', message: /unsafe name/ }, path)
  }
  for (const lie of [{ oid: '../../evil' }, { oid: undefined }, { size: -1 }, { size: 'many' }]) {
    files = [...good, { path: 'extra.json', bytes: bad, lie }]
    await assert.rejects(fetchIt(), { code: 'model', message: /without its size and hash/ })
  }
  assert.ok(!existsSync(join(cacheDir, 'hub/owner/tower@main.partial')))
})

test('of CLAP the most exact towers come along', async () => {
  for (const name of [
    'audio_model.onnx',
    'audio_model_quantized.onnx',
    'text_model_fp16.onnx',
    'text_model_q4.onnx',
  ])
    files.push({ path: `onnx/${name}`, bytes: Buffer.from(name), lfs: true })
  const dir = await fetchIt()
  assert.deepEqual(readdirSync(join(dir, 'onnx')).sort(), ['audio_model.onnx', 'text_model_fp16.onnx'])
})

test('a stopped download says so and can be taken up', async () => {
  const stop = new AbortController()
  await assert.rejects(
    fetchIt({ signal: stop.signal, onProgress: ({ file }) => file === 'model.safetensors' && stop.abort() }),
    { code: 'interrupted' },
  )
  assert.deepEqual(readFileSync(join(await fetchIt(), 'model.safetensors')), LARGE)
})

test('two at once make one directory', async () => {
  faults['model.safetensors'] = cutAfter(300_000)
  const [a, b] = await Promise.all([fetchIt(), fetchIt()])
  assert.equal(a, b)
  assert.deepEqual(readFileSync(join(a, 'model.safetensors')), LARGE)
  assert.ok(!existsSync(`${a}.partial`))
})
