import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { wav } from '../test/wav.js'

const main = fileURLToPath(new URL('./main.js', import.meta.url))

/** What a benchmark that must not begin says. */
function refusal(...args: string[]): string {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.equal(status, 2, stderr)
  return stderr
}

test('an unknown benchmark is refused with the known ones', () => {
  assert.match(refusal('speed'), /Unknown benchmark "speed" \(expected index, search, start, .*int8/)
})

test('an option that a benchmark would ignore is refused', () => {
  assert.match(refusal('quality', '--only', '7'), /"quality" takes no --only \(it takes --music, --json\)/)
  assert.match(
    refusal('start', '--only', 'a', '--music', '.'),
    /"start" takes no --music, --only \(it takes --repeats/,
  )
  assert.match(refusal('search', '--music', '.'), /"search" takes no --music/)
  assert.match(
    refusal('index', '--only', 'speed'),
    /--only speed is no part of "index" \(expected time, decode, rss\)/,
  )
  assert.match(
    refusal('train', '--only', 'forest'),
    /--only forest is no part of "train" \(expected two-tower, convolutional, frozen, curve\)/,
  )
  assert.match(refusal('search', '--only', '7'), /--only 7 is no size of "search"/)
})

test('music whose captions are not there is no music for quality', () => {
  const dir = mkdtempSync(join(tmpdir(), 'antiphon-bench-'))
  try {
    assert.match(refusal('quality', '--music', dir), /No audio in /)
    mkdirSync(join(dir, 'album'))
    // One second each; their contents differ, as equal ones count once.
    for (const [name, value] of [
      ['one', 7],
      ['two', 11],
    ] as const)
      writeFileSync(join(dir, 'album', `${name}.wav`), wav(new Int16Array(22_050).fill(value)))
    const described = (text: string) => {
      for (const name of ['one', 'two']) writeFileSync(join(dir, 'album', `${name}.json`), text)
      return refusal('quality', '--music', dir)
    }
    const says =
      /"quality" asks for captions, and (one|two)\.wav has no \1\.json beside it with its style and caption/
    assert.match(refusal('quality', '--music', dir), says)
    assert.match(described('{"style": "waltz"}'), says)
    assert.match(described('nonsense'), says)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
