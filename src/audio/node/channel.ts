import { readSync, writeSync } from 'node:fs'
import { FrameKind, MORE, STOP, frameHead, type Outcome } from './protocol.js'

const STDIN = 0
const STDOUT = 1
/** How often a working child says so. */
const ALIVE_MILLISECONDS = 1000

/**
 * The child's end of the pipe. All of it is synchronous, as the work of the child is: FFmpeg is called without going
 * through the event loop, a full pipe makes the child wait, and a parent that is gone ends it.
 */
export class ParentChannel {
  private readonly chunk = Buffer.alloc(65536)
  private text = ''
  private lastSent = 0

  /** The next line; undefined when the parent has closed its end. */
  readLine(): string | undefined {
    for (;;) {
      const end = this.text.indexOf('\n')
      if (end >= 0) {
        const line = this.text.slice(0, end)
        this.text = this.text.slice(end + 1)
        return line
      }
      const count = readSync(STDIN, this.chunk)
      if (count === 0) return undefined
      // Commands are sent as ASCII JSON, so a chunk never ends inside a character.
      this.text += this.chunk.toString('latin1', 0, count)
    }
  }

  send(kind: FrameKind, payload: Uint8Array = new Uint8Array()): void {
    this.write(frameHead(kind, payload.length))
    this.write(payload)
    this.lastSent = performance.now()
  }

  done(outcome: Outcome): void {
    this.send(FrameKind.done, Buffer.from(JSON.stringify(outcome)))
  }

  /** To be called while work goes on; says so to the parent now and then. */
  alive(): void {
    if (performance.now() - this.lastSent > ALIVE_MILLISECONDS) this.send(FrameKind.alive)
  }

  /** Waits until the parent asks for one more block; false when it wants no more. */
  mayGoOn(): boolean {
    for (;;) {
      const line = this.readLine()
      if (line === MORE) return true
      if (line === STOP || line === undefined) return false
    }
  }

  private write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(STDOUT, bytes, at)
  }
}
