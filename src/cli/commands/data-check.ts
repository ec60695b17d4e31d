import { availableParallelism } from 'node:os'
import { AudioFileError } from '../../audio/index.js'
import { DecoderPool } from '../../audio/node.js'
import { CensusTaker, describeWrongRow, MAX_WRONG_SHARE, type AudioRef } from '../../data/index.js'
import { findSources, hasAudio, readSource, type KnownSource } from '../../data/node.js'
import { AntiphonError } from '../../errors/index.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import type { DataCheckOutput } from '../json.js'
import { PieceProgress } from '../piece-progress.js'
import { jsonText, printable } from '../printable.js'
import { checkText } from './data-check-text.js'

export interface DataCheckOptions extends GlobalOptions {
  readonly format?: string
  readonly audio?: string
  readonly subset?: string
  readonly tags: number
  /** Audio is looked for, not into. */
  readonly quick?: boolean
}

const MOST_TOLD = 100

/** `antiphon data check PATH` */
export async function dataCheck(path: string, options: DataCheckOptions, context: Context): Promise<number> {
  const signal = context.interruption()
  const { tags } = options
  const sources = await findSources(path, options)
  const taker = new CensusTaker()
  const progress = new PieceProgress(context, { what: 'Reading audio', pieces: 'files' })
  const audio = new AudioCensus()
  const found: DataCheckOutput['sources'] = []
  try {
    for (const source of sources) {
      const of = { pairs: 0, missing: 0 }
      for await (const part of readSource(source, { signal })) {
        taker.add(
          sources.length > 1 ? { ...part, pairs: part.pairs.map((pair) => renamed(pair, source)) } : part,
        )
        of.pairs += part.pairs.length
        for (const pair of part.pairs) if (!audio.add(pair.audio)) of.missing++
      }
      found.push({
        name: source.name,
        path: source.path,
        format: source.format.id,
        ...of,
        weight: source.weight ?? null,
      })
    }
    if (!options.quick) await audio.probe(progress, signal)
  } finally {
    progress.clear()
  }
  const census = taker.result({ tags })
  const output: DataCheckOutput = {
    path,
    sources: found,
    ...census,
    tags: [...census.tags],
    texts: Object.entries(census.texts).map(([kind, text]) => ({ kind, ...text })),
    wrong: { rows: census.wrong.rows, first: census.wrong.first.map(describeWrongRow) },
    audio: audio.result(),
  }
  context.stdout.write(options.json ? `${jsonText(output)}\n` : checkText(output, context))
  return exitCode(output)
}

/** As training would take it: refused, or taken with something left out. */
function exitCode({ rows, pairs, wrong, audio }: DataCheckOutput): number {
  if (pairs === 0 || wrong.rows > rows * MAX_WRONG_SHARE) return EXIT.failed
  return wrong.rows + audio.missing + (audio.broken ?? 0) > 0 ? EXIT.someFilesFailed : EXIT.done
}

function renamed<T extends { track: { id: string } }>(pair: T, { name }: KnownSource): T {
  return { ...pair, track: { ...pair.track, id: `${name}/${pair.track.id}` } }
}

/** Which pieces of audio are there, and how long they are. */
class AudioCensus {
  private readonly pieces = new Map<string, AudioRef>()
  private missing = 0
  private readonly firstMissing: string[] = []
  private seconds: number | undefined
  private readonly broken: string[] = []

  /** @returns whether it is there */
  add(ref: AudioRef): boolean {
    const key = `${ref.path}\n${ref.start ?? ''}\n${ref.end ?? ''}\n${ref.bytes?.[0] ?? ''}`
    if (this.pieces.has(key)) return true
    if (hasAudio({ audio: ref })) {
      this.pieces.set(key, ref)
      return true
    }
    this.missing++
    if (this.firstMissing.length < MOST_TOLD) this.firstMissing.push(ref.path)
    return false
  }

  /** Reads the header of each file. @throws AntiphonError `interrupted` */
  async probe(progress: PieceProgress, signal: AbortSignal): Promise<void> {
    const processes = availableParallelism()
    const pool = new DecoderPool({ processes })
    const waiting = this.pieces.values()
    let done = 0
    let sum = 0
    const drain = async (): Promise<void> => {
      for (const { path, bytes, start = 0, end } of waiting) {
        if (signal.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
        try {
          const { duration } = await pool.probe(path, { bytes, signal })
          sum += Math.max(0, Math.min(end ?? Infinity, duration) - start)
        } catch (error) {
          if (!(error instanceof AudioFileError)) throw error
          this.broken.push(`${path}: ${error.reason}`)
        }
        progress.update({ done: ++done, total: this.pieces.size, behind: path })
      }
    }
    try {
      await Promise.all(Array.from({ length: processes }, drain))
      this.seconds = sum
    } finally {
      await pool.close()
    }
  }

  result(): DataCheckOutput['audio'] {
    return {
      files: this.pieces.size,
      seconds: this.seconds ?? null,
      missing: this.missing,
      firstMissing: this.firstMissing.map(printable),
      broken: this.seconds === undefined ? null : this.broken.length,
      firstBroken: this.broken.sort().slice(0, MOST_TOLD).map(printable),
    }
  }
}
