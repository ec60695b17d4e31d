import { open, type FileHandle } from 'node:fs/promises'
import { paddedSize, parsePax, parseTarHeader, TAR_BLOCK } from '../../formats/tar-header.js'

/** A file in a tar archive. */
export interface TarEntry {
  readonly name: string
  /** Where its content lies in the archive: the first byte, and the first one behind it. */
  readonly bytes: readonly [from: number, to: number]
  /** Its content. */
  read(): Promise<Buffer>
}

/** An archive that can't be read further, and why. */
export class BrokenArchive extends Error {
  /** The file in it that is cut off, where its name is known: those before it are whole. */
  readonly cut: string | undefined

  constructor(message: string, { cause, cut }: { cause?: unknown; cut?: string } = {}) {
    super(message, { cause })
    this.cut = cut
  }
}

/** Read at once: headers lie between small files, so that one reading often has several. */
const WINDOW = 65536
/** Bytes. No name is longer. */
const MAX_NAME = 2 ** 20

/**
 * The files of a tar archive in their order: ustar, GNU's long names and large sizes, PAX paths and sizes. The contents are
 * not read but passed by.
 * @throws BrokenArchive behind the last entry that is whole
 */
export async function* tarEntries(file: string): AsyncGenerator<TarEntry, void, void> {
  const handle = await open(file)
  try {
    const source = new Window(handle, (await handle.stat()).size)
    let longName: string | undefined
    let pax = new Map<string, string>()
    for (let at = 0; at < source.size;) {
      const block = await source.read(at, TAR_BLOCK)
      if (block.length < TAR_BLOCK) throw new BrokenArchive('it ends within a header')
      const header = whole(() => parseTarHeader(block))
      if (!header) return
      const stated = header.type === 'file' || header.type === 'other' ? pax.get('size') : undefined
      const size = stated === undefined ? header.size : Number(stated)
      const from = at + TAR_BLOCK
      const to = from + size
      const name = pax.get('path') ?? longName ?? header.name
      // A size below nothing would lead back to what was read.
      if (!Number.isSafeInteger(size) || size < 0) throw new BrokenArchive(`the size of ${name} is none`)
      if (to > source.size) throw new BrokenArchive(`it ends within ${name}`, { cut: name })
      at = from + paddedSize(size)
      if (header.type === 'long-name' || header.type === 'pax') {
        if (size > MAX_NAME) throw new BrokenArchive('a name in it is too long')
        const content = await source.read(from, size)
        if (header.type === 'pax') pax = whole(() => parsePax(content))
        else longName = content.toString('utf8').replace(/\0[^]*$/, '')
        continue
      }
      if (header.type === 'global-pax') continue
      longName = undefined
      pax = new Map()
      if (header.type === 'file' && !name.endsWith('/'))
        yield { name, bytes: [from, to], read: () => source.read(from, size) }
    }
  } finally {
    await handle.close()
  }
}

function whole<T>(parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new BrokenArchive((cause as Error).message, { cause })
  }
}

/** Reads of a file what is asked for and some more, which is often asked for next. */
class Window {
  readonly size: number
  private readonly handle: FileHandle
  private held = Buffer.alloc(0)
  private heldAt = 0

  constructor(handle: FileHandle, size: number) {
    this.handle = handle
    this.size = size
  }

  /** Less where the file ends before. A copy. */
  async read(at: number, length: number): Promise<Buffer> {
    const inHeld = at - this.heldAt
    if (inHeld < 0 || inHeld + length > this.held.length) {
      const room = Buffer.alloc(Math.max(length, Math.min(WINDOW, this.size - at)))
      const { bytesRead } = await this.handle.read(room, 0, room.length, at)
      this.held = room.subarray(0, bytesRead)
      this.heldAt = at
    }
    const from = at - this.heldAt
    return Buffer.from(this.held.subarray(from, from + length))
  }
}
