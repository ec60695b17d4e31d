import { AntiphonError } from '../../errors/index.js'
import type { FileChange } from '../change.js'
import { AudioFileError } from '../errors.js'
import type { AudioProbe, AudioTags } from '../track.js'
import { DecoderGone, DecoderProcess } from './decoder-process.js'
import { FrameKind, MORE, STOP, type ChildFrame, type Command, type Outcome } from './protocol.js'

export interface DecoderPoolOptions {
  /** Files decoded at once; each process costs about 60 MB. @default 1 */
  readonly processes?: number
  /** A decoder without output for so long is killed, and its file tried once more. @default 30 */
  readonly stallSeconds?: number
  /** Environment of the processes; @default that of this one. */
  readonly env?: NodeJS.ProcessEnv
  /** Compiled module that the processes run, for tests; @default the decoder. */
  readonly entry?: URL
}

export interface FileOptions {
  /** Where the audio file lies inside of an archive: its first byte, and the first one behind it. @default the file itself */
  readonly bytes?: readonly [from: number, to: number]
  readonly signal?: AbortSignal
}

export interface DecodeOptions extends FileOptions {
  /** Hz. */
  readonly sampleRate: number
}

/**
 * Decodes audio files in processes of its own, one file at a time each, which live until `close`. A process that
 * crashes or hangs is replaced and its file tried once more; then it counts as unreadable. Errors: `file`
 * (`AudioFileError`) for one that can't be read, `interrupted` where the signal says so, `failed` where no process
 * can be started or the pool was closed.
 */
export class DecoderPool {
  private readonly options: Required<DecoderPoolOptions>
  private readonly idle: DecoderProcess[] = []
  private readonly all = new Set<DecoderProcess>()
  private readonly waiting: { readonly go: () => void; readonly fail: (error: Error) => void }[] = []
  private busy = 0
  private closed = false

  constructor({
    processes = 1,
    stallSeconds = 30,
    env = process.env,
    entry = new URL('./child-main.js', import.meta.url),
  }: DecoderPoolOptions = {}) {
    this.options = { processes: Math.max(1, processes), stallSeconds, env, entry }
  }

  /**
   * The file as mono samples, nominally in -1..1, block by block; the mean of its channels, resampled to `sampleRate`.
   * The same file always gives the same bits. A process is taken until the iteration ends, so don't start more at
   * once than there are processes from within an iteration. A truncated file gives its blocks before the error.
   */
  async *decode(
    path: string,
    { sampleRate, bytes, signal }: DecodeOptions,
  ): AsyncGenerator<Float32Array, void, void> {
    let given = 0
    for (let attempt = 1; ; attempt++) {
      const decoder = await this.acquire(signal)
      let talking = true
      try {
        decoder.command({ command: 'decode', path, bytes, sampleRate })
        // After a crash: the new process starts over, and what was given already is passed by.
        let toSkip = given
        for (;;) {
          const frame = await this.nextFrame(decoder, signal)
          if (frame.kind === FrameKind.done) {
            talking = false
            outcome(path, frame)
            return
          }
          decoder.line(MORE)
          const block = new Float32Array(frame.payload.buffer)
          const skipped = Math.min(toSkip, block.length)
          toSkip -= skipped
          if (skipped === block.length) continue
          given += block.length - skipped
          yield block.subarray(skipped)
        }
      } catch (error) {
        if (!(error instanceof DecoderGone)) throw error
        talking = false
        if (attempt > 1) throw new AudioFileError(path, error.message, { cause: error })
      } finally {
        if (talking) await hangUp(decoder)
        this.release(decoder)
      }
    }
  }

  /** What the file holds, without decoding it. */
  async probe(path: string, { bytes, signal }: FileOptions = {}): Promise<AudioProbe> {
    const { probe } = await this.ask({ command: 'probe', path, bytes }, signal)
    return probe!
  }

