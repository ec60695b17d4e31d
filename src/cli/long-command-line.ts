import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

// ONNX Runtime 1.30 dies (SIGSEGV) where it starts in a process with a command line of some 30 kB, as `index DIR/*.flac`
// makes them. So a call with a long one starts itself again, and hands the arguments over through a pipe.

/** Bytes of a command line that are safe. */
const SAFE_BYTES = 8192
/** Where the second process finds the arguments: a file descriptor. */
const HANDED_OVER = 'ANTIPHON_ARGUMENTS_FD'

export function isTooLong(argv: readonly string[]): boolean {
  return argv.reduce((bytes, argument) => bytes + Buffer.byteLength(argument) + 1, 0) > SAFE_BYTES
}

/** What the user typed, wherever it comes from. */
export function argumentsOfProcess(): string[] {
  const descriptor = process.env[HANDED_OVER]
  if (descriptor === undefined) return process.argv.slice(2)
  delete process.env[HANDED_OVER] // not for the children of this process
  return JSON.parse(readFileSync(Number(descriptor), 'utf8')) as string[]
}

/** Runs the same program with a short command line, passes signals on, and ends as it ends. */
export async function runAgain(args: readonly string[]): Promise<never> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [HANDED_OVER]: '3' },
  })
  // A terminal sends Ctrl-C to both; another process that means this one must be passed on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  const pipe = child.stdio[3] as NodeJS.WritableStream
  pipe.on('error', () => {}) // the child ended early; its exit code says why
  pipe.end(JSON.stringify(args))
  process.exit(await ended)
}
