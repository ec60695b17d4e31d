import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { AntiphonError } from '../../errors/index.js'
import { FrameKind, FrameReader, type ChildFrame, type Command } from './protocol.js'

/** The child is gone or was killed for being silent; what it was doing may be tried again in a new one. */
export class DecoderGone extends Error {}

const STDERR_KEPT = 4096

export interface DecoderProcessOptions {
  /** Compiled module that the child runs. */
  readonly entry: URL
  /** A child that says nothing for so long while it should is killed. */
  readonly stallSeconds: number
  readonly env: NodeJS.ProcessEnv
}

/** One decoder child: sends commands, receives frames, watches over it. One conversation at a time. */
export class DecoderProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  private readonly reader = new FrameReader()
  private readonly frames: ChildFrame[] = []
  private readonly stallSeconds: number
  private stderr = ''
  private ready = false
  private ended: string | undefined
  /** Who waits for a change: the conversation, and whoever kills the child under it. */
  private readonly waiting = new Set<() => void>()

  constructor({ entry, stallSeconds, env }: DecoderProcessOptions) {
    this.stallSeconds = stallSeconds
    this.child = spawn(process.execPath, [fileURLToPath(entry)], { stdio: ['pipe', 'pipe', 'pipe'], env })
    this.child.stdout.on('data', (bytes: Buffer) => {
      for (const frame of this.reader.push(bytes)) {
        if (frame.kind === FrameKind.ready) this.ready = true
        this.frames.push(frame)
      }
      this.wakeAll()
    })
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT)
    })
    this.child.stdin.on('error', () => {}) // a child that died: its end is reported below
    this.child.on('error', (error) => this.end(error.message))
    this.child.on('close', (code, signal) => this.end(signal ?? `exit code ${code}`))
    this.hold(false)
  }

  get alive(): boolean {
    return this.ended === undefined
  }

  /** Keeps Antiphon's process from ending, or lets it end although the child waits. */
  hold(held: boolean): void {
    for (const part of [this.child, ...(this.child.stdio as unknown as Socket[])]) {
      if (held) part?.ref()
      else part?.unref()
    }
  }

  command(command: Command): void {
    // Escaped to ASCII, as the child cuts its input into lines before it decodes characters.
    const json = JSON.stringify(command).replace(
      /[\u007f-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    this.line(json)
  }

  line(text: string): void {
    if (this.alive) this.child.stdin.write(`${text}\n`)
  }

  /** The child's next word: a block or the outcome. Throws `DecoderGone`, or the reason of an aborted signal. */
  async next(signal?: AbortSignal): Promise<ChildFrame> {
    for (;;) {
      const frame = this.frames.shift()
      if (frame && frame.kind !== FrameKind.ready && frame.kind !== FrameKind.alive) return frame
      if (frame) continue
      if (this.ended !== undefined) {
        if (!this.ready) throw this.neverStarted()
        throw new DecoderGone(`the decoder crashed on it (${this.ended})`, {
          cause: this.stderr || undefined,
        })
      }
      await this.change(signal)
    }
  }

  /** Kills the child. Resolves once it is gone. */
  async kill(): Promise<void> {
    this.hold(true) // or the program could end before the child has
    this.child.kill('SIGKILL')
    while (this.alive) await this.change(undefined, false)
  }

  private end(how: string): void {
    this.ended ??= how
    this.wakeAll()
  }

  private wakeAll(): void {
    for (const wake of this.waiting) wake()
  }

  /** Waits until something has come from the child, or it has ended; kills it where it is silent for too long. */
  private async change(signal: AbortSignal | undefined, watched = true): Promise<void> {
    signal?.throwIfAborted()
    let stalled = false
    let timer: NodeJS.Timeout | undefined
    let wake: (() => void) | undefined
    await new Promise<void>((resolve) => {
      wake = resolve
      this.waiting.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
      if (watched) {
        timer = setTimeout(() => {
          stalled = true
          resolve()
        }, this.stallSeconds * 1000)
      }
    })
    clearTimeout(timer)
    signal?.removeEventListener('abort', wake!)
    this.waiting.delete(wake!)
    signal?.throwIfAborted()
    if (stalled) {
      await this.kill()
      if (!this.ready) throw this.neverStarted()
      throw new DecoderGone(`the decoder hung on it (no output for ${this.stallSeconds} s)`)
    }
  }

  private neverStarted(): AntiphonError {
    const said = /^\s*(?:\w*Error): (.+)$/m.exec(this.stderr)?.[1] ?? this.ended
    return new AntiphonError(
      'failed',
      `The audio decoder could not be started: ${said}. Does node-av have a build for ${process.platform}-${process.arch}?`,
      { cause: this.stderr },
    )
  }
}
