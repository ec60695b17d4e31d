import assert from 'node:assert/strict'
import { test } from 'node:test'
import stringWidth from 'string-width'
import { Progress, progressText, speed } from './progress.js'
import { bytes, clock, count, span } from './quantity.js'

const event = (done: number, total = 120) => ({
  kind: 'progress' as const,
  done,
  total,
  audioSeconds: done * 210,
  elapsedSeconds: done * 5,
  path: `/music/\x1b[31m久石譲/track ${done}.flac`,
})

function recorder(columns?: number) {
  const written: string[] = []
  let time = 0
  const output = {
    write: (text: string) => void written.push(text),
    interactive: columns !== undefined,
    columns: columns ?? 80,
    colour: false,
  }
  return { written, progress: new Progress(output, () => time), wait: (ms: number) => void (time += ms) }
}

test('an estimate comes after the first files', () => {
  assert.equal(progressText(event(2)), '2 of 120 files, 42× real time')
  assert.equal(progressText(event(3)), '3 of 120 files, 42× real time, 9:45 left')
  assert.equal(progressText(event(120)), '120 of 120 files, 42× real time, 10 min')
})

test('the bar stays on one line of any terminal', () => {
  for (let columns = 5; columns <= 150; columns++) {
    const { written, progress } = recorder(columns)
    progress.update(event(37))
    assert.equal(written.length, 1)
    assert.ok(written[0].startsWith('\r\x1b[K'))
    const line = written[0].slice('\r\x1b[K'.length)
    assert.ok(stringWidth(line) < columns, `${stringWidth(line)} in ${columns}: ${line}`)
    assert.ok(!line.includes('\x1b') && !line.includes('\n'))
  }
})

test('a failure stands above the bar', () => {
  const { written, progress, wait } = recorder(80)
  progress.update(event(1))
  progress.say('failed x')
  wait(1)
  progress.update(event(2))
  assert.equal(written[1] + written[2], '\r\x1b[Kfailed x\n')
  assert.match(written[3], /2 of 120/)
  progress.clear()
  assert.equal(written[4], '\r\x1b[K')
  progress.clear()
  assert.equal(written.length, 5)
})

test('a terminal is redrawn ten times a second at most, but shows the end', () => {
  const { written, progress, wait } = recorder(80)
  for (let done = 1; done <= 50; done++) {
    progress.update(event(done, 50))
    wait(9)
  }
  assert.equal(written.length, 6)
  assert.match(written[5], /50 of 50/)
})

test('a log gets a line every ten seconds, the first one with an estimate', () => {
  const { written, progress, wait } = recorder()
  for (let done = 1; done <= 60; done++) {
    progress.update(event(done))
    wait(500)
  }
  assert.deepEqual(
    written.map((line) => line.split(' ')[0]),
    ['3', '23', '43'],
  )
  assert.ok(written.every((line) => /^[^\x1b\r]* left\n$/.test(line)))
})

test('quantities', () => {
  assert.deepEqual([0, 7.9, 61, 3599.9, 3600, 36061].map(clock), [
    '0:00',
    '0:07',
    '1:01',
    '59:59',
    '1:00:00',
    '10:01:01',
  ])
  assert.deepEqual([0, 0.44, 9.94, 59, 61, 120, 3600, 7500].map(span), [
    '0 s',
    '0.4 s',
    '9.9 s',
    '59 s',
    '1 min 1 s',
    '2 min',
    '1 h',
    '2 h 5 min',
  ])
  assert.deepEqual([0, 820, 999.6, 12_400_000, 999_950_000].map(bytes), [
    '0 B',
    '820 B',
    '1.0 kB',
    '12.4 MB',
    '1.0 GB',
  ])
  assert.equal(count(1, 'track'), '1 track')
  assert.equal(count(1204, 'track'), '1,204 tracks')
  assert.equal(speed(35, 10), '3.5×')
  assert.equal(speed(421, 10), '42×')
})