  /** The file's tags; those that can't be read count as absent, a file that is not there is an error. */
  async tags(path: string, { bytes, signal }: FileOptions = {}): Promise<AudioTags> {
    const { tags } = await this.ask({ command: 'tags', path, bytes }, signal)
    return tags!
  }

  /** Writes the file changed: `to` becomes a WAV of floats, or an MP3. */
  async change(
    path: string,
    { bytes, signal, to, change }: FileOptions & { readonly to: string; readonly change: FileChange },
  ): Promise<void> {
    await this.ask({ command: 'change', path, bytes, to, change }, signal)
  }

  /** Ends all processes; what is under way or waits in line fails at once. */
  async close(): Promise<void> {
    this.closed = true
    for (const { fail } of this.waiting.splice(0)) fail(closedError())
    await Promise.all([...this.all].map((decoder) => decoder.kill()))
    this.all.clear()
    this.idle.length = 0
  }

  private async ask(
    command: Command,
    signal: AbortSignal | undefined,
  ): Promise<{ probe?: AudioProbe; tags?: AudioTags }> {
    for (let attempt = 1; ; attempt++) {
      const decoder = await this.acquire(signal)
      let talking = true
      try {
        decoder.command(command)
        const frame = await this.nextFrame(decoder, signal)
        talking = false
        return outcome(command.path, frame)
      } catch (error) {
        if (!(error instanceof DecoderGone)) throw error
        talking = false
        if (attempt > 1) throw new AudioFileError(command.path, error.message, { cause: error })
      } finally {
        // Only `decode` can be stopped midway.
        if (talking) await decoder.kill()
        this.release(decoder)
      }
    }
  }

  private async acquire(signal: AbortSignal | undefined): Promise<DecoderProcess> {
    if (this.busy >= this.options.processes && !this.closed) await this.turn(signal)
    else this.busy++
    try {
      if (signal?.aborted) throw interrupted(signal)
      if (this.closed) throw closedError()
      let decoder = this.idle.pop()
      if (!decoder?.alive) {
        if (decoder) this.all.delete(decoder)
        decoder = new DecoderProcess(this.options)
        this.all.add(decoder)
      }
      decoder.hold(true)
      return decoder
    } catch (error) {
      this.passOn()
      throw error
    }
  }

  /** Waits in line for a process. */
  private turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.waiting.splice(this.waiting.indexOf(mine), 1)
        reject(interrupted(signal!))
      }
      const mine = {
        go: () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
        fail: (error: Error) => {
          signal?.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      this.waiting.push(mine)
      if (signal?.aborted) onAbort()
      else signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  private release(decoder: DecoderProcess): void {
    decoder.hold(false)
    if (decoder.alive && !this.closed) this.idle.push(decoder)
    else this.all.delete(decoder)
    this.passOn()
  }

  private passOn(): void {
    const next = this.waiting.shift()
    if (next) next.go()
    else this.busy--
  }

  private async nextFrame(decoder: DecoderProcess, signal: AbortSignal | undefined): Promise<ChildFrame> {
    try {
      signal?.throwIfAborted()
      if (this.closed) throw closedError()
      return await decoder.next(signal)
    } catch (error) {
      if (signal?.aborted) throw interrupted(signal)
      if (this.closed) throw closedError() // it was we who killed it
      throw error
    }
  }
}

/** Ends a decoding that nobody wants any more, so that the process can take the next file. */
async function hangUp(decoder: DecoderProcess): Promise<void> {
  decoder.line(STOP)
  try {
    while ((await decoder.next()).kind !== FrameKind.done);
  } catch {
    await decoder.kill()
  }
}

function outcome(path: string, { payload }: ChildFrame): { probe?: AudioProbe; tags?: AudioTags } {
  const result = JSON.parse(Buffer.from(payload.buffer).toString('utf8')) as Outcome
  if ('reason' in result) throw new AudioFileError(path, result.reason, { cause: result.detail })
  return result
}

const interrupted = (signal: AbortSignal): AntiphonError =>
  new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })

const closedError = (): AntiphonError => new AntiphonError('failed', 'The decoder pool was closed')
