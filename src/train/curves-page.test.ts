import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curvesPage, type LogRecord } from './curves-page.js'

const records = (count: number): LogRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    step: i + 1,
    loss: 5 / (i + 1),
    positive: 0.5 - 0.5 / (i + 1),
    negative: -0.1,
    temperature: 0.07,
    learningRate: 1e-4,
    gradientNorm: NaN,
    ...(i % 10 === 9 ? { 'validation.loss': 1, 'validation.recall@10': i / count } : {}),
  }))

/** Opened elements are closed in order; what HTML leaves open is told. @throws where a tag or an entity is broken */
function assertWellFormed(html: string): void {
  const open: string[] = []
  const VOID = ['meta', 'line', 'circle', 'path']
  for (const [, closing, name, rest] of html.matchAll(/<(\/?)([a-z!][a-z0-9]*)([^<>]*)>/g)) {
    if (name === '!doctype') continue
    assert.match(rest, /^(\s+[\w-]+="[^"]*"|\s+[\w-]+)*\s*\/?$/, `<${name}${rest}>`)
    if (VOID.includes(name)) continue
    if (closing) assert.equal(open.pop(), name)
    else open.push(name)
  }
  assert.deepEqual(open, [])
  const plain = html.replace(/<style>[^]*?<\/style>/g, '').replace(/<[^<>]*>/g, '')
  assert.ok(!/[<>]|&(?!(amp|lt|gt|quot);)/.test(plain))
}

test('the page needs no server, no script and nothing from elsewhere', () => {
  for (const count of [0, 1, 2, 57, 5003]) {
    const html = curvesPage('demo', records(count))
    assertWellFormed(html)
    assert.ok(!/<script|https?:|@import|url\(|src=|href=/.test(html))
    assert.ok(!/NaN|Infinity|undefined/.test(html))
    assert.ok(html.length < 200_000, `${html.length} characters for ${count} steps`)
  }
})

test('names are text', () => {
  const html = curvesPage('<b onclick="x">&amp;"</b>', records(3))
  assertWellFormed(html)
  assert.ok(html.includes('&lt;b onclick=&quot;x&quot;&gt;&amp;amp;&quot;&lt;/b&gt;'))
})

test('a curve for each number that there is, and none for what is not', () => {
  const html = curvesPage('demo', records(57))
  for (const title of [
    'Loss',
    'Recall on validation, text to music',
    'Mean cosine',
    'Learning rate',
    'Temperature',
  ])
    assert.ok(html.includes(`<figcaption>${title}</figcaption>`), title)
  assert.ok(!html.includes('Norm of the gradients')) // none was finite
  assert.equal((html.match(/<path /g) ?? []).length, 2 + 1 + 2 + 1 + 1)
})

test('points lie where their numbers say', () => {
  const html = curvesPage('demo', [
    { step: 1, loss: 4 },
    { step: 2, loss: 0 },
    { step: 4, loss: 2 },
  ])
  // 452 wide from 56 on, 180 high from 12 on: steps 1, 2, 4 of 4, losses 4, 0, 2 of 4.
  assert.ok(html.includes('d="M169.0 12.0L282.0 192.0L508.0 102.0"'), html)
})
