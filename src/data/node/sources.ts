import { statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { reasonOf } from '../../audio/node.js'
import { AntiphonError } from '../../errors/index.js'
import type { Pair, PairSet, WrongRow } from '../pair.js'
import { nameOf, parseMixture, type Mixture, type Source, type SourceSummary } from '../source.js'
import { assertFewWrong, MAX_WRONG_SHARE } from '../wrong-rows.js'
import { detectFormat, findFormat } from './formats/index.js'
import type { Format } from './format.js'

export interface SourceOptions extends Pick<Source, 'format' | 'audio' | 'subset'> {
  readonly signal?: AbortSignal
}

export interface OpenSourcesOptions {
  /** Rows of each source that may be wrong. @default 0.05 */
  readonly maxWrongShare?: number
  readonly signal?: AbortSignal
}

/** A source whose format is known, its paths absolute. */
export interface KnownSource extends Omit<Source, 'format' | 'name'> {
  readonly format: Format
  readonly name: string
}

/**
 * What `--data` names: a data set, or a mixture of several in a YAML file.
 * @throws AntiphonError `usage` for a path that is not there, a mixture with mistakes, an unknown format
 */
export async function findSources(path: string, options: SourceOptions = {}): Promise<KnownSource[]> {
  const { format, audio, subset } = options
  const isMixture = /\.ya?ml$/i.test(path)
  if (!isMixture) return [await known({ path, format, audio, subset }, '.')]
  if (format !== undefined || audio !== undefined || subset !== undefined)
    throw new AntiphonError(
      'usage',
      `${path} says of each source how it is read: leave --format, --audio and --subset out`,
    )
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot read the mixture ${path}: ${reasonOf(cause)}`, { cause })
  }
  const sources: KnownSource[] = []
  for (const source of parseMixture(text, { file: path })) sources.push(await known(source, dirname(path)))
  return sources
}

async function known(source: Source, base: string): Promise<KnownSource> {
  const path = resolve(base, source.path)
  const audio = source.audio === undefined ? undefined : resolve(base, source.audio)
  for (const named of [path, audio]) {
    if (named === undefined || named.includes('{')) continue // a pattern of shards
    await stat(named).catch((cause: unknown) => {
      throw new AntiphonError('usage', `There is no ${named} (${reasonOf(cause)})`, { cause })
    })
  }
  const format = source.format === undefined ? await detectFormat(path) : findFormat(source.format)
  return { ...source, path, audio, format, name: nameOf(source) }
}

/** The rows of a source, part after part. */
export function readSource(
  source: KnownSource,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<PairSet, void, void> {
  const { format, path, audio, subset } = source
  return format.read(path, { audio, subset, signal })
}

/**
 * Reads all pairs whose audio is there. Pairs of several sources know theirs, and their tracks are named after it.
 * @throws AntiphonError `usage` where a source has no audio with text; `failed` where more rows of one are wrong than may be;
 * `interrupted`
 */
export async function openSources(
  sources: readonly KnownSource[],
  { maxWrongShare = MAX_WRONG_SHARE, signal }: OpenSourcesOptions = {},
): Promise<Mixture> {
  const all: { pairs: Pair[]; wrong: WrongRow[] } = { pairs: [], wrong: [] }
  const summaries: SourceSummary[] = []
  const count = { rows: 0, withoutText: 0, missing: 0 }
  const total = sources.reduce((sum, { weight = 0 }) => sum + weight, 0)
  for (const [index, source] of sources.entries()) {
    const of = { rows: 0, wrong: 0, read: 0, pairs: 0, withoutText: 0, missing: '' }
    const wrong: WrongRow[] = []
    for await (const part of readSource(source, { signal })) {
      of.rows += part.rows
      of.withoutText += part.withoutText
      of.read += part.pairs.length
      wrong.push(...part.wrong)
      for (const pair of part.pairs)
        if (hasAudio(pair)) {
          of.pairs++
          all.pairs.push(sources.length > 1 ? named(pair, source.name, index) : pair)
        } else of.missing ||= pair.audio.path
    }
    assertFewWrong(wrong, { total: of.rows, maxShare: maxWrongShare })
    assertSome(source, of)
    all.wrong.push(...wrong)
    const missing = of.read - of.pairs
    count.rows += of.rows
    count.withoutText += of.withoutText
    count.missing += missing
    const share = source.weight === undefined ? {} : { share: source.weight / total }
    summaries.push({ name: source.name, format: source.format.id, pairs: of.pairs, missing, ...share })
  }
  return { ...all, ...count, sources: summaries }
}

/** Whether the file is there; what is in it shows when it is decoded. */
export function hasAudio({ audio }: Pick<Pair, 'audio'>): boolean {
  return statSync(audio.path, { throwIfNoEntry: false })?.isFile() ?? false
}

function named(pair: Pair, name: string, source: number): Pair {
  return { ...pair, source, track: { ...pair.track, id: `${name}/${pair.track.id}` } }
}

function assertSome(
  { path, format }: KnownSource,
  of: { read: number; pairs: number; withoutText: number; missing: string },
): void {
  if (of.pairs > 0) return
  const where = `${path}, read as ${format.id}`
  if (of.read > 0)
    throw new AntiphonError(
      'usage',
      `None of the ${of.read} pairs of ${where} has its audio: expected, for one, ${of.missing}; say with --audio where it is`,
    )
  throw new AntiphonError(
    'usage',
    of.withoutText === 0
      ? `There is no audio with text in ${where}. Expected: ${format.layout}`
      : `Nothing is said of the ${of.withoutText} audio files of ${where}. Expected: ${format.layout}`,
  )
}
