import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { reasonOf } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'

export interface LineVisitor {
  /** A line of UTF-8 without its end; the bytes are overwritten afterwards. Lines count from 1. */
  line(bytes: Buffer, from: number, to: number, number: number): void
  /** A line that is not UTF-8, or longer than it may be. */
  wrong(reason: string, number: number): void
}

const BLOCK = 1 << 20
/** A release of MusicBrainz can take some megabytes. */
const LONGEST = 64 << 20
const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * Visits the lines of a file, `.gz` too, in memory for a block of it: without a string for each, which would cost more than
 * all else. A byte order mark is passed over.
 * @throws AntiphonError `usage` where the file can't be opened, `file` where it can't be read on, `interrupted`
 */
export async function eachLine(
  path: string,
  visitor: LineVisitor,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  let buffer = Buffer.allocUnsafe(2 * BLOCK)
  let [filled, number, skipping] = [0, 0, false]
  const visit = (from: number, to: number, valid: boolean): void => {
    number++
    if (skipping) {
      skipping = false
      visitor.wrong(`it is longer than ${LONGEST} bytes`, number)
      return
    }
    const end = to > from && buffer[to - 1] === RETURN ? to - 1 : to
    if (valid || isUtf8(buffer.subarray(from, end))) visitor.line(buffer, from, end, number)
    else visitor.wrong('it is not UTF-8', number)
  }
  let first = true
  for await (const size of blocks(path, () => {
    if (filled + BLOCK > buffer.length) {
      const larger = Buffer.allocUnsafe(2 * buffer.length)
      buffer.copy(larger, 0, 0, filled)
      buffer = larger
    }
    return buffer.subarray(filled, filled + BLOCK)
  })) {
    if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    const searched = filled
    filled += size
    let from = 0
    if (first && filled >= 3) {
      first = false
      if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) from = 3
    }
    // What was there before has no end of a line.
    const last = searched + buffer.subarray(searched, filled).lastIndexOf(NEWLINE)
    if (last >= searched) {
      const valid = isUtf8(buffer.subarray(from, last))
      for (let at = buffer.indexOf(NEWLINE, searched); ; at = buffer.indexOf(NEWLINE, from)) {
        visit(from, at, valid)
        from = at + 1
        if (at === last) break
      }
    }
    buffer.copyWithin(0, from, filled)
    filled -= from
    if (filled > LONGEST) {
      skipping = true
      filled = 0
    }
  }
  if (filled > 0 || skipping) visit(0, filled, false)
}

/** How many bytes were written to what `room` gave, again and again. */
async function* blocks(path: string, room: () => Buffer): AsyncGenerator<number> {
  try {
    if (path.endsWith('.gz')) {
      const stream = pipeline(createReadStream(path), createGunzip({ chunkSize: BLOCK }), () => {})
      for await (const block of stream as AsyncIterable<Buffer>) yield block.copy(room())
      return
    }
    const file = await open(path)
    try {
      for (;;) {
        const target = room()
        const { bytesRead } = await file.read(target, 0, target.length)
        if (bytesRead === 0) return
        yield bytesRead
      }
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof AntiphonError) throw cause
    const code = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'usage' : 'file'
    throw new AntiphonError(code, `Cannot read ${path}: ${reasonOf(cause)}`, { cause })
  }
}
