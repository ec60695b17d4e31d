// The command line as a process of its own: exit codes, signals, pipes.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { repositoryRoot } from './golden.js'

const FAKE = join(repositoryRoot, 'dist', 'test', 'cli-fake.js')
const SIGNALS = process.platform === 'win32' ? 'Windows has no signals' : false

/** Runs the fake to its end, calling `during` on every piece of stderr. */
function runFake(
  args: string[],
  env: Record<string, string>,
  during: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<{ code: number | null; signal: string | null; out: string; err: string; ms: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(process.execPath, [FAKE, ...args], { env: { ...process.env, ...env } })
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => (out += data))
    child.stderr.on('data', (data) => {
      err += data
      during(err, (signal) => child.kill(signal))
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, out, err, ms: performance.now() - started }))
  })
}

test('exit codes reach the shell', async () => {
  for (const [error, code] of Object.entries({ usage: 2, failed: 1, locked: 4, space: 5 })) {
    const done = spawnSync(process.execPath, [FAKE, 'search', 'x'], {
      env: { ...process.env, FAKE_ERROR: error },
      encoding: 'utf8',
    })
    assert.equal(done.status, code)
    assert.equal(done.stderr, `antiphon: A ${error} error.\n`)
  }
  assert.equal(spawnSync(process.execPath, [FAKE, '--nope']).status, 2)
  assert.equal(spawnSync(process.execPath, [FAKE, 'search', 'x']).status, 0)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} stops cleanly: summary, hint, 130`, { skip: SIGNALS }, async () => {
    let sent = false
    const { code, out, err } = await runFake(
      ['index', 'x'],
      { FAKE_FILES: '200', FAKE_FILE_MS: '50' },
      (text, kill) => {
        if (sent || !text.includes('left')) return
        sent = true
        kill(signal)
      },
    )
    assert.equal(code, 130)
    assert.match(err, /Stopping: .*\n[^]*Stopped\. .*The same command goes on/)
    assert.match(out, /tracks? indexed.*\n[^]*The catalog holds/)
  })
}

test('a second Ctrl-C ends at once', { skip: SIGNALS }, async () => {
  let sent = 0
  const { code, out, ms } = await runFake(
    ['index', 'x'],
    { FAKE_FILES: '200', FAKE_FILE_MS: '20000' },
    (text, kill) => {
      if (sent === 0 && text.includes('found')) {
        sent = 1
        kill('SIGINT')
      } else if (sent === 1 && text.includes('Stopping')) {
        sent = 2
        kill('SIGINT')
      }
    },
  )
  assert.equal(code, 130)
  assert.equal(out, '')
  assert.ok(ms < 15_000, `${ms} ms`)
})

test('a search ends at the first Ctrl-C as any program does', { skip: SIGNALS }, async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', slowSearch], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child.stdout.once('data', () => child.kill('SIGINT'))
  const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)))
  assert.equal(signal, 'SIGINT')
})
const slowSearch = `
  import { runProcess, systemContext } from ${JSON.stringify(join(repositoryRoot, 'dist', 'src', 'cli', 'index.js'))}
  process.argv = ['node', 'antiphon', 'search', 'x']
  const context = systemContext()
  await runProcess(process.argv.slice(2), { ...context, openCatalog: () => { context.stdout.write('opening'); return new Promise((r) => setTimeout(r, 30000)) } })
`

test('a reader that goes away ends nothing badly', { skip: SIGNALS }, () => {
  // 20,000 rows are far more than a pipe holds.
  const script = `"$0" "$1" search x -n 20000 | head -n 1; echo "\${PIPESTATUS[0]}"`
  const done = spawnSync('bash', ['-c', script, process.execPath, FAKE], {
    env: { ...process.env, FAKE_TRACKS: '20000' },
    encoding: 'utf8',
  })
  if (done.error) throw done.error
  assert.match(done.stdout, /^ +# {2}artist[^\n]*\n0\n$/)
  assert.equal(done.stderr, '')
})

test('output is whole however slow the reader', () => {
  const done = spawnSync(process.execPath, [FAKE, 'search', 'x', '-n', '20000', '--json'], {
    env: { ...process.env, FAKE_TRACKS: '20000' },
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  assert.equal(JSON.parse(done.stdout).results.length, 20000)
})
