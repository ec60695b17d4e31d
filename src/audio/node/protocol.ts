import type { FileChange } from '../change.js'
import type { AudioProbe, AudioTags } from '../track.js'

// Parent to child, on standard input: one line a message. A command is JSON; while `decode` runs, MORE asks for one
// more block and STOP ends it. Child to parent, on standard output: frames of a head (kind, payload bytes) and a payload.

/** An audio file, or one that lies inside of an archive at `path`: its first byte, and the first one behind it. */
export interface AudioFile {
  readonly path: string
  readonly bytes?: readonly [from: number, to: number]
}

export type Command = AudioFile &
  (
    | { readonly command: 'decode'; readonly sampleRate: number }
    | { readonly command: 'probe' }
    | { readonly command: 'tags' }
    | { readonly command: 'change'; readonly change: FileChange; readonly to: string }
  )

export const MORE = '+'
export const STOP = '-'

/** Blocks the child may send before the first MORE: enough to work while the parent is busy. */
export const BLOCKS_AHEAD = 4

/** Samples of a block. 128 kB: a file is never whole in memory, and a block costs little to pass on. */
export const BLOCK_SAMPLES = 32768

export const FrameKind = {
  /** The child has loaded its libraries. */
  ready: 1,
  /** Still working: something was read since the last frame. */
  alive: 2,
  /** float32 samples. */
  block: 3,
  /** JSON: `Outcome`. The command is done. */
  done: 4,
} as const
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind]

export type Outcome =
  | { readonly probe?: AudioProbe; readonly tags?: AudioTags }
  /** The file can't be read, for this reason; trying again would end the same. */
  | { readonly reason: string; readonly detail?: string }

/** Kind as uint32, payload length in bytes as uint32, little-endian; eight bytes keep float32 payloads aligned. */
export const FRAME_HEAD = 8

export interface ChildFrame {
  readonly kind: FrameKind
  /** A copy of its own. */
  readonly payload: Uint8Array<ArrayBuffer>
}

export function frameHead(kind: FrameKind, length: number): Buffer {
  const head = Buffer.alloc(FRAME_HEAD)
  head.writeUInt32LE(kind, 0)
  head.writeUInt32LE(length, 4)
  return head
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  private readonly head = Buffer.alloc(FRAME_HEAD)
  private headFilled = 0
  private payload: Uint8Array<ArrayBuffer> | undefined
  private payloadFilled = 0

  push(bytes: Buffer): ChildFrame[] {
    const frames: ChildFrame[] = []
    let at = 0
    for (;;) {
      if (!this.payload) {
        const taken = Math.min(FRAME_HEAD - this.headFilled, bytes.length - at)
        bytes.copy(this.head, this.headFilled, at, at + taken)
        at += taken
        this.headFilled += taken
        if (this.headFilled < FRAME_HEAD) return frames
        this.payload = new Uint8Array(this.head.readUInt32LE(4))
        this.payloadFilled = 0
      }
      const taken = Math.min(this.payload.length - this.payloadFilled, bytes.length - at)
      this.payload.set(bytes.subarray(at, at + taken), this.payloadFilled)
      at += taken
      this.payloadFilled += taken
      if (this.payloadFilled < this.payload.length) return frames
      frames.push({ kind: this.head.readUInt32LE(0) as FrameKind, payload: this.payload })
      this.payload = undefined
      this.headFilled = 0
    }
  }
}
