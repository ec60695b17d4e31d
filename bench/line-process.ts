import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { repositoryRoot } from './process.js'

const running = new Set<ChildProcess>()
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
let watching = false

/** A child process that answers lines with lines of JSON. However this process ends, its children end with it. */
export class LineProcess {
  readonly #child
  readonly #answers: string[] = []
  #asked: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined
  #error: Error | undefined
  #closed: Promise<void> | undefined
  readonly #ended: Promise<unknown>

  constructor(command: string, args: readonly string[]) {
    watch()
    // A group of its own, so that what the child starts, such as compilers, ends with it.
    this.#child = spawn(command, args, {
      cwd: repositoryRoot,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    const child = this.#child
    running.add(child)
    this.#ended = once(child, 'close').catch(() => undefined)
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000)
    })
    child.stdin.on('error', () => undefined) // it has ended, which `close` tells
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return
      if (this.#asked) this.#asked.resolve(line)
      else this.#answers.push(line)
      this.#asked = undefined
    })
    const fail = (error: Error): void => {
      running.delete(child)
      this.#error = error
      this.#asked?.reject(error)
    }
    child.on('error', fail)
    child.on('close', (code, signal) => {
      fail(
        new Error(`${command} ${args.slice(0, 2).join(' ')} … ended with ${signal ?? code}:\n${complaints}`),
      )
    })
  }

  /**
   * The next line of its output that is JSON.
   * @throws with the end of what it wrote to stderr, where it has ended
   */
  async next<T>(): Promise<T> {
    const line =
      this.#answers.shift() ??
      (await new Promise<string>((resolve, reject) => {
        if (this.#error) reject(this.#error)
        else this.#asked = { resolve, reject }
      }))
    return JSON.parse(line) as T
  }

  /** Sends a line, and gives the answer. */
  ask<T>(): Promise<T> {
    this.#child.stdin.write('\n')
    return this.next()
  }

  /** Ends its input, and waits until it has ended. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#child.stdin.end()
      await this.#ended
      end(this.#child) // and what it has left behind
    })()
    return this.#closed
  }
}

function watch(): void {
  if (watching) return
  watching = true
  process.on('exit', () => running.forEach(end))
  for (const [signal, status] of Object.entries(SIGNALS)) process.once(signal, () => process.exit(status))
}

function end(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // gone already
  }
}
