import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { AudioFileError } from '../../audio/index.js'
import { DecoderPool } from '../../audio/node.js'
import {
  CensusTaker,
  describeGraph,
  describeListening,
  describeWrongRow,
  type AudioRef,
} from '../../data/index.js'
import {
  findKnowledge,
  findListening,
  findSources,
  hasAudio,
  KNOWLEDGE_FORMATS,
  LISTENING_FORMATS,
  readKnowledge,
  readListening,
  readSource,
  type KnownSource,
} from '../../data/node.js'
import { AntiphonError } from '../../errors/index.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import type { DataCheckOutput } from '../json.js'
import { PieceProgress } from '../piece-progress.js'
import { jsonText, printable } from '../printable.js'
import { checkText } from './data-check-text.js'
import { refusals, type Counted } from './data-refusals.js'

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
  const { tags, format } = options
  const found = {
    listening: await listeningAt(path, options, signal),
    graph: await graphAt(path, options, signal),
  }
  const isOther = found.listening !== null || found.graph !== null
  // A file of listening is not asked for pairs; a folder may hold both.
  const isAsked = [...LISTENING_FORMATS, ...KNOWLEDGE_FORMATS].some((id) => id === format)
  const hasPairs = !isOther || (!isAsked && (await stat(path)).isDirectory())
  const sources = hasPairs
    ? await findSources(path, options).catch(noneBeside(isOther && format === undefined))
    : []
  const taker = new CensusTaker()
  const progress = new PieceProgress(context, { what: 'Reading audio', pieces: 'files' })
  const audio = new AudioCensus()
  const summaries: DataCheckOutput['sources'] = []
  const counted: Counted[] = []
  try {
    for (const source of sources) {
      const of = { pairs: 0, missing: 0 }
      const rows = { rows: 0, wrong: 0 }
      for await (const part of readSource(source, { signal })) {
        taker.add(
          sources.length > 1 ? { ...part, pairs: part.pairs.map((pair) => renamed(pair, source)) } : part,
        )
        of.pairs += part.pairs.length
        rows.rows += part.rows
        rows.wrong += part.wrong.length
        for (const pair of part.pairs) if (!audio.add(pair.audio)) of.missing++
      }
      const { name, weight = null } = source
      summaries.push({ name, path: source.path, format: source.format.id, ...of, weight })
      counted.push({ name, ...of, ...rows })
    }
    if (!options.quick) await audio.probe(progress, signal)
  } finally {
    progress.clear()
  }
  const census = taker.result({ tags })
  const output: DataCheckOutput = {
    path,
    sources: summaries,
    ...census,
    tags: [...census.tags],
    texts: Object.entries(census.texts).map(([kind, text]) => ({ kind, ...text })),
    wrong: { rows: census.wrong.rows, first: census.wrong.first.map(describeWrongRow) },
    audio: audio.result(),
    refusals: [],
    ...found,
  }
  output.refusals.push(...refusals(output, counted))
  context.stdout.write(options.json ? `${jsonText(output)}\n` : checkText(output, context))
  return exitCode(output)
}

/** A folder that has listening or relations need not have pairs. */
function noneBeside(isOther: boolean) {
  return (error: unknown): KnownSource[] => {
    if (isOther && error instanceof AntiphonError && error.code === 'usage') return []
    throw error
  }
}

async function listeningAt(path: string, { format }: DataCheckOptions, signal: AbortSignal) {
  const asked = LISTENING_FORMATS.find((id) => id === format)
  if ((format !== undefined && asked === undefined) || isMixture(path)) return null
  const found = await findListening(path)
  // `triples` are relations too: what the third column holds decides.
  const file = found ?? (asked === undefined || asked === 'triples' ? undefined : path)
  if (file === undefined) return null
  const read = await readListening(file, { format: asked, maxWrongShare: 1, signal })
  const wrong = { rows: read.wrongRows, first: read.wrong.slice(0, MOST_TOLD).map(describeWrongRow) }
  return { file, format: read.format, rows: read.rows, wrong, ...describeListening(read.matrix) }
}

async function graphAt(path: string, { format }: DataCheckOptions, signal: AbortSignal) {
  const asked = KNOWLEDGE_FORMATS.find((id) => id === format)
  if ((format !== undefined && asked === undefined) || isMixture(path)) return null
  const isListening = asked === 'triples' && (await findListening(path)) !== undefined
  const isFile = !(await stat(path)).isDirectory()
  const file =
    (await findKnowledge(path)) ?? (asked !== undefined && isFile && !isListening ? path : undefined)
  if (file === undefined) return null
  const read = await readKnowledge(file, { format: asked, maxWrongShare: 1, signal })
  const wrong = { rows: read.wrongRows, first: read.wrong.slice(0, MOST_TOLD).map(describeWrongRow) }
  return { file, format: read.format, rows: read.rows, wrong, ...describeGraph(read.graph) }
}

const isMixture = (path: string): boolean => /\.ya?ml$/i.test(path) || path.includes('{')

/** As training would take it: refused, or taken with something left out. */
function exitCode({ refusals: refused, audio, wrong, listening, graph }: DataCheckOutput): number {
  if (refused.length > 0) return EXIT.failed
  const rows = wrong.rows + (listening?.wrong.rows ?? 0) + (graph?.wrong.rows ?? 0)
  return rows + audio.missing + (audio.broken ?? 0) > 0 ? EXIT.someFilesFailed : EXIT.done
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
